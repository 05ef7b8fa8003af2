import fc from 'fast-check'
import { expect, it } from 'vitest'
import { growth } from '../../soak/slope'

const line = (from: number, perSample: number, noise: (at: number) => number = () => 0) =>
  Array.from({ length: 100 }, (_, at) => ({ atMs: at * 2000, rssMiB: from + at * perSample + noise(at) }))

it('is none where memory stays, however it swings', () => {
  expect(growth(line(100, 0))).toBe(0)
  expect(Math.abs(growth(line(100, 0, (at) => (at % 2 === 0 ? 10 : -10))))).toBeLessThan(0.01)
})

it('is the share of the mean by which memory rises', () => {
  // From 100 to 119.8 MiB, 109.9 in the mean.
  expect(growth(line(100, 0.2))).toBeCloseTo(19.8 / 109.9, 6)
  expect(growth(line(100, -0.2))).toBeLessThan(0)
})

it('sees a leak of 5 % through noise of as much', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 100, maxLength: 100 }), (noise) => {
      const found = growth(line(100, 0.1, (at) => noise[at] ?? 0))
      expect(found).toBeGreaterThan(0.03)
      expect(found).toBeLessThan(0.17)
    }),
  )
})

it('is none of one sample', () => {
  expect([growth([]), growth(line(100, 1).slice(0, 1))]).toEqual([0, 0])
})
