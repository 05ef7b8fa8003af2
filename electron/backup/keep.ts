/** How many days, weeks and months are kept; of each its newest backup. */
export interface KeepCounts {
  daily: number
  weekly: number
  monthly: number
}

interface Kept {
  name: string
  at: number
  /** Whether it is known that nothing is missing from it. */
  isComplete: boolean
}

const two = (value: number) => String(value).padStart(2, '0')

/** The local day, week (by its Monday) and month of a time: a person's calendar, not that of Greenwich. */
function periodsOf(at: number): Record<keyof KeepCounts, string> {
  const date = new Date(at)
  const dayOf = (of: Date) => `${of.getFullYear()}-${two(of.getMonth() + 1)}-${two(of.getDate())}`
  const monday = new Date(date)
  monday.setDate(date.getDate() - ((date.getDay() + 6) % 7))
  return { daily: dayOf(date), weekly: dayOf(monday), monthly: dayOf(date).slice(0, 7) }
}

/**
 * Which of these may go: what is the newest of none of the last days, weeks and months that have a backup. Periods
 * without one do not count, so that a machine that was off for a month loses nothing by it. The newest always stays.
 * One from which a file outside is missing counts as any other: what Regie itself knows is whole in it. But the newest
 * complete one stays too, however old: what a share that is away for months holds may be nowhere else.
 */
export function outlived(backups: readonly Kept[], keep: KeepCounts): string[] {
  const newestFirst = [...backups].sort((a, b) => b.at - a.at)
  const always = [...newestFirst.slice(0, 1), ...newestFirst.filter(({ isComplete }) => isComplete).slice(0, 1)]
  const wanted = new Set(always.map(({ name }) => name))
  for (const period of ['daily', 'weekly', 'monthly'] as const) {
    const seen = new Set<string>()
    for (const { name, at } of newestFirst) {
      const its = periodsOf(at)[period]
      if (seen.size >= keep[period] || seen.has(its)) continue
      seen.add(its)
      wanted.add(name)
    }
  }
  return newestFirst.filter(({ name }) => !wanted.has(name)).map(({ name }) => name)
}
