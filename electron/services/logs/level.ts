import type { LogLine } from '../../../shared/contract'

const harmless = /\b(?:no|0|without|zero) (?:errors?|warnings?|exceptions?)\b/gi
const failing = /\b(?:error|critical|fatal|exception|traceback|out of memory)\b|[a-z](?:Error|Exception)\b/i
const warning = /\b(?:warn|warning|deprecated)\b|[a-z]Warning\b/i

/** Guesses how serious a line of a program's output is. The stream says nothing: Python's logging goes to stderr. */
export function guessLevel(text: string): LogLine['level'] {
  const said = text.replace(harmless, '')
  if (warning.test(said) && !/^\s*(?:\[?error|traceback)/i.test(said)) return 'warn'
  return failing.test(said) ? 'error' : 'info'
}
