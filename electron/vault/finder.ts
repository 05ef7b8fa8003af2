import { readEscapes, spellings, type Plain } from './spellings'

const bcryptShape = String.raw`\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}`
/** An access key of Regie's own, or most of one; the line below may be escaped in an address. */
const keyShape = String.raw`rk(?:_|%5[fF])[0-9A-Za-z]{30,}`
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

interface Groups {
  token?: string
  value?: string
  header?: string
  credentials?: string
  flag?: string
  login?: string
}

/** A secret in a text: `kept` is what is left of a general shape in front of it. */
export interface Finding {
  start: number
  end: number
  kept: string
  secret: string
  isKnown: boolean
}

/** What a general shape begins with, in lower case: nearly every text has none of them and needs no closer look. */
const hints = ['token=', 'authorization', '$2', 'api-auth', 'api_auth', 'gradio-auth', 'gradio_auth', 'rk_', 'rk%5f']

/** Known secrets by their spellings. */
type Spelled = ReadonlyMap<string, string>

/** The general shapes and every known secret in its usual spellings. */
function patternOf(bySpelling: Spelled): RegExp {
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
      keyShape,
    ].join('|'),
    'g',
  )
}

/** What the one regular expression finds: a known secret in a usual spelling, or a general shape. */
function inShapes(text: string, pattern: RegExp, bySpelling: Spelled): Finding[] {
  return [...text.matchAll(pattern)].map((match) => {
    const groups: Groups = match.groups ?? {}
    const kept = groups.token ?? groups.header ?? groups.flag ?? ''
    const value = groups.value ?? groups.credentials ?? groups.login ?? match[0]
    return {
      start: match.index,
      end: match.index + match[0].length,
      kept,
      secret: bySpelling.get(value) ?? decoded(value),
      isKnown: false,
    }
  })
}

/** Known secrets some of whose characters are escaped in unusual ways. */
function inEscapes(escapes: Plain, bySpelling: Spelled): Finding[] {
  const { text } = escapes
  return [...bySpelling].flatMap(([spelling, secret]) => {
    const found: Finding[] = []
    for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + spelling.length))
      found.push({ ...escapes.origin(at, at + spelling.length), kept: '', secret, isKnown: true })
    return found
  })
}

/** In their order; what overlaps is one. */
function merged(all: Finding[]): Finding[] {
  const result: Finding[] = []
  for (const one of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (!last || one.start >= last.end) result.push(one)
    else {
      if (one.isKnown && !last.isKnown) Object.assign(last, { secret: one.secret, isKnown: true })
      last.end = Math.max(last.end, one.end)
    }
  }
  return result
}

/**
 * Finds the secrets of a text. One regular expression holds the general shapes (bcrypt hashes, access keys,
 * `token=…`, `Authorization: …`, `--api-auth …`) and every known secret in every spelling, so that a line costs one scan. Plain
 * searches say beforehand whether there is anything to find: they are ten times as fast.
 */
export function createFinder(secrets: Iterable<string>): (text: string) => Finding[] {
  const bySpelling = new Map([...secrets].flatMap((secret) => spellings(secret).map((text) => [text, secret])))
  /** Made when it is needed. */
  let pattern: RegExp | null = null
  return (text) => {
    const lower = text.toLowerCase()
    const escapes = readEscapes(text)
    const escaped = escapes ? inEscapes(escapes, bySpelling) : []
    const mayHold =
      hints.some((hint) => lower.includes(hint)) || [...bySpelling.keys()].some((one) => text.includes(one))
    const inUsual = mayHold ? inShapes(text, (pattern ??= patternOf(bySpelling)), bySpelling) : []
    return escaped.length === 0 ? inUsual : merged([...inUsual, ...escaped])
  }
}
