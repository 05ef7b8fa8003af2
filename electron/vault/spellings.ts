/** Shorter runs of base64 stand in too many innocent words. */
const shortestBase64 = 8

/**
 * What base64 makes of a text, alone or inside of a longer one, such as `user:password`: it depends on where in a group
 * of three bytes the text begins. The characters at both ends also hold bits of what stands beside it, and are left out.
 */
function insideBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8')
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const kept = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    return kept.length < shortestBase64 ? [] : [kept, kept.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/**
 * How a secret may be written by a program that repeats it: as it is, as a form or a URL does, in JSON, and in base64,
 * alone or behind a user's name. Whatever else is done to single characters, `readEscapes` undoes.
 */
export const spellings = (secret: string): string[] => [
  ...new Set([
    secret,
    secret.replaceAll(' ', '+'),
    encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8')),
    JSON.stringify(secret).slice(1, -1),
    ...insideBase64(secret),
  ]),
]

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** No escape of one character that is looked for is longer. */
export const widestEscape = 16

const percent = '%(?:25){0,2}'
/** One character as URLs, JSON, Python and HTML write it, also where that was escaped once or twice more. */
const escapes = new RegExp(
  [
    `(?<url>${percent}[c-f][\\da-f](?:${percent}[89ab][\\da-f]){1,3}|${percent}[\\da-f]{2})`,
    String.raw`\\{1,3}(?:u(?<unit>[\da-f]{4})|x(?<byte>[\da-f]{2})|(?<mark>[^a-z\d\\\s%&]))`,
    String.raw`&(?:amp;)?(?:#(?<decimal>\d{1,7})|#x(?<hex>[\da-f]{1,6})|(?<entity>amp|lt|gt|quot|apos));`,
  ].join('|'),
  'gi',
)

function meant(raw: string, groups: Readonly<Record<string, string | undefined>>): string {
  const { url, unit, byte, mark, decimal, hex, entity } = groups
  if (url !== undefined)
    return Buffer.from(url.replaceAll(/%(?:25)*(?=[\da-f]{2})/gi, '').slice(-8), 'hex').toString('utf8')
  if (mark !== undefined) return mark
  if (entity !== undefined) return entities[entity.toLowerCase()] ?? raw
  const code = decimal === undefined ? Number.parseInt(unit ?? byte ?? hex ?? '', 16) : Number(decimal)
  if (unit !== undefined) return String.fromCharCode(code)
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : raw
}

/** A text with its escapes undone, and where in the text itself a range of that stands. */
export interface Plain {
  text: string
  /** `from` and `to` are places in `text`; the answer, in the text that was read. An escape is never cut. */
  origin(from: number, to: number): { start: number; end: number }
}

interface Escape {
  /** In the plain text. */
  from: number
  to: number
  /** In the text that was read. */
  start: number
  end: number
}

/** Null where there are no escapes, as nearly everywhere. Takes time in proportion to the text. */
export function readEscapes(text: string): Plain | null {
  if (!/[%\\&]/.test(text)) return null
  const found: Escape[] = []
  const parts: string[] = []
  let [read, length] = [0, 0]
  for (const { index: start, 0: raw, groups = {} } of text.matchAll(escapes)) {
    const literal = text.slice(read, start)
    const plain = meant(raw, groups)
    const from = length + literal.length
    read = start + raw.length
    length = from + plain.length
    parts.push(literal, plain)
    found.push({ from, to: length, start, end: read })
  }
  if (found.length === 0) return null
  /** The last escape that begins at a place or before it. */
  const before = (place: number): Escape | undefined => {
    let [low, high] = [0, found.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((found[middle]?.from ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return found[low - 1]
  }
  return {
    text: parts.join('') + text.slice(read),
    origin(from, to) {
      const [first, last] = [before(from), before(to - 1)]
      const start = !first ? from : from < first.to ? first.start : first.end + from - first.to
      const end = !last ? to : to <= last.to ? last.end : last.end + to - last.to
      return { start, end }
    },
  }
}
