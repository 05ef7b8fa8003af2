import { describe, expect, it } from 'vitest'
import { createPlainLines } from '../../../electron/cards'
import { createQueue } from '../../../electron/generation/queue'

function setUp() {
  const begun: string[] = []
  const places: string[] = []
  const finish = new Map<string, () => void>()
  const queue = createQueue<string>({
    cards: createPlainLines(),
    work: (job) => {
      begun.push(job)
      return new Promise((resolve) => finish.set(job, resolve))
    },
    moved: (job, ahead) => places.push(`${job}:${ahead}`),
  })
  const add = (service: string, job: string, person = 'amina') => queue.add(service, job, { person, job }).ahead
  const end = async (job: string) => {
    finish.get(job)?.()
    await new Promise(setImmediate)
  }
  return { queue, add, begun, places, end }
}

describe('queue', () => {
  it('works on one job of a service at a time, first come first served', async () => {
    const { add, begun, end } = setUp()
    expect(['a', 'b', 'c'].map((job) => add('one', job))).toEqual([0, 1, 2])
    expect(begun).toEqual(['a'])
    await end('a')
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('takes people in turn on one service, and tells who goes first now', async () => {
    const { add, begun, places, end } = setUp()
    for (const job of ['a1', 'a2', 'a3']) add('one', job)
    expect(add('one', 'j1', 'jonas')).toBe(1)
    expect(places).toEqual(['a2:2', 'a3:3'])
    for (const job of ['a1', 'j1', 'a2']) await end(job)
    expect(begun).toEqual(['a1', 'j1', 'a2', 'a3'])
  })

  it('lets services work beside each other', () => {
    const { add, begun } = setUp()
    add('one', 'a')
    add('two', 'b')
    expect(begun).toEqual(['a', 'b'])
  })

  it('tells the waiting ones when they move up', async () => {
    const { add, places, end } = setUp()
    for (const job of ['a', 'b', 'c']) add('one', job)
    await end('a')
    expect(places).toEqual(['c:1'])
  })

  it('takes out what waits and not what is at work', async () => {
    const { queue, add, begun, places, end } = setUp()
    for (const job of ['a', 'b', 'c']) add('one', job)
    expect(queue.withdraw('a')).toBe(false)
    expect(queue.withdraw('b')).toBe(true)
    expect(queue.withdraw('b')).toBe(false)
    expect(places).toEqual(['c:1'])
    expect(queue.length('one')).toBe(2)
    await end('a')
    expect(begun).toEqual(['a', 'c'])
  })

  it('begins nothing after it was stopped, and is idle when the last job has ended', async () => {
    const { queue, add, begun, end } = setUp()
    add('one', 'a')
    add('one', 'b')
    queue.stop()
    let isIdle = false
    const idle = queue.idle().then(() => (isIdle = true))
    expect(isIdle).toBe(false)
    await end('a')
    await idle
    expect(begun).toEqual(['a'])
  })

  it('takes jobs again after a service was idle', async () => {
    const { queue, add, begun, end } = setUp()
    add('one', 'a')
    await end('a')
    await queue.idle()
    add('one', 'b')
    expect(begun).toEqual(['a', 'b'])
  })
})
