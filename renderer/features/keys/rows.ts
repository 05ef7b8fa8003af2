import type { Key, KeyUse } from '../../../shared/contract'

/** A key as it stands in a list: itself, and the one whose place it took while that still opens. */
export interface KeyRow {
  key: Key
  old: Key | null
}

/** The keys that open something, newest first, each with the one that it replaces. */
export function keyRows(keys: readonly Key[]): KeyRow[] {
  const old = keys.filter(({ state }) => state === 'grace')
  const rows = keys
    .filter(({ state }) => state === 'live')
    .map((key): KeyRow => ({ key, old: old.find(({ replacedBy }) => replacedBy === key.id) ?? null }))
  const shown = new Set(rows.map((row) => row.old?.id))
  // One that was replaced by a key that has ended meanwhile stands for itself.
  const alone = old.filter(({ id }) => !shown.has(id)).map((key): KeyRow => ({ key, old: null }))
  return [...rows, ...alone].sort((a, b) => b.key.createdAt - a.key.createdAt)
}

const soonMs = 7 * 24 * 3_600_000

/** When a key stops opening anything; null: never by a date. */
export const endOf = ({ expiresAt, graceUntil }: Key): number | null =>
  expiresAt === null || graceUntil === null ? (expiresAt ?? graceUntil) : Math.min(expiresAt, graceUntil)

/** Whether its end date comes within seven days. */
export function endsSoon(key: Key, now: number): boolean {
  const end = endOf(key)
  return end !== null && end - now < soonMs
}

/** The newest use among keys; null where none was used. */
export function lastUse(keys: readonly Key[]): KeyUse | null {
  return keys.reduce<KeyUse | null>(
    (latest, { lastUsed }) => (lastUsed && (latest === null || lastUsed.at > latest.at) ? lastUsed : latest),
    null,
  )
}

/** The last millisecond of a local day that a date field names, as `2026-12-31`; null for no day. */
export function endOfDay(day: string): number | null {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return null
  const end = new Date(year, month - 1, date, 23, 59, 59, 999)
  return Number.isNaN(end.getTime()) ? null : end.getTime()
}
