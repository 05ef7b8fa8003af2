import type { LogLine } from '../../shared/contract'
import type { Redact } from './cutting'
import { createLevelGuesser } from './level'
import type { OutputLine } from './lines'
import type { NewLine } from './ring'

/** Redacts many lines at the cost of one scan: most batches hold no secret at all. */
function redactLines(texts: string[], redact: Redact): string[] {
  const all = texts.join('\n')
  return redact(all) === all ? texts : texts.map(redact)
}

/** Makes a stream's output fit to be kept: redacted, with a level. One for each life of a stream. */
export function createIntake(redact: Redact) {
  const guessers = { stdout: createLevelGuesser(), stderr: createLevelGuesser() }
  return <L extends OutputLine & { stream: 'stdout' | 'stderr' }>(
    lines: L[],
    timeOf: (line: L) => number,
  ): NewLine[] => {
    const texts = redactLines(
      lines.map(({ text }) => text),
      redact,
    )
    return lines.map((line, index) => {
      const { stream, replaces, up, styles } = line
      const text = texts[index] ?? ''
      const kept: NewLine = { at: timeOf(line), stream, level: guessers[stream](text), text, replaces }
      if (up !== undefined) kept.up = up
      // Where a secret was taken out, the places of the colours are no longer known.
      if (styles && text === line.text) kept.styles = styles
      return kept
    })
  }
}

/** A line of Regie's own. */
export const panelLine = (text: string, level: LogLine['level'], redact: Redact): NewLine => ({
  at: Date.now(),
  stream: 'panel',
  level,
  text: redact(text),
  replaces: false,
})
