import type {
  UsageAnswer,
  UsageBy,
  UsageDay,
  UsageFigures,
  UsageLine,
  UsageNow,
  UsagePart,
  UsageRow,
} from '../../shared/contract'
import type { Figures, FiguresRow, Ledger, Told } from '../ledger'
import { addFigures, lastOf, noFigures } from '../ledger'
import { addDays, daysBetween, type Calendar } from './calendar'
import { passedLimit, type KeyStanding, type Limits, type Standing } from './limits'

/** What people and keys are called; null where nobody knows any more. A service is called by its id. */
export interface Names {
  user: (id: string) => string | null
  key: (id: string) => string | null
}

export interface ReportPorts {
  ledger: Pick<Ledger, 'figures' | 'waits'>
  calendar: Calendar
  now: () => number
  /** As they are called now; asked for once an answer. */
  names: () => Names
  /** What a key may by itself; null: as much as its person. Left out: none is known. */
  limitsOfKey?: (id: string) => Limits | null
}

/** `user`: of one person alone. */
export interface ReportRange {
  from?: string | undefined
  to?: string | undefined
  user?: string | undefined
}

/** So many rows a chart may want by themselves, by each of its measures. */
const shownAlone = 4
/** So many parts of a row are told; the rest is one. */
const mostParts = 8

const seconds = (ms: number) => Math.round(ms / 100) / 10

/** Time is null, never 0, where there were jobs and nobody knows of any how long it took. */
const gpuSeconds = ({ gpuMs, jobs, unknownJobs }: Figures) =>
  gpuMs === 0 && unknownJobs > 0 && unknownJobs >= jobs ? null : seconds(gpuMs)

function figuresOf(row: Figures): UsageFigures {
  const { requests, jobs, failed, images, unknownJobs, bytesIn, bytesOut, refused } = row
  return { requests, jobs, failed, images, gpuSeconds: gpuSeconds(row), unknownJobs, bytesIn, bytesOut, refused }
}

const dayOf = (day: string, row: Figures): UsageDay => ({
  day,
  gpuSeconds: gpuSeconds(row),
  images: row.images,
  jobs: row.jobs,
})

const byTime = (a: FiguresRow, b: FiguresRow) => b.gpuMs - a.gpuMs || b.jobs - a.jobs || b.requests - a.requests

/** What tells a row from others, and what its parts are of. */
const kinds = {
  user: { of: ['account'], part: 'service' },
  key: { of: ['account', 'key'], part: 'service' },
  service: { of: ['service'], part: 'account' },
} as const satisfies Record<UsageBy, { of: readonly Told[]; part: Told }>

/** Rows put together by some of what tells them apart, the largest first. */
function together(rows: readonly FiguresRow[], by: readonly Told[]): { sum: FiguresRow; rows: FiguresRow[] }[] {
  const groups = new Map<string, { sum: FiguresRow; rows: FiguresRow[] }>()
  for (const row of rows) {
    const name = JSON.stringify(by.map((each) => row[each]))
    const found = groups.get(name)
    if (found) {
      addFigures(found.sum, row)
      found.rows.push(row)
    } else groups.set(name, { sum: { ...row }, rows: [row] })
  }
  return [...groups.values()].sort((a, b) => byTime(a.sum, b.sum))
}

function partsOf(rows: readonly FiguresRow[], part: 'service' | 'account', names: Names): UsagePart[] {
  const nameOf = (id: string) => (part === 'service' ? id : names.user(id))
  const sorted = [...rows].sort(byTime)
  const rest = noFigures()
  for (const row of sorted.slice(mostParts)) addFigures(rest, row)
  const told = (id: string | null, row: Figures): UsagePart => ({
    ...{ id, name: id === null ? null : nameOf(id) },
    ...{ gpuSeconds: gpuSeconds(row), images: row.images, jobs: row.jobs },
  })
  const shown = sorted.slice(0, mostParts).map((row) => told(row[part], row))
  return sorted.length > mostParts ? [...shown, told(null, rest)] : shown
}

/** Every day of a time, also those of which nothing is known to have happened; and the months that are kept as sums. */
function fillDays(rows: readonly FiguresRow[], days: readonly string[]): UsageDay[] {
  const found = new Map(rows.map((row) => [row.period ?? '', row]))
  const months = [...found.keys()].filter((period) => period.length === 7).sort()
  const single = days.filter((day) => !months.includes(day.slice(0, 7)))
  return [...months, ...single].map((period) => dayOf(period, found.get(period) ?? noFigures()))
}

function totalOf(groups: readonly { sum: FiguresRow }[]): Figures {
  const total = noFigures()
  for (const { sum } of groups) addFigures(total, sum)
  return total
}

/** Those rows that lead by any measure. */
function leaders(groups: readonly { sum: FiguresRow }[]): Set<FiguresRow> {
  const chosen = new Set<FiguresRow>()
  for (const measure of ['gpuMs', 'images', 'jobs'] as const)
    for (const { sum } of [...groups].sort((a, b) => b.sum[measure] - a.sum[measure]).slice(0, shownAlone))
      chosen.add(sum)
  return chosen
}

interface Range {
  from: string
  to: string
}

