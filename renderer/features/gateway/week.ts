import type { WeekWindow } from '../../../shared/contract'

export const hoursInDay = 24
export const daysInWeek = 7

/** The hours of a week that are painted, Monday first: hour `h` of day `d` is at `d * 24 + h`. */
export type Week = readonly boolean[]

export const emptyWeek: Week = Array.from({ length: daysInWeek * hoursInDay }, () => false)

const clock = (hour: number) => `${String(hour % hoursInDay).padStart(2, '0')}:00`

const minutesOf = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** The hours that windows touch: one that begins within an hour is shown to paint it. */
export function weekOf(windows: readonly WeekWindow[]): Week {
  const week = [...emptyWeek]
  for (const { from, to, days } of windows) {
    const first = Math.floor(minutesOf(from) / 60)
    const last = Math.ceil(minutesOf(to) / 60)
    const end = minutesOf(to) > minutesOf(from) ? last : last + hoursInDay
    for (const day of days)
      for (let hour = first; hour < end; hour++) week[((day - 1) * hoursInDay + hour) % week.length] = true
  }
  return week
}

/** One stretch of painted hours of a day; `to` is 24 where it lasts to midnight. */
interface Run {
  from: number
  to: number
  /** 1 is Monday. */
  days: number[]
}

/** The stretches of a week, the same one on several days once. */
export function runsOf(week: Week): Run[] {
  const runs = new Map<string, Run>()
  for (let day = 0; day < daysInWeek; day++) {
    for (let hour = 0; hour < hoursInDay; hour++) {
      const isOn = (at: number) => at >= 0 && at < hoursInDay && week[day * hoursInDay + at] === true
      if (!isOn(hour) || isOn(hour - 1)) continue
      let to = hour + 1
      while (isOn(to)) to++
      const run = runs.get(`${hour}-${to}`) ?? { from: hour, to, days: [] }
      run.days.push(day + 1)
      runs.set(`${hour}-${to}`, run)
    }
  }
  return [...runs.values()]
}

/** The windows that paint a week. */
export const windowsOf = (week: Week): WeekWindow[] =>
  runsOf(week).map(({ from, to, days }) => ({ from: clock(from), to: clock(to), days }))

export const areSame = (a: Week, b: Week): boolean => a.every((isOn, at) => isOn === b[at])

/** Which hour of the local week a time lies in. */
export function hourOfWeek(at: number): number {
  const date = new Date(at)
  return ((date.getDay() + daysInWeek - 1) % daysInWeek) * hoursInDay + date.getHours()
}

/** The days of a run in words: from to, where more than two follow on one another. */
export function dayWords(days: readonly number[], nameOf: (day: number) => string): string {
  const [first] = days
  const last = days.at(-1)
  if (first === undefined || last === undefined) return ''
  const areInRow = days.length > 2 && last - first === days.length - 1
  return areInRow ? `${nameOf(first)}–${nameOf(last)}` : days.map(nameOf).join(', ')
}
