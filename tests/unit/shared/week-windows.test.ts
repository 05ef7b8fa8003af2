import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awakeAt, openingAt } from '../../../shared/week-windows'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const hourMs = 60 * 60_000

/** Clocks of Paris go forward on 29 March 2026 at 02:00, and back on 25 October 2026 at 03:00. */
const zone = process.env['TZ']
beforeAll(() => {
  process.env['TZ'] = 'Europe/Paris'
})
afterAll(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

const at = (text: string) => new Date(text).getTime()
const shown = ({ start, end }: { start: number; end: number }) =>
  `${new Date(start).toISOString()} ${new Date(end).toISOString()}`

describe('the window in which Regie may rotate by itself', () => {
  it('is the one that goes on, or the next', () => {
    const window = { from: '02:00', to: '05:00', days: everyDay }
    expect(shown(openingAt(at('2026-06-10T03:00:00+02:00'), window))).toBe(
      '2026-06-10T00:00:00.000Z 2026-06-10T03:00:00.000Z',
    )
    expect(shown(openingAt(at('2026-06-10T05:00:00+02:00'), window))).toBe(
      '2026-06-11T00:00:00.000Z 2026-06-11T03:00:00.000Z',
    )
  })

  it('crosses midnight, and belongs to the day on which it begins', () => {
    const fridays = { from: '22:00', to: '02:00', days: [5] }
    const saturdayAtOne = at('2026-06-13T01:00:00+02:00')
    expect(shown(openingAt(saturdayAtOne, fridays))).toBe('2026-06-12T20:00:00.000Z 2026-06-13T00:00:00.000Z')
    expect(openingAt(at('2026-06-13T22:30:00+02:00'), fridays).start).toBe(at('2026-06-19T22:00:00+02:00'))
  })

  it('is a whole day when it ends at the minute at which it begins', () => {
    const { start, end } = openingAt(at('2026-06-10T12:00:00+02:00'), { from: '06:00', to: '06:00', days: everyDay })
    expect(end - start).toBe(24 * hourMs)
  })

  it('follows the clock on the wall over the change of the clocks', () => {
    const window = { from: '01:00', to: '05:00', days: everyDay }
    const spring = openingAt(at('2026-03-29T00:30:00+01:00'), window)
    const autumn = openingAt(at('2026-10-25T00:30:00+02:00'), window)
    expect(spring.end - spring.start).toBe(3 * hourMs)
    expect(autumn.end - autumn.start).toBe(5 * hourMs)
    expect(new Date(spring.end).getHours()).toBe(5)
    expect(new Date(autumn.end).getHours()).toBe(5)
  })

  it('has its length too where the whole of it falls into the hour that is left out', () => {
    const opening = openingAt(at('2026-03-29T01:30:00+01:00'), { from: '02:00', to: '03:00', days: [7] })
    expect(shown(opening)).toBe('2026-03-29T01:00:00.000Z 2026-03-29T02:00:00.000Z')
  })

  it('for any time and window is still open or to come, within eight days, and begins on an allowed day', () => {
    const clock = fc
      .integer({ min: 0, max: 24 * 60 - 1 })
      .map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16))
    const windows = fc.record({
      from: clock,
      to: clock,
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    })
    const times = fc.date({ min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(times, windows, (time, window) => {
        const now = time.getTime()
        const { start, end } = openingAt(now, window)
        expect(end).toBeGreaterThan(now)
        expect(end).toBeGreaterThan(start)
        expect(start - now).toBeLessThanOrEqual(8 * 24 * hourMs)
        expect(end - start).toBeLessThanOrEqual(25 * hourMs)
        expect(window.days).toContain(new Date(start).getDay() || 7)
        // Nothing else goes on in between: asked at its start, the same one comes.
        expect(openingAt(start, window)).toEqual({ start, end })
      }),
      { numRuns: 500 },
    )
  })
})

describe('when one of several windows is open', () => {
  const workdays = { from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] }
  const told = (time: string, ...windows: Parameters<typeof awakeAt>[1]) => {
    const { isAwake, until, ...since }: { isAwake: boolean; until: number | null; since?: number | null } = awakeAt(
      at(time),
      windows,
    )
    if (typeof since.since === 'number') expect(awakeAt(since.since, windows)).toEqual({ isAwake, until, ...since })
    return `${isAwake} ${until === null ? 'for good' : new Date(until).toISOString()}`
  }

  it('is told with when that changes next', () => {
    expect(told('2026-11-27T14:32:00+01:00', workdays)).toBe('true 2026-11-27T18:00:00.000Z')
    // Friday evening: until Monday.
    expect(told('2026-11-27T19:00:00+01:00', workdays)).toBe('false 2026-11-30T07:00:00.000Z')
  })

  it('takes those that touch or overlap for one', () => {
    const evening = { from: '19:00', to: '22:00', days: [5] }
    const late = { from: '21:00', to: '01:00', days: [5] }
    expect(told('2026-11-27T14:32:00+01:00', evening, workdays, late)).toBe('true 2026-11-28T00:00:00.000Z')
    expect(awakeAt(at('2026-11-27T21:30:00+01:00'), [evening, workdays, late])).toMatchObject({
      since: at('2026-11-27T08:00:00+01:00'),
    })
    expect(told('2026-11-27T14:32:00+01:00', { from: '00:00', to: '00:00', days: everyDay })).toBe('true for good')
  })

  it('follows the clock on the wall over the change of the clocks', () => {
    const sundays = { from: '01:00', to: '04:00', days: [7] }
    expect(told('2026-03-29T01:30:00+01:00', sundays)).toBe('true 2026-03-29T02:00:00.000Z')
    expect(told('2026-10-25T02:30:00+02:00', sundays)).toBe('true 2026-10-25T03:00:00.000Z')
    expect(told('2026-10-25T02:30:00+01:00', sundays)).toBe('true 2026-10-25T03:00:00.000Z')
  })

  it('for any windows and time changes just then, and not before', () => {
    const hour = fc.integer({ min: 0, max: 23 }).map((at) => `${String(at).padStart(2, '0')}:00`)
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 })
    const windows = fc.array(fc.record({ from: hour, to: hour, days }), { minLength: 1, maxLength: 4 })
    // Around the changes of the clocks, where it would go wrong.
    const days2026 = ['2026-03-27', '2026-10-23', '2026-06-01']
    const times = fc
      .tuple(fc.constantFrom(...days2026), fc.integer({ min: 0, max: 5 * 24 * 60 }))
      .map(([day, minutes]) => at(`${day}T00:00:00Z`) + minutes * 60_000)
    fc.assert(
      fc.property(times, windows, (now, some) => {
        const isOpen = (time: number) => some.some((window) => openingAt(time, window).start <= time)
        const awake = awakeAt(now, some)
        const { isAwake, until } = awake
        if (isAwake && awake.since !== null)
          expect([isOpen(awake.since - 1), isOpen(awake.since)]).toEqual([false, true])
        expect(isAwake).toBe(isOpen(now))
        const end = until ?? now + 7 * 24 * hourMs
        for (let time = now; time < end; time += hourMs) expect(isOpen(time)).toBe(isAwake)
        if (until === null) return
        expect(isOpen(until - 1)).toBe(isAwake)
        expect(isOpen(until)).toBe(!isAwake)
      }),
      { numRuns: 60 },
    )
  })
})
