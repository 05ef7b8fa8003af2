import { Problem } from '../../shared/problems'

/** What a person is told of what went wrong, on one line or two; only a bug shows its stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof Problem) return `${error.message}\n${error.hint}`
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  const isArgument = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return isBug && !isArgument ? (error.stack ?? error.message) : error.message
}
