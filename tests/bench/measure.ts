/** One line of the table. */
export interface Measure {
  what: string
  /** In `unit`; null when it could not be measured here, and `note` says why. */
  value: number | null
  unit: string
  /** The value must not be above it; null for a number that is only told. */
  budget: number | null
  note?: string
}

/** The value below which a share (0 to 1) of the samples lies, by nearest rank. Throws on an empty list. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('no samples')
  return value
}

export const median = (samples: readonly number[]) => quantile(samples, 0.5)

/** Runs something several times, one after the other, and returns what each run said. */
export async function repeat<T>(times: number, run: (turn: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let turn = 0; turn < times; turn += 1) results.push(await run(turn))
  return results
}

/** How long something took, in ms. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await run()
  return performance.now() - startedAt
}

const verdict = ({ value, budget }: Measure) => {
  if (value === null) return 'not measured'
  if (budget === null) return ''
  return value <= budget ? 'within' : '**above**'
}

const number = (value: number | null) =>
  value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })

/** The measures as a Markdown table, columns aligned so that a terminal shows it well too. */
export function table(measures: readonly Measure[]): string {
  const rows = [
    ['what', 'measured', 'budget', 'verdict', 'how'],
    ...measures.map((measure) => [
      measure.what,
      measure.value === null ? '–' : `${number(measure.value)} ${measure.unit}`,
      measure.budget === null ? '' : `≤ ${number(measure.budget)} ${measure.unit}`,
      verdict(measure),
      measure.note ?? '',
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
