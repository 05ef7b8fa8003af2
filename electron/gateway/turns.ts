import { Problem } from '../../shared/problems'
import type { Cards, Place } from '../cards'
import type { Admitted, Asked, Lease, Refused, Stages } from './stages'

interface TurnsOptions {
  cards: Pick<Cards, 'turn'>
  /** Whether a service works behind a lock; another keeps a line of its own, in which its jobs stand by their numbers. */
  isLocked: (serviceId: string) => boolean
  /** What the job of a request is called until its service has it; left out: nothing. */
  jobs?: Pick<WeakMap<Asked, string>, 'get'>
  /** How long a request waits while nobody can tell whether its card will be free, in ms, in place of the usual. */
  waitMs?: number
}

/**
 * The stages, with a job's turn: it waits until its service has its card, and, where a service works behind a lock, until
 * its person has the turn. Whoever goes away leaves the line.
 */
export const withTurns = (stages: Stages, { cards, isLocked, jobs, waitMs = 120_000 }: TurnsOptions): Stages => ({
  ...stages,
  turn: (admitted) =>
    admitted.route.rule === 'job' ? turnOf(admitted, { cards, isLocked, waitMs, ...(jobs && { jobs }) }) : nothingTaken,
})

const nothingTaken = { end: () => undefined }

async function turnOf(
  { asked, guest }: Admitted,
  { cards, isLocked, waitMs, jobs }: TurnsOptions & { waitMs: number },
): Promise<Lease | Refused> {
  const { serviceId } = asked
  const tooLong = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const place = ({ because }: Place) => {
    if (because.why !== 'unknown') {
      clearTimeout(timer)
      timer = undefined
    } else timer ??= setTimeout(() => tooLong.abort(), waitMs)
  }
  const signal = AbortSignal.any([asked.signal, tooLong.signal])
  const lane = isLocked(serviceId) ? serviceId : null
  try {
    const job = jobs?.get(asked)
    return await cards.turn(
      { serviceId, person: guest.account, lane, ...(job !== undefined && { job }) },
      signal,
      place,
    )
  } catch (error) {
    if (!tooLong.signal.aborted) throw error
    return { refused: new Problem('card.waited', { seconds: waitMs / 1000 }), status: 503, retryAfterS: 30 }
  } finally {
    clearTimeout(timer)
  }
}