/** What is asked for, this month where nothing is said, and what is `read` of the ledger for it. */
function rangeOf({ from, to }: ReportRange, today: string): Range & { read: Range } {
  const until = to ?? today
  const since = from ?? `${until.slice(0, 7)}-01`
  const month = lastOf(until.slice(0, 7))
  // Nothing is counted to a day to come: of this month its sum tells as much, and is a hundredth to read.
  return { from: since, to: until, read: { from: since, to: until >= today ? month : until } }
}

/** What the days are told of: one row, of what was asked by, in a time, for one person where it is of one alone. */
interface DaysAsked {
  by: UsageBy
  row: FiguresRow
  read: Range
  user: string | undefined
}

/** The days of one row. Of what has no key there is no index of its own: it is what is left of its person. */
function daysOf(figures: Ledger['figures'], { by, row, read, user }: DaysAsked): readonly FiguresRow[] {
  if (by === 'service')
    return figures
      .read({ ...read, by: ['period', 'service'], account: user })
      .filter((each) => each.service === row.service)
  const account = row.account ?? ''
  if (by === 'user') return figures.read({ ...read, by: ['period'], account })
  return figures.read({ ...read, by: ['period', 'key'], account }).filter(({ key }) => key === row.key)
}

/** Who or what a row is of, and what it is called; its person too, where it is of a key. */
function whoseIs(
  by: UsageBy,
  { account, key, service }: FiguresRow,
  names: Names,
): Pick<UsageRow, 'id' | 'name' | 'user'> {
  const owner = account ?? ''
  const id = by === 'user' ? account : by === 'key' ? key : service
  return {
    ...{ id, name: by === 'service' || id === null ? id : names[by](id) },
    user: by === 'key' ? { id: owner, name: names.user(owner) } : null,
  }
}

/** Who asks how he stands: his own limits, and those of the keys that have some. */
interface NowAsked {
  account: string
  standing: Standing
  limits: Limits
  keys: readonly KeyStanding[]
}

/** How a key stands to its own limits. */
function keyNow({ id, name, limits, standing }: KeyStanding, nextDayAt: number): UsageNow['keys'][number] {
  const { openJobs, jobsToday, gpuMsToday } = standing
  const passed = passedLimit(limits, standing, nextDayAt)
  return {
    ...{ id, name, limits, openJobs, jobsToday, gpuSecondsToday: seconds(gpuMsToday) },
    passed: passed && { limit: passed.limit, opensAt: passed.opensAt },
  }
}

/** What the ledger holds, put into words and numbers for people and scripts. */
/** One line of an export. */
const lineOf = (row: FiguresRow, names: Names, limitsOfKey: ReportPorts['limitsOfKey']): UsageLine => ({
  user: row.account ?? '',
  userName: names.user(row.account ?? ''),
  key: row.key,
  keyName: row.key === null ? null : names.key(row.key),
  keyLimits: row.key === null ? null : (limitsOfKey?.(row.key) ?? null),
  day: row.period,
  service: row.service,
  machine: row.machine ?? '',
  ...figuresOf(row),
})

export function createReport({ ledger, calendar, now, names: namesNow, limitsOfKey }: ReportPorts) {
  const { figures, waits } = ledger
  const today = () => calendar.dayOf(now())

  return {
    read({ by, user, ...asked }: ReportRange & { by: UsageBy }): UsageAnswer {
      const { from, to, read } = rangeOf(asked, today())
      const { of, part } = kinds[by]
      const names = namesNow()
      const groups = together(figures.read({ ...read, by: [...of, part], account: user }), of)
      const days = daysBetween(from, to)
      const alone = leaders(groups)
      const rows = groups.map(({ sum, rows: inside }): UsageRow => ({
        ...whoseIs(by, sum, names),
        figures: figuresOf(sum),
        parts: partsOf(inside, part, names),
        days: alone.has(sum) ? fillDays(daysOf(figures, { by, row: sum, read, user }), days) : null,
      }))
      return {
        ...{ from, to, today: today(), timeZone: calendar.timeZone },
        total: figuresOf(totalOf(groups)),
        medianWaitMs: waits.median({ from, to, account: user }),
        rows,
        days: fillDays(figures.read({ ...read, by: ['period'], account: user }), days),
      }
    },

    lines({ by, per, user, ...asked }: ReportRange & { by: 'user' | 'key'; per: 'day' | 'service' }): UsageLine[] {
      const { read } = rangeOf(asked, today())
      const names = namesNow()
      const told: Told[] = [...kinds[by].of, per === 'day' ? 'period' : 'service', 'machine']
      return figures.read({ ...read, by: told, account: user }).map((row) => lineOf(row, names, limitsOfKey))
    },

    now({ account, standing, limits, keys }: NowAsked): UsageNow {
      const day = today()
      const resetsAt = calendar.startOf(addDays(day, 1))
      const passed = passedLimit(limits, standing, resetsAt)
      const from = addDays(day, -13)
      return {
        ...{ today: day, timeZone: calendar.timeZone, limits, resetsAt },
        openJobs: standing.openJobs,
        jobsToday: standing.jobsToday,
        gpuSecondsToday: seconds(standing.gpuMsToday),
        passed: passed && { limit: passed.limit, opensAt: passed.opensAt },
        keys: keys.map((key) => keyNow(key, resetsAt)),
        days: fillDays(figures.read({ from, to: day, by: ['period'], account }), daysBetween(from, day)),
      }
    },
  }
}

export type UsageReport = ReturnType<typeof createReport>
