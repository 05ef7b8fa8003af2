import type * as z from 'zod'
import type { ProblemData, Service } from '../../shared/contract'
import { describeProblem, isProblemId, type Language, type ProblemText } from '../../shared/problems'

/** A Problem as a panel tells it, which may be of a newer version. */
export type ToldProblem = z.infer<typeof ProblemData> & { message: string }

/** A Problem in the language of whoever reads, where this version knows it; else as the panel told it. */
export const reasonIn = (language: Language, { problem, params, message, hint }: ToldProblem): ProblemText =>
  isProblemId(problem) ? describeProblem(problem, params, language) : { message, hint }

/** Why a service is not ready; null where it says nothing of it. */
export function healthReason(language: Language, { health }: Pick<Service, 'health'>): ProblemText | null {
  const { problem, params = {}, reason, hint = '' } = health
  if (reason === undefined) return null
  return problem === undefined
    ? { message: reason, hint }
    : reasonIn(language, { problem, params, message: reason, hint })
}

/** Message and hint, a line each. */
export const inLines = ({ message, hint }: ProblemText): string => (hint === '' ? message : `${message}\n${hint}`)
