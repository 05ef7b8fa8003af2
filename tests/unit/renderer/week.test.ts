import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areSame,
  dayWords,
  emptyWeek,
  hourOfWeek,
  runsOf,
  weekOf,
  windowsOf,
} from '../../../renderer/features/gateway/week'

const workdays = [1, 2, 3, 4, 5]

describe('a week to paint', () => {
  it('is the windows that it came from, whatever is painted', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 168, maxLength: 168 }), (week) => {
        expect(areSame(weekOf(windowsOf(week)), week)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('says the same stretch on several days once', () => {
    const week = weekOf([{ from: '08:00', to: '19:00', days: workdays }])
    expect(runsOf(week)).toEqual([{ from: 8, to: 19, days: workdays }])
    expect(windowsOf(week)).toEqual([{ from: '08:00', to: '19:00', days: workdays }])
  })

  it('takes a window over midnight and one of a whole day for what they are', () => {
    const night = weekOf([{ from: '22:00', to: '02:00', days: [7] }])
    expect(night.flatMap((isOn, at) => (isOn ? [at] : []))).toEqual([0, 1, 166, 167])
    expect(runsOf(weekOf([{ from: '00:00', to: '00:00', days: [3] }]))).toEqual([{ from: 0, to: 24, days: [3] }])
  })

  it('shows the hour that a window begins or ends within', () => {
    const week = weekOf([{ from: '08:30', to: '10:15', days: [1] }])
    expect(runsOf(week)).toEqual([{ from: 8, to: 11, days: [1] }])
  })

  it('knows which of its hours is now', () => {
    expect(hourOfWeek(new Date(2026, 10, 27, 14, 32).getTime())).toBe(4 * 24 + 14)
    expect(hourOfWeek(new Date(2026, 10, 29, 23, 59).getTime())).toBe(167)
    expect(areSame(emptyWeek, weekOf([]))).toBe(true)
  })

  it('names its days shortly', () => {
    const name = (day: number) => 'MTWTFSS'.charAt(day - 1)
    expect(dayWords(workdays, name)).toBe('M–F')
    expect(dayWords([6, 7], name)).toBe('S, S')
  })
})
