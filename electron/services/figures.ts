import type { GpuReport, ServiceConfig } from '../../shared/contract'
import type { ServiceFigure } from '../gpu/holders'
import type { BackendDevice } from '../kinds/backend'
import { gpuOf } from './start-order'

/** A card as it is known, to tell which one a service means. */
interface KnownCard {
  uuid: string
  name: string
  memoryTotalMiB: number | null
  processes: readonly { serviceId: string | null }[]
}

/** nvidia-smi and PyTorch count a card's memory a little differently. */
const isAbout = (one: number, other: number) => Math.abs(one - other) <= 0.06 * Math.max(one, other)

const plain = (name: string) => name.replace(/^NVIDIA\s+/i, '').trim()

/** The cards of this machine that a service may mean by what it tells of one. */
export const cardsLike = <Card extends Pick<KnownCard, 'name' | 'memoryTotalMiB'>>(
  { name, totalMiB }: Pick<BackendDevice, 'name' | 'totalMiB'>,
  cards: readonly Card[],
): Card[] =>
  cards.filter(
    (card) =>
      (name === null || plain(card.name) === plain(name)) &&
      (card.memoryTotalMiB === null || isAbout(card.memoryTotalMiB, totalMiB)),
  )

/**
 * What a service holds on the cards of this machine, by what it says: on the card where its processes are, else on the
 * one that it was given, else on the only one that is like it. One that fits none, or several, counts nowhere.
 */
export function figuresOfService(
  config: ServiceConfig,
  devices: readonly BackendDevice[],
  cards: readonly KnownCard[],
): ServiceFigure[] {
  return devices.flatMap((device) => {
    if (device.reservedMiB === null) return []
    const like = cardsLike(device, cards)
    const seen = cards.filter(({ processes }) => processes.some(({ serviceId }) => serviceId === config.id))
    const [given] = [gpuOf(config, cards)].filter((uuid) => uuid !== null)
    const isHere = config.runtime === 'compose' || config.runtime === 'process'
    const [onlySeen] = seen
    const [onlyLike] = like
    const card =
      (seen.length === 1 ? onlySeen?.uuid : undefined) ??
      (given !== undefined && like.some(({ uuid }) => uuid === given) ? given : undefined) ??
      (isHere && like.length === 1 ? onlyLike?.uuid : undefined)
    return card === undefined ? [] : [{ serviceId: config.id, card, reservedMiB: device.reservedMiB }]
  })
}

interface FiguresPorts {
  /** The services that answer now. */
  ready: () => readonly ServiceConfig[]
  /** What a service says of its cards; rejects where it does not answer. */
  devices: (id: string, signal: AbortSignal) => Promise<readonly BackendDevice[]>
}

/** How long one may take to say what it holds, in ms: while it loads a model it answers late. */
const patienceMs = 5_000

/** What the services say that they hold, as they were asked last. */
export function createFigures({ ready, devices }: FiguresPorts) {
  let told = new Map<string, readonly BackendDevice[]>()
  return {
    /** Asks all that answer. One that does not tell keeps what it told before, for as long as it is ready. */
    async refresh(): Promise<void> {
      const all = ready()
      const answers = await Promise.allSettled(all.map(({ id }) => devices(id, AbortSignal.timeout(patienceMs))))
      told = new Map(
        all.flatMap(({ id }, at) => {
          const answer = answers[at]
          const known = answer?.status === 'fulfilled' ? answer.value : told.get(id)
          return known === undefined ? [] : [[id, known] as const]
        }),
      )
    },
    on: ({ gpus }: Pick<GpuReport, 'gpus'>): ServiceFigure[] =>
      ready().flatMap((config) => figuresOfService(config, told.get(config.id) ?? [], gpus)),
  }
}
