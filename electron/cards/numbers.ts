import { systemClock, type Clock } from '../async/clock'

interface Given {
  person: string
  number: number
  at: number
  /** It was seen on the service. */
  isSeen: boolean
}

interface NumbersNeeds {
  /** Whether a job is still in a service's line, or at work there. */
  isOpen: (serviceId: string, jobId: string) => boolean
  clock?: Clock
}

/** A number is kept for so long until its job is seen for the first time, in ms. */
const unseenMs = 60_000

/**
 * Places in the line that a service keeps itself (ComfyUI's `number`: the lower goes first), so that it is fair between
 * people: each person's next job is as near as everybody else's. They begin with the seconds of this panel's start, so
 * that jobs which an earlier one sent go before.
 */
export function createNumbers({ isOpen, clock = systemClock }: NumbersNeeds) {
  const begin = Math.floor(clock.now() / 1000)
  const services = new Map<string, { floor: number; given: Map<string, Given> }>()

  return {
    /** The number that a job was given; null: none. */
    of: (serviceId: string, jobId: string): number | null => services.get(serviceId)?.given.get(jobId)?.number ?? null,
    /** The number of a person's next job on a service. */
    give(serviceId: string, person: string, jobId: string): number {
      const line = services.get(serviceId) ?? { floor: begin, given: new Map<string, Given>() }
      services.set(serviceId, line)
      for (const [id, one] of line.given) {
        if (isOpen(serviceId, id)) one.isSeen = true
        else if (one.isSeen || clock.now() - one.at > unseenMs) line.given.delete(id)
      }
      const all = [...line.given.values()]
      // The one at work has the lowest: nobody's next is nearer than that, and nobody saves up turns.
      if (all.length > 0) line.floor = Math.max(line.floor, Math.min(...all.map(({ number }) => number)))
      const own = all.filter((one) => one.person === person).map((one) => one.number + 1)
      const number = Math.max(line.floor, ...own)
      line.given.set(jobId, { person, number, at: clock.now(), isSeen: false })
      return number
    },
  }
}
