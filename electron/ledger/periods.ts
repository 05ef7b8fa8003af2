/** A part of what is asked for that is told by sums of months, and the parts that are told by days. */
export interface Periods {
  months: string[]
  /** Days, both included. */
  ranges: { from: string; to: string }[]
}

const oneDay = 86_400_000
const timeOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayAt = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The last day of a month. */
export function lastOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return dayAt(Date.UTC(year, number, 0))
}

/**
 * Which sums make up the days from one to another, both included: those of the months that lie within wholly, and of
 * single days for the rest. `asDays`: days are to be told apart, so that months are taken only before `daysFrom`, the
 * first day that is kept; what is before it and no whole month is known no more.
 */
export function periodsOf({ from, to, asDays, daysFrom }: AskedPeriod): Periods {
  const months: string[] = []
  const ranges: Periods['ranges'] = []
  for (let day = from; day <= to;) {
    const month = day.slice(0, 7)
    const last = lastOf(month)
    const until = to < last ? to : last
    const isWhole = day === `${month}-01` && until === last
    const previous = ranges.at(-1)
    if (isWhole && (!asDays || day < daysFrom)) months.push(month)
    else if (previous && dayAt(timeOf(previous.to) + oneDay) === day) previous.to = until
    else ranges.push({ from: day, to: until })
    day = dayAt(timeOf(until) + oneDay)
  }
  return { months, ranges }
}

interface AskedPeriod {
  from: string
  to: string
  asDays: boolean
  daysFrom: string
}
