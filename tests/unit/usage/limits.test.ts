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

  it('of a key count beside its person’s, the stricter first, and both are told', () => {
    fc.assert(
      fc.property(limits, standing, limits, standing, (own, now, ofKey, keyNow) => {
        const key = { id: 'k1', name: 'nightly', limits: ofKey, standing: keyNow }
        const passed = passedLimit(own, now, tomorrow, key)
        const each = [passedLimit(own, now, tomorrow), passedLimit(ofKey, keyNow, tomorrow)]
        expect(passed === null).toBe(each.every((one) => one === null))
        if (!passed) return
        // What opens last of both.
        expect(passed.opensAt).toBe(each.some((one) => one?.opensAt === tomorrow) ? tomorrow : null)
        const told = limitProblem(passed, 0, 'UTC')
        if (ofKey[passed.limit] === null) expect([passed.by, told.params['key']]).toEqual(['person', undefined])
        else
          expect(told.params).toMatchObject({
            key: 'nightly',
            keyAllowed: ofKey[passed.limit],
            allowed: own[passed.limit] ?? '∞',
          })
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    [
      'concurrentJobs',
      'No more jobs at once: with the key nightly 3 wait or run, of 1 allowed; of all of yours 7, of ∞.',
    ],
    ['jobsPerDay', 'No more jobs today: the key nightly has had 30, of 1 allowed; you have had 70 in all, of ∞.'],
    [
      'gpuSecondsPerDay',
      'No more GPU time today: the key nightly has used 300 s, of 1 s allowed; you have used 700 s in all, of ∞ s.',
    ],
  ] as const)('of a key are told: %s', (limit, message) => {
    const keyNow = { openJobs: 3, jobsToday: 30, gpuMsToday: 300_000 }
    const key = { id: 'k1', name: 'nightly', limits: { ...none, [limit]: 1 }, standing: keyNow }
    const passed = passedLimit(none, { openJobs: 7, jobsToday: 70, gpuMsToday: 700_000 }, tomorrow, key)
    expect(passed && limitProblem(passed, 0, 'UTC').message).toBe(message)
  })

  it('are never asked again at once', () => {
    const passed = { opensAt: 1000 }
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), (now) => {
        expect(retryAfterS(passed, now)).toBeGreaterThanOrEqual(1)
        expect(now + retryAfterS(passed, now) * 1000).toBeGreaterThanOrEqual(1000)
      }),
    )
  })
})
