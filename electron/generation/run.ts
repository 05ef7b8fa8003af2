import { setTimeout as delay } from 'node:timers/promises'
import { Problem, type Reason } from '../../shared/problems'
import { pause } from '../async/pause'
import type { BackendEvent, BackendImage, ImageBackend, ResolvedParams } from '../kinds'
import type { Images } from './images'
import type { Outcome } from './record'
import { loadSharp } from './sharp'
import { createTaking, type Taking, type TakingBounds } from './taking'

/** What happens on the way, told as it happens. */
export interface RunPorts {
  progress(event: Extract<BackendEvent, { type: 'queued' | 'running' | 'progress' }>): void
  preview(event: Extract<BackendEvent, { type: 'preview' }>): void
}

interface Run {
  id: string
  images: Images
  signal: AbortSignal
  bounds: TakingBounds
}

/**
 * Runs one generation on its backend and keeps its pictures. Returns how it ended, or null when it was left running
 * on the service because the panel stops. Throws only what is a bug.
 */
export async function runGeneration(
  backend: ImageBackend,
  params: ResolvedParams,
  { id, images, signal, bounds, ports }: Run & { ports: RunPorts },
): Promise<Outcome | null> {
  // While the service works: its pictures need not wait. Where it cannot be had, whoever uses it says so.
  loadSharp().catch(() => undefined)
  return keepUp(backend.generate(id, params, signal), createTaking(images, id, bounds), ports)
}

const succeeded = (taking: Taking, { cached, warnings }: { cached: boolean; warnings: Reason[] }): Outcome => {
  taking.assertSome()
  return {
    state: 'succeeded',
    images: [...taking.kept],
    left: taking.left,
    cached,
    warnings: [...warnings, ...taking.warnings],
  }
}

/** Reads a job's events to their end, and keeps its pictures. */
async function keepUp(
  events: ReturnType<ImageBackend['generate']>,
  taking: Taking,
  ports: RunPorts,
): Promise<Outcome | null> {
  const read = async (): Promise<Outcome | null> => {
    for await (const event of events) {
      switch (event.type) {
        case 'queued':
        case 'running':
        case 'progress':
          ports.progress(event)
          break
        case 'preview':
          ports.preview(event)
          break
        case 'image':
          await taking.take(event.image)
          break
        case 'done':
          return succeeded(taking, event)
        case 'cancelled':
          return { state: 'cancelled', remains: event.remains ?? false, warnings: event.warnings ?? [] }
        default:
          event satisfies never
      }
    }
    return null
  }
  const outcome = await asOutcome(async () => {
    const ended = await read()
    await taking.settled()
    return ended
  })
  // What was taken stays, also where the rest could not be had; of a job that was cancelled nobody wants any.
  if (outcome?.state === 'failed') return { ...outcome, images: [...taking.kept] }
  if (outcome?.state !== 'succeeded') await taking.discard()
  return outcome
}

async function asOutcome(work: () => Promise<Outcome | null>): Promise<Outcome | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem) return { state: 'failed', problem: error }
    throw error
  }
}

/** How long a service may take to come back after the panel's start, and how often it is asked, in ms. */
export interface Patience {
  reachMs: number
  everyMs: number
}

/**
 * Picks a generation up that an earlier run of the panel left on its service. Waits for a service that is not there
 * yet, but not for ever, and not for one that has ended (`isGone`): its queue went with it. Returns null when the panel
 * stops meanwhile.
 */
export async function recoverGeneration(
  backendOf: () => ImageBackend,
  {
    id,
    images,
    signal,
    bounds,
    patience,
    isGone,
    ports,
  }: Run & { patience: Patience; isGone: () => boolean; ports: RunPorts },
): Promise<Outcome | null> {
  let taking: Taking | null = null
  const newTaking = () => (taking = createTaking(images, id, bounds))
  // What was taken by then stays.
  const lost = (): Outcome => ({
    state: 'failed',
    problem: new Problem('generation.interrupted-by-restart'),
    images: [...(taking?.kept ?? [])],
  })
  let end = performance.now() + patience.reachMs
  for (;;) {
    try {
      const backend = backendOf()
      const found = await backend.recover(id, signal)
      switch (found?.state) {
        case undefined:
          return lost()
        case 'succeeded':
          return await takeAll(found.images, newTaking(), found.cached)
        case 'cancelled':
          return { state: 'cancelled' }
        case 'failed':
          return { state: 'failed', problem: found.problem }
        case 'running':
          // From here on it is a job like every other, with its progress and previews.
          if (backend.follow) return await keepUp(backend.follow(id, signal), newTaking(), ports)
          end = performance.now() + patience.reachMs
      }
      await delay(patience.everyMs, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return null
      if (!(error instanceof Problem)) throw error
      if (error.id === 'service.not-found' || isGone() || performance.now() >= end) return lost()
      await pause(patience.everyMs, signal)
    }
  }
}

/**
 * Waits until a service answers, for a generation that an earlier run of the panel had in its own line. A service that
 * is on its way, and a vault that is still locked, are waited for; any other for the patience. Returns false when the
 * signal aborts.
 */
export async function untilReachable(
  backendOf: () => ImageBackend,
  { signal, patience, isComing }: { signal: AbortSignal; patience: Patience; isComing: () => boolean },
): Promise<boolean> {
  const isAborted = () => signal.aborted
  let end = performance.now() + patience.reachMs
  while (!isAborted()) {
    try {
      await backendOf().queueState(signal)
      return true
    } catch (error) {
      if (isAborted()) return false
      if (!(error instanceof Problem)) throw error
      // What is wrong is told by the generation itself.
      if (error.id === 'service.not-found') return true
      const now = performance.now()
      if (error.id === 'vault.locked' || isComing()) end = now + patience.reachMs
      if (now >= end) return true
      await pause(patience.everyMs, signal)
    }
  }
  return false
}

/** What a picture cannot be had for, and never will be; any other failure may pass. */
const lasting: ReadonlySet<string> = new Set([
  'backend.image-gone',
  'generation.bad-image',
  'generation.cannot-keep',
  'generation.no-room',
  'generation.too-large',
])

/** Takes the pictures of a job that has ended. Throws the Problem of a failure that may pass. */
async function takeAll(made: readonly BackendImage[], taking: Taking, cached: boolean): Promise<Outcome> {
  try {
    for (const image of made) await taking.take(image)
    await taking.settled()
    return succeeded(taking, { cached, warnings: [] })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (!lasting.has(error.id)) throw error
    return { state: 'failed', problem: error, images: [...taking.kept] }
  }
}
