import { ORPCError } from '@orpc/client'

/** What every expected failure carries; see `ProblemData` in the contract. */
export interface ProblemFields {
  problem: string
  params: Record<string, string | number>
  hint: string
}

/** An expected failure as the panel answers it. */
export type ProblemError = ORPCError<string, ProblemFields>

const isProblemFields = (data: unknown): data is ProblemFields =>
  typeof data === 'object' && data !== null && 'problem' in data && 'params' in data && 'hint' in data

/** True for an expected failure with a reason and a hint; anything else is a bug or a lost connection. */
export const isProblem = (error: unknown): error is ProblemError =>
  error instanceof ORPCError && isProblemFields(error.data)

/** True when the panel answered at all, be it with a failure: then asking again at once is no use. */
export const wasAnswered = (error: unknown): boolean => error instanceof ORPCError

/** True when the caller has to sign in (again). */
export const needsSignIn = (error: unknown): boolean => error instanceof ORPCError && error.code === 'UNAUTHORIZED'

/** True when the session was locked: here, in another tab, or because nobody was there. */
export const isLocked = (error: unknown): boolean => isProblem(error) && error.data.problem === 'session.locked'
