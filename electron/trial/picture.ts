import { Problem } from '../../shared/problems'
import { loadSharp } from '../generation/sharp'
import {
  detached,
  type BackendEvent,
  type BackendImage,
  type ImageBackend,
  type ResolvedParams,
} from '../kinds/backend'
import { orAborted } from '../async/abort'
import { writeFileAtomic } from '../storage/files'
import { measurePicture, type Measured } from './judge'

/** The same on every version, so that what differs is the version's doing. */
export const testPrompt = 'a lighthouse on a cliff at dusk, calm sea, clear light'
export const testSeed = 42

/** A picture is held whole while it is measured; larger ones are none that were asked for. */
const mostBytes = 64 * 1024 * 1024

/** Reasons that say that a service did not tell its steps. */
const untold: ReadonlySet<string> = new Set(['backend.no-live-progress', 'backend.progress-untold'])

export interface MadePicture {
  measured: Measured
  cached: boolean
  /** From the order to the picture. */
  tookMs: number
  /** From the order to its turn on the service; null where that was not told. */
  queueMs: number | null
  /** Between two sampling steps, on average, in ms; null where fewer than two were told. */
  stepMs: number | null
  /** The last sampling step that was told, and whether the service tells its steps. */
  sampled: number
  tellsSteps: boolean
}

async function bytesOf({ pieces }: BackendImage, tooLarge: () => Problem): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces()) {
    length += piece.length
    if (length > mostBytes) throw tooLarge()
    parts.push(piece)
  }
  return Buffer.concat(parts)
}

/** Counts sampling steps and the time that they took: from the end of the first to the end of the last. */
function createStepClock() {
  let first: { step: number; at: number } | null = null
  let last: { step: number; at: number } | null = null
  return {
    note(step: number): void {
      if (step < 1 || step <= (last?.step ?? 0)) return
      last = { step, at: performance.now() }
      first ??= last
    },
    sampled: () => last?.step ?? 0,
    stepMs(): number | null {
      if (!first || !last || last.step === first.step) return null
      return Math.round(((last.at - first.at) / (last.step - first.step)) * 10) / 10
    },
  }
}

interface Making {
  /** What the job is called on the service. */
  jobId: string
  /** Where it is kept, without whatever the service wrote into it as text; null: nowhere. */
  file: string | null
  patienceMs: number
  signal: AbortSignal
  /** Whether the job is cancelled on the service when time is up: one that is thrown away anyway need not be. */
  cancels: boolean
  onStep?: (step: number | null, steps: number | null) => void
  /** Its turn on the service has come. */
  onRunning?: () => void
  /** It is here, and is looked at from now on. */
  onTaken?: () => void
  /** The service has no more to do with the job: that is later than the answer where it was late or cancelled. */
  onOff?: () => void
  /** What is thrown where it makes none that can be read, and where it is late. */
  problems: { none: () => Problem; late: (seconds: number) => Problem }
}

interface Followed extends Omit<MadePicture, 'measured' | 'tookMs'> {
  bytes: Buffer | null
}

/** Follows a job to its end; the first picture is kept, the rest left. */
async function follow(
  backend: ImageBackend,
  params: ResolvedParams,
  making: Making,
  signal: AbortSignal,
): Promise<Followed> {
  const { jobId, problems, onStep, onRunning } = making
  const steps = createStepClock()
  const began = performance.now()
  const got: Pick<Followed, 'bytes' | 'queueMs'> = { bytes: null, queueMs: null }
  const took = async (event: BackendEvent): Promise<void> => {
    if (event.type === 'running') {
      got.queueMs ??= Math.round(performance.now() - began)
      onRunning?.()
    }
    if (event.type === 'progress' && event.phase === 'sampling' && event.step !== null) {
      steps.note(event.step)
      onStep?.(event.step, event.steps)
    }
    if (event.type === 'image') got.bytes ??= await bytesOf(event.image, problems.none)
    if (event.type === 'cancelled') throw new Problem('backend.interrupted-by-others')
  }
  for await (const event of backend.generate(jobId, params, signal)) {
    await took(event)
    if (event.type !== 'done') continue
    const tellsSteps = !event.warnings.some(({ problem }) => untold.has(problem))
    const { cached } = event
    return { ...got, cached, stepMs: steps.stepMs(), sampled: steps.sampled(), tellsSteps }
  }
  throw problems.none()
}

/** Lets a service make a test picture. Throws a Problem where it makes none that can be read, or not in time. */
export async function makePicture(backend: ImageBackend, params: ResolvedParams, making: Making): Promise<MadePicture> {
  const { patienceMs, signal, cancels, file, problems, onTaken, onOff } = making
  const late = AbortSignal.timeout(patienceMs)
  const ending = new AbortController()
  const whole = AbortSignal.any([signal, late])
  const began = performance.now()
  const following = follow(backend, params, making, ending.signal)
  if (onOff) following.then(onOff, onOff)
  try {
    // A service that hangs does not end the stream either.
    const { bytes, ...rest } = await orAborted(following, whole)
    const tookMs = Math.round(performance.now() - began)
    onTaken?.()
    const measured = bytes && (await measurePicture(bytes))
    if (!bytes || !measured) throw problems.none()
    if (file !== null) {
      const sharp = await loadSharp()
      await writeFileAtomic(file, await sharp(bytes).png().toBuffer())
    }
    return { measured, tookMs, ...rest }
  } catch (error) {
    ending.abort(cancels ? undefined : detached)
    following.catch(() => undefined)
    if (late.aborted && !signal.aborted) throw problems.late(patienceMs / 1000)
    throw error
  }
}
