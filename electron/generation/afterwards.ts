import type { Generation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { pause } from '../async/pause'
import type { ImageBackend } from '../kinds'
import type { Images } from './images'
import type { Outcome } from './record'

/** How long a cancelled job is followed that waits on its service for its turn, in ms. */
const takeOffMs = 60 * 60_000

/**
 * Small pictures are made so long after a generation has ended, in ms: whoever waits for the picture fetches it at that
 * moment, on the same cores. One that is asked for earlier is made then.
 */
const thumbnailsAfterMs = 500

interface AfterwardsPorts {
  images: Pick<Images, 'thumbnail'>
  backendOf: (serviceId: string) => ImageBackend
  reportBug: (error: unknown) => void
}

/** What is left to do when a generation has ended: work that nobody waits for, but the closing does. */
export function createAfterwards({ images, backendOf, reportBug }: AfterwardsPorts) {
  const work = new Set<Promise<void>>()
  const closing = new AbortController()
  const setAside = (one: Promise<void>) => {
    work.add(one)
    void one.then(() => work.delete(one))
  }

  const makeThumbnails = async (generation: Generation) => {
    await pause(thumbnailsAfterMs, closing.signal)
    if (closing.signal.aborted) return
    try {
      for (const image of generation.images) await images.thumbnail(image)
    } catch (error) {
      // The page asks again, and is told then.
      if (!(error instanceof Problem)) reportBug(error)
    }
  }

  /** Sees to it that a job that is cancelled but could not be withdrawn does not run to its end on the service. */
  const takeOff = async ({ id, serviceId }: Generation) => {
    const { signal } = closing
    try {
      await backendOf(serviceId).interrupt(id, AbortSignal.any([signal, AbortSignal.timeout(takeOffMs)]))
    } catch (error) {
      // The service is gone, with the job; or it waits longer than anybody can follow it.
      const isGivenUp = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
      if (!(error instanceof Problem) && !isGivenUp) reportBug(error)
    }
  }

  return {
    begin(ended: Generation, outcome: Outcome) {
      // Made ahead, so that the gallery shows at once.
      if (!closing.signal.aborted) setAside(makeThumbnails(ended))
      if (outcome.state === 'cancelled' && outcome.remains) setAside(takeOff(ended))
    },
    /** Takes nothing off any more. */
    stop: () => closing.abort(),
    idle: async () => void (await Promise.all(work)),
  }
}
