import type { CountedTo, Figures, Ledger } from '../ledger'
import type { Calendar } from './calendar'
import type { Counted } from './leases'

interface Sum {
  jobs: number
  gpuMs: number
}

const nothing: Sum = { jobs: 0, gpuMs: 0 }

/** By the ids of accounts, and by those of keys. */
interface Sums {
  accounts: Map<string, Sum>
  keys: Map<string, Sum>
}

function addTo(sums: Map<string, Sum>, id: string, { jobs = 0, gpuMs = 0 }: Partial<Sum>): void {
  const before = sums.get(id) ?? nothing
  sums.set(id, { jobs: before.jobs + jobs, gpuMs: before.gpuMs + gpuMs })
}

function addToBoth(
  { accounts, keys }: Sums,
  { account, key }: { account: string; key: string | null },
  what: Partial<Sum>,
): void {
  addTo(accounts, account, what)
  if (key !== null) addTo(keys, key, what)
}

/** What each person and each key has used today, told without asking the database: a limit is looked at for every job. */
export interface Today {
  /** Counts to a day, be it today or not. */
  add(day: string, to: CountedTo, what: Partial<Figures>): void
  of(counted: Counted): Sum
}

interface TodayPorts extends Pick<Ledger, 'figures'> {
  calendar: Calendar
  now: () => number
  /** Told of everything that is counted. */
  counted: (service: string, what: Partial<Figures>) => void
}

export function createToday({ figures, calendar, now, counted }: TodayPorts): Today {
  let day = ''
  let sums: Sums = { accounts: new Map(), keys: new Map() }
  /** Of the day that it is; begun anew from the database where that has changed. */
  function current() {
    const today = calendar.dayOf(now())
    if (today !== day) {
      day = today
      sums = { accounts: new Map(), keys: new Map() }
      for (const { account, key, ...sum } of figures.read({ from: today, to: today, by: ['account', 'key'] }))
        addToBoth(sums, { account: account ?? '', key }, sum)
    }
    return sums
  }
  return {
    add(of, to, what) {
      const known = current()
      figures.add(of, to, what)
      counted(to.service, what)
      if (of !== day || (what.jobs === undefined && what.gpuMs === undefined)) return
      addToBoth(known, to, what)
    },
    of(counted) {
      const { accounts, keys } = current()
      if ('account' in counted) return accounts.get(counted.account) ?? nothing
      const each = counted.keys.map((id) => keys.get(id) ?? nothing)
      return each.reduce((all, { jobs, gpuMs }) => ({ jobs: all.jobs + jobs, gpuMs: all.gpuMs + gpuMs }), nothing)
    },
  }
}
