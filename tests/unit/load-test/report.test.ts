import { describe, expect, it } from 'vitest'
import { csvOfReport } from '../../../electron/load-test/csv'
import type { LoadTestImage, LoadTestReport } from '../../../shared/contract'
import { figuresOf, quantileOf, reportOf, type LoadMeasured, type LoadTestHead } from '../../../shared/load-report'
import { reason } from '../../../shared/problems'

const image = (n: number, startedMs: number, tookMs: number, queueMs: number | null = 0): LoadTestImage => ({
  ...{ n, startedMs, tookMs, queueMs },
  error: null,
})
const failed = (n: number, startedMs: number, tookMs: number): LoadTestImage => ({
  ...image(n, startedMs, tookMs, null),
  error: {
    ...reason('backend.out-of-memory', { detail: 'VAEDecode wanted 1.9 GiB, "really"' }),
    kind: 'out-of-memory',
  },
})
const measured = (images: LoadTestImage[], elapsedMs: number): LoadMeasured => ({
  ...{ images, elapsedMs, vramTotalMiB: 24_576 },
  vram: [
    { atMs: 0, mib: 400 },
    { atMs: 1000, mib: 21_000 },
    { atMs: 2000, mib: 20_500 },
  ],
})
const head: LoadTestHead = {
  ...{ id: 'one', serviceId: 'comfyui', by: 'admin', state: 'completed', startedAt: 1000, finishedAt: 9000 },
  order: { count: 5, concurrency: 2, limitS: 600, params: {} },
  made: { prompt: '=a, "lighthouse"', width: 256, height: 256, steps: 4, family: null },
  conditions: { model: null, version: '0.3.64', gpu: null },
}

/** Two at a time, two seconds each: the first at once, the others behind one. */
const pace = [image(0, 0, 2000), image(1, 0, 4000, 2000), image(2, 2000, 4000, 2000), image(3, 4000, 4000, 2000)]

describe('the percentiles of a load test', () => {
  it('are images that there were, by the nearest rank, and split into queue and GPU', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => image(at, 0, (at + 1) * 10, at))
    expect(quantileOf(hundred, 50)).toEqual({ ms: 500, queueMs: 49, gpuMs: 451 })
    expect(quantileOf(hundred, 95)?.ms).toBe(950)
    expect(quantileOf(hundred, 99)?.ms).toBe(990)
    expect(quantileOf(hundred, 100)?.ms).toBe(1000)
    expect(quantileOf([image(0, 0, 7, null)], 99)).toEqual({ ms: 7, queueMs: null, gpuMs: null })
    expect(quantileOf([], 50)).toBeNull()
  })
})

describe('the figures of a load test', () => {
  it('tell the pace, the line and the memory', () => {
    const figures = figuresOf(measured(pace, 8000))
    expect(figures).toMatchObject({ done: 4, errors: 0, elapsedMs: 8000, perMinute: 30 })
    expect(figures.p50).toEqual({ ms: 4000, queueMs: 2000, gpuMs: 2000 })
    expect(figures).toMatchObject({ waitingMost: 1, waitingMean: 0.75, vramMiB: 21_000, vramTotalMiB: 24_576 })
  })

  it('count errors apart, the most frequent kind first, each with when it came first', () => {
    const late = { ...reason('load-test.late', { seconds: 1 }), kind: 'late' as const }
    const images = [
      ...pace,
      { ...image(4, 1000, 500, null), error: late },
      failed(5, 4000, 1000),
      failed(6, 2000, 1000),
    ]
    const figures = figuresOf(measured(images, 8000))
    expect(figures).toMatchObject({ done: 4, errors: 3, perMinute: 30 })
    expect(figures.errorsBy.map(({ kind, count, firstMs }) => [kind, count, firstMs])).toEqual([
      ['out-of-memory', 2, 3000],
      ['late', 1, 1500],
    ])
    expect(figures.errorsBy[0]?.reason).toMatchObject({ problem: 'backend.out-of-memory' })
  })

  it('of which nothing is known are unknown, not 0', () => {
    const figures = figuresOf({ images: [], vram: [], vramTotalMiB: null, elapsedMs: 0 })
    expect(figures).toMatchObject({ done: 0, perMinute: null, p50: null, worst: null, vramMiB: null })
    expect(figures).toMatchObject({ waitingMost: null, waitingMean: null })
    // One turn that was not told makes the whole line unknown.
    expect(figuresOf(measured([...pace, image(4, 0, 10, null)], 8000))).toMatchObject({ waitingMost: null })
  })

  it('count those that are still waiting while it runs', () => {
    const open = [
      { startedMs: 4000, ranMs: null },
      { startedMs: 2000, ranMs: 4000 },
    ]
    expect(figuresOf({ ...measured([image(0, 0, 4000, 0)], 6000), open })).toMatchObject({
      ...{ waitingMost: 1, waitingMean: 0.67 },
    })
  })
})

