import { expect, it } from 'vitest'
import { ReachHistory } from '../../../electron/services/reach-history'
import type { ServiceReach } from '../../../shared/contract'

const minute = 60_000
const noon = Date.UTC(2026, 10, 27, 12)

const probe = (at: number, answered: string) => ({
  ...{ at, tookMs: 5 },
  evidence: [{ rung: 'listening', outcome: 'proven', asked: 'GET /', answered, tookMs: 5 }],
})

type Noted = Parameters<ReachHistory['note']>[0]
const note = (history: ReachHistory, at: number, answered: string, isThere: boolean) =>
  history.note(probe(at, answered) as unknown as Noted, isThere)

it('is kept when something is new and otherwise once a minute, and goes on from there after a restart', () => {
  const kept: ServiceReach[] = []
  const first = new ReachHistory({ before: null, keep: (reach) => kept.push(reach) })
  for (let at = 0; at < 3 * minute; at += 5_000) note(first, noon + at, '200', true)
  expect(kept).toHaveLength(3)
  note(first, noon + 3 * minute, 'refused', false)
  note(first, noon + 3 * minute + 1, 'refused', false)
  expect(kept.at(-1)).toMatchObject({
    tries: [
      { answered: 'refused', times: 1 },
      { answered: '200', times: 36 },
    ],
  })

  const later = noon + 60 * minute
  const again = new ReachHistory({ before: kept.at(-1) ?? null, keep: () => undefined })
  note(again, later, '200', true)
  const { slots, tries } = again.describe(later)
  expect(slots).toHaveLength(96)
  expect(slots.filter(({ answered, failed }) => answered + failed > 0)).toEqual([
    { at: noon, answered: 36, failed: 1 },
    { at: later, answered: 1, failed: 0 },
  ])
  expect(tries.map(({ answered }) => answered)).toEqual(['200', 'refused', '200'])
  // A day later nothing of it is told.
  expect(again.describe(later + 25 * 60 * minute).slots.every(({ answered }) => answered === 0)).toBe(true)
})
