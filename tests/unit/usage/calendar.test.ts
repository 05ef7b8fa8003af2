import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { addDays, addMonths, createCalendar, daysBetween } from '../../../electron/usage/calendar'

/** Among them: clocks put forward at midnight, half-hour summer time, and a day that was left out (Apia, 2011-12-30). */
const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Havana',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
]
const hour = 3_600_000
const moment = fc.integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2031, 0, 1) })
const zone = fc.constantFrom(...zones)
const calendars = new Map(zones.map((name) => [name, createCalendar(name)]))
const calendarOf = (name: string) => calendars.get(name) ?? createCalendar(name)

describe('days', () => {
  it('follow one another without a gap, and each moment lies in the day that the clock on the wall shows', () => {
    fc.assert(
      fc.property(zone, moment, (name, at) => {
        const { dayOf, startOf } = calendarOf(name)
        const day = dayOf(at)
        expect(startOf(day)).toBeLessThanOrEqual(at)
        expect(startOf(addDays(day, 1))).toBeGreaterThan(at)
        expect(dayOf(startOf(day))).toBe(day)
        expect(dayOf(startOf(day) - 1) < day).toBe(true)
        expect(new Intl.DateTimeFormat('en-CA', { timeZone: name }).format(at)).toBe(day)
      }),
    )
  })

  it.each([
    ['Europe/Paris', '2026-03-29', 23],
    ['Europe/Paris', '2026-10-25', 25],
    ['Europe/Paris', '2026-11-27', 24],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Pacific/Apia', '2011-12-30', 0],
  ])('in %s %s has %d hours', (name, day, hours) => {
    const { startOf } = createCalendar(name)
    expect((startOf(addDays(day, 1)) - startOf(day)) / hour).toBe(hours)
  })

  it('begin at 01:00 where the clock is put forward at midnight', () => {
    const at = createCalendar('Africa/Cairo').startOf('2026-04-24')
    expect(new Intl.DateTimeFormat('en-GB', { timeZone: 'Africa/Cairo', timeStyle: 'short' }).format(at)).toBe('01:00')
  })

  it('are those of the machine where no zone is named', () => {
    expect(createCalendar().timeZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
  })

  it.each(zones)('of a machine in %s are those of the zone', (name) => {
    vi.stubEnv('TZ', name)
    try {
      const own = createCalendar()
      expect(own.timeZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
      fc.assert(
        fc.property(moment, (at) => {
          const { dayOf, startOf } = calendarOf(name)
          const day = dayOf(at)
          expect(own.dayOf(at)).toBe(day)
          expect(own.startOf(day)).toBe(startOf(day))
        }),
      )
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

describe('a span of time', () => {
  it('is split into days that follow one another, and nothing of it is lost or doubled', () => {
    fc.assert(
      fc.property(zone, moment, fc.integer({ min: 0, max: 100 * hour }), (name, from, ms) => {
        const { split, dayOf, startOf } = calendarOf(name)
        const parts = split(from, from + ms)
        expect(parts.reduce((sum, part) => sum + part.ms, 0)).toBe(ms)
        expect(parts.map(({ day }) => day)).toEqual([...new Set(parts.map(({ day }) => day))].sort())
        expect(parts[0]?.day ?? dayOf(from)).toBe(dayOf(from))
        for (const { day, ms: length } of parts) {
          expect(length).toBeGreaterThan(0)
          expect(length).toBeLessThanOrEqual(startOf(addDays(day, 1)) - startOf(day))
        }
      }),
    )
  })

  it('that ends before it begins is nothing', () => {
    expect(createCalendar('UTC').split(5, 3)).toEqual([])
  })
})

it('counts days and months by name', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  expect(addMonths('2026-11-27', -13)).toBe('2025-10-01')
  expect(addMonths('2026-11-27', 2)).toBe('2027-01-01')
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(daysBetween('2026-03-01', '2026-02-27')).toEqual([])
})
