/** Days as people at the machine count them: `2026-11-27`, from one midnight of its time zone to the next. */
export interface Calendar {
  timeZone: string
  /** The day that a moment (Unix ms) lies in. */
  dayOf: (at: number) => string
  /** When a day begins, in Unix ms; at 01:00 where the clock is put forward at midnight. */
  startOf: (day: string) => number
  /** A span of time, in the parts that lie in each day; together they are as long as it is. */
  split: (from: number, to: number) => { day: string; ms: number }[]
}

const oneDay = 86_400_000

/** So many days before or after, by name alone. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * oneDay).toISOString().slice(0, 10)
}

/** The first day of the month that lies so many months before or after. */
export function addMonths(day: string, count: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + count, 1)).toISOString().slice(0, 10)
}

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

const twoDigits = (count: number) => String(count).padStart(2, '0')

/** The date on the machine's own clock. Without Intl, whose first formatter costs a start of the panel 25 ms. */
function onOwnClock(at: number): string {
  const time = new Date(at)
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`
}

/** The date on the clocks of a time zone. */
function onClocksOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at: number) => format.format(at)
}

/** The calendar of a time zone; of the machine's own if none is named. */
export function createCalendar(named?: string): Calendar {
  const dateAt = named === undefined ? onOwnClock : onClocksOf(named)
  const starts = new Map<string, number>()

  /** Found by halving: its beginning lies within a day of its noon by UTC, in every zone. */
  function startOf(day: string): number {
    const known = starts.get(day)
    if (known !== undefined) return known
    const noon = Date.parse(`${day}T12:00:00Z`)
    let before = noon - 2 * oneDay
    let after = noon + oneDay
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (dateAt(middle) < day) before = middle
      else after = middle
    }
    // Few are asked for again and again: today and tomorrow.
    if (starts.size > 100) starts.clear()
    starts.set(day, after)
    return after
  }

  let last = { day: '', from: 0, until: 0 }
  function dayOf(at: number): string {
    if (at >= last.from && at < last.until) return last.day
    let day = dateAt(at)
    // Where the clock was put back over midnight a date is on the clock twice: the day does not come again.
    while (at < startOf(day)) day = addDays(day, -1)
    while (at >= startOf(addDays(day, 1))) day = addDays(day, 1)
    last = { day, from: startOf(day), until: startOf(addDays(day, 1)) }
    return day
  }

  return {
    get timeZone() {
      return named ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
    },
    dayOf,
    startOf,
    split(from, to) {
      const parts: { day: string; ms: number }[] = []
      for (let at = from; at < to;) {
        const day = dayOf(at)
        const until = Math.min(to, startOf(addDays(day, 1)))
        parts.push({ day, ms: until - at })
        at = until
      }
      return parts
    },
  }
}
