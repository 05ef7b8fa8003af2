import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LibraryFamily, LibraryFile, LibraryOverview, MissingModel } from '../../../shared/contract'
import { api } from '../../api/query'

export const shows = ['all', 'duplicates', 'unused', 'runs-code', 'removed'] as const
export type Show = (typeof shows)[number]
export const sorts = ['name', 'size', 'used', 'changed'] as const
export type Sort = (typeof sorts)[number]

/** What of the files is looked for. */
export interface Looking {
  search: string
  show: Show
  sort: Sort
  /** Families that are unfolded, while nothing is looked for; an empty text: those of none. */
  open: ReadonlySet<string>
}

/** A line of the list. */
export type Line =
  | {
      type: 'family'
      family: Pick<LibraryFamily, 'id' | 'title'> & { told: LibraryFamily | null }
      isOpen: boolean
      missing: number
    }
  | { type: 'file'; file: LibraryFile }
  | { type: 'missing'; missing: MissingModel }
  | { type: 'more' }

export const useOverview = () => useQuery(api.modelLibrary.overview.queryOptions())

/** Whether something is looked for: then all that is found is unfolded. */
export const isLooking = ({ search, show }: Pick<Looking, 'search' | 'show'>): boolean =>
  search.trim() !== '' || show !== 'all'

const pageSize = 200

function useFiles(looking: Looking) {
  const { search, show, sort, open } = looking
  const isFound = isLooking(looking)
  const families = isFound ? undefined : [...open].sort()
  return useInfiniteQuery(
    api.modelLibrary.files.infiniteOptions({
      input: (offset: number) => ({ search, show, sort, offset, limit: pageSize, ...(families && { families }) }),
      initialPageParam: 0,
      getNextPageParam: ({ nextOffset }) => nextOffset ?? undefined,
      placeholderData: keepPreviousData,
      enabled: isFound || open.size > 0,
    }),
  )
}

const key = (id: string | null) => id ?? ''

/** What is missing, as far as it is looked for. */
const missingIn = (missing: readonly MissingModel[], { search, show }: Looking): MissingModel[] => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (show !== 'all') return []
  return missing.filter(({ name, folder }) => words.every((word) => `${name} ${folder}`.toLowerCase().includes(word)))
}

/** Files below their families, as far as they are there; before them those that are missing. */
function linesOf(
  { families, missing: allMissing }: LibraryOverview,
  files: readonly LibraryFile[],
  looking: Looking,
  hasMore: boolean,
) {
  const its = new Map<string, LibraryFile[]>()
  for (const file of files) {
    const known = its.get(key(file.family))
    if (known) known.push(file)
    else its.set(key(file.family), [file])
  }
  const isFound = isLooking(looking)
  const missing = new Map<string, MissingModel[]>()
  for (const one of missingIn(allMissing, looking)) {
    const known = missing.get(key(one.family))
    if (known) known.push(one)
    else missing.set(key(one.family), [one])
  }
  const shown = isFound ? families.filter(({ id }) => its.has(key(id)) || missing.has(key(id))) : families
  const lost = isFound ? [...its.keys()].filter((id) => !families.some((one) => key(one.id) === id)) : []
  const lines = shown.flatMap((told): Line[] => {
    const isOpen = isFound || looking.open.has(key(told.id))
    const rows = isOpen ? (its.get(key(told.id)) ?? []) : []
    const lacks = missing.get(key(told.id)) ?? []
    return [
      {
        ...{ type: 'family', isOpen, missing: lacks.length },
        family: { id: told.id, title: told.title, told: isFound ? null : told },
      },
      ...(isOpen ? lacks : []).map((one): Line => ({ type: 'missing', missing: one })),
      ...rows.map((file): Line => ({ type: 'file', file })),
    ]
  })
  // Of removed files a family may have no others.
  const rest = lost.flatMap((id) => (its.get(id) ?? []).map((file): Line => ({ type: 'file', file })))
  return [...lines, ...rest, ...(hasMore ? [{ type: 'more' } as const] : [])]
}

/** The list as it is looked at. */
export function useLines(overview: LibraryOverview, looking: Looking) {
  const query = useFiles(looking)
  const { hasNextPage } = query
  const pages = query.data?.pages
  const isUsed = isLooking(looking) || looking.open.size > 0
  const lines = useMemo(() => {
    const files = isUsed ? (pages ?? []).flatMap((page) => page.files) : []
    return linesOf(overview, files, looking, isUsed && hasNextPage)
  }, [overview, pages, looking, hasNextPage, isUsed])
  return { lines, query, total: pages?.[0]?.total ?? 0 }
}

/** The services that look for models, in their order. */
export const servicesOf = ({ folders }: LibraryOverview): string[] =>
  [...new Set(folders.flatMap(({ services }) => services))].sort()
