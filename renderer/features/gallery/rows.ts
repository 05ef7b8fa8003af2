import type { Generation } from '../../../shared/contract'

/** A line of the grid: the head of a group, or as many pictures as stand side by side. */
export type GalleryRow =
  | { type: 'head'; key: string; first: Generation; count: number; complete: boolean }
  | { type: 'pictures'; key: string; items: Generation[] }

/** The local calendar day of a Unix time in ms, e.g. `2026-3-9`; it is a key, not a text. */
function dayKey(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** Groups by the day on which they were created. */
export const byDay = ({ createdAt }: Generation): string => dayKey(createdAt)

/**
 * Cuts what is loaded into groups and lines of `columns`. Without `group` there are no heads. The last group is not
 * `complete` while there are further pages: its count is then not known yet.
 */
export function toRows(
  items: readonly Generation[],
  columns: number,
  { hasMore, group }: { hasMore: boolean; group: ((item: Generation) => string) | null },
): GalleryRow[] {
  if (!group) return linesOf('all', items, columns)
  const groups: { key: string; items: Generation[] }[] = []
  for (const item of items) {
    const key = group(item)
    const last = groups.at(-1)
    if (last?.key === key) last.items.push(item)
    else groups.push({ key, items: [item] })
  }
  return groups.flatMap(({ key, items: ofGroup }, index): GalleryRow[] => {
    const [first] = ofGroup
    if (!first) return []
    const complete = !hasMore || index < groups.length - 1
    return [{ type: 'head', key, first, count: ofGroup.length, complete }, ...linesOf(key, ofGroup, columns)]
  })
}

function linesOf(group: string, items: readonly Generation[], columns: number): GalleryRow[] {
  const lines: GalleryRow[] = []
  for (let from = 0; from < items.length; from += columns) {
    lines.push({ type: 'pictures', key: `${group}/${from}`, items: items.slice(from, from + columns) })
  }
  return lines
}

/** How many pictures of at least `least` px fit side by side into `width`, with `gap` between them. */
export const columnsFor = (width: number, least: number, gap: number): number =>
  Math.max(1, Math.floor((width + gap) / (least + gap)))

/** Whether a day lies today, yesterday or before. Days are calendar days, also when the clocks change. */
export function dayWord(at: number, now: number): 'today' | 'yesterday' | 'earlier' {
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayKey(at) === dayKey(now)) return 'today'
  return dayKey(at) === dayKey(yesterday.getTime()) ? 'yesterday' : 'earlier'
}

const dayMs = 24 * 60 * 60_000

/** How many days are left until then, begun ones too. */
export const daysLeft = (goesAt: number, now: number): number => Math.max(0, Math.ceil((goesAt - now) / dayMs))
