import type { InfiniteData } from '@tanstack/react-query'
import type { GalleryFilter as Asked, GalleryOrder, Generation, GenerationPage } from '../../../shared/contract'
import type * as z from 'zod'
import { boundsOf, type Days } from './days'

export type GalleryPages = InfiniteData<z.infer<typeof GenerationPage>, string | undefined>

export interface GalleryFilter {
  search: string
  serviceId: string | null
  model: string | null
  /** Whose, by the account. */
  by: string | null
  tag: string | null
  favourite: boolean
  days: Days
  /** What failed or was cancelled and left no image is folded away until somebody asks for it. */
  show: 'images' | 'ended'
}

export const noFilter: GalleryFilter = {
  search: '',
  serviceId: null,
  model: null,
  by: null,
  tag: null,
  favourite: false,
  days: { kind: 'any' },
  show: 'images',
}

export const isFiltering = ({ search, serviceId, model, by, tag, favourite, days }: GalleryFilter): boolean =>
  search.trim() !== '' ||
  serviceId !== null ||
  model !== null ||
  by !== null ||
  tag !== null ||
  favourite ||
  days.kind !== 'any'

/** Generations a page: few requests when all that is loaded is read again, and still quick. */
const pageSize = 100

/** What is asked under a filter; `now` (Unix ms) tells which days are the last. */
export function askedOf(filter: GalleryFilter, now: number): Asked {
  const search = filter.search.trim()
  return {
    show: filter.show,
    ...(search === '' ? {} : { search }),
    ...(filter.serviceId === null ? {} : { serviceId: filter.serviceId }),
    ...(filter.model === null ? {} : { model: filter.model }),
    ...(filter.by === null ? {} : { by: filter.by }),
    ...(filter.tag === null ? {} : { tag: filter.tag }),
    ...(filter.favourite ? { favourite: true } : {}),
    ...boundsOf(filter.days, now),
  }
}

/** What is asked for one page of it. */
export const pageInput = (asked: Asked, order: GalleryOrder, cursor: string | undefined) => ({
  ...asked,
  order,
  limit: pageSize,
  ...(cursor === undefined ? {} : { cursor }),
})

/** Everything that is loaded, in its order. A page may overlap the one before when something was added meanwhile. */
export function itemsOf(pages: GalleryPages | undefined): Generation[] {
  const byId = new Map<string, Generation>()
  for (const { items } of pages?.pages ?? []) for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item)
  return [...byId.values()]
}

/** Where the arrow keys lead from one picture: `by` pictures on, and none beyond the ends. */
export function neighbour(items: readonly Generation[], id: string | undefined, by: number): Generation | undefined {
  const index = items.findIndex((item) => item.id === id)
  return index === -1 ? undefined : items[index + by]
}
