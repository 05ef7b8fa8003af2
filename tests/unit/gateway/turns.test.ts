import { describe, expect, it } from 'vitest'
import type { AskedTurn, Cards, Place } from '../../../electron/cards'
import { closedStages } from '../../../electron/gateway'
import type { Admitted } from '../../../electron/gateway'
import { withTurns } from '../../../electron/gateway/turns'

const of = (rule: 'job' | 'everybody', signal = new AbortController().signal) =>
  ({
    asked: { serviceId: 'forge', signal },
    guest: { account: 'maya' },
    route: { rule },
  }) as unknown as Admitted // only what the stage reads

/** A line in which nobody's turn comes, and what it was asked. */
function endless(tell?: Place) {
  const asked: AskedTurn[] = []
  const turn: Cards['turn'] = (one, signal, place) => {
    asked.push(one)
    if (tell) place?.(tell)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
  }
  return { asked, cards: { turn } }
}

const isLocked = () => true
const unknown: Place = { ahead: 0, because: { why: 'unknown', services: ['comfyui'] } }

describe('the turn stage', () => {
  it('holds what starts work, in its person’s name, and lets all else pass', async () => {
    const { asked, cards } = endless()
    const stages = withTurns(closedStages, { cards, isLocked })
    expect(await stages.turn(of('everybody'))).toHaveProperty('end')
    expect(asked).toEqual([])
    void stages.turn(of('job'))
    void withTurns(closedStages, { cards, isLocked: () => false }).turn(of('job'))
    expect(asked.map(({ person, lane }) => ({ person, lane }))).toEqual([
      { person: 'maya', lane: 'forge' },
      { person: 'maya', lane: null },
    ])
  })

  it('leaves the line for whoever goes away', async () => {
    const { cards } = endless()
    const client = new AbortController()
    const turn = withTurns(closedStages, { cards, isLocked }).turn(of('job', client.signal))
    client.abort()
    await expect(turn).rejects.toThrow('gone')
  })

  it('refuses with words and Retry-After when nobody can tell for too long whether the card will be free', async () => {
    const { cards } = endless(unknown)
    const refused = await withTurns(closedStages, { cards, isLocked, waitMs: 5 }).turn(of('job'))
    expect(refused).toMatchObject({ refused: { id: 'card.waited' }, status: 503, retryAfterS: 30 })
  })
})
