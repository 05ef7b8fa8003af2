import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNumbers } from '../../../electron/cards/numbers'
import { handClock } from '../../support/hand-clock'

/** A service's own line, which runs the lowest number first, the earlier of two equal ones. */
function newLine() {
  const clock = handClock(1_800_000_000_000)
  let line: { id: string; person: string; number: number }[] = []
  const numbers = createNumbers({ isOpen: (_, id) => line.some((one) => one.id === id), clock })
  let count = 0
  const send = (person: string) => {
    const id = `job ${String((count += 1)).padStart(5, '0')}`
    line.push({ id, person, number: numbers.give('comfyui', person, id) })
  }
  const run = () => {
    line.sort((one, other) => one.number - other.number || (one.id < other.id ? -1 : 1))
    const [next, ...rest] = line
    line = rest
    return next?.person ?? ''
  }
  return { send, run, waiting: (person: string) => line.filter((one) => one.person === person).length }
}

describe('numbers in a service’s own line', () => {
  it('take people in turn, whoever came with many', () => {
    const { send, run } = newLine()
    for (let i = 0; i < 5; i += 1) send('amina')
    send('jonas')
    send('jonas')
    expect([1, 2, 3, 4, 5, 6, 7].map(run).join(' ')).toBe('amina jonas amina jonas amina amina amina')
  })

  it('let somebody who comes late wait for one job of each, however long the line is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 20 }), (many, done) => {
        const { send, run, waiting } = newLine()
        for (let i = 0; i < many; i += 1) for (const person of ['amina', 'jonas']) send(person)
        for (let i = 0; i < done; i += 1) run()
        send('maya')
        const before: string[] = []
        while (waiting('maya') > 0) before.push(run())
        for (const person of ['amina', 'jonas'])
          expect(before.filter((one) => one === person).length).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('begin after those that an earlier panel sent, and are another line for each service', () => {
    const clock = handClock(1_800_000_000_000)
    const before = createNumbers({ isOpen: () => true, clock })
    const old = Array.from({ length: 9 }, (_, at) => before.give('comfyui', 'amina', `old ${at}`))
    clock.moveTo(1_800_000_060_000)
    const after = createNumbers({ isOpen: () => true, clock })
    expect(after.give('comfyui', 'jonas', 'new')).toBeGreaterThan(Math.max(...old))
    expect(after.give('other', 'jonas', 'new')).toBe(1_800_000_060)
  })
})
