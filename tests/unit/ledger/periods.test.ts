import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lastOf, periodsOf } from '../../../electron/ledger/periods'

const dayAt = (n: number) => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10)
const day = fc.nat({ max: 1200 }).map(dayAt)

/** Every day that months and ranges stand for, in their order. */
function daysOf({ months, ranges }: ReturnType<typeof periodsOf>): string[] {
  const all = [...months.map((month) => ({ from: `${month}-01`, to: lastOf(month) })), ...ranges]
  return all
    .flatMap(({ from, to }) =>
      Array.from({ length: 1300 }, (_, n) => dayAt(n)).filter((each) => each >= from && each <= to),
    )
    .sort()
}

it('whole months and single days make up what is asked for, each day once', () => {
  fc.assert(
    fc.property(day, day, fc.boolean(), day, (from, to, asDays, daysFrom) => {
      const periods = periodsOf({ from, to, asDays, daysFrom })
      const asked = Array.from({ length: 1300 }, (_, n) => dayAt(n)).filter((each) => each >= from && each <= to)
      expect(daysOf(periods)).toEqual(asked)
      if (asDays) for (const month of periods.months) expect(`${month}-01` < daysFrom).toBe(true)
    }),
    { numRuns: 60 },
  )
})

it('takes a month for a month, and what touches for one range', () => {
  const asked = { from: '2026-09-15', to: '2026-12-02', daysFrom: '2025-10-01' }
  expect(periodsOf({ ...asked, asDays: false })).toEqual({
    months: ['2026-10', '2026-11'],
    ranges: [
      { from: '2026-09-15', to: '2026-09-30' },
      { from: '2026-12-01', to: '2026-12-02' },
    ],
  })
  expect(periodsOf({ ...asked, asDays: true })).toEqual({
    months: [],
    ranges: [{ from: '2026-09-15', to: '2026-12-02' }],
  })
  expect(periodsOf({ ...asked, from: '2027-01-01', asDays: true })).toEqual({ months: [], ranges: [] })
  expect(lastOf('2028-02')).toBe('2028-02-29')
})
