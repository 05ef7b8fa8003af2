import type { LoadTest, LoadTestFigures, LoadTestImage, LoadTestQuantile, LoadTestReport } from './contract'

/** What was measured: images that have ended, those that have not, and what the service held of its card. */
export interface LoadMeasured {
  images: readonly LoadTestImage[]
  /** `ranMs`: since when it is at work, since the test began; null: it waits. */
  open?: readonly { startedMs: number; ranMs: number | null }[]
  vram: LoadTestReport['vram']
  vramTotalMiB: number | null
  /** Since the test began. */
  elapsedMs: number
}

/** A test without its figures, which follow from what was measured. */
export type LoadTestHead = Omit<LoadTest, 'figures'>

const tenth = (value: number) => Math.round(value * 10) / 10
const hundredth = (value: number) => Math.round(value * 100) / 100

/**
 * The image below or at which so many hundredths of all lie (nearest rank): one that there was, so that its parts add up.
 * `sorted`: by their time.
 */
export function quantileOf(sorted: readonly LoadTestImage[], hundredths: number): LoadTestQuantile | null {
  const image = sorted[Math.max(0, Math.ceil((hundredths / 100) * sorted.length) - 1)]
  if (!image) return null
  const { tookMs: ms, queueMs } = image
  return { ms, queueMs, gpuMs: queueMs === null ? null : Math.max(0, ms - queueMs) }
}

const byTime = (images: readonly LoadTestImage[]) => images.toSorted((a, b) => a.tookMs - b.tookMs)
const endOf = ({ startedMs, tookMs }: LoadTestImage) => startedMs + tookMs

/** From when to when each image waited for its turn; null where that of one was not told. */
function waitsIn({ images, open = [], elapsedMs }: LoadMeasured): { from: number; to: number }[] | null {
  if (images.some(({ queueMs, error }) => queueMs === null && error === null)) return null
  return [
    // What failed and never had its turn waited until then.
    ...images.map((image) => ({ from: image.startedMs, to: image.startedMs + (image.queueMs ?? image.tookMs) })),
    ...open.map(({ startedMs, ranMs }) => ({ from: startedMs, to: ranMs ?? elapsedMs })),
  ]
}

/** How many waited at once at most, and on average over the whole time. */
function waitingOf(measured: LoadMeasured): Pick<LoadTestFigures, 'waitingMost' | 'waitingMean'> {
  const waits = waitsIn(measured)
  if (waits === null || measured.elapsedMs <= 0) return { waitingMost: null, waitingMean: null }
  // Whoever ends in the same moment makes room first.
  const changes = waits
    .filter(({ from, to }) => to > from)
    .flatMap(({ from, to }) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  let now = 0
  let most = 0
  for (const { by } of changes) most = Math.max(most, (now += by))
  const all = waits.reduce((sum, { from, to }) => sum + (to - from), 0)
  return { waitingMost: most, waitingMean: hundredth(all / measured.elapsedMs) }
}

function errorsOf(images: readonly LoadTestImage[]): LoadTestFigures['errorsBy'] {
  const kinds = new Map<string, LoadTestFigures['errorsBy'][number]>()
  for (const image of images.toSorted((a, b) => endOf(a) - endOf(b))) {
    if (image.error === null) continue
    const { kind, ...reason } = image.error
    const known = kinds.get(kind) ?? { kind, count: 0, firstMs: endOf(image), reason }
    kinds.set(kind, { ...known, count: known.count + 1 })
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count || a.firstMs - b.firstMs)
}

/** The figures of a test, from what was measured. */
export function figuresOf(measured: LoadMeasured): LoadTestFigures {
  const { images, vram, vramTotalMiB, elapsedMs } = measured
  const done = byTime(images.filter(({ error }) => error === null))
  return {
    done: done.length,
    errors: images.length - done.length,
    elapsedMs,
    perMinute: done.length === 0 || elapsedMs <= 0 ? null : hundredth((done.length * 60_000) / elapsedMs),
    ...{ p50: quantileOf(done, 50), p90: quantileOf(done, 90), p95: quantileOf(done, 95) },
    ...{ p99: quantileOf(done, 99), worst: quantileOf(done, 100) },
    ...waitingOf(measured),
    vramMiB: vram.length === 0 ? null : vram.reduce((most, { mib }) => Math.max(most, mib), 0),
    vramTotalMiB,
    errorsBy: errorsOf(images),
  }
}

/** So many points are drawn. */
const points = 120

/** What is drawn over time: at each point what the time before it had. */
function seriesOf(measured: LoadMeasured): LoadTestReport['series'] {
  const { images, elapsedMs } = measured
  const done = images.filter(({ error }) => error === null)
  const waits = waitsIn(measured)
  if (elapsedMs <= 0) return { times: [], perMinute: [], p50: [], p95: [], waiting: [] }
  // Long enough for several images, so that the line tells a pace and not each end.
  const windowMs = Math.min(elapsedMs, Math.max(elapsedMs / 12, done.length === 0 ? 0 : (4 * elapsedMs) / done.length))
  const times = Array.from({ length: points + 1 }, (_, at) => Math.round((elapsedMs * at) / points))
  const at = times.map((time) => {
    const ended = byTime(done.filter((image) => endOf(image) > time - windowMs && endOf(image) <= time))
    return {
      perMinute: tenth((ended.length * 60_000) / windowMs),
      p50: quantileOf(ended, 50)?.ms ?? null,
      p95: quantileOf(ended, 95)?.ms ?? null,
      waiting: waits && waits.filter(({ from, to }) => from <= time && time < to).length,
    }
  })
  return {
    times,
    perMinute: at.map(({ perMinute }) => perMinute),
    p50: at.map(({ p50 }) => p50),
    p95: at.map(({ p95 }) => p95),
    waiting: at.map(({ waiting }) => waiting),
  }
}

/** The report of a test: the one that is told as JSON, as CSV and as a page. */
export const reportOf = (head: LoadTestHead, measured: LoadMeasured): LoadTestReport => ({
  ...head,
  figures: figuresOf(measured),
  images: measured.images.toSorted((a, b) => a.n - b.n),
  vram: [...measured.vram],
  series: seriesOf(measured),
})
