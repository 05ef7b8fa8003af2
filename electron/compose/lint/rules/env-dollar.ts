import { canStandInEnv, type EnvLine } from '../../files/dotenv'
import { dollarsOf, variablesOf, type Variables } from '../../files/interpolation'
import type { EnvFile } from '../model'
import type { Draft, FixDraft, Rule } from '../rule'
import { bcryptLength, looksLikeHash } from '../../files/secrets'
import type { TextEdit } from '../text'

/** `$` in .env files: the generations of Compose read it alike in single quotes alone. */
export const envDollar: Rule = {
  id: 'env-dollar',
  check: ({ env, envFiles, variables }) =>
    (env ? [env, ...envFiles] : envFiles).flatMap((file) =>
      file.entries.flatMap((entry) => (entry.raw?.includes('$') ? draftsOf(file, entry, variables) : [])),
    ),
}

function draftsOf(file: EnvFile, entry: EnvLine, variables: Variables): Draft[] {
  const { key, raw, quote, read } = entry
  // What Compose refuses is told by another rule; what its first generation does not take differs in more than this.
  if (raw === null || read === null || read.compose1 === null || read.compose2 === null || quote === 'single') return []
  const place = {
    source: file.source,
    offset: entry.keyEnd - key.length,
    key,
    params: { key },
  }
  const fixes = [quoteFix(file, entry)]
  const differs = read.compose1 !== read.compose2
  if (looksLikeHash(read.compose2) && read.compose2.length === bcryptLength && differs)
    return [{ ...place, severity: 'warning', problem: 'lint.env-dollar-doubled', fixes }]
  if (looksLikeHash(read.compose1)) {
    if (differs) return [{ ...place, severity: 'danger', problem: 'lint.env-dollar-hash', fixes }]
    return [{ ...place, severity: 'hint', problem: 'lint.env-hash-unquoted', fixes }]
  }
  if (!differs) return []
  if (dollarsOf(raw).every(({ kind }) => kind === 'escape'))
    return [{ ...place, severity: 'warning', problem: 'lint.env-dollar-doubled', fixes }]
  // Known variables are meant as such: quotes would take that away.
  const isMeant = variablesOf(raw).every(({ name, operator }) => operator !== '' || variables.has(name))
  return [{ ...place, severity: isMeant ? 'hint' : 'warning', problem: 'lint.env-dollar', fixes: isMeant ? [] : fixes }]
}

/** Single quotes around the characters as they are meant: quotes are set, doublings and backslashes go. */
function quoteFix({ source }: EnvFile, { raw, quote, read, valueEnd }: EnvLine): FixDraft | null {
  if (raw === null || read === null || read.compose1 === null || read.compose2 === null) return null
  const isEscaped = quote === 'double' && raw.includes('\\$')
  const isDoubled = !isEscaped && dollarsOf(raw).every(({ kind }) => kind === 'escape')
  const meant = isEscaped || isDoubled ? read.compose2 : read.compose1
  if (!canStandInEnv(meant)) return null
  const end = quote === 'none' ? valueEnd : valueEnd - 1
  const start = end - raw.length
  const quoteWidth = quote === 'none' ? 0 : 1
  const edits: TextEdit[] = [
    { start: start - quoteWidth, end: start, text: "'" },
    ...surplus(raw, isEscaped ? '\\$' : isDoubled ? '$$' : null).map((at) => ({
      start: start + at,
      end: start + at + 1,
      text: '',
    })),
    { start: end, end: end + quoteWidth, text: "'" },
  ]
  return { problem: 'lint.fix-quote', changes: [{ source, edits }], needs: 'recreate' }
}

/** Where the first character of each pair stands. */
function surplus(raw: string, pair: string | null): number[] {
  const found: number[] = []
  if (pair === null) return found
  for (let at = raw.indexOf(pair); at !== -1; at = raw.indexOf(pair, at + pair.length)) found.push(at)
  return found
}
