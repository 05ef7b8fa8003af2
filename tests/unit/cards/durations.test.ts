import { expect, it } from 'vitest'
import { createDurations, usualRoomMs } from '../../../electron/cards/durations'

it('jobs of a service are reckoned to be done by how long its last ones took, each from the end of the one before it', () => {
  let now = 1000
  const durations = createDurations(() => now)
  durations.begun('a')
  // Nothing has ended yet: nobody knows.
  expect(durations.doneAt('a', 1)).toBeNull()
  now = 11_000
  durations.ended('a', 0)
  expect(durations.doneAt('a', 0)).toBeNull()

  // Two that were given at once: the second counts from the end of the first.
  now = 20_000
  durations.begun('a')
  durations.begun('a')
  expect(durations.doneAt('a', 2)).toBe(40_000)
  now = 30_000
  durations.ended('a', 1)
  expect(durations.doneAt('a', 1)).toBe(40_000)
  // It takes longer than usual: the time lies behind, and is told as it is.
  now = 45_000
  expect(durations.doneAt('a', 1)).toBe(40_000)
  durations.ended('a', 0)
  expect(durations.doneAt('b', 1)).toBeNull()
})

it('making room is reckoned from the turns for which some was made', () => {
  expect(usualRoomMs([])).toBe(0)
  expect(
    usualRoomMs([
      { from: [], tookMs: 0 },
      { from: ['a'], tookMs: 3000 },
      { from: ['b'], tookMs: 1000 },
      { from: ['a'], tookMs: 2000 },
    ]),
  ).toBe(2000)
})
