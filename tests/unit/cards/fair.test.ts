import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRounds, inFairOrder } from '../../../electron/cards/fair'

/** Serves all that wait, one after the other; the people in the order in which they were served. */
function serveAll(asked: readonly { id: number; person: string }[]): string[] {
  const rounds = createRounds()
  for (const { person } of asked) rounds.enter(person)
  const served: string[] = []
  let waiting = [...asked]
  while (waiting.length > 0) {
    const [next] = inFairOrder(waiting, rounds)
    if (!next) break
    rounds.serve(next.person)
    served.push(next.person)
    waiting = waiting.filter((one) => one !== next)
  }
  return served
}

const crowd = fc
  .array(fc.constantFrom('amina', 'jonas', 'maya', 'oskar'), { minLength: 1, maxLength: 40 })
  .map((people) => people.map((person, id) => ({ id, person })))

describe('who goes first', () => {
  it('takes people in turn, however many requests one of them has', () => {
    const asked = ['a', 'a', 'a', 'b', 'a', 'b', 'c'].map((person, id) => ({ id, person }))
    expect(serveAll(asked).join('')).toBe('abcabaa')
  })

  it('gives nobody two more than anybody who still waits', () => {
    fc.assert(
      fc.property(crowd, (asked) => {
        const counts = new Map<string, number>()
        const left = new Map<string, number>()
        for (const { person } of asked) left.set(person, (left.get(person) ?? 0) + 1)
        for (const person of serveAll(asked)) {
          counts.set(person, (counts.get(person) ?? 0) + 1)
          left.set(person, (left.get(person) ?? 0) - 1)
          for (const [other, count] of left)
            if (count > 0) expect((counts.get(person) ?? 0) - (counts.get(other) ?? 0)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it("keeps each person's own order", () => {
    fc.assert(
      fc.property(crowd, (asked) => {
        const order = inFairOrder(asked, createRounds())
        for (const { person } of asked) {
          const own = order.filter((one) => one.person === person).map(({ id }) => id)
          expect(own).toEqual([...own].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('lets nobody save up turns while he asks for nothing', () => {
    const rounds = createRounds()
    const ask = (person: string, times: number) => {
      for (let i = 0; i < times; i += 1) rounds.enter(person)
    }
    ask('busy', 50)
    for (let i = 0; i < 50; i += 1) rounds.serve('busy')
    ask('busy', 2)
    ask('late', 2)
    const asked = [0, 1, 2, 3].map((id) => ({ id, person: id < 2 ? 'busy' : 'late' }))
    expect(inFairOrder(asked, rounds).map(({ person }) => person)).toEqual(['late', 'busy', 'late', 'busy'])
  })

  it('lets nobody pay for what he gave up, and nobody slip back while others are served', () => {
    const rounds = createRounds()
    for (let i = 0; i < 40; i += 1) rounds.enter('hasty')
    for (let i = 0; i < 40; i += 1) rounds.leave('hasty')
    rounds.enter('hasty')
    for (let i = 0; i < 9; i += 1) rounds.enter('busy')
    for (let i = 0; i < 8; i += 1) rounds.serve('busy')
    expect(rounds.of('hasty', 0)).toBeLessThan(rounds.of('busy', 0))
  })
})
