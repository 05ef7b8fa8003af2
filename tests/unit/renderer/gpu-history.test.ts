import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fleetOf, needsAttention } from '../../../renderer/features/gpus/fleet'
import { csvOf } from '../../../renderer/features/gpus/history/csv'
import { happeningsOf, isUnder } from '../../../renderer/features/gpus/history/happenings'
import { lifeOf, markOf, marksOf } from '../../../renderer/features/gpus/history/life'
import {
  chosen,
  hourOf,
  jobsOf,
  moved,
  msOf,
  placeOf,
  pointAt,
  readingAt,
  refreshMs,
  silenceOf,
  someOf,
  spans,
  workedMs,
  zoomed,
} from '../../../renderer/features/gpus/history/view'
import type { GpuHistory } from '../../../shared/contract'
import { cardOf } from '../../support/gpu-readings'

const of = (...values: (number | null)[]) => ({ low: values, mean: values, high: values })
const nothing = of(null, null, null)

const history = (more: Partial<GpuHistory> = {}): GpuHistory => ({
  ...{ uuid: 'GPU-1', name: 'RTX 3090', memoryTotalMiB: 24_576, powerLimitW: 350, from: 0, to: 30_000, stepMs: 10_000 },
  ...{ times: [0, 10_000, 20_000], load: of(10, null, 90), memory: of(1000, null, 2000), temperature: nothing },
  ...{ power: nothing, clock: nothing, fan: nothing, slowed: [], gaps: [], work: [], events: [] },
  totals: { energyWh: null, hottest: null, slowedMs: 0, knownMs: 20_000 },
  ...more,
})

type Event = GpuHistory['events'][number]
const event = (at: number, kind: Event['kind'], name: string | null = null): Event => ({
  ...{ at, kind, name, serviceId: 'comfyui', exitCode: null },
})

describe('what is shown of a card’s past', () => {
  it('is zoomed in steps, and a chosen stretch around its middle, never below a minute or above 30 days', () => {
    expect(zoomed({ span: '360' }, 1)).toEqual({ span: '1440' })
    expect(zoomed({ span: '1' }, -1)).toEqual({ span: '1' })
    expect(zoomed({ from: 0, to: 600_000 }, -1)).toEqual({ from: 150_000, to: 450_000 })
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.integer({ min: 1, max: 1e10 }),
        fc.constantFrom(1 as const, -1 as const),
        (from, wide, by) => {
          const range = zoomed({ from, to: from + wide }, by)
          if ('span' in range) return
          expect(range.to - range.from).toBeGreaterThanOrEqual(60_000)
          expect(range.to - range.from).toBeLessThanOrEqual(msOf('43200'))
        },
      ),
    )
  })

  it('is what somebody dragged over, in either direction; a click is none', () => {
    const hour = { from: 0, to: 3_600_000 }
    expect(chosen(1_000_000, 400_000, hour)).toEqual({ from: 400_000, to: 1_000_000 })
    expect(chosen(400_000, 400_001, hour)).toBeNull()
    expect(chosen(400_000, 440_000, hour)).toEqual({ from: 390_000, to: 450_000 })
    expect(chosen(-5, 9e9, hour)).toEqual(hour)
  })

  it('is asked for again about once a point, and a chosen stretch not at all', () => {
    expect(spans.map((span) => refreshMs({ span }))).toEqual([2000, 2000, 12_000, 72_000, 288_000, 300_000, 300_000])
    expect(refreshMs({ from: 0, to: 1 })).toBe(false)
  })

  it('keeps the crosshair within the charts', () => {
    expect([moved(null, -1, 3), moved(0, -1, 3), moved(2, 5, 3)]).toEqual([2, 0, 2])
    expect([0, 0.5, 0.99, 1].map((share) => pointAt(share, history()))).toEqual([0, 1, 2, 2])
    expect(hourOf({ stepMs: 60_000, times: Array.from({ length: 360 }, () => 0) })).toBe(60)
    expect(hourOf({ stepMs: 1000, times: Array.from({ length: 60 }, () => 0) })).toBe(6)
  })

  it('says of a point what is known, and why nothing is', () => {
    const gaps = [{ from: 10_000, to: 20_000, why: 'machine-off' as const }]
    const slowed = [{ from: 20_000, to: 30_000, reasons: ['heat' as const] }]
    const work = [{ serviceId: 'comfyui', spans: [{ from: 25_000, to: 26_000, jobs: 2 }] }]
    const told = history({ gaps, slowed, work })
    expect(readingAt(told, 1)).toMatchObject({ load: null, gap: { why: 'machine-off' }, reasons: [], working: [] })
    expect(readingAt(told, 2)).toMatchObject({ load: 90, gap: null, reasons: ['heat'], working: ['comfyui'] })
    expect(silenceOf(told)).toEqual({ ms: 10_000, why: 'machine-off' })
    expect(silenceOf(history())).toEqual({ ms: 0, why: null })
    expect(placeOf({ from: 15_000, to: 99_000 }, told)).toEqual({ left: '50%', width: '50%' })
  })

  it('counts time in which two services worked once, and only what lies in it', () => {
    const work = [
      { serviceId: 'a', spans: [{ from: -10_000, to: 10_000, jobs: 1 }] },
      {
        serviceId: 'b',
        spans: [
          { from: 5_000, to: 15_000, jobs: 2 },
          { from: 25_000, to: 99_000, jobs: 1 },
        ],
      },
    ]
    expect(workedMs({ work, from: 0, to: 30_000 })).toBe(20_000)
    expect(jobsOf({ work })).toBe(4)
  })

  it('is a table of at most so many rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
        const rows = someOf(count, 60)
        expect(rows.length).toBeLessThanOrEqual(60)
        expect(rows.every((row) => row < count)).toBe(true)
      }),
    )
    const lines = csvOf(history()).split('\r\n')
    expect(lines[0]).toContain('time,load_mean_pct,load_max_pct,memory_max_mib')
    expect(lines[1]).toBe('1970-01-01T00:00:00.000Z,10,10,1000,,,,,')
    expect(lines).toHaveLength(5)
  })
})

