import type { Generation } from '../../../shared/contract'

/** A line of the gallery: the head of a day, or as many pictures as stand side by side. */
export type GalleryRow =
  | { type: 'day'; key: string; at: number; count: number; complete: boolean }
  | { type: 'pictures'; key: string; items: Generation[] }

/** The local calendar day of a Unix time in ms, e.g. `2026-3-9`; it is a key, not a text. */
function dayKey(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/**
 * Cuts what is loaded (newest first) into days and lines of `columns`. The last day is not `complete` while there are
 * further pages: its count is then not known yet.
 */
export function toRows(items: readonly Generation[], columns: number, hasMore: boolean): GalleryRow[] {
  const days: { key: string; items: Generation[] }[] = []
  for (const item of items) {
    const key = dayKey(item.createdAt)
    const last = days.at(-1)
    if (last?.key === key) last.items.push(item)
    else days.push({ key, items: [item] })
  }
  return days.flatMap(({ key, items: ofDay }, index): GalleryRow[] => {
    const head: GalleryRow = {
      type: 'day',
      key,
      at: ofDay[0]?.createdAt ?? 0,
      count: ofDay.length,
      complete: !hasMore || index < days.length - 1,
    }
    return [head, ...linesOf(key, ofDay, columns)]
  })
}

function linesOf(day: string, items: Generation[], columns: number): GalleryRow[] {
  const lines: GalleryRow[] = []
  for (let from = 0; from < items.length; from += columns) {
    lines.push({ type: 'pictures', key: `${day}/${from}`, items: items.slice(from, from + columns) })
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
