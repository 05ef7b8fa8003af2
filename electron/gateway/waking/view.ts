import type { GatewayListener, Service } from '../../../shared/contract'
import { median } from '../../../shared/median'
import { awakeAt } from '../../../shared/week-windows'
import { languageOf } from '../../../shared/problems/language'
import { isAskedAgain } from '../again'
import type { Admitted, OwnAnswer, Refused } from '../stages'
import { conditionOf, isJob } from './condition'
import { createFits } from './fit'
import type { WakingOptions } from './options'
import { wakingPage, type Moment } from './page/page'
import type { Starts } from './starts'
import type { Wishes } from './wishes'

/** From so many of the last starts it is told how long one takes. */
const startsLookedAt = 10

/** Why it stood still is looked for among so many entries. */
const entriesLookedAt = 50

/** How long a start of each service takes, in ms; null where that is not known. */
function createUsual(timeline: Pick<WakingOptions['timeline'], 'startTimes'>) {
  /** As it was when it was looked at last. */
  const usual = new Map<string, number | null>()
  const usualMs = async (id: string): Promise<number | null> => {
    const ms = median(await timeline.startTimes(id, startsLookedAt))
    usual.set(id, ms)
    return ms
  }
  return { usual, usualMs }
}

/** In how many seconds what began then should be over; null where that is not known, or past. */
function secondsLeft(usualMs: number | null, began: number): number | null {
  const left = usualMs === null ? 0 : usualMs - (Date.now() - began)
  return left > 0 ? Math.ceil(left / 1000) : null
}

/** When a service was put to sleep, and after how long without work; null where it stands still for another reason. */
async function sleptAt(timeline: Pick<WakingOptions['timeline'], 'list'>, id: string): Promise<Moment['slept']> {
  const { items } = await timeline.list({ id, limit: entriesLookedAt })
  const stopped = items.find(({ kind }) => kind === 'stopped')
  const minutes = stopped?.reason?.problem === 'sleeping.stopped' ? stopped.reason.params['minutes'] : undefined
  return stopped && typeof minutes === 'number' ? { at: stopped.at, minutes } : null
}

interface PageParts extends Pick<WakingOptions, 'timeline' | 'rotating'> {
  fits: ReturnType<typeof createFits>
  starts: Pick<Starts, 'since'>
  wishes: Pick<Wishes, 'note' | 'placeOf'>
  usualMs: (id: string) => Promise<number | null>
  since: (id: string) => number
}

/** The page for a browser whose service is waited for, or does not come. */
function createPages({ timeline, rotating, fits, starts, wishes, usualMs, since }: PageParts) {
  const nowOf = (service: Service, admitted: Admitted, refused: Refused | null): Moment['now'] => {
    if (refused) return { is: 'refused', problem: refused.refused.reason, again: refused.retryAfterS ?? null }
    const condition = conditionOf(service, rotating(service.id), { isJob: isJob(admitted) })
    return { is: 'coming', why: condition.is === 'coming' ? condition.why : 'start' }
  }
  return async (service: Service, admitted: Admitted, refused: Refused | null): Promise<OwnAnswer> => {
    const { asked, guest } = admitted
    const now = nowOf(service, admitted, refused)
    const [ms, slept, fit] = await Promise.all([
      usualMs(service.id),
      sleptAt(timeline, service.id),
      now.is === 'coming' ? fits.look(service.id) : null,
    ])
    if (now.is === 'coming') wishes.note(service.id, guest.account)
    const { schedule } = service.idle
    return wakingPage({
      ...{ service, now, slept, fit, usualMs: ms },
      elapsedMs: Date.now() - since(service.id),
      wokenAt: starts.since(service.id),
      line: wishes.placeOf(service.id, guest.account),
      hours: schedule && awakeAt(Date.now(), schedule.windows),
      address: asked.headers.host ?? '',
      guest: guest.name,
      language: languageOf(asked.headers['accept-language']),
      at: Date.now(),
      isAgain: isAskedAgain(asked.headers),
    })
  }
}

/** What is told of a service that is waited for. */
export function createViews(
  { timeline, rotating, fit, reportBug }: Pick<WakingOptions, 'timeline' | 'rotating' | 'fit' | 'reportBug'>,
  starts: Starts,
  wishes: Pick<Wishes, 'note' | 'placeOf'>,
) {
  /** Since when each service is on its way (Unix ms). */
  const comingSince = new Map<string, number>()

  const since = (id: string): number => starts.since(id) ?? comingSince.get(id) ?? Date.now()

  const { usual, usualMs } = createUsual(timeline)
  const fits = createFits({ fit, reportBug })

  return {
    /** A service has changed: it is on its way from now on, or has arrived. */
    note(service: Service): void {
      const { is } = conditionOf(service, 'no', { isJob: false })
      if (is === 'ready' || is === 'refused') {
        comingSince.delete(service.id)
        fits.forget(service.id)
      } else if (!comingSince.has(service.id) && is !== 'asleep') {
        comingSince.set(service.id, Date.now())
        void usualMs(service.id).catch(reportBug)
        void fits.look(service.id)
      }
    },
    /** What is told of a service that a request wakes; null where none does. */
    waking(service: Service): GatewayListener['waking'] {
      const began = starts.unprovenSince(service.id)
      const isGoing = starts.since(service.id) !== null || conditionOf(service, 'no', { isJob: false }).is === 'coming'
      if (began === null || !isGoing) return null
      const words = fits.of(service.id)
      return { since: began, leftS: secondsLeft(usual.get(service.id) ?? null, began), ...(words && { fit: words }) }
    },
    /** In how many seconds it should be ready; null where that is not known, or over. */
    async leftS(id: string): Promise<number | null> {
      return secondsLeft(await usualMs(id), since(id))
    },
    /** The page for a browser; it goes on by itself. */
    page: createPages({ timeline, rotating, fits, starts, wishes, usualMs, since }),
  }
}
