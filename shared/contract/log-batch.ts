import type { LogLine } from './log-line'

const streams = ['stdout', 'stderr', 'panel'] as const
const levels = ['info', 'warn', 'error'] as const
const firstLetter = 'a'.charCodeAt(0)

/** Neither is ever part of a line: control characters are taken out of output. A line of Regie's own may have some. */
const clean = (text: string) => (text.includes('\n') ? text.replaceAll('\n', ' ') : text)

/**
 * Several lines as one text, a line each: a letter for stream and level, then number and time as what they are more
 * than those of the line before, then styles, a tab, and the text.
 */
export function packLines(lines: readonly LogLine[]): string {
  let seq = 0
  let at = 0
  let packed = ''
  for (const line of lines) {
    const letter = streams.indexOf(line.stream) * 3 + levels.indexOf(line.level)
    const styles = line.styles ? line.styles.map(([start, style]) => `${start}:${style}`).join('|') : ''
    packed += `${String.fromCharCode(firstLetter + letter)}${line.seq - seq},${line.at - at},${styles}\t${line.stream === 'panel' ? clean(line.text) : line.text}\n`
    seq = line.seq
    at = line.at
  }
  return packed
}

const readStyles = (text: string): [number, string][] =>
  text.split('|').map((part) => {
    const colon = part.indexOf(':')
    return [Number(part.slice(0, colon)), part.slice(colon + 1)]
  })

/** The lines that `packLines` made one text of. */
export function unpackLines(packed: string): LogLine[] {
  const lines: LogLine[] = []
  let seq = 0
  let at = 0
  for (let from = 0; from < packed.length;) {
    const end = packed.indexOf('\n', from)
    const tab = packed.indexOf('\t', from)
    const comma = packed.indexOf(',', from)
    const second = packed.indexOf(',', comma + 1)
    const letter = packed.charCodeAt(from) - firstLetter
    seq += Number(packed.slice(from + 1, comma))
    at += Number(packed.slice(comma + 1, second))
    const line: LogLine = {
      seq,
      at,
      stream: streams[Math.trunc(letter / 3)] ?? 'stdout',
      level: levels[letter % 3] ?? 'info',
      text: packed.slice(tab + 1, end),
    }
    if (tab > second + 1) line.styles = readStyles(packed.slice(second + 1, tab))
    lines.push(line)
    from = end + 1
  }
  return lines
}
