import type { Clock } from '../async/clock'
import { Problem } from '../../shared/problems'
import type { JobMemory } from '../kinds'
import { endUnknown, type OpenJobsOfPeople } from './jobs'

/** How often the service is asked of its jobs, in ms. */
const everyMs = 1000
/** Every so many times its queue is asked as well: whoever is in neither is gone. */
const queueEvery = 5
/** So many of those that wait longest are asked for each time, beside the one at work. */
const askedAtOnce = 2
/** How long an answer may take, in ms. */
const timeoutMs = 5000

export interface WatchPorts {
  jobs: Pick<OpenJobsOfPeople, 'on' | 'end' | 'services'>
  /** What a service remembers of its jobs; null: it remembers none, and whoever sent a job says how it ended. */
  memoryOf: (service: string) => JobMemory | null
  /** Whether nothing runs behind a service, or there is no such service: what it had in memory is lost. */
  hasEnded: (service: string) => boolean
  clock: Clock
  /** Told of failures that are Regie's own. */
  failed: (error: unknown) => void
}

/** Asks services what became of the jobs that they were given, as long as there are any. */
export interface Watch {
  /** A job was begun, or ended: looks after the service as long as it has some. */
  look(service: string): void
  close(): void
}

interface Watched {
  turn: number
  /** At work when the queue was asked last. */
  running: readonly string[]
  /** In neither queue nor history when they were asked last. */
  missed: ReadonlySet<string>
}

/** What one round asks, of which service. */
interface Asked {
  jobs: WatchPorts['jobs']
  service: string
  memory: JobMemory
  signal: AbortSignal
}

/** Ends those of which the service says how they ended. Returns the others. */
async function settle({ jobs, service, memory, signal }: Asked, ids: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const id of ids) {
    const ended = await memory.ended(id, signal)
    if (ended) jobs.end(service, id, ended)
    else left.push(id)
  }
  return left
}

/** Asks once. Returns what is known then, for the next time. */
async function round(asked: Asked, seen: Watched): Promise<Watched> {
  const { jobs, service, memory, signal } = asked
  const ids = jobs.on(service).map(({ id }) => id)
  const turn = seen.turn + 1
  if (turn % queueEvery !== 0 && seen.missed.size === 0) {
    const likely = new Set([...seen.running.filter((id) => ids.includes(id)), ...ids.slice(0, askedAtOnce)])
    await settle(asked, [...likely])
    return { ...seen, turn }
  }
  // The queue first: what leaves it is in the history at that moment.
  const { running, waiting } = await memory.queued(signal)
  const queued = new Set([...running, ...waiting])
  const absent = ids.filter((id) => !queued.has(id))
  const missing = await settle(asked, absent)
  // Twice in a row: between the service's answer to its submission and the first look it may be on its way.
  for (const id of missing) if (seen.missed.has(id)) jobs.end(service, id, endUnknown)
  return { turn, running, missed: new Set(missing) }
}

export function createWatch({ jobs, memoryOf, hasEnded, clock, failed }: WatchPorts): Watch {
  const closed = new AbortController()
  const watched = new Map<string, Watched>()

  async function step(service: string): Promise<void> {
    const memory = memoryOf(service)
    const seen = watched.get(service)
    if (!memory || !seen) return
    if (hasEnded(service)) {
      for (const { id } of jobs.on(service)) jobs.end(service, id, endUnknown)
      return
    }
    try {
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)])
      const next = await round({ jobs, service, memory, signal }, seen)
      if (watched.has(service)) watched.set(service, next)
    } catch (error) {
      // It does not answer just now: it is asked again.
      if (error instanceof Problem || (error instanceof Error && error.name === 'TimeoutError')) return
      if (closed.signal.aborted) return
      throw error
    }
  }

  function arm(service: string) {
    clock.after(everyMs, () => {
      if (closed.signal.aborted) return
      void step(service)
        .catch(failed)
        .finally(() => {
          if (jobs.on(service).length > 0 && !closed.signal.aborted) arm(service)
          else watched.delete(service)
        })
    })
  }

  function look(service: string) {
    if (watched.has(service) || jobs.on(service).length === 0 || closed.signal.aborted) return
    if (!hasEnded(service) && memoryOf(service) === null) return
    watched.set(service, { turn: 0, running: [], missed: new Set() })
    arm(service)
  }

  return { look, close: () => closed.abort() }
}
