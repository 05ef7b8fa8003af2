import type { CardIdentity, EffectiveGpu, Gpu } from '../../shared/contract'
import { reason } from '../../shared/problems'
import type { BackendDevice } from '../kinds/backend'
import { cardsLike } from '../services/figures'
import { givenBy, linesOf } from './asked'
import { byBus, fastestFirst, orderCommand } from './order'

type Judged = CardIdentity['services'][number]

/** What is known of a service and cards. */
export interface AskedService {
  id: string
  /** The card that Regie was told it is meant for. */
  meant: string | null
  asked: EffectiveGpu | null
  askedIn: NonNullable<Judged['requested']>['in'] | null
  /** What it says of the cards that it works on; null: it does not answer. */
  devices: readonly BackendDevice[] | null
}

const nameOf = (cards: readonly Gpu[], uuid: string): string => {
  const card = cards.find((one) => one.uuid === uuid)
  return card ? `${card.name} (GPU ${card.index})` : uuid
}

const isWithin = (some: readonly string[], all: readonly string[]) => some.every((uuid) => all.includes(uuid))

/** The cards on which it may be, by what it reports and where its processes are; empty: it reports none. */
function foundOn({ id, devices }: AskedService, cards: readonly Gpu[]): { uuids: string[]; isSure: boolean } {
  const seen = cards.filter(({ processes }) => processes.some(({ serviceId }) => serviceId === id))
  if (seen.length > 0) return { uuids: seen.map(({ uuid }) => uuid), isSure: true }
  // ComfyUI tells the one that it works on first.
  const [first] = devices ?? []
  const like = first ? cardsLike(first, cards) : []
  return { uuids: like.map(({ uuid }) => uuid), isSure: like.length === 1 }
}

interface Compared {
  service: AskedService
  cards: readonly Gpu[]
  given: string[] | null
  found: ReturnType<typeof foundOn>
}

function verdictOf({ service, cards, given, found }: Compared): Pick<Judged, 'state' | 'reason'> {
  const { id, meant, devices } = service
  const names = (uuids: readonly string[]) => uuids.map((uuid) => nameOf(cards, uuid)).join(', ')
  const wanted = meant === null ? given : [meant]
  if (wanted !== null && meant !== null && given !== null && !given.includes(meant) && found.uuids.length === 0)
    return {
      state: 'contradicts',
      reason: reason('identity.settings-differ', { id, meant: names([meant]), given: names(given) }),
    }
  if (found.uuids.length === 0) {
    const [first] = devices ?? []
    return first
      ? { state: 'unclear', reason: reason('identity.elsewhere', { id, card: first.name ?? '?' }) }
      : { state: 'unknown', reason: reason('identity.unreported', { id }) }
  }
  if (wanted === null)
    return cards.length === 1
      ? { state: 'agrees', reason: reason('identity.agrees', { id, card: names(found.uuids) }) }
      : { state: 'unclear', reason: reason('identity.unasked', { id, card: names(found.uuids) }) }
  if (!found.uuids.some((uuid) => wanted.includes(uuid)))
    return {
      state: 'contradicts',
      reason: reason('identity.contradicts', { id, meant: names(wanted), found: names(found.uuids) }),
    }
  return found.isSure && isWithin(found.uuids, wanted)
    ? { state: 'agrees', reason: reason('identity.agrees', { id, card: names(found.uuids) }) }
    : { state: 'unclear', reason: reason('identity.alike', { id, cards: names(found.uuids) }) }
}

/** What a service was asked to use, what it reports, and whether the two agree. A pure function. */
export function judgeService(service: AskedService, cards: readonly Gpu[]): Omit<Judged, 'onCard' | 'fix'> {
  const { id, meant, asked, askedIn, devices } = service
  const given = asked && givenBy(asked, cards)
  const found = foundOn(service, cards)
  const [first] = devices ?? []
  return {
    serviceId: id,
    meant,
    requested: asked && askedIn ? { in: askedIn, settings: linesOf(asked), gives: given } : null,
    reported: first
      ? { name: first.name, totalMiB: Math.round(first.totalMiB), index: first.index, like: found.uuids }
      : null,
    seenOn: found.isSure && !first ? found.uuids : foundOn({ ...service, devices: null }, cards).uuids,
    ...verdictOf({ service, cards, given, found }),
  }
}

/** Whether one card is concerned: it is meant, given, reported or worked on. */
export const concerns = ({ meant, requested, reported, seenOn }: Omit<Judged, 'onCard' | 'fix'>, uuid: string) =>
  meant === uuid || [...(requested?.gives ?? []), ...(reported?.like ?? []), ...seenOn].includes(uuid)

/** A card's number in each order, beside the other cards, in the order of their buses. */
export function ordersOf(cards: readonly Gpu[]): Pick<CardIdentity, 'cards' | 'command'> {
  const sorted = byBus(cards)
  const fastest = fastestFirst(sorted)
  return {
    cards: sorted.map(({ uuid, name, busId, memoryTotalMiB, index }, at) => {
      const place = fastest.indexOf(uuid)
      return { uuid, name, busId, memoryTotalMiB, smi: index, pciBusId: at, fastestFirst: place < 0 ? null : place }
    }),
    command: orderCommand,
  }
}
