import { Problem } from '../../../shared/problems'
import type { Admitted, Refused, Upstream } from '../stages'
import { isJob } from './condition'
import type { createHeldLine, HeldPlace } from './held-line'
import type { createHolding } from './holding'
import type { createJoining } from './joining'
import type { Known } from './known'
import type { WakingOptions } from './options'
import type { createOutcomes } from './outcomes'
import type { createViews } from './view'
import type { Wishes } from './wishes'

/** So often a service is looked at while a request is held for it, in ms. */
const lookAtServiceMs = 2000

const defaultHoldMs = 120_000

interface WaitingParts {
  known: Pick<Known, 'get'>
  outcomes: Pick<ReturnType<typeof createOutcomes>, 'judge'>
  views: Pick<ReturnType<typeof createViews>, 'leftS'>
  holding: Pick<ReturnType<typeof createHolding>, 'take'>
  line: ReturnType<typeof createHeldLine>
  wishes: Pick<Wishes, 'hold'>
  joining: Pick<ReturnType<typeof createJoining>, 'isGoingOn'>
}

/** Looks at a service, but not more often than those who wait for it need. */
function createLooks(look: WakingOptions['look']): (id: string) => void {
  const looked = new Map<string, number>()
  return (id) => {
    const now = performance.now()
    if (now - (looked.get(id) ?? -Infinity) < lookAtServiceMs) return
    looked.set(id, now)
    void look(id)
  }
}

/**
 * Returns how a request is held until its service can be asked, and those that came before it have been looked at. Throws
 * `service.not-found`, and the signal's reason when the client goes away.
 */
export function createWaiting(
  { look, holdMs = defaultHoldMs }: Pick<WakingOptions, 'look' | 'holdMs'>,
  { known, outcomes, views, holding, line, wishes, joining }: WaitingParts,
) {
  /** Without a page that is open, services are looked at rarely; whoever waits wants to know. */
  const lookNow = createLooks(look)

  const lateFor = async (id: string): Promise<Refused> => {
    const leftS = await views.leftS(id)
    const refused = new Problem('waking.late', { id, seconds: Math.round(holdMs / 1000) })
    return { refused, status: 503, retryAfterS: Math.max(1, leftS ?? 10) }
  }

  /** A job whose person's sockets are still on their way back would run unheard. */
  const waitsForSockets = (admitted: Admitted, outcome: Upstream | Refused): boolean =>
    'url' in outcome && isJob(admitted) && joining.isGoingOn(admitted)

  const untilJudged = async (place: HeldPlace, admitted: Admitted, isAgain: boolean, until: number) => {
    const { serviceId, signal } = admitted.asked
    for (;;) {
      signal.throwIfAborted()
      const outcome = outcomes.judge(known.get(serviceId), admitted, isAgain)
      if (outcome && !waitsForSockets(admitted, outcome)) return outcome
      if (until - performance.now() <= 0) return await lateFor(serviceId)
      lookNow(serviceId)
      await place.next(signal)
    }
  }

  return async (admitted: Admitted, isAgain: boolean): Promise<Upstream | Refused> => {
    const { serviceId, signal } = admitted.asked
    const slot = holding.take(admitted)
    if ('refused' in slot) return slot
    const until = performance.now() + holdMs
    const isBehind = !line.isEmpty(serviceId)
    const place = line.enter(serviceId)
    const endWish = wishes.hold(serviceId, admitted.guest.account)
    try {
      if (isBehind) {
        const looked = place.next(signal)
        line.wakeOne(serviceId)
        await looked
      }
      return await untilJudged(place, admitted, isAgain, until)
    } finally {
      endWish()
      place.leave()
      slot.end()
    }
  }
}
