import type { WeekWindow } from './contract'

/** A stretch of real time, in Unix ms; `end` is no longer part of it. */
export interface Opening {
  start: number
  end: number
}

const minuteMs = 60_000
const dayMinutes = 24 * 60
const daysInWeek = 7

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
const weekday = (at: Date): number => at.getDay() || daysInWeek

/** The opening that begins on the local day `offset` days from `now`, or null where none begins on such a day. */
function openingOn(now: number, offset: number, { from, to, days }: WeekWindow): Opening | null {
  const day = new Date(now)
  const at = (minutes: number, later = 0) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + offset + later, 0, minutes)
  const [first, last] = [minutesOf(from), minutesOf(to)]
  // Midday: it exists on every day, and belongs to no two.
  if (!days.includes(weekday(at(dayMinutes / 2)))) return null
  const nextDay = last > first ? 0 : 1
  const start = at(first).getTime()
  const end = at(last, nextDay).getTime()
  // When clocks go forward a whole window may fall into the hour that is left out: it is then as long as it should be.
  const length = (last - first + nextDay * dayMinutes) * minuteMs
  return { start, end: end > start ? end : start + length }
}

/** The opening that goes on at `now`, or else the next one. Local time, so it follows the clocks when they change. */
export function openingAt(now: number, window: WeekWindow): Opening {
  for (let offset = -1; offset <= daysInWeek + 1; offset++) {
    const opening = openingOn(now, offset, window)
    if (opening && opening.end > now) return opening
  }
  throw new Error('a window without any day')
}

/** So long at most a run of windows is followed, in days: one that is longer never ends. */
const longestRunDays = daysInWeek + 1

/** Whether one of the windows is open, since when, and until when that stays so; null: from ever, and for good. */
export type Awake =
  | { isAwake: true; since: number; until: number }
  | { isAwake: true; since: null; until: null }
  | { isAwake: false; until: number }

/**
 * Whether one of several windows is open at `now`, and when that changes next. Windows that touch or overlap are one. Local
 * time, so it follows the clocks when they change. Throws where there is no window at all.
 */
export function awakeAt(now: number, windows: readonly WeekWindow[]): Awake {
  const openAt = (time: number) =>
    windows.map((window) => openingAt(time, window)).filter((opening) => opening.start <= time)
  if (openAt(now).length === 0)
    return { isAwake: false, until: Math.min(...windows.map((window) => openingAt(now, window).start)) }
  const longestMs = longestRunDays * dayMinutes * minuteMs
  let since = now
  for (let before = openAt(now); before.length > 0 && now - since < longestMs; before = openAt(since - 1))
    since = Math.min(...before.map(({ start }) => start))
  let until = now
  for (let open = openAt(now); open.length > 0 && until - now < longestMs; open = openAt(until))
    until = Math.max(...open.map(({ end }) => end))
  return until - now < longestMs ? { isAwake: true, since, until } : { isAwake: true, since: null, until: null }
}