describe('the report of a load test', () => {
  const report = reportOf(head, measured([...pace, failed(4, 6000, 900)], 8000))

  it('draws all lines over the same times', () => {
    const { times, perMinute, p50, p95, waiting } = report.series
    expect([times[0], times.at(-1)]).toEqual([0, 8000])
    for (const line of [perMinute, p50, p95, waiting]) expect(line).toHaveLength(times.length)
    expect(perMinute[0]).toBe(0)
    expect(perMinute.at(-1)).toBe(30)
    expect(p50[0]).toBeNull()
    expect(p50.at(-1)).toBe(4000)
    expect(waiting[1]).toBe(1)
    expect(reportOf(head, { images: [], vram: [], vramTotalMiB: null, elapsedMs: 0 }).series.times).toEqual([])
  })

  it('says the same as JSON and as CSV', () => {
    const json = JSON.parse(JSON.stringify(report)) as LoadTestReport // what was just written
    const csv = csvOfReport(report)
    expect(csv.startsWith('\uFEFF')).toBe(true)
    const lines = csv.slice(1).trimEnd().split('\r\n')
    const cellOf = (part: string, name: string | number, column: number) =>
      lines.find((line) => line.startsWith(`${part},${name},`))?.split(',')[column]
    const value = (name: string) => cellOf('figure', name, 6)
    expect(value('images_per_minute')).toBe(String(json.figures.perMinute))
    expect(value('done')).toBe(String(json.figures.done))
    expect(value('errors')).toBe(String(json.figures.errors))
    expect(value('elapsed_s')).toBe(String(json.figures.elapsedMs / 1000))
    expect(value('vram_peak_mib')).toBe(String(json.figures.vramMiB))
    expect(value('waiting_most')).toBe(String(json.figures.waitingMost))
    for (const name of ['p50', 'p90', 'p95', 'p99', 'worst'] as const) {
      const of = json.figures[name]
      expect([3, 4, 5].map((column) => Number(cellOf('figure', name, column)) * 1000)).toEqual([
        ...[of?.ms, of?.queueMs, of?.gpuMs],
      ])
    }
    expect(cellOf('error', 'out-of-memory', 6)).toBe('1')
    expect(lines.filter((line) => line.startsWith('image,'))).toHaveLength(json.images.length)
    for (const { n, startedMs, tookMs } of json.images)
      expect([cellOf('image', n, 2), cellOf('image', n, 3)]).toEqual([String(startedMs / 1000), String(tookMs / 1000)])
  })

  it('is no formula in a spreadsheet, whatever the prompt', () => {
    expect(csvOfReport(report)).toContain(`,"'=a, ""lighthouse""",`)
  })

  const attacks = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\uFF1D1+1',
    'a;=1+1',
    'a\n=1+1',
    'a\t@x',
    'a|-1',
  ]
  it.each([...attacks, '=a;=b', 'a";=1', 'a;"=1"', 'a,=1'])(
    'is none by %j, by whichever mark a spreadsheet cuts the line',
    (prompt) => {
      const made = report.made && { ...report.made, prompt }
      const csv = csvOfReport({ ...report, made }).slice(1)
      // Quotes are minded by none that cuts at another mark: each of its cells is looked at without them.
      for (const mark of [',', ';', '\t', '|'])
        for (const cell of csv.split(/[\r\n]+/).flatMap((line) => line.split(mark)))
          expect(cell.replace(/^"+/, '')).not.toMatch(/^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/)
    },
  )

  it('keeps a prompt without such marks as it is', () => {
    const made = report.made && { ...report.made, prompt: 'a cat; -blurry, 2 + 2 = 4' }
    expect(csvOfReport({ ...report, made })).toContain(',"a cat; -blurry, 2 + 2 = 4",')
  })
})
