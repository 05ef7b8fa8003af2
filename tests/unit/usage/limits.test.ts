import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitProblem, passedLimit, retryAfterS } from '../../../electron/usage/limits'

const none = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }
const limit = fc.option(fc.integer({ min: 0, max: 20 }), { nil: null })
const standing = fc.record({
  openJobs: fc.nat({ max: 25 }),
  jobsToday: fc.nat({ max: 25 }),
  gpuMsToday: fc.nat({ max: 25_000 }),
})
const limits = fc.record({ concurrentJobs: limit, jobsPerDay: limit, gpuSecondsPerDay: limit })
const tomorrow = 100_000_000

describe('limits', () => {
  it('refuse one more job exactly where one of them would be passed, and name one that is', () => {
    fc.assert(
      fc.property(limits, standing, (allowed, now) => {
        const passed = passedLimit(allowed, now, tomorrow)
        const fits = {
          concurrentJobs: allowed.concurrentJobs === null || now.openJobs + 1 <= allowed.concurrentJobs,
          jobsPerDay: allowed.jobsPerDay === null || now.jobsToday + 1 <= allowed.jobsPerDay,
          gpuSecondsPerDay: allowed.gpuSecondsPerDay === null || now.gpuMsToday < allowed.gpuSecondsPerDay * 1000,
        }
        if (passed === null) {
          expect(Object.values(fits)).toEqual([true, true, true])
          return
        }
        expect(fits[passed.limit]).toBe(false)
        // What opens tomorrow is told before what opens with the next job that ends.
        const isOfDay = !fits.jobsPerDay || !fits.gpuSecondsPerDay
        expect(passed.opensAt).toBe(isOfDay ? tomorrow : null)
      }),
      { numRuns: 500 },
    )
  })

  it('that are not set let everything through', () => {
    expect(passedLimit(none, { openJobs: 1e6, jobsToday: 1e6, gpuMsToday: 1e12 }, tomorrow)).toBeNull()
  })

  it('say which one it is, when it opens and who can change it', () => {
    const now = Date.UTC(2026, 10, 27, 13, 32)
    const opensAt = Date.UTC(2026, 10, 27, 23)
    const many = { openJobs: 3, jobsToday: 200, gpuMsToday: 3_600_500 }
    const told = (allowed: Partial<typeof none> | Record<string, number>) => {
      const passed = passedLimit({ ...none, ...allowed }, many, opensAt)
      if (!passed) throw new Error('nothing was passed')
      const { message, hint } = limitProblem(passed, now, 'Europe/Paris').reason
      return { text: `${message} ${hint}`, after: retryAfterS(passed, now) }
    }
    expect(told({ jobsPerDay: 200 })).toEqual({
      text: 'You have had 200 jobs today; your limit is 200 a day. It opens again at 00:00 by the machine’s clock, in 9 h 28 min. An administrator can change the limit in People.',
      after: 34_080,
    })
    expect(told({ gpuSecondsPerDay: 3600 }).text).toMatch(/3600 s of GPU time today; your limit is 3600 s a day.*00:00/)
    expect(told({ concurrentJobs: 2 })).toEqual({
      text: 'You have 3 jobs waiting or running; your limit is 2 at once. Another one is taken as soon as one of them ends. An administrator can change the limit in People.',
      after: 10,
    })
  })

  it('are never asked again at once', () => {
    const passed = { limit: 'jobsPerDay', allowed: 1, used: 1, opensAt: 1000 } as const
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), (now) => {
        expect(retryAfterS(passed, now)).toBeGreaterThanOrEqual(1)
        expect(now + retryAfterS(passed, now) * 1000).toBeGreaterThanOrEqual(1000)
      }),
    )
  })
})
