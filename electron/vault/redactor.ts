import { betweenCharacters, type CutPlaces } from '../logs/cutting'
import { fingerprint } from './fingerprint'
import { readEscapes, spellings, widestEscape, type Plain } from './spellings'

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
const flagName = String.raw`(?:api|gradio)[-_]auth["']?(?:\s*[=:,]\s*|\s+)["']?(?!-|None\b|null\b)`
// What is already redacted is left alone, so that redacting twice changes nothing.
const notYet = String.raw`(?!\[secret )`

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)

const decoded = (value: string) => readEscapes(value)?.text ?? value

const shown = (secret: string) => `[secret ${fingerprint(secret)}]`

interface Groups {
  token?: string
  value?: string
  header?: string
  credentials?: string
  flag?: string
  login?: string
}

/** A secret in a text: `kept` is what is left of a general shape in front of it. */
interface Finding {
  start: number
  end: number
  kept: string
  secret: string
  isKnown: boolean
}

/** What a general shape begins with, in lower case: nearly every text has none of them and needs no closer look. */
const hints = ['token=', 'authorization', '$2', 'api-auth', 'api_auth', 'gradio-auth', 'gradio_auth']

/**
 * One regular expression holds the general shapes (bcrypt hashes, `token=…`, `Authorization: …`, `--api-auth …`) and
 * every known secret in every spelling; it is rebuilt when one was learned or forgotten, so that redacting a line costs
 * one scan. Plain searches say beforehand whether there is anything to find: they are ten times as fast.
 */
export function createRedactor(): Redactor {
  const counts = new Map<string, number>()
  let bySpelling = new Map<string, string>()
  let built: RegExp | null = null

  function changed() {
    built = null
    bySpelling = new Map([...counts.keys()].flatMap((secret) => spellings(secret).map((text) => [text, secret])))
  }

  const pattern = () => (built ??= build())

  function build(): RegExp {
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

  const plain = (spelling: string) => bySpelling.get(spelling) ?? decoded(spelling)

  /** What the one regular expression finds: a known secret in a usual spelling, or a general shape. */
  function inShapes(text: string): Finding[] {
    return [...text.matchAll(pattern())].map((match) => {
      const groups: Groups = match.groups ?? {}
      const kept = groups.token ?? groups.header ?? groups.flag ?? ''
      const value = groups.value ?? groups.credentials ?? groups.login ?? match[0]
      return {
        start: match.index,
        end: match.index + match[0].length,
        kept,
        secret: plain(value),
        isKnown: false,
      }
    })
  }

  /** Known secrets some of whose characters are escaped in unusual ways. */
  function inEscapes(escapes: Plain): Finding[] {
    return [...bySpelling].flatMap(([spelling, secret]) => {
      const found: Finding[] = []
      for (let at = escapes.text.indexOf(spelling); at >= 0; at = escapes.text.indexOf(spelling, at + spelling.length))
        found.push({
          ...escapes.origin(at, at + spelling.length),
          kept: '',
          secret,
          isKnown: true,
        })
      return found
    })
  }

  /** Every secret in a text, in their order; what overlaps is one. */
  function find(text: string): Finding[] {
    const lower = text.toLowerCase()
    const escapes = readEscapes(text)
    const escaped = escapes ? inEscapes(escapes) : []
    const mayHold =
      hints.some((hint) => lower.includes(hint)) || [...bySpelling.keys()].some((one) => text.includes(one))
    const all = [...(mayHold ? inShapes(text) : []), ...escaped]
    if (escaped.length === 0) return all
    const merged: Finding[] = []
    for (const one of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
      const last = merged.at(-1)
      if (!last || one.start >= last.end) merged.push(one)
      else {
        if (one.isKnown && !last.isKnown) Object.assign(last, { secret: one.secret, isKnown: true })
        last.end = Math.max(last.end, one.end)
      }
    }
    return merged
  }

  function redact(text: string): string {
    const found = find(text)
    if (found.length === 0) return text
    let read = 0
    const parts = found.map(({ start, end, kept, secret }) => {
      const before = text.slice(read, start)
      read = end
      return before + kept + shown(secret)
    })
    return parts.join('') + text.slice(read)
  }

  /** The whole of what a shape with a secret of usual length may be. */
  const longestShape = 256
  const longest = () => Math.max(longestShape, ...[...counts.keys()].map(({ length }) => length * widestEscape))

  const placeIn = (text: string, wanted: number): number => {
    for (const { start, end } of find(text)) {
      if (start >= wanted) break
      if (end <= wanted) continue
      if (start > 0) return start
      // What reaches the end may go on; else what is longer than a line is cut behind, and shown as a fingerprint.
      return end < text.length ? end : 0
    }
    return betweenCharacters(text, wanted)
  }

  return {
    learn(secret) {
      if (secret.length < shortest) return
      const count = counts.get(secret) ?? 0
      counts.set(secret, count + 1)
      if (count === 0) changed()
    },
    forget(secret) {
      const count = counts.get(secret)
      if (count === undefined) return
      if (count > 1) counts.set(secret, count - 1)
      else {
        counts.delete(secret)
        changed()
      }
    },
    places: { lookahead: longest, placeIn },
    redact,
  }
}
