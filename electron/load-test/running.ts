import { randomInt, randomUUID } from 'node:crypto'
import type { LoadTest, LoadTestImage, LoadTestOrder } from '../../shared/contract'
import type { LoadMeasured, LoadTestHead } from '../../shared/load-report'
import { because, Problem, reason } from '../../shared/problems'
import { isImported, type FamilyParams, type ImageBackend } from '../kinds/backend'
import { makePicture, testPrompt } from '../trial/picture'
import { modelOf, type TrialPorts } from '../trial/ports'
import { watchVram } from '../trial/vram'
import { errorOfImage, errorOfProblem } from './errors'

/** So many samples of the card's memory are kept: from then on every other one goes, and half as many come. */
const mostSamples = 600
const callMs = 30_000
const largestSeed = 2 ** 32 - 1

/** A service that only fails is asked no longer: after so many errors in a row, and at least so many for each worker. */
const mostErrors = { atLeast: 10, each: 3 }

const problems = {
  none: () => new Problem('load-test.no-image'),
  late: (seconds: number) => new Problem('load-test.late', { seconds }),
}

/** Parameters as the service is asked with them. Throws a Problem where it cannot be asked so. */
export async function resolveOrder(
  backend: ImageBackend,
  { params }: Pick<LoadTestOrder, 'params'>,
  signal: AbortSignal,
): Promise<FamilyParams> {
  const wanted = { ...params, prompt: params.prompt ?? testPrompt, seed: randomInt(largestSeed), batch: 1 }
  const resolved = await backend.resolve(wanted, AbortSignal.any([signal, AbortSignal.timeout(callMs)]))
  if (isImported(resolved)) throw new Problem('load-test.family-only')
  return resolved
}

/** What is told of them. */
export const toldOf = ({ prompt, width, height, steps, workflow }: FamilyParams): NonNullable<LoadTest['made']> => ({
  ...{ prompt, width, height, steps },
  family: workflow ?? null,
})

/** What a test has measured so far, as it grows. */
class Measuring {
  readonly #began = performance.now()
  readonly #images: LoadTestImage[] = []
  readonly #open = new Map<number, { startedMs: number; ranMs: number | null }>()
  #vram: { atMs: number; mib: number }[] = []
  #vramTotalMiB: number | null = null
  #skip = 1
  #seen = 0
  #endedMs: number | null = null

