import { expect, it } from 'vitest'
import { createHistory } from '../../../electron/cards/history'

const minute = 60_000

it('tells a day of lanes, the last hour as it was and what is older by the minute, in bounded room', () => {
  let now = 0
  const history = createHistory(() => now)
  // Flutters each second, and rests for half an hour in between.
  for (let round = 0; round < 40; round++) {
    for (let turn = 0; turn < 300; turn++) {
      history.stands('forge', turn % 2 ? 'working' : 'loaded')
      now += 1000
    }
    history.stands('forge', 'stopped')
    now += 30 * minute
  }
  const lane = history.lane('forge')
  expect(lane.length).toBeLessThanOrEqual(1000)
  expect(lane[0]?.from).toBeLessThanOrEqual(now - 20 * 60 * minute)
  const recent = lane.filter(({ from }) => from > now - 40 * minute)
  expect(recent.length).toBeGreaterThan(290)
  expect(lane.every(({ state }, at) => state !== lane[at + 1]?.state)).toBe(true)

  // What stood for long is still there.
  expect(lane.filter(({ from, state }) => state === 'stopped' && from < now - 120 * minute).length).toBeGreaterThan(20)
  now += 25 * 60 * minute
  history.stands('forge', 'unknown')
  expect(history.lane('forge').map(({ state }) => state)).toEqual(['stopped', 'unknown'])
})
