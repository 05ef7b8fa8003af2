import type { GatewayJob } from '../../shared/contract'
import type { JobMemory } from '../kinds'
import type { OpenJob } from '../ledger'
import type { JobEnd } from './jobs'

/** So many that have ended are remembered of each person, while the panel runs. */
const mostEnded = 20

/** How long a service may take to tell what runs and what waits, in ms. */
const askMs = 2000

interface OwnJobsPorts {
  services: () => readonly string[]
  on: (service: string) => readonly OpenJob[]
  memoryOf: (service: string) => JobMemory | null
  /** What a key is called; null: not known. */
  keyName: (id: string) => string | null
}

/** People's jobs through the gateway one by one: those under way, and the last that ended. */
export interface OwnJobs {
  ended(job: OpenJob, end: JobEnd, at: number): void
  /** One person's, those under way first, the newest of each first. A service that does not answer is asked no longer than 2 s. */
  of(account: string): Promise<GatewayJob[]>
}

const newestFirst = (a: OpenJob, b: OpenJob) => b.begunAt - a.begunAt

export function createOwnJobs({ services, on, memoryOf, keyName }: OwnJobsPorts): OwnJobs {
  const past = new Map<string, { job: OpenJob; state: GatewayJob['state']; at: number }[]>()

  const told = (job: OpenJob, state: GatewayJob['state'], endedAt: number | null): GatewayJob => ({
    ...{ id: job.id, serviceId: job.service, machine: 'local' },
    key: job.key === null ? null : { id: job.key, name: keyName(job.key) },
    ...{ state, begunAt: job.begunAt, endedAt },
  })

  async function openOn(service: string, jobs: readonly OpenJob[]): Promise<GatewayJob[]> {
    // Whoever does not answer is told of elsewhere: what its jobs do is not known meanwhile.
    const queue = await memoryOf(service)
      ?.queued(AbortSignal.timeout(askMs))
      .catch(() => null)
    const running = new Set(queue?.running)
    const waiting = new Set(queue?.waiting)
    const stateOf = (id: string) => (running.has(id) ? 'running' : waiting.has(id) ? 'waiting' : 'unknown')
    return jobs.map((job) => told(job, stateOf(job.id), null))
  }

  return {
    ended(job, { outcome }, at) {
      // What never began counts as none.
      if (outcome === 'withdrawn') return
      past.set(job.account, [{ job, state: outcome, at }, ...(past.get(job.account) ?? [])].slice(0, mostEnded))
    },
    async of(account) {
      const own = services().flatMap((service) => {
        const jobs = on(service).filter((job) => job.account === account)
        return jobs.length === 0 ? [] : [{ service, jobs: jobs.toSorted(newestFirst) }]
      })
      const open = await Promise.all(own.map(({ service, jobs }) => openOn(service, jobs)))
      return [...open.flat(), ...(past.get(account) ?? []).map(({ job, state, at }) => told(job, state, at))]
    },
  }
}