  nowMs(): number {
    return Math.round(performance.now() - this.#began)
  }

  begin(n: number): void {
    this.#open.set(n, { startedMs: this.nowMs(), ranMs: null })
  }

  ran(n: number): void {
    const one = this.#open.get(n)
    if (one) one.ranMs ??= this.nowMs()
  }

  /** `tookMs`: where it is known better than by the clock of now. */
  end(n: number, error: LoadTestImage['error'], tookMs?: number): void {
    const one = this.#open.get(n)
    if (!one) return
    this.#open.delete(n)
    const { startedMs, ranMs } = one
    const queueMs = ranMs === null ? null : ranMs - startedMs
    this.#images.push({ n, startedMs, tookMs: tookMs ?? this.nowMs() - startedMs, queueMs, error })
  }

  leave(n: number): void {
    this.#open.delete(n)
  }

  startedMs = (n: number): number => this.#open.get(n)?.startedMs ?? 0

  sample(mib: number, totalMiB: number | null): void {
    this.#vramTotalMiB = totalMiB
    this.#seen += 1
    if (this.#endedMs !== null || this.#seen % this.#skip !== 0) return
    this.#vram.push({ atMs: this.nowMs(), mib })
    if (this.#vram.length <= mostSamples) return
    // The highest of two stays: what is looked for is the peak.
    this.#vram = this.#vram.flatMap((one, at, all) => {
      const next = all[at + 1]
      return at % 2 === 1 ? [] : [next && next.mib > one.mib ? next : one]
    })
    this.#skip *= 2
  }

  finish(): void {
    const last = this.#images.reduce((most, { startedMs, tookMs }) => Math.max(most, startedMs + tookMs), 0)
    this.#endedMs = this.#open.size === 0 && last > 0 ? last : this.nowMs()
    this.#open.clear()
  }

  read(): LoadMeasured {
    return {
      images: this.#images,
      open: [...this.#open.values()],
      vram: this.#vram,
      vramTotalMiB: this.#vramTotalMiB,
      elapsedMs: this.#endedMs ?? this.nowMs(),
    }
  }
}

export const nothingMeasured: LoadMeasured = { images: [], vram: [], vramTotalMiB: null, elapsedMs: 0 }

/** One test on its way. */
export interface LoadRun {
  head: () => LoadTestHead
  change: (change: Partial<LoadTestHead>) => void
  /** What is measured is to be had here from now on. */
  measures: (read: () => LoadMeasured) => void
  /** An image has ended. */
  noted: () => void
  signal: AbortSignal
}

interface Working {
  backend: ImageBackend
  params: FamilyParams
  measuring: Measuring
  signal: AbortSignal
}

/** Makes one image and notes how long it took, or why nothing came of it. `taken`: it is here, and only looked at now. */
async function makeOne(
  ports: TrialPorts,
  run: LoadRun,
  working: Working & { n: number; taken: () => void },
): Promise<LoadTestImage['error']> {
  const { serviceId, by, id, order } = run.head()
  const { backend, params, measuring, signal, n, taken } = working
  measuring.begin(n)
  const turn = await ports.cards.turn({ serviceId, person: by, lane: null, job: id }, signal)
  const waitedMs = measuring.nowMs() - measuring.startedMs(n)
  try {
    const jobId = randomUUID()
    const onOff = ports.trials.begin(serviceId, jobId)
    const seed = (params.seed + n) % largestSeed
    const making = { jobId, file: null, patienceMs: order.limitS * 1000, signal, problems, cancels: true, onOff }
    const made = await makePicture(
      backend,
      { ...params, seed },
      {
        ...making,
        onRunning: () => measuring.ran(n),
        onTaken: () => {
          turn.end()
          taken()
        },
      },
    )
    const error = errorOfImage(made, params, backend.jobs !== undefined)
    // To look at an image takes a moment that is not the service's.
    measuring.end(n, error, waitedMs + made.tookMs)
    return error
  } catch (error) {
    if (signal.aborted || !(error instanceof Problem)) throw error
    const told = errorOfProblem(error)
    measuring.end(n, told)
    return told
  } finally {
    turn.end()
  }
}

/** Lets so many work at once until all images are made; gives up where the service only fails. */
async function workAll(ports: TrialPorts, run: LoadRun, working: Omit<Working, 'signal'>): Promise<void> {
  const { count, concurrency } = run.head().order
  const most = Math.max(mostErrors.atLeast, mostErrors.each * concurrency)
  const ending = new AbortController()
  const signal = AbortSignal.any([run.signal, ending.signal])
  const made: Promise<void>[] = []
  let next = 0
  let inRow = 0
  const note = (error: LoadTestImage['error']) => {
    run.noted()
    inRow = error === null ? 0 : inRow + 1
    const isVain = error !== null && inRow >= most && next < count
    if (isVain) ending.abort(new Problem('load-test.given-up', { ...because(error), count: inRow }))
  }
  const work = async () => {
    while (next < count && !signal.aborted) {
      const n = next
      next += 1
      await new Promise<void>((taken) => {
        // The first fault ends all of them, and is what is told.
        const one = makeOne(ports, run, { ...working, signal, n, taken }).then(note, (error: unknown) => {
          working.measuring.leave(n)
          ending.abort(error)
        })
        made.push(one.then(taken))
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work))
  await Promise.all(made)
  signal.throwIfAborted()
}

/** Carries a test out. Throws a Problem where it came to no end, and the signal's reason. */
export async function carryOut(ports: TrialPorts, run: LoadRun): Promise<void> {
  const { signal, change, head } = run
  const { serviceId, order } = head()
  const backend = ports.backendOf(serviceId)
  const probe = await backend.probe(signal)
  signal.throwIfAborted()
  const version = probe.evidence.find((one) => one.version !== undefined)?.version ?? null
  const params = await resolveOrder(backend, order, signal)
  const measuring = new Measuring()
  run.measures(() => measuring.read())
  const conditions = { model: modelOf(params), version, gpu: ports.cardOf(serviceId) }
  change({ state: 'running', made: toldOf(params), conditions })
  const watching = new AbortController()
  const onSample = (mib: number, totalMiB: number | null) => measuring.sample(mib, totalMiB)
  watchVram(ports.gpus, serviceId, { signal: watching.signal, reportBug: ports.reportBug, onSample })
  try {
    await workAll(ports, run, { backend, params, measuring })
    change({ state: 'completed' })
  } finally {
    watching.abort()
    measuring.finish()
  }
}

/** How a test ended that was cut short. */
export function endOf(error: unknown, signal: AbortSignal): Pick<LoadTest, 'state' | 'reason'> {
  if (signal.aborted) {
    const isClosing = signal.reason instanceof Problem && signal.reason.id === 'load-test.interrupted'
    return isClosing
      ? { state: 'interrupted', reason: reason('load-test.interrupted') }
      : { state: 'cancelled', reason: reason('load-test.cancelled') }
  }
  return { state: 'failed', reason: error instanceof Problem ? error.reason : reason('load-test.unexpected') }
}
