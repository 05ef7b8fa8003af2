import type { LeakGeneration, LeakSpelling, SecretField } from '../../shared/contract'
import { bcryptHash } from '../credentials/secrets'
import { fingerprint } from '../vault/fingerprint'
import type { CredentialRecord } from '../credentials/record'

/** Shorter ones stand in too many innocent words. The redactor's limit too. */
const shortestValue = 6

/** So many characters of a bcrypt hash are left at least when it counts as cut: 13 of them random. */
const shortestCut = 20

/** Whose value a pattern is. */
export interface PatternOwner {
  credentialId: string
  field: SecretField
  generation: LeakGeneration
  fingerprint: string
}

export interface Pattern {
  /** The same value may be that of several credentials. */
  owners: PatternOwner[]
  spelling: LeakSpelling
  utf16: boolean
}

export interface PatternSet {
  /** In the order of their bytes in `memory`. */
  patterns: Pattern[]
  values: number
  tooShort: Omit<PatternOwner, 'fingerprint'>[]
  /** All bytes, in memory that the threads share: secrets stand there once, and are gone for all when it is cleared. */
  memory: PatternMemory
}

export interface PatternMemory {
  bytes: SharedArrayBuffer
  /** Where each pattern ends in them. */
  ends: number[]
}

interface Value extends Omit<PatternOwner, 'fingerprint'> {
  text: string
  username: string | null
}

const generations = ['current', 'pending', 'previous'] as const satisfies LeakGeneration[]
const fields = ['token', 'password', 'sessionKey'] as const satisfies SecretField[]

const secretOf = (record: CredentialRecord, generation: LeakGeneration) =>
  generation === 'current' ? record.secret : record[generation]

/** The values of a credential that are secret; a value that did not change is the current one. */
function valuesOf(record: CredentialRecord): Value[] {
  const seen = new Set<string>()
  return generations.flatMap((generation) => {
    const secret = secretOf(record, generation)
    return fields.flatMap((field) => {
      const text = secret?.[field]
      if (!secret || !text || seen.has(text)) return []
      seen.add(text)
      return [{ credentialId: record.id, field, generation, text, username: secret.username }]
    })
  })
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '')
// Half a surrogate pair, which a person may have typed in, has no spelling in a URL.
const inUrl = (text: string) => encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))
const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** How a value may be written, the plain one first. Base64 is looked for as a whole token, not inside of another. */
function spellingsOf({ text, username, field }: Value): [LeakSpelling, string][] {
  const spellings: [LeakSpelling, string][] = [
    ['plain', text],
    ['url', inUrl(text)],
    ['json', inJson(text)],
    ['doubled', text.replaceAll('$', '$$$$')],
    ['base64', base64(text)],
  ]
  if (username !== null && field === 'password') spellings.push(['basic', base64(`${username}:${text}`)])
  // Compose's interpolation takes `$name` out of the middle, a shell `$2b` from the front; a copy stops at the end.
  if (bcryptHash.test(text))
    spellings.push(['cut-end', text.slice(0, shortestCut)], ['cut-start', text.slice(-shortestCut)])
  return spellings
}

/** Every way in which the secrets of these credentials may be written. */
export function patternsOf(records: readonly CredentialRecord[]): PatternSet {
  const values = records.flatMap(valuesOf)
  const tooShort = values.filter(({ text }) => Buffer.byteLength(text) < shortestValue)
  const byText = new Map<string, Omit<Pattern, 'utf16'>>()
  for (const value of values) {
    if (tooShort.includes(value)) continue
    const { credentialId, field, generation, text: plain } = value
    const owner = { credentialId, field, generation, fingerprint: fingerprint(plain) }
    const own = new Set<string>()
    for (const [spelling, text] of spellingsOf(value)) {
      if (own.has(text)) continue
      own.add(text)
      const known = byText.get(text)
      if (known) known.owners.push(owner)
      else byText.set(text, { owners: [owner], spelling })
    }
  }
  const patterns: Pattern[] = []
  const encoded: Buffer[] = []
  for (const [text, pattern] of byText) {
    patterns.push({ ...pattern, utf16: false }, { ...pattern, utf16: true })
    encoded.push(Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le'))
  }
  return {
    patterns,
    values: values.length - tooShort.length,
    tooShort: tooShort.map(({ credentialId, field, generation }) => ({ credentialId, field, generation })),
    memory: share(encoded),
  }
}

/** Puts the patterns into shared memory; what they were in is cleared. */
function share(encoded: readonly Buffer[]): PatternMemory {
  const ends: number[] = []
  const bytes = new SharedArrayBuffer(encoded.reduce((sum, { length }) => sum + length, 0))
  const into = new Uint8Array(bytes)
  let end = 0
  for (const pattern of encoded) {
    into.set(pattern, end)
    end += pattern.length
    ends.push(end)
    pattern.fill(0)
  }
  return { bytes, ends }
}

/** The patterns as views of the shared memory. */
export const patternBytes = ({ bytes, ends }: PatternMemory): Uint8Array[] =>
  ends.map((end, number) => new Uint8Array(bytes, ends[number - 1] ?? 0, end - (ends[number - 1] ?? 0)))

/** Clears the secrets, for every thread. */
export const clearPatterns = ({ bytes }: PatternMemory): void => void new Uint8Array(bytes).fill(0)
