import { randomUUID } from 'node:crypto'
import { Problem } from '../../shared/problems'
import { loadSharp } from '../generation/sharp'
import { detached, type BackendImage, type ImageBackend, type ResolvedParams } from '../kinds/backend'
import { orAborted } from '../async/abort'
import { writeFileAtomic } from '../storage/files'
import { measurePicture, type Measured } from './judge'

/** The same on every version, so that what differs is the version's doing. */
export const testPrompt = 'a lighthouse on a cliff at dusk, calm sea, clear light'
export const testSeed = 42

/** A picture is held whole while it is measured; larger ones are none that were asked for. */
const mostBytes = 64 * 1024 * 1024

export interface MadePicture {
  measured: Measured
  cached: boolean
  tookMs: number
  /** The median of the times between two sampling steps, in ms; null where fewer than two were told. */
  stepMs: number | null
}

async function bytesOf({ pieces }: BackendImage): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces()) {
    length += piece.length
    if (length > mostBytes) throw new Problem('updates.no-picture')
    parts.push(piece)
  }
  return Buffer.concat(parts)
}

const medianOf = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  return middle === undefined ? null : Math.round(middle)
}

interface Making {
  /** Where it is kept, without whatever the service wrote into it as text. */
  file: string
  patienceMs: number
  signal: AbortSignal
  /** Whether the job is cancelled on the service when time is up: one that is thrown away anyway need not be. */
  cancels: boolean
  onStep: (step: number | null, steps: number | null) => void
}

/** Follows a job to its end; the first picture is kept, the rest left. */
async function follow(backend: ImageBackend, params: ResolvedParams, { onStep }: Making, signal: AbortSignal) {
  const stepTimes: number[] = []
  let last: number | null = null
  let bytes: Buffer | null = null
  for await (const event of backend.generate(randomUUID(), params, signal)) {
    if (event.type === 'progress' && event.phase === 'sampling' && event.step !== null) {
      const now = performance.now()
      if (last !== null) stepTimes.push(now - last)
      last = now
      onStep(event.step, event.steps)
    }
    if (event.type === 'image') bytes ??= await bytesOf(event.image)
    if (event.type === 'cancelled') throw new Problem('backend.interrupted-by-others')
    if (event.type === 'done') return { bytes, cached: event.cached, stepMs: medianOf(stepTimes) }
  }
  throw new Problem('updates.no-picture')
}

/** Lets a service make the test picture. Throws a Problem where it makes none that can be read, or not in time. */
export async function makePicture(backend: ImageBackend, params: ResolvedParams, making: Making): Promise<MadePicture> {
  const { patienceMs, signal, cancels, file } = making
  const late = AbortSignal.timeout(patienceMs)
  const ending = new AbortController()
  const whole = AbortSignal.any([signal, late])
  const began = performance.now()
  try {
    const following = follow(backend, params, making, ending.signal)
    // A service that hangs does not end the stream either.
    const { bytes, cached, stepMs } = await orAborted(following, whole)
    const tookMs = Math.round(performance.now() - began)
    const measured = bytes && (await measurePicture(bytes))
    if (!bytes || !measured) throw new Problem('updates.no-picture')
    const sharp = await loadSharp()
    await writeFileAtomic(file, await sharp(bytes).png().toBuffer())
    return { measured, cached, tookMs, stepMs }
  } catch (error) {
    ending.abort(cancels ? undefined : detached)
    if (late.aborted && !signal.aborted) throw new Problem('updates.picture-late', { seconds: patienceMs / 1000 })
    throw error
  }
}
