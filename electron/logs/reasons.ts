import { Problem, reason, type ProblemParams, type Reason } from '../../shared/problems'
import { beginning, type Redact } from './cutting'

/** Longest value of a reason, in characters: what another program said is quoted, not copied. */
const longestValue = 4000

const safe = (params: ProblemParams, redact: Redact): ProblemParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? beginning(value, longestValue, redact) : value,
    ]),
  )

/** A Problem as a reason without the secrets in what it quotes: redacted first, cut then. Its own words stay. */
export const reasonWithoutSecrets = ({ id, params }: Problem, redact: Redact): Reason =>
  reason(id, safe(params, redact))

/** The same of a Problem, which stays its cause. */
export const problemWithoutSecrets = (problem: Problem, redact: Redact): Problem =>
  new Problem(problem.id, safe(problem.params, redact), { cause: problem })
