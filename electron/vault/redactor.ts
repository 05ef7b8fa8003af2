import { betweenCharacters, type CutPlaces } from '../logs/cutting'
import { fingerprint } from './fingerprint'

/** Shorter ones stand in too many innocent words. */
const shortest = 6

/** Takes secrets out of text before it is logged or shown. */
export interface Redactor {
  /** From now on this secret is shown as its fingerprint. Learning it twice wants forgetting it twice. */
  learn: (secret: string) => void
  forget: (secret: string) => void
  /** The text with every secret as `[secret <fingerprint>]`. Secrets must not span two calls: give whole lines. */
  redact: (text: string) => string
  /** Where a text that grows too long may be cut before it is redacted. */
  places: CutPlaces
}

const bcryptShape = String.raw`\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}`
const anyCase = (word: string) => word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
const tokenName = `${anyCase('token')}=`
const schemeName = `(?:${['bearer', 'basic', 'digest', 'token'].map(anyCase).join('|')})`
const authorizationName = String.raw`${anyCase('authorization')}["']?\s*[:=]\s*["']?(?:${schemeName}\s+)?`
/** Credentials on a command line or as Python prints its arguments: `--api-auth u:p`, `gradio_auth='u:p'`. */
const flagName = String.raw`(?:api|gradio)[-_]auth["']?\s*[\s=:,]\s*["']?(?!-|None\b|null\b)`
// What is already redacted is left alone, so that redacting twice changes nothing.
const notYet = String.raw`(?!\[secret )`

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)

/** How a secret may be spelled in a log: as it is, in a URL, in JSON. */
const spellings = (secret: string) => [
  ...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]),
]

const decoded = (value: string) => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const shown = (secret: string) => `[secret ${fingerprint(secret)}]`

interface Groups {
  token?: string
  value?: string
  header?: string
  credentials?: string
  flag?: string
  login?: string
}

/** What a general shape begins with, in lower case: nearly every text has none of them and needs no closer look. */
const hints = ['token=', 'authorization', '$2', 'api-auth', 'api_auth', 'gradio-auth', 'gradio_auth']

/**
 * One regular expression holds the general shapes (bcrypt hashes, `token=…`, `Authorization: …`, `--api-auth …`) and
 * every known secret; it is rebuilt when one is learned or forgotten, so that redacting a line costs one scan. Plain
 * searches say beforehand whether there is anything to find: they are ten times as fast.
 */
export function createRedactor(): Redactor {
  const counts = new Map<string, number>()
  let bySpelling = new Map<string, string>()
  let pattern = build()

  function build(): RegExp {
    bySpelling = new Map([...counts.keys()].flatMap((secret) => spellings(secret).map((text) => [text, secret])))
    // Longest first, because one may contain another; inside the general shapes too, because a known secret may hold
    // the character at which a shape ends.
    const known = [...bySpelling.keys()].sort((a, b) => b.length - a.length).map(escaped)
    const any = (general: string) => `(?:${[...known, general].join('|')})`
    return new RegExp(
      [
        String.raw`(?<token>${tokenName})${notYet}(?<value>${any(String.raw`[^\s&"'<>]+`)})`,
        String.raw`(?<header>${authorizationName})${notYet}(?!${schemeName}\s)(?<credentials>${any(String.raw`[^\s"',}]+`)})`,
        String.raw`(?<flag>${flagName})${notYet}(?<login>${any(String.raw`[^\s"',)\]]+`)})`,
        ...known,
        bcryptShape,
      ].join('|'),
      'g',
    )
  }

  const replacement = (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Groups // the pattern has named groups, so the last argument is always theirs
    if (groups.token !== undefined) return groups.token + shown(plain(groups.value ?? ''))
    if (groups.header !== undefined) return groups.header + shown(plain(groups.credentials ?? ''))
    if (groups.flag !== undefined) return groups.flag + shown(plain(groups.login ?? ''))
    return shown(plain(match))
  }
  const mayHoldSecrets = (text: string) => {
    const lower = text.toLowerCase()
    if (hints.some((hint) => lower.includes(hint))) return true
    for (const spelling of bySpelling.keys()) if (text.includes(spelling)) return true
    return false
  }
  /** The whole of what a shape with a secret of usual length may be. */
  const longestShape = 256
  const longest = () => Math.max(longestShape, ...[...bySpelling.keys()].map(({ length }) => length))

  const placeIn = (text: string, wanted: number): number => {
    if (mayHoldSecrets(text))
      for (const { index, 0: match } of text.matchAll(pattern)) {
        const end = index + match.length
        if (index >= wanted) break
        if (end <= wanted) continue
        if (index > 0) return index
        // What reaches the end may go on; else what is longer than a line is cut behind, and shown as a fingerprint.
        return end < text.length ? end : 0
      }
    return betweenCharacters(text, wanted)
  }
  const plain = (spelling: string) => bySpelling.get(spelling) ?? decoded(spelling)

  return {
    learn(secret) {
      if (secret.length < shortest) return
      const count = counts.get(secret) ?? 0
      counts.set(secret, count + 1)
      if (count === 0) pattern = build()
    },
    forget(secret) {
      const count = counts.get(secret)
      if (count === undefined) return
      if (count > 1) counts.set(secret, count - 1)
      else {
        counts.delete(secret)
        pattern = build()
      }
    },
    places: { lookahead: longest, placeIn },
    redact: (text) => (mayHoldSecrets(text) ? text.replace(pattern, replacement) : text),
  }
}
