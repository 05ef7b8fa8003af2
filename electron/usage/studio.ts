import type { AccountId, Generation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { JobMemory } from '../kinds'
import type { JobEnd } from './jobs'
import type { Lease } from './leases'
import type { Limits } from './limits'
import type { Usage } from './usage'

/** How long a service may take to tell how a job ended, in ms. */
const askMs = 5000

/** Ends after which nobody knows how long the card worked. */
const lost = new Set<string>([
  'backend.job-lost',
  'backend.disconnected',
  'generation.service-ended',
  'generation.interrupted-by-restart',
  'generation.internal',
])

interface StudioPorts {
  usage: Pick<Usage, 'take' | 'countEnded'>
  limitsOf: (account: AccountId) => Limits
  memoryOf: (service: string) => JobMemory | null
  failed: (error: unknown) => void
}

/** Counts the Studio's jobs as everybody's, and holds them to the same limits. */
export interface StudioUsage {
  /** A place for one more job until it is in line. Throws a Problem where a limit would be passed. */
  admit(by: AccountId, service: string): Lease
  ended(generation: Generation): void
  /** Resolves when all that has ended is counted. */
  idle(): Promise<void>
}

function byRecord({ state, cached, startedAt, finishedAt, images, error }: Generation): JobEnd {
  const isLost = error !== undefined && lost.has(error.problem)
  const ran = startedAt === null || finishedAt === null || isLost ? null : { from: startedAt, to: finishedAt }
  const outcome = state === 'failed' || state === 'cancelled' ? state : 'succeeded'
  return { outcome: isLost ? 'unknown' : outcome, cached, ran, images: images.length }
}

export function createStudioUsage({ usage, limitsOf, memoryOf, failed }: StudioPorts): StudioUsage {
  const counting = new Set<Promise<void>>()

  /** By the service's own times where it has them: fetching the images takes none of the card. */
  async function endOf(generation: Generation): Promise<JobEnd> {
    const { id, serviceId } = generation
    try {
      const told = await memoryOf(serviceId)?.ended(id, AbortSignal.timeout(askMs))
      if (told) return told
    } catch (error) {
      const isSilent = error instanceof Problem || (error instanceof Error && error.name === 'TimeoutError')
      if (!isSilent) failed(error)
    }
    return byRecord(generation)
  }

  return {
    admit(by, service) {
      const taken = usage.take({ account: by, key: null, service, machine: 'local', limits: limitsOf(by) })
      if ('refused' in taken) throw taken.refused
      return taken
    },
    ended(generation) {
      // What never began counts as none.
      if (generation.startedAt === null) return
      const { by: account, serviceId: service, createdAt: begunAt } = generation
      const one = endOf(generation)
        .then((end) => usage.countEnded({ account, key: null, service, machine: 'local', begunAt }, end))
        .catch(failed)
        .finally(() => counting.delete(one))
      counting.add(one)
    },
    idle: async () => void (await Promise.all(counting)),
  }
}
