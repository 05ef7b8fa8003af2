import { Problem } from '../../shared/problems'
import { isOwn, isRefused, refusedBy } from './answering'
import type { Admitted, Asked, Guest, Lease, OwnAnswer, Refused, Stages, Upstream } from './stages'

/** A request that all stages let pass. */
export interface Passed {
  admitted: Admitted
  upstream: Upstream
  /** How long the stages took, without waiting for the service and for the turn, in ms. */
  tookMs: number
  /** Ends what was taken for it, once. */
  release: () => void
}

/** Leases that end together. What fails to end keeps no other from ending. */
function createLeases(reportBug: (error: unknown) => void) {
  let all: Lease[] = []
  return {
    add: (lease: Lease): void => void all.push(lease),
    release: (): void => {
      const ended = all
      all = []
      for (const lease of ended) {
        try {
          lease.end()
        } catch (error) {
          reportBug(error)
        }
      }
    },
  }
}

interface Leading {
  stages: Stages
  refuse: (asked: Asked, guest: Guest | null, refused: Refused) => OwnAnswer
  leases: ReturnType<typeof createLeases>
  known: { guest: Guest | null }
  /** Is told as soon as somebody is let in. */
  letIn: () => void
}

/** What is there already is not waited for: most stages answer at once, and each wait costs a turn of the queue. */
const isLater = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise

/** From stage to stage. What is taken stands in `leases`, and who was let in in `known`, also where a stage throws. */
async function led(asked: Asked, { stages, refuse, leases, known, letIn }: Leading): Promise<Passed | OwnAnswer> {
  const begun = performance.now()
  const admitting = stages.admit(asked)
  const guest = isLater(admitting) ? await admitting : admitting
  if (isOwn(guest)) return guest
  if (isRefused(guest)) return refuse(asked, null, guest)
  known.guest = guest
  letIn()
  const ruling = stages.rule(asked, guest)
  const route = isLater(ruling) ? await ruling : ruling
  if (isOwn(route)) return route
  if (isRefused(route)) return refuse(asked, guest, route)
  const { handling } = route
  if (handling?.ended) leases.add({ end: handling.ended })
  const admitted = { asked, guest, route }
  const limiting = stages.limits(admitted)
  const limit = isLater(limiting) ? await limiting : limiting
  if (isRefused(limit)) return refuse(asked, guest, limit)
  leases.add(limit)
  const tookMs = performance.now() - begun
  const waking = stages.ready(admitted, 0)
  const upstream = isLater(waking) ? await waking : waking
  if (isOwn(upstream)) return upstream
  if (isRefused(upstream)) return refuse(asked, guest, upstream)
  const waiting = stages.turn(admitted)
  const turn = isLater(waiting) ? await waiting : waiting
  if (isRefused(turn)) return refuse(asked, guest, turn)
  leases.add(turn)
  return { admitted, upstream, tookMs, release: leases.release }
}

/**
 * Leads a request through the stages. Answers what the gateway says itself where one of them refuses, or throws: nothing
 * passes that a stage has not let pass.
 */
export function createPipeline({ stages, reportBug }: { stages: Stages; reportBug: (error: unknown) => void }) {
  /** A refusal in the kind's own words, counted. */
  function refuse(asked: Asked, guest: Guest | null, refused: Refused): OwnAnswer {
    try {
      stages.observer.refused(asked, guest, refused)
    } catch (error) {
      reportBug(error)
    }
    return stages.refuse(asked, refused)
  }

  /** What a stage threw, as a refusal. A client that went away is no failure. */
  function failed(asked: Asked, guest: Guest | null, error: unknown): OwnAnswer {
    if (!(error instanceof Problem) && !asked.signal.aborted) reportBug(error)
    return refuse(asked, guest, refusedBy(error))
  }

  async function ready(admitted: Admitted, again: number): Promise<Upstream | OwnAnswer> {
    const { asked, guest } = admitted
    try {
      const found = await stages.ready(admitted, again)
      return isRefused(found) ? refuse(asked, guest, found) : found
    } catch (error) {
      return failed(asked, guest, error)
    }
  }

  return {
    refuse,
    failed,
    /** Asks again where the service is, after nothing answered there. */
    ready,
    async pass(asked: Asked, letIn: () => void): Promise<Passed | OwnAnswer> {
      const leases = createLeases(reportBug)
      const known: { guest: Guest | null } = { guest: null }
      try {
        const outcome = await led(asked, { stages, refuse, leases, known, letIn })
        if (isOwn(outcome)) leases.release()
        return outcome
      } catch (error) {
        leases.release()
        return failed(asked, known.guest, error)
      }
    },
  }
}

export type Pipeline = ReturnType<typeof createPipeline>
