import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changeOf,
  daysOf,
  monthAfter,
  others,
  rangesOf,
  seriesOf,
  sortedBy,
  ticksOf,
  unitFor,
} from '../../../renderer/features/usage/model'
import type { UsageFigures, UsageRow } from '../../../shared/contract'

const nothing: UsageFigures = {
  ...{ requests: 0, jobs: 0, failed: 0, images: 0, gpuSeconds: 0, unknownJobs: 0 },
  ...{ bytesIn: 0, bytesOut: 0, refused: 0 },
}
const row = (id: string, figures: Partial<UsageFigures>, gpuSeconds: number | null = null): UsageRow => ({
  ...{ id, name: id, user: null, parts: [] },
  figures: { ...nothing, ...figures },
  days: gpuSeconds === null ? null : [{ day: '2026-11-01', gpuSeconds, images: 1, jobs: 1 }],
})

describe('a month of use', () => {
  it('is held against the same days of the month before, never a whole month', () => {
    expect(rangesOf('2026-11', '2026-11-27')).toEqual({
      shown: { from: '2026-11-01', to: '2026-11-27' },
      before: { from: '2026-10-01', to: '2026-10-27' },
    })
    expect(rangesOf('2026-03', '2026-11-27')).toEqual({
      shown: { from: '2026-03-01', to: '2026-03-31' },
      before: { from: '2026-02-01', to: '2026-02-28' },
    })
    expect(rangesOf('2026-01', '2026-01-01').before).toEqual({ from: '2025-12-01', to: '2025-12-01' })
  })

  it('has its days', () => {
    expect(daysOf('2028-02')).toHaveLength(29)
    expect(monthAfter('2026-01', -1)).toBe('2025-12')
    expect(monthAfter('2026-12', 1)).toBe('2027-01')
  })

  it('tells a change only where there was something before', () => {
    expect(changeOf(109, 100)).toBe(9)
    expect(changeOf(5, 10)).toBe(-50)
    expect(changeOf(5, 0)).toBeNull()
    expect(changeOf(null, 10)).toBeNull()
  })
})

describe('bars', () => {
  const day = { day: '2026-11-01', images: 9, jobs: 9 }

  it('are of the four who lead, and of the others together', () => {
    const rows = [6, 5, 4, 3, 2, 1].map((n) => row(`p${n}`, { gpuSeconds: n }, n > 2 ? n : null))
    const series = seriesOf(sortedBy(rows, 'gpuSeconds'), [{ ...day, gpuSeconds: 21 }], 'gpuSeconds')
    expect(series.map(({ key, shade, values }) => [key, shade, values.get('2026-11-01')])).toEqual([
      ['[null,"p6"]', 0, 6],
      ['[null,"p5"]', 1, 5],
      ['[null,"p4"]', 2, 4],
      ['[null,"p3"]', 3, 3],
      [others, 4, 3],
    ])
    expect(seriesOf(sortedBy(rows.slice(0, 2), 'gpuSeconds'), [{ ...day, gpuSeconds: 11 }], 'gpuSeconds')).toHaveLength(
      2,
    )
  })

  it('of what is not known come last, and are nothing', () => {
    const rows = [row('a', { gpuSeconds: null, jobs: 5 }, 0), row('b', { gpuSeconds: 1 }, 1)]
    expect(sortedBy(rows, 'gpuSeconds').map(({ id }) => id)).toEqual(['b', 'a'])
  })

  it('have an axis with at most five round steps that reaches above all of them', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (largest) => {
        const ticks = ticksOf(largest)
        expect(ticks[0]).toBe(0)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest)
        expect(ticks.length).toBeGreaterThan(1)
        expect(ticks.length).toBeLessThanOrEqual(6)
      }),
    )
    expect(ticksOf(11.7)).toEqual([0, 5, 10, 15])
    expect(ticksOf(0)).toEqual([0, 1])
  })

  it.each([
    [7200, 'hours'],
    [3599, 'minutes'],
    [59, 'seconds'],
  ])('of %d seconds at most are told in %s', (seconds, unit) => {
    expect(unitFor(seconds).unit).toBe(unit)
  })
})
