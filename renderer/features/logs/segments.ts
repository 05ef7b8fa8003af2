import type { LogLine } from '../../../shared/contract'

/** A stretch of a line. A secret's text is its fingerprint. */
export interface Segment {
  kind: 'text' | 'found' | 'secret'
  text: string
  /** SGR codes joined by `;`, or nothing. */
  style: string
}

const secretPlace = /\[secret ([0-9a-f]{12})\]/g

interface Stretch {
  from: number
  to: number
  kind: Segment['kind']
  text?: string
}

const stretchesOf = (
  text: string,
  expression: RegExp,
  make: (match: RegExpMatchArray) => Omit<Stretch, 'from' | 'to'>,
) =>
  [...text.matchAll(expression)]
    .filter((match) => match[0] !== '')
    .map((match): Stretch => ({ from: match.index, to: match.index + match[0].length, ...make(match) }))

/** Cuts a line at its colours, at what was found, and at the secrets that were taken out. */
export function segmentsOf({ text, styles = [] }: Pick<LogLine, 'text' | 'styles'>, find: RegExp | null): Segment[] {
  const secrets = stretchesOf(text, secretPlace, (match) => ({ kind: 'secret', text: match[1] ?? '' }))
  const found = find ? stretchesOf(text, find, () => ({ kind: 'found' })) : []
  const isInSecret = ({ from, to }: Stretch) => secrets.some((secret) => from < secret.to && to > secret.from)
  const marked = [...secrets, ...found.filter((one) => !isInSecret(one))].sort((a, b) => a.from - b.from)
  const segments: Segment[] = []
  let at = 0
  let change = 0
  let style = ''
  /** Everything up to `to` in one kind, cut where the colour changes. */
  const plain = (to: number, kind: Segment['kind']) => {
    while (at < to) {
      while (change < styles.length && (styles[change]?.[0] ?? 0) <= at) style = styles[change++]?.[1] ?? ''
      const end = Math.min(to, styles[change]?.[0] ?? to)
      segments.push({ kind, text: text.slice(at, end), style })
      at = end
    }
  }
  for (const stretch of marked) {
    plain(stretch.from, 'text')
    if (stretch.kind === 'secret') {
      segments.push({ kind: 'secret', text: stretch.text ?? '', style: '' })
      at = stretch.to
    } else plain(stretch.to, 'found')
  }
  plain(text.length, 'text')
  return segments
}

/** How a stretch looks: names of the sixteen colours, a mixed one as CSS, and marks. */
export interface Look {
  colour?: string
  background?: string
  marks: ('bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'hidden' | 'struck')[]
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
const markNames = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 8: 'hidden', 9: 'struck' } as const
const isMark = (code: number): code is keyof typeof markNames => code in markNames

const levels = [0, 95, 135, 175, 215, 255]

/** One of the 256 colours. */
function indexed(n: number): string {
  if (n < 16) return names[n % 8] ?? 'white'
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10
    return `rgb(${grey} ${grey} ${grey})`
  }
  const [r, g, b] = [Math.trunc((n - 16) / 36), Math.trunc(((n - 16) % 36) / 6), (n - 16) % 6]
  return `rgb(${levels[r]} ${levels[g]} ${levels[b]})`
}

/** Reads SGR codes as the panel writes them: see `styles` of a log line. */
export function lookOf(style: string): Look {
  const look: Look = { marks: [] }
  const codes = style.split(';').map(Number)
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    if (isMark(code)) look.marks.push(markNames[code])
    else if (code === 38 || code === 48) {
      const isMixed = codes[at + 1] === 2
      const colour = isMixed ? `rgb(${codes.slice(at + 2, at + 5).join(' ')})` : indexed(codes[at + 2] ?? 7)
      if (code === 38) look.colour = colour
      else look.background = colour
      at += isMixed ? 4 : 2
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) look.colour = names[code % 10] ?? 'white'
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) look.background = names[code % 10] ?? 'black'
  }
  return look
}
