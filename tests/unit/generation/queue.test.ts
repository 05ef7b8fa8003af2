import { describe, expect, it } from 'vitest'
import { createQueue } from '../../../electron/generation/queue'

function setUp() {
  const begun: string[] = []
  const places: string[] = []
  const finish = new Map<string, () => void>()
  const queue = createQueue<string>({
    work: (job) => {
      begun.push(job)
      return new Promise((resolve) => finish.set(job, resolve))
    },
    moved: (job, ahead) => places.push(`${job}:${ahead}`),
  })
  const end = async (job: string) => {
    finish.get(job)?.()
    await new Promise(setImmediate)
  }
  return { queue, begun, places, end }
}

describe('queue', () => {
  it('works on one job of a service at a time, first come first served', async () => {
    const { queue, begun, end } = setUp()
    expect(['a', 'b', 'c'].map((job) => queue.add('one', job))).toEqual([0, 1, 2])
    expect(begun).toEqual(['a'])
    await end('a')
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('lets services work beside each other', () => {
    const { queue, begun } = setUp()
    queue.add('one', 'a')
    queue.add('two', 'b')
    expect(begun).toEqual(['a', 'b'])
  })

  it('tells the waiting ones when they move up', async () => {
    const { queue, places, end } = setUp()
    for (const job of ['a', 'b', 'c']) queue.add('one', job)
    await end('a')
    expect(places).toEqual(['c:1'])
  })

  it('takes out what waits and not what is at work', async () => {
    const { queue, begun, places, end } = setUp()
    for (const job of ['a', 'b', 'c']) queue.add('one', job)
    expect(queue.withdraw('one', 'a')).toBe(false)
    expect(queue.withdraw('one', 'b')).toBe(true)
    expect(queue.withdraw('one', 'b')).toBe(false)
    expect(places).toEqual(['c:1'])
    expect(queue.length('one')).toBe(2)
    await end('a')
    expect(begun).toEqual(['a', 'c'])
  })

  it('begins nothing after it was stopped, and is idle when the last job has ended', async () => {
    const { queue, begun, end } = setUp()
    queue.add('one', 'a')
    queue.add('one', 'b')
    queue.stop()
    let isIdle = false
    const idle = queue.idle().then(() => (isIdle = true))
    expect(isIdle).toBe(false)
    await end('a')
    await idle
    expect(begun).toEqual(['a'])
  })

  it('takes jobs again after a service was idle', async () => {
    const { queue, begun, end } = setUp()
    queue.add('one', 'a')
    await end('a')
    await queue.idle()
    queue.add('one', 'b')
    expect(begun).toEqual(['a', 'b'])
  })
})
