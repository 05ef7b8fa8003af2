import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type NextStep, type Sleeper } from '../../../electron/sleeping/decide'
import { neverSleeps } from '../../../shared/service-idle'
import { awakeAt } from '../../../shared/week-windows'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Local time, as schedules are. Friday, 27 November 2026. */
const friday = (hours: number, minutes = 0) => new Date(2026, 10, 27, hours, minutes).getTime()
const workdays = { windows: [{ from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] }], start: true }

const wait = (step: NextStep['step'], inMs: number) => ({ do: 'wait', next: { step, inMs } })

const sleeper = ({ idle = {}, ...known }: Partial<Omit<Sleeper, 'idle'>> & { idle?: Partial<Sleeper['idle']> }) => ({
  ...{ isUp: true, idleMs: 0, isUnloaded: false, touchedAt: null },
  ...known,
  idle: { ...neverSleeps, ...idle },
})

describe('when a service is put to sleep', () => {
  it('never, where nothing is said of it', () => {
    expect(decide(friday(3), sleeper({ idleMs: 1000 * hourMs }))).toEqual({ do: 'wait', next: null })
    expect(decide(friday(9), sleeper({ isUp: false }))).toEqual({ do: 'wait', next: null })
  })

  it('its models first, once, and then itself', () => {
    const idle = { unloadAfterMin: 10, stopAfterMin: 45 }
    expect(decide(friday(20), sleeper({ idle, idleMs: 4 * minuteMs }))).toEqual(wait('unload', 6 * minuteMs))
    expect(decide(friday(20), sleeper({ idle, idleMs: 10 * minuteMs }))).toEqual({ do: 'unload', minutes: 10 })
    const unloaded = { idle, isUnloaded: true }
    expect(decide(friday(20), sleeper({ ...unloaded, idleMs: 20 * minuteMs }))).toEqual(wait('stop', 25 * minuteMs))
    expect(decide(friday(20), sleeper({ ...unloaded, idleMs: 45 * minuteMs }))).toEqual({ do: 'stop', minutes: 45 })
  })

  it('is not stopped in the hours in which it is kept awake, and its models are unloaded all the same', () => {
    const kept = { idle: { unloadAfterMin: 10, stopAfterMin: 45, schedule: workdays }, idleMs: 2 * hourMs }
    expect(decide(friday(12), sleeper(kept))).toEqual({ do: 'unload', minutes: 10 })
    expect(decide(friday(12), sleeper({ ...kept, isUnloaded: true }))).toEqual(wait('stop', 7 * hourMs))
    expect(decide(friday(19), sleeper({ ...kept, isUnloaded: true }))).toEqual({ do: 'stop', minutes: 45 })
  })
})

describe('when a service is started by its hours', () => {
  const asleep = { isUp: false, idle: { schedule: workdays } }

  it('at their beginning, and later where nobody could then', () => {
    expect(decide(friday(7), sleeper(asleep))).toEqual(wait('start', hourMs))
    expect(decide(friday(8), sleeper({ ...asleep, touchedAt: friday(2) }))).toEqual({ do: 'start' })
    // Regie was started, or the machine woke, at 9:30.
    expect(decide(friday(9, 30), sleeper(asleep))).toEqual({ do: 'start' })
  })

  it('not where a person has stopped it since, or a start has failed', () => {
    const stopped = sleeper({ ...asleep, touchedAt: friday(8, 20) })
    // The next hours begin on Monday.
    expect(decide(friday(9), stopped)).toEqual(wait('start', 71 * hourMs))
    expect(decide(friday(20), stopped)).toEqual(wait('start', 60 * hourMs))
    expect(decide(friday(8) + 3 * 24 * hourMs, stopped)).toEqual({ do: 'start' })
  })

  it('not where they say that it is kept awake, and no more', () => {
    const idle = { schedule: { ...workdays, start: false } }
    expect(decide(friday(9), sleeper({ isUp: false, idle }))).toEqual({ do: 'wait', next: null })
  })
})

it('for anything that is known, nothing is stopped before its time or in its hours, and no wait misses an act', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 300 }))
  const hour = fc.integer({ min: 0, max: 23 }).map((at) => `${String(at).padStart(2, '0')}:00`)
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 })
  const windows = fc.array(fc.record({ from: hour, to: hour, days }), { minLength: 1, maxLength: 3 })
  const cases = fc.record({
    idle: fc.record({
      wake: fc.boolean(),
      unloadAfterMin: limit,
      stopAfterMin: limit,
      schedule: fc.option(fc.record({ windows, start: fc.boolean() })),
    }),
    isUp: fc.boolean(),
    idleMs: fc.integer({ min: 0, max: 400 * minuteMs }),
    isUnloaded: fc.boolean(),
    touchedAt: fc.option(fc.integer({ min: friday(0), max: friday(23) })),
  })
  fc.assert(
    fc.property(fc.integer({ min: friday(0), max: friday(23) + 72 * hourMs }), cases, (now, known) => {
      const { idle } = known
      const decision = decide(now, known)
      const isAwake = idle.schedule !== null && awakeAt(now, idle.schedule.windows).isAwake
      switch (decision.do) {
        case 'stop':
          expect(known.isUp && !isAwake && known.idleMs >= (idle.stopAfterMin ?? Infinity) * minuteMs).toBe(true)
          return
        case 'unload':
          expect(known.isUp && !known.isUnloaded).toBe(true)
          expect(known.idleMs >= (idle.unloadAfterMin ?? Infinity) * minuteMs).toBe(true)
          return
        case 'start':
          expect(!known.isUp && isAwake && idle.schedule?.start).toBe(true)
          return
        case 'wait': {
          const forMs = decision.next?.inMs ?? null
          expect(forMs === null || forMs > 0).toBe(true)
          const later = (ms: number) => decide(now + ms, { ...known, idleMs: known.idleMs + (known.isUp ? ms : 0) }).do
          expect(later((forMs ?? 48 * hourMs) / 2)).toBe('wait')
          // Its hours may begin just then.
          const isKept = idle.schedule !== null && awakeAt(now + (forMs ?? 0), idle.schedule.windows).isAwake
          if (forMs !== null && known.isUp && !isKept) expect(later(forMs)).not.toBe('wait')
        }
      }
    }),
    { numRuns: 300 },
  )
})