describe('a service’s life on its lane', () => {
  const whole = { from: 0, to: 100 }

  it('is what its events tell, also of the time before the first', () => {
    expect(lifeOf([event(20, 'started'), event(60, 'stopped')], whole)).toEqual([{ from: 20, to: 60 }])
    expect(lifeOf([event(20, 'crashed'), event(60, 'started')], whole)).toEqual([
      { from: 0, to: 20 },
      { from: 60, to: 100 },
    ])
    expect(lifeOf([event(20, 'ready')], whole)).toEqual([whole])
    expect(lifeOf([], whole)).toEqual([])
    expect(lifeOf([event(20, 'stopped'), event(40, 'stopped')], whole)).toEqual([{ from: 0, to: 20 }])
  })

  it('has a mark for what began and ended it: asleep is what ends until it is needed', () => {
    expect(markOf(event(0, 'stopped', 'idle'))).toBe('asleep')
    expect(markOf(event(0, 'stopped', 'maya'))).toBe('stopped')
    expect(markOf(event(0, 'oom'))).toBe('crashed')
    expect(markOf(event(0, 'ready'))).toBeNull()
  })

  it('folds marks that would lie upon each other, and a crash is never hidden', () => {
    const marks = marksOf(
      [event(10, 'started'), event(11, 'crashed'), event(11.5, 'started'), event(50, 'stopped')],
      whole,
    )
    expect(marks).toEqual([
      { at: 10, mark: 'crashed', count: 3 },
      { at: 50, mark: 'stopped', count: 1 },
    ])
  })

  it('stands in one list with what slowed the card and where nothing is known, newest first', () => {
    const told = history({
      events: [event(5_000, 'started')],
      slowed: [{ from: 20_000, to: 30_000, reasons: ['heat'] }],
      gaps: [{ from: 10_000, to: 20_000, why: 'regie-off' }],
    })
    expect(happeningsOf(told, 10).map((one) => one.of)).toEqual(['slowed', 'gap', 'service'])
    expect(happeningsOf(told, 1)).toHaveLength(1)
    expect(isUnder({ from: 5000, to: 5000 }, 0, 10_000)).toBe(true)
    expect(isUnder({ from: 5000, to: 5000 }, 10_000, 10_000)).toBe(false)
  })
})

describe('many cards together', () => {
  it('count what is known, and what no card tells is unknown, never 0', () => {
    expect(fleetOf([cardOf(), cardOf()])).toMatchObject({ load: null, power: null, hottest: null, roomiest: null })
    const fleet = fleetOf([
      cardOf({ index: 0, utilizationPct: 100, memoryUsedMiB: 1000, powerW: 100, temperatureC: 70, memoryFreeMiB: 5 }),
      cardOf({ index: 1, utilizationPct: 50, powerW: 50, powerLimitW: null, temperatureC: 93, memoryFreeMiB: 9 }),
      cardOf({ index: 2 }),
    ])
    expect(fleet).toEqual({
      load: { pct: 75, of: 2 },
      memory: { usedMiB: 1000, totalMiB: 24_576 },
      power: { watts: 150, limit: null },
      hottest: { index: 1, celsius: 93 },
      roomiest: { index: 1, freeMiB: 9 },
    })
    expect([cardOf(), cardOf({ temperatureC: 93 })].map(needsAttention)).toEqual([false, true])
  })
})
