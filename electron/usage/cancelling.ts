import { Problem } from '../../shared/problems'
import { pause } from '../async/pause'
import type { JobMemory } from '../kinds'
import type { OpenJob } from '../ledger'
import type { OpenJobsOfPeople } from './jobs'
import type { Leases } from './leases'

/** A job that a service has may take so long to end until it is left alone, in ms: one that waits on Forge ends at its turn. */
const mostMs = 30 * 60_000

/** So long whoever cancels waits to hear that it has ended, in ms. */
const tellMs = 2_000

/** How often a job that its service does not know yet is looked for there, in ms. */
const againMs = 500

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

type TakingPorts = Pick<CancellingPorts, 'jobs' | 'memoryOf' | 'takeOff'>

/**
 * Takes a job off a service that remembers none. One that it does not know may still be on its way there, or in a line that
 * it does not tell of: it is looked for until the job has ended, or it would run to its end all the same.
 */
async function takeOffSoon({ takeOff }: TakingPorts, { service }: OpenJob, name: string, ended: AbortSignal) {
  while (!ended.aborted) {
    if (!(await takeOff(service, name, ended))) throw new Problem('job.untold', { id: service })
    await pause(againMs, ended)
  }
  // Whoever was looked after for too long may be cancelled once more.
  ended.throwIfAborted()
}

/** Takes a job off its service, and ends it at once where it never began. `signal` aborts when it has ended. */
async function takeOffOf(ports: TakingPorts, job: OpenJob, name: string, signal: AbortSignal): Promise<void> {
  const { jobs, memoryOf, takeOff } = ports
  const { service, id } = job
  const memory = memoryOf(service)
  if (memory === null) {
    await takeOffSoon(ports, job, name, signal)
    return
  }
  const didWait = (await memory.queued(signal)).waiting.includes(name)
  if (!(await takeOff(service, name, signal))) throw new Problem('job.untold', { id: service })
  if (!didWait) return
  const { running, waiting } = await memory.queued(signal)
  if (running.includes(name) || waiting.includes(name) || (await memory.ended(name, signal)) !== null) return
  jobs.end(service, id, { outcome: 'withdrawn', ran: null, cached: false, images: null })
}

/** Waits for something, but no longer than whoever cancels does. Throws what it throws meanwhile. */
async function forAMoment(taking: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, tellMs)))
  try {
    await Promise.race([taking, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Ends people's jobs before their time, wherever they are: not given to a service yet, in its line, or at work. */
export function createJobCancelling(ports: CancellingPorts) {
  const { leases, jobs, nameOf, failed } = ports
  /** Those that are to end, with what ends the looking after them. */
  const asked = new Map<string, AbortController>()
  const closing = new AbortController()

  const isOn = ({ service, id }: OpenJob) => jobs.on(service).some((job) => job.id === id)

  async function cancelOpen(job: OpenJob): Promise<CancelOutcome['state']> {
    const key = keyOf(job.service, job.id)
    const name = nameOf(job)
    if (name === null) throw new Problem('job.untold', { id: job.service })
    if (!asked.has(key)) {
      const hasEnded = new AbortController()
      asked.set(key, hasEnded)
      const signal = AbortSignal.any([closing.signal, hasEnded.signal, AbortSignal.timeout(mostMs)])
      const taking = takeOffOf(ports, job, name, signal).catch((error: unknown) => {
        if (hasEnded.signal.aborted) return
        asked.delete(key)
        throw error
      })
      // What fails later is told by the job itself: it is under way again, and can be cancelled once more.
      taking.catch((error: unknown) => {
        if (!isSilent(error)) failed(error)
      })
      await forAMoment(taking)
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
    ended({ service, id }: OpenJob): boolean {
      const key = keyOf(service, id)
      asked.get(key)?.abort()
      return asked.delete(key)
    },
    close: () => closing.abort(),
  }
}
