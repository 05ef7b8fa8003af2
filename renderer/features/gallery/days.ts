/** Which days: the last ones, or from one day to another (each `2026-11-29`, both included; empty: open). */
export type Days = { kind: 'any' | 'today' | 'week' | 'month' } | { kind: 'custom'; first: string; last: string }

export const dayKinds = ['any', 'today', 'week', 'month', 'custom'] as const
export const isDayKind = (text: string | null): text is Days['kind'] =>
  (dayKinds as readonly (string | null)[]).includes(text)

/** The local beginning of a day, some days from it, in Unix ms. Days are calendar days, also when the clocks change. */
function beginning(of: Date, days = 0): number {
  return new Date(of.getFullYear(), of.getMonth(), of.getDate() + days).getTime()
}

/** A day as a date field writes it; null for what is none. */
function readDay(text: string): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  return year === undefined ? null : new Date(Number(year), Number(month) - 1, Number(day))
}

/** When the days begin and end, as the panel is asked: from, included, and to, not included. */
export function boundsOf(days: Days, now: number): { from?: number; to?: number } {
  const today = new Date(now)
  switch (days.kind) {
    case 'any':
      return {}
    case 'today':
      return { from: beginning(today) }
    case 'week':
      return { from: beginning(today, -6) }
    case 'month':
      return { from: beginning(today, -29) }
    case 'custom': {
      const [first, last] = [readDay(days.first), readDay(days.last)]
      // Before 1970 there is no time.
      return {
        ...(first && { from: Math.max(0, beginning(first)) }),
        ...(last && { to: Math.max(0, beginning(last, 1)) }),
      }
    }
  }
}
