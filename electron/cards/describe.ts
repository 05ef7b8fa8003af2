import type { CardTurns } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { usualRoomMs, type Durations } from './durations'
import type { History } from './history'
import type { Job } from './job'
import type { Because, Waiting } from './plan'
import { atWork, shortFor, type Tenant } from './room'
import type { Tenants } from './tenants'

/** Why a job waits, in words. */
export function wordsOf(because: Because): Reason {
  switch (because.why) {
    case 'line':
      return reason('card.line')
    case 'rotation':
      return reason('card.rotation')
    case 'busy':
      return reason('card.busy', { services: because.services.join(', ') })
    case 'unknown':
      return reason('card.unknown', { services: because.services.join(', ') })
    case 'hold':
      return reason('card.hold', { services: because.services.join(', ') })
    case 'change':
      return reason('card.change', { services: because.services.join(', ') })
    case 'behind':
      return reason('card.behind', { services: because.services.join(', ') })
    default:
      return because satisfies never
  }
}

/** What two leave beside each other, in MiB; null where that is not known. */
function pairsOf(all: readonly Tenant[], memory: Parameters<typeof shortFor>[2]): CardTurns['pairs'] {
  return all.flatMap((one, i) =>
    all.slice(i + 1).map((other) => {
      // Each as if it had its models loaded, and no more.
      const bare = { heldMiB: null, isEmpty: false }
      const short = shortFor({ ...one, ...bare }, [atWork({ ...other, ...bare })], memory)
      return { one: one.id, other: other.id, leftMiB: Number.isFinite(short) && one.needMiB !== null ? -short : null }
    }),
  )
}

/** The same with what it is called by those who entered it; null: nothing. */
export type WaitingJob = CardTurns['waiting'][number] & { job: string | null }

/** A job that waits, as it is told. */
export const describeWaiting = ({ serviceId, person, since, place }: Job): CardTurns['waiting'][number] => ({
  ...{ serviceId, by: person, since, ahead: place.ahead },
  reason: wordsOf(place.because),
})

interface Described {
  card: string
  tenants: Tenants
  history: History
  durations: Durations
  waiting: readonly Job[]
  working: readonly Waiting[]
}

/** When each service's jobs should be done (Unix ms); null where that is not known. */
const doneAt = ({ durations, working }: Pick<Described, 'durations' | 'working'>, serviceId: string): number | null =>
  durations.doneAt(serviceId, working.filter((job) => job.serviceId === serviceId).length)

/** When the first who waits should begin: once those that it waits for are done, and room is made; null where that is not known. */
function nextAt(described: Pick<Described, 'durations' | 'working' | 'waiting' | 'history'>): number | null {
  const [first] = described.waiting
  if (first === undefined) return null
  const { because } = first.place
  if (because.why === 'rotation' || because.why === 'unknown' || because.why === 'change') return null
  const awaited = 'services' in because ? because.services : [first.serviceId]
  const ends = awaited.map((id) => doneAt(described, id))
  const roomMs = because.why === 'line' ? 0 : usualRoomMs(described.history.turns())
  return ends.some((at) => at === null) ? null : Math.max(...ends.map((at) => at ?? 0)) + roomMs
}

/** A card with its services, its line and its last hour. */
export function describeCard(described: Described): CardTurns {
  const { card, tenants, history, waiting, working } = described
  const { totalMiB = null, freeMiB = null, usedMiB = null, othersMiB = null } = tenants.measured ?? {}
  const all = tenants.sharing().map((one) => tenants.seen(one))
  return {
    ...{ uuid: card, totalMiB, usedMiB, othersMiB },
    lanes: all.map(({ id, heldMiB, turnSince }) => {
      const { needMiB, needFrom } = tenants.of(id)
      const state = tenants.stateOf(id, working, waiting)
      const times = { turnSince, doneAt: doneAt(described, id), pieces: history.lane(id) }
      return { serviceId: id, needMiB, needFrom, heldMiB, state, ...times }
    }),
    waiting: waiting.map(describeWaiting),
    nextAt: nextAt(described),
    turns: history.turns(),
    pairs: pairsOf(all, { totalMiB, freeMiB, othersMiB }),
  }
}
