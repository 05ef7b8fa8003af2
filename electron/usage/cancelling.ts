import { Problem } from '../../shared/problems'
import type { JobMemory } from '../kinds'
import type { OpenJob } from '../ledger'
import type { OpenJobsOfPeople } from './jobs'
import type { Leases } from './leases'

/** A job that a service has may take so long to end until it is left alone, in ms: one that waits on Forge ends at its turn. */
const mostMs = 30 * 60_000

/** So long whoever cancels waits to hear that it has ended, in ms. */
const tellMs = 2_000

interface CancellingPorts {
  leases: Pick<Leases, 'held'>
  jobs: Pick<OpenJobsOfPeople, 'on' | 'end'>
  memoryOf: (service: string) => JobMemory | null
  /** As the service itself calls a job; null: it has no name there, or none yet. */
  nameOf: (job: OpenJob) => string | null
  /** Takes a job off its service, and touches no other. False: the service does not tell which job is this one. */
  takeOff: (service: string, name: string, signal: AbortSignal) => Promise<boolean>
  failed: (error: unknown) => void
}

/** Which job is to end: of whom alone (null: whosever it is), and who wants that, as its client is told. */
export interface CancelWanted {
  service: string
  id: string
  account: string | null
  who: string
}

/** What came of it. `account`: whose it was. */
export interface CancelOutcome {
  account: string
  /** `cancelling`: it ends as soon as its service lets go of it. */
  state: 'cancelled' | 'cancelling'
}

const keyOf = (service: string, id: string) => JSON.stringify([service, id])

const isSilent = (error: unknown) =>
  error instanceof Problem || (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name))

/** Takes a job off its service, and ends it at once where it never began. */
async function takeOffOf(
  { jobs, memoryOf, takeOff }: Pick<CancellingPorts, 'jobs' | 'memoryOf' | 'takeOff'>,
  { service, id }: OpenJob,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const memory = memoryOf(service)
  const didWait = memory !== null && (await memory.queued(signal)).waiting.includes(name)
  if (!(await takeOff(service, name, signal))) throw new Problem('job.untold', { id: service })
  if (!didWait) return
  const { running, waiting } = await memory.queued(signal)
  if (running.includes(name) || waiting.includes(name) || (await memory.ended(name, signal)) !== null) return
  jobs.end(service, id, { outcome: 'withdrawn', ran: null, cached: false, images: null })
}

/** Ends people's jobs before their time, wherever they are: not given to a service yet, in its line, or at work. */
export function createJobCancelling(ports: CancellingPorts) {
  const { leases, jobs, nameOf, failed } = ports
  /** Those that are to end. */
  const asked = new Set<string>()
  const closing = new AbortController()

  const isOn = ({ service, id }: OpenJob) => jobs.on(service).some((job) => job.id === id)

  async function cancelOpen(job: OpenJob): Promise<CancelOutcome['state']> {
    const key = keyOf(job.service, job.id)
    const name = nameOf(job)
    if (name === null) throw new Problem('job.untold', { id: job.service })
    if (!asked.has(key)) {
      asked.add(key)
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(mostMs)])
      const taking = takeOffOf(ports, job, name, signal).catch((error: unknown) => {
        asked.delete(key)
        throw error
      })
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, tellMs)))
      // What fails later is told by the job itself: it is under way again, and can be cancelled once more.
      taking.catch((error: unknown) => {
        if (!isSilent(error)) failed(error)
      })
      try {
        await Promise.race([taking, late])
      } finally {
        clearTimeout(timer)
      }
    }
    return isOn(job) ? 'cancelling' : 'cancelled'
  }

  return {
    /** Throws `job.not-found`, `job.untold`, and what its service says or that it does not answer. */
    async cancel({ service, id, account, who }: CancelWanted): Promise<CancelOutcome> {
      const isMeant = (job: { service: string; id: string; account: string }) =>
        job.service === service && job.id === id && (account === null || job.account === account)
      const held = leases.held().find(isMeant)
      if (held) {
        held.giveUp(new Problem('job.cancelled', { who }))
        return { account: held.account, state: 'cancelled' }
      }
      const open = jobs.on(service).find(isMeant)
      if (!open) throw new Problem('job.not-found')
      return { account: open.account, state: await cancelOpen(open) }
    },
    standing: (job: OpenJob): 'can' | 'cannot' | 'asked' =>
      asked.has(keyOf(job.service, job.id)) ? 'asked' : nameOf(job) === null ? 'cannot' : 'can',
    /** A job has ended: answers whether it was to end. */
    ended: ({ service, id }: OpenJob): boolean => asked.delete(keyOf(service, id)),
    close: () => closing.abort(),
  }
}
