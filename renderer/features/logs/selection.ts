import type { LogRow, LogRows } from './rows'

/** `panel`: Regie's own lines. */
export type LevelFilter = 'all' | 'warnings' | 'errors' | 'panel'

export interface Wanted {
  level: LevelFilter
  /** Services that are not shown. */
  hidden: ReadonlySet<string>
  find: RegExp | null
  /** What is not found is not shown. */
  onlyFound: boolean
  /** The lines are changed in place: this says which state of them. */
  version: number
}

/** What the reader typed, as an expression; null where there is nothing to find, `invalid` for no expression. */
export function toExpression(text: string, isRegex: boolean): RegExp | 'invalid' | null {
  if (text.trim() === '') return null
  // Unicode's rules for upper and lower case cost twice the time.
  const flags = /^[ -~]*$/.test(text) ? 'gi' : 'giu'
  if (!isRegex) return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), flags)
  try {
    const expression = new RegExp(text, flags)
    // One that fits nothing at all would fit everywhere.
    return ''.search(expression) === 0 ? null : expression
  } catch {
    return 'invalid'
  }
}

const passes = ({ level, stream }: LogRow, filter: LevelFilter): boolean => {
  switch (filter) {
    case 'all':
      return true
    case 'warnings':
      return level !== 'info'
    case 'errors':
      return level === 'error'
    case 'panel':
      return stream === 'panel'
  }
}

export interface Selection {
  /** The lines that are shown. */
  rows: readonly LogRow[]
  /** How many of those that were shown have been dropped at the front. */
  removed: number
  /** The lines that were found, in order. */
  found: readonly LogRow[]
}

/** Takes away what is no longer there, and says how much that was. */
function dropBefore(rows: LogRow[], place: number): number {
  const kept = rows.findIndex((row) => row.place >= place)
  return rows.splice(0, kept < 0 ? rows.length : kept).length
}

/**
 * Chooses lines and finds text in them as they come: only what is new is looked at, unless the reader wants something
 * else or the lines' order changed.
 */
export function createSelector(source: LogRows) {
  let wanted: Wanted | null = null
  let order = -1
  /** Place of the first row that was not looked at. */
  let next = 0
  let rows: LogRow[] = []
  let found: LogRow[] = []
  let removed = 0

  return (want: Wanted): Selection => {
    const isSame =
      wanted?.level === want.level &&
      wanted.find === want.find &&
      wanted.onlyFound === want.onlyFound &&
      wanted.hidden === want.hidden &&
      order === source.order()
    if (!isSame) {
      rows = []
      found = []
      removed = 0
      next = 0
    }
    wanted = want
    order = source.order()
    const all = source.rows()
    for (let at = Math.max(0, next - source.removed()); at < all.length; at++) {
      const row = all[at]
      if (!row || want.hidden.has(row.service) || !passes(row, want.level)) continue
      const isFound = want.find !== null && row.text.search(want.find) >= 0
      if (isFound) found.push(row)
      if (isFound || want.find === null || !want.onlyFound) rows.push(row)
    }
    next = source.removed() + all.length
    removed += dropBefore(rows, source.removed())
    dropBefore(found, source.removed())
    return { rows, removed, found }
  }
}

/** Where a line stands among those that are shown; -1 when it is not. Their places grow. */
export function indexOfRow(rows: readonly LogRow[], place: number): number {
  let low = 0
  let high = rows.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const here = rows[middle]?.place ?? 0
    if (here === place) return middle
    if (here < place) low = middle + 1
    else high = middle - 1
  }
  return -1
}
