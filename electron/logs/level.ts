import type { LogLine } from '../../shared/contract'

type Level = LogLine['level']

/** Most lines hold none of these and need no closer look. */
const suspicious =
  /err|warn|exception|traceback|critical|fatal|memory|deprecat|import failed|cannot import|[ée]chec|échou|avertiss|attention|❌|⛔|🚨|💥|⚠|🟠|🔴/i
const harmless =
  /(?<!\p{L})(?:no|0|without|zero|aucune?|sans) (?:errors?|warnings?|exceptions?|erreurs?|avertissements?)(?!\p{L})/giu
const failing =
  /\b(?:error|critical|fatal|exception|traceback|out of memory|import failed|cannot import|erreur|exception)s?\b(?!\.\w)|[a-z](?:Error|Exception)\b|[ée]chec(?!\p{L})|échoué|❌|⛔|🚨|💥|🔴/iu
const warning = /\b(?:warn|warning|deprecated|avertissement|attention ?[:!])(?!\p{L})|[a-z]Warning\b|⚠|🟠/iu
/** What a line calls itself outweighs the words in it. */
const calledError = /^\W*(?:error|traceback|critical|fatal|erreur|exception)\b/i
const calledWarning = /^\W*(?:warn|warning|avertissement)\b/i
const calledInfo = /^\W*(?:info|debug)\b/i

/** What a line is about, it says at its beginning. */
const lookedAt = 400

/** Guesses how serious a line of a program's output is. The stream says nothing: Python's logging goes to stderr. */
export function guessLevel(line: string): Level {
  const text = line.slice(0, lookedAt)
  if (!suspicious.test(text)) return 'info'
  if (calledInfo.test(text)) return 'info'
  if (calledWarning.test(text)) return 'warn'
  const said = text.replace(harmless, '')
  if (warning.test(said) && !calledError.test(said)) return 'warn'
  return failing.test(said) ? 'error' : 'info'
}

const tracebackBegins = /^\W*Traceback \(most recent call last\):/

/** Guesses line by line of one stream; a traceback is an error from its first line to the exception at its end. */
export function createLevelGuesser() {
  let inTraceback = false
  return (text: string): Level => {
    if (inTraceback) {
      // Frames are indented; the first line that is not names the exception.
      inTraceback = text === '' || text.startsWith(' ') || text.startsWith('\t')
      return 'error'
    }
    const level = guessLevel(text)
    if (level === 'error' && tracebackBegins.test(text)) inTraceback = true
    return level
  }
}
