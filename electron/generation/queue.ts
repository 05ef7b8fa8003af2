import type { Reason } from '../../shared/problems'
import { wordsOf, type Cards, type Place, type Ticket } from '../cards'

/** Generations in the lines of their services: one at a time on each, in fair turn between people and cards. */
export interface Queue<Job> {
  /** Jobs before the new one, and why it waits beside that. `isAtWork`: it is on its service already, and has its turn. */
  add(
    serviceId: string,
    job: Job,
    whose: { person: string; job: string; isAtWork?: boolean },
  ): { ahead: number; why: Reason | null }
  /** Takes a job out that has not begun. False when it has, or was never there. */
  withdraw(job: Job): boolean
  /** Jobs on a service, the one at work included. */
  length(serviceId: string): number
  /** Resolves when nothing is at work, nor waits that may still begin. */
  idle(): Promise<void>
  /** Begins nothing more; what waits stays as it is. */
  stop(): void
}

interface Entry {
  serviceId: string
  begun: boolean
  ticket: Ticket | null
}

/** Why a job waits, where that is not the line itself. */
const whyOf = (because: Place['because']): Reason | null => (because.why === 'line' ? null : wordsOf(because))

export function createQueue<Job>(ports: {
  cards: Pick<Cards, 'enter'>
  work: (job: Job) => Promise<void>
  /** Called for each waiting job whose place, or the reason for it, has changed. */
  moved: (job: Job, ahead: number, why: Reason | null) => void
}): Queue<Job> {
  const entries = new Map<Job, Entry>()
  let stopped = false
  let onIdle: (() => void)[] = []

  const isIdle = () => [...entries.values()].every(({ begun }) => !begun && stopped)
  const leave = (job: Job, { ticket }: Entry) => {
    entries.delete(job)
    ticket?.end()
    if (!isIdle()) return
    for (const resolve of onIdle) resolve()
    onIdle = []
  }

  async function run(job: Job, entry: Entry) {
    entry.begun = true
    await ports.work(job)
    leave(job, entry)
  }

  return {
    add(serviceId, job, whose) {
      const entry: Entry = { serviceId, begun: false, ticket: null }
      entries.set(job, entry)
      entry.ticket = ports.cards.enter(
        { ...whose, serviceId, lane: serviceId },
        {
          begin: () => {
            if (!stopped) void run(job, entry)
          },
          place({ ahead, because }) {
            // The first is answered, not told.
            if (entry.ticket) ports.moved(job, ahead, whyOf(because))
          },
        },
      )
      const place = entry.ticket.place()
      return { ahead: place?.ahead ?? 0, why: place && whyOf(place.because) }
    },
    withdraw(job) {
      const entry = entries.get(job)
      if (!entry || entry.begun) return false
      leave(job, entry)
      return true
    },
    length: (serviceId) => [...entries.values()].filter((entry) => entry.serviceId === serviceId).length,
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
    stop: () => void (stopped = true),
  }
}
