import type { InfiniteData } from '@tanstack/react-query'
import type { Generation, GenerationPage, GenerationState } from '../../../shared/contract'
import type * as z from 'zod'

export type GalleryPages = InfiniteData<z.infer<typeof GenerationPage>, string | undefined>

export interface GalleryFilter {
  search: string
  serviceId: string | null
  state: GenerationState | null
}

export const noFilter: GalleryFilter = { search: '', serviceId: null, state: null }

export const isFiltering = ({ search, serviceId, state }: GalleryFilter): boolean =>
  search.trim() !== '' || serviceId !== null || state !== null

/** Generations a page: few requests when all that is loaded is read again, and still quick. */
const pageSize = 100

/** What is asked for one page under a filter. */
export function pageInput(filter: GalleryFilter, cursor: string | undefined) {
  const search = filter.search.trim()
  return {
    limit: pageSize,
    ...(cursor === undefined ? {} : { cursor }),
    ...(search === '' ? {} : { search }),
    ...(filter.serviceId === null ? {} : { serviceId: filter.serviceId }),
    ...(filter.state === null ? {} : { state: filter.state }),
  }
}

/** Everything that is loaded, newest first. A page may overlap the one before when something was added meanwhile. */
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
