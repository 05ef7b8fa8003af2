import { expect, it } from 'vitest'
import type { CardTurn } from '../../../shared/contract'
import {
  freedMarks,
  holdersOf,
  leftBeside,
  stretchesOf,
  timesOf,
  turnsWithin,
} from '../../../renderer/features/gpus/card/lanes'

const shown = { from: 1000, to: 2000 }
const turn = (part: Partial<CardTurn>): CardTurn => ({
  ...{ at: 1500, from: ['forge'], to: 'qwen', by: null, waitedMs: 0, how: 'unloaded' },
  ...{ freedMiB: 100, leftMiB: null, tookMs: 10, ...part },
})

it('a lane shows what lies within the time, cut at its edges, and nothing where nobody watched', () => {
  const pieces = [
    { from: 500, state: 'working' as const },
    { from: 900, state: 'loaded' as const },
    { from: 1250, state: 'working' as const },
    { from: 1750, state: 'empty' as const },
  ]
  expect(stretchesOf(pieces, shown)).toEqual([
    { from: 1000, to: 1250, state: 'loaded', left: 0, width: 25 },
    { from: 1250, to: 1750, state: 'working', left: 25, width: 50 },
    { from: 1750, to: 2000, state: 'empty', left: 75, width: 25 },
  ])
  expect(stretchesOf([{ from: 1500, state: 'stopped' }], shown)[0]?.left).toBe(50)
  expect(timesOf(stretchesOf(pieces, shown))[0]).toEqual({ state: 'working', ms: 500 })
})

it('turns of the time are counted with what making room took, and marks keep apart', () => {
  const turns = [
    turn({ at: 1990 }),
    turn({ at: 1950 }),
    turn({ at: 1200, freedMiB: null }),
    turn({ at: 1100 }),
    turn({ at: 10 }),
  ]
  expect(turnsWithin(turns, shown)).toMatchObject({ turns: { length: 4 }, roomMs: 40 })
  expect(freedMarks(turns, shown).map(({ at }) => at)).toEqual([1990, 1100])
})

it('who has the card is told with whom the turn began for, and no older turn’s person', () => {
  const lane = { serviceId: 'qwen', needMiB: 1, needFrom: 'seen' as const, heldMiB: null, doneAt: 9000, pieces: [] }
  const lanes = [
    { ...lane, state: 'working' as const, turnSince: 1500 },
    { ...lane, state: 'empty' as const, turnSince: null },
  ]
  expect(holdersOf({ lanes, turns: [turn({ by: 'anna' })] })).toEqual([
    { serviceId: 'qwen', state: 'working', since: 1500, doneAt: 9000, for: 'anna' },
  ])
  expect(holdersOf({ lanes, turns: [turn({ by: 'anna', at: 100 })] })[0]?.for).toBeUndefined()
  const pairs = [{ one: 'qwen', other: 'forge', leftMiB: -5 }]
  expect([leftBeside(pairs, 'forge', 'qwen'), leftBeside(pairs, 'forge', 'neo')]).toEqual([-5, null])
})
