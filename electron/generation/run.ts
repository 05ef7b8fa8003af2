import { setTimeout as delay } from 'node:timers/promises'
import type { GeneratedImage } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { BackendEvent, BackendImage, ImageBackend, ResolvedParams } from '../backends'
import type { Images } from './images'
import type { Outcome } from './record'

/** What happens on the way, told as it happens. */
export interface RunPorts {
  progress(event: Extract<BackendEvent, { type: 'queued' | 'running' | 'progress' }>): void
  preview(event: Extract<BackendEvent, { type: 'preview' }>): void
}

interface Run {
  id: string
  images: Images
  signal: AbortSignal
}

/**
 * Runs one generation on its backend and keeps its pictures. Returns how it ended, or null when it was left running
 * on the service because the panel stops. Throws only what is a bug.
 */
export async function runGeneration(
  backend: ImageBackend,
  params: ResolvedParams,
  { id, images, signal, ports }: Run & { ports: RunPorts },
): Promise<Outcome | null> {
  return keepUp(backend.generate(id, params, signal), { id, images, ports })
}

/** Reads a job's events to their end, and keeps its pictures. */
async function keepUp(
  events: ReturnType<ImageBackend['generate']>,
  { id, images, ports }: Pick<Run, 'id' | 'images'> & { ports: RunPorts },
): Promise<Outcome | null> {
  const kept: GeneratedImage[] = []
  const outcome = await asOutcome(async () => {
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
          kept.push(await images.keep(id, kept.length, event.image))
          break
        case 'done':
          return { state: 'succeeded', images: kept, cached: event.cached, warnings: event.warnings }
        case 'cancelled':
          return { state: 'cancelled', remains: event.remains ?? false, warnings: event.warnings ?? [] }
        default:
          event satisfies never
      }
    }
    return null
  })
  // Pictures of a job that did not succeed belong to no record.
  if (outcome?.state !== 'succeeded') await Promise.all(kept.map((image) => images.erase(image)))
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
  { id, images, signal, patience, isGone, ports }: Run & { patience: Patience; isGone: () => boolean; ports: RunPorts },
): Promise<Outcome | null> {
  const lost: Outcome = { state: 'failed', problem: new Problem('generation.interrupted-by-restart') }
  let end = performance.now() + patience.reachMs
  for (;;) {
    try {
      const backend = backendOf()
      const found = await backend.recover(id, signal)
      switch (found?.state) {
        case undefined:
          return lost
        case 'succeeded':
          return await asOutcome(async () => ({
            state: 'succeeded',
            images: await keepAll(images, id, found.images),
            cached: found.cached,
            warnings: [],
          }))
        case 'cancelled':
          return { state: 'cancelled' }
        case 'failed':
          return { state: 'failed', problem: found.problem }
        case 'running':
          // From here on it is a job like every other, with its progress and previews.
          if (backend.follow) return await keepUp(backend.follow(id, signal), { id, images, ports })
          end = performance.now() + patience.reachMs
      }
      await delay(patience.everyMs, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return null
      if (!(error instanceof Problem)) throw error
      if (error.id === 'service.not-found' || isGone() || performance.now() >= end) return lost
      await delay(patience.everyMs, undefined, { signal }).catch(() => undefined)
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
      await delay(patience.everyMs, undefined, { signal }).catch(() => undefined)
    }
  }
  return false
}

async function keepAll(images: Images, id: string, made: readonly BackendImage[]): Promise<GeneratedImage[]> {
  const kept: GeneratedImage[] = []
  for (const image of made) kept.push(await images.keep(id, kept.length, image))
  return kept
}
