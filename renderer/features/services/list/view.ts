import type { AttentionItem, Generation, Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import type { StatusKey } from '../../../ui/Status'
import { isWorking, statusOf } from '../state'

/** What a list of services can be narrowed to. `all` but `attention` exclude one another. */
export const chips = ['all', 'attention', 'working', 'idle', 'asleep', 'stopped'] as const
export type Chip = (typeof chips)[number]

export const sorts = ['custom', 'name', 'state', 'latest'] as const
export type Sort = (typeof sorts)[number]

/** What is known beside the services themselves. */
export interface ListFacts {
  /** Services that need a person. */
  attention: ReadonlySet<string>
  generations: readonly Generation[]
  /** When the last image of each service was made (Unix ms). */
  latest: ReadonlyMap<string, number>
  /** Services that sleep. */
  asleep: ReadonlySet<string>
}

/** The services that an item is about: itself, or those of its credential, or those on its card. */
export function servicesOf(item: AttentionItem, services: readonly Service[]): string[] {
  if (item.leadsTo.page === 'gpus') return []
  if (item.leadsTo.page !== 'credentials') return item.subject === null ? [] : [item.subject]
  return services.filter(({ credentialId }) => credentialId === item.subject).map(({ id }) => id)
}

/** The chip below which a service stands, beside `all` and `attention`; null for what moves or is wrong. */
function chipOf(service: Service, { generations, asleep }: ListFacts): Chip | null {
  const { health, operation } = service
  if (operation !== null) return null
  if (health.state === 'ready') return isWorking(service, generations) ? 'working' : 'idle'
  if (asleep.has(service.id)) return 'asleep'
  return health.state === 'stopped' || health.state === 'absent' ? 'stopped' : null
}

const isIn = (service: Service, chip: Chip, facts: ListFacts): boolean => {
  if (chip === 'all') return true
  return chip === 'attention' ? facts.attention.has(service.id) : chipOf(service, facts) === chip
}

/** How many services each chip shows. */
export const countChips = (services: readonly Service[], facts: ListFacts): Record<Chip, number> => {
  const count = (chip: Chip) => services.filter((service) => isIn(service, chip, facts)).length
  return {
    ...{ all: count('all'), attention: count('attention'), working: count('working') },
    ...{ idle: count('idle'), asleep: count('asleep'), stopped: count('stopped') },
  }
}

/** Every tag with how many services have it, most first. */
export function countTags(services: readonly Service[]): [tag: string, count: number][] {
  const counts = new Map<string, number>()
  for (const tag of services.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].toSorted(([a, one], [b, other]) => other - one || a.localeCompare(b))
}

interface Filter {
  text: string
  chip: Chip
  /** Any of them; none means all services. */
  tags: readonly string[]
}

/** The services that a filter lets through, in their order. Words match name, id, address, model and tags. */
export function filterServices(services: readonly Service[], filter: Filter, facts: ListFacts): Service[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return services.filter((service) => {
    const { id, url, model, tags, lastReach } = service
    const text = [serviceName(service), id, url, model ?? lastReach?.model ?? '', ...tags].join('\n').toLowerCase()
    return (
      isIn(service, filter.chip, facts) &&
      (filter.tags.length === 0 || filter.tags.some((tag) => tags.includes(tag))) &&
      words.every((word) => text.includes(word))
    )
  })
}

const stateOrder: readonly (Chip | null)[] = ['working', 'idle', null, 'asleep', 'stopped']

/** The services in an order. Of equals, and those without a place of their own, the order of the list holds. */
export function sortServices(services: readonly Service[], by: Sort, facts: ListFacts): Service[] {
  const rank = (service: Service): number => {
    switch (by) {
      case 'custom':
        return service.order ?? Infinity
      case 'state':
        return facts.attention.has(service.id) ? -1 : stateOrder.indexOf(chipOf(service, facts))
      case 'latest':
        return -(facts.latest.get(service.id) ?? 0)
      case 'name':
        return 0
    }
  }
  const byName = (a: Service, b: Service) =>
    by === 'name' ? serviceName(a).localeCompare(serviceName(b), undefined, { numeric: true }) : 0
  const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
  return services.toSorted((a, b) => compare(rank(a), rank(b)) || byName(a, b))
}

/** The worst state among the services that need attention. */
export function worstOf(services: readonly Service[], attention: ReadonlySet<string>): StatusKey | undefined {
  const states = services.filter(({ id }) => attention.has(id)).map(statusOf)
  return (['locked-out', 'unhealthy', 'unreachable'] as const).find((state) => states.includes(state))
}
