import type { GatewayJob } from '../../shared/contract'
import type { JobMemory } from '../kinds'
import type { Ledger, OpenJob, PastJob } from '../ledger'
import type { JobEnd } from './jobs'
import type { HeldJob } from './leases'

/** How long a service may take to tell what runs and what waits, in ms. */
const askMs = 2000

interface OwnJobsPorts {
  services: () => readonly string[]
  on: (service: string) => readonly OpenJob[]
  /** Jobs that no service has yet. */
  held: () => readonly HeldJob[]
  memoryOf: (service: string) => JobMemory | null
  /** What a key is called; null: not known. */
  keyName: (id: string) => string | null
  /** Why a job that no service has waits; null: that is not known. */
  whyHeld: (job: Pick<HeldJob, 'id' | 'service'>) => GatewayJob['reason']
  /** How far a job that its service has can be cancelled. */
  cancelling: (job: OpenJob) => 'can' | 'cannot' | 'asked'
  past: Ledger['pastJobs']
}

/** People's jobs through the gateway one by one: those asked for and under way, and the last that ended. */
export interface OwnJobs {
  /** `isCancelled`: its person, or an administrator, wanted it to end. */
  ended(job: OpenJob, end: JobEnd, { at, isCancelled }: { at: number; isCancelled: boolean }): void
  /** One person's, those under way first, the newest of each first. A service that does not answer is asked no longer than 2 s. */
  of(account: string): Promise<GatewayJob[]>
}

const newestFirst = (a: OpenJob, b: OpenJob) => b.begunAt - a.begunAt

/**
 * How an end is told; null: not at all, for it never began and nobody ended it. A kind that remembers no jobs answers one
 * that was stopped as any other.
 */
function stateOf(outcome: JobEnd['outcome'], isCancelled: boolean, isRemembered: boolean): PastJob['state'] | null {
  switch (outcome) {
    case 'withdrawn':
      return isCancelled ? 'cancelled' : null
    case 'unknown':
      return isCancelled ? 'cancelled' : 'unknown'
    case 'succeeded':
      return isCancelled && !isRemembered ? 'cancelled' : 'succeeded'
    case 'failed':
    case 'cancelled':
      return outcome
  }
}

export function createOwnJobs({ keyName, memoryOf, ...ports }: OwnJobsPorts): OwnJobs {
  const told = (
    job: Pick<OpenJob, 'service' | 'id' | 'key' | 'begunAt'>,
    more: Pick<GatewayJob, 'state'> & Partial<GatewayJob>,
  ): GatewayJob => ({
    ...{ id: job.id, serviceId: job.service, machine: 'local' },
    key: job.key === null ? null : { id: job.key, name: keyName(job.key) },
    ...{ begunAt: job.begunAt, endedAt: null, reason: null, isCancellable: false, isCancelling: false },
    ...more,
  })

  async function openOn(service: string, jobs: readonly OpenJob[]): Promise<GatewayJob[]> {
    const memory = memoryOf(service)
    // Whoever does not answer is told of elsewhere: what its jobs do is not known meanwhile.
    const queue = await memory?.queued(AbortSignal.timeout(askMs)).catch(() => null)
    const running = new Set(queue?.running)
    const waiting = new Set(queue?.waiting)
    // What keeps no line of its own was given the job when its turn had come.
    const untold = memory === null ? 'running' : 'unknown'
    const standing = (id: string) => (running.has(id) ? 'running' : waiting.has(id) ? 'waiting' : untold)
    return jobs.map((job) => {
      const cancelling = ports.cancelling(job)
      return told(job, {
        state: standing(job.id),
        ...{ isCancellable: cancelling === 'can', isCancelling: cancelling === 'asked' },
      })
    })
  }

  return {
    ended(job, { outcome }, { at, isCancelled }) {
      const { service, id, account, key, begunAt } = job
      const state = stateOf(outcome, isCancelled, memoryOf(service) !== null)
      if (state === null) return
      ports.past.note({ service, id, account, key, state, begunAt, endedAt: at })
    },
    async of(account) {
      const held = ports.held().filter((job) => job.account === account)
      const own = ports.services().flatMap((service) => {
        const jobs = ports.on(service).filter((job) => job.account === account)
        return jobs.length === 0 ? [] : [{ service, jobs: jobs.toSorted(newestFirst) }]
      })
      const open = await Promise.all(own.map(({ service, jobs }) => openOn(service, jobs)))
      const asked = held
        .toReversed()
        .map((job) =>
          told({ ...job, begunAt: job.since }, { state: 'waiting', reason: ports.whyHeld(job), isCancellable: true }),
        )
      const past = ports.past.of(account).map((job) => told(job, { state: job.state, endedAt: job.endedAt }))
      return [...asked, ...open.flat(), ...past]
    },
  }
}
