import type { CountedTo, Figures, Ledger } from '../ledger'
import type { Calendar } from './calendar'

/** What each person has used today, told without asking the database: a limit is looked at for every job. */
export interface Today {
  /** Counts to a day, be it today or not. */
  add(day: string, to: CountedTo, what: Partial<Figures>): void
  of(account: string): { jobs: number; gpuMs: number }
}

export function createToday({ figures }: Pick<Ledger, 'figures'>, calendar: Calendar, now: () => number): Today {
  let day = ''
  let sums = new Map<string, { jobs: number; gpuMs: number }>()
  /** Of the day that it is; begun anew from the database where that has changed. */
  function current() {
    const today = calendar.dayOf(now())
    if (today !== day) {
      day = today
      const rows = figures.read({ from: today, to: today, by: ['account'] })
      sums = new Map(rows.map(({ account, jobs, gpuMs }) => [account ?? '', { jobs, gpuMs }]))
    }
    return sums
  }
  return {
    add(of, to, what) {
      const known = current()
      figures.add(of, to, what)
      if (of !== day) return
      const { jobs, gpuMs } = known.get(to.account) ?? { jobs: 0, gpuMs: 0 }
      known.set(to.account, { jobs: jobs + (what.jobs ?? 0), gpuMs: gpuMs + (what.gpuMs ?? 0) })
    },
    of: (account) => current().get(account) ?? { jobs: 0, gpuMs: 0 },
  }
}
