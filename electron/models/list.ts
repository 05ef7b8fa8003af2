import type { LibraryFamily, LibraryFile, LibraryPage, MissingModel } from '../../shared/contract'
import { placeOf, titleOf } from './families'

export interface ListQuery {
  search: string
  families?: readonly string[] | undefined
  show: 'all' | 'duplicates' | 'unused' | 'runs-code' | 'removed'
  sort: 'name' | 'size' | 'used' | 'changed'
  offset: number
  limit: number
}

/** After so long without a record a file counts as unused, in ms. */
const unusedMs = 90 * 24 * 3_600_000

/** Whether nothing is recorded of a file for 90 days, and it is there for as long. */
export const isUnused = ({ use, usedAt, modifiedAt, removed }: LibraryFile, now: number): boolean =>
  !removed && use !== 'unknown' && (usedAt ?? 0) < now - unusedMs && modifiedAt < now - unusedMs

const shows: Record<ListQuery['show'], (file: LibraryFile, now: number) => boolean> = {
  all: ({ removed }) => !removed,
  duplicates: ({ copies, removed }) => copies > 0 && !removed,
  unused: isUnused,
  'runs-code': ({ runsCode, removed }) => runsCode && !removed,
  removed: ({ removed }) => removed,
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const orders: Record<ListQuery['sort'], (a: LibraryFile, b: LibraryFile) => number> = {
  name: (a, b) => byName.compare(a.name, b.name),
  size: (a, b) => b.bytes - a.bytes,
  // What was used longest ago comes first: it is looked for to be removed.
  used: (a, b) => (a.usedAt ?? 0) - (b.usedAt ?? 0),
  changed: (a, b) => b.modifiedAt - a.modifiedAt,
}

const textOf = ({ path, family, sha256, folder }: LibraryFile) =>
  `${path} ${folder} ${family === null ? '' : titleOf(family)} ${sha256 ?? ''}`.toLowerCase()

/** A page of the files that a query wants: by family, and then in its order. */
export function pageOf(files: readonly LibraryFile[], query: ListQuery, now: number): LibraryPage {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean)
  const families = query.families && new Set(query.families)
  const found = files.filter((file) => {
    if (!shows[query.show](file, now) || (families && !families.has(file.family ?? ''))) return false
    const text = words.length === 0 ? '' : textOf(file)
    return words.every((word) => text.includes(word))
  })
  const order = orders[query.sort]
  found.sort((a, b) => placeOf(a.family) - placeOf(b.family) || order(a, b) || byName.compare(a.path, b.path))
  const end = query.offset + query.limit
  return {
    total: found.length,
    bytes: sumOf(found),
    files: found.slice(query.offset, end),
    nextOffset: end < found.length ? end : null,
  }
}

export const sumOf = (files: readonly { bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

/** The families that there are, or of which a file is missing, in the order of the list. */
export function familiesOf(files: readonly LibraryFile[], missing: readonly MissingModel[]): LibraryFamily[] {
  const known = new Map<string | null, LibraryFile[]>(missing.map(({ family }) => [family, []]))
  for (const file of files) {
    if (file.removed) continue
    const its = known.get(file.family)
    if (its) its.push(file)
    else known.set(file.family, [file])
  }
  return [...known]
    .sort(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([id, its]) => ({
      ...{ id, title: id === null ? null : titleOf(id), files: its.length, bytes: sumOf(its) },
      usedAt: its.reduce<number | null>(
        (last, { usedAt }) => (usedAt !== null && usedAt > (last ?? 0) ? usedAt : last),
        null,
      ),
      services: [
        ...new Set(
          its.flatMap(({ services }) => services.flatMap(({ id: one, loads }) => (loads === 'yes' ? [one] : []))),
        ),
      ],
    }))
}
