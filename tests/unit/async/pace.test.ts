import { expect, test } from 'vitest'
import { createPace } from '../../../electron/async/pace'

const busy = (ms: number) => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('a burst is spread over turns of the loop, in its order, and others have theirs between', async () => {
  const pace = createPace(4)
  const seen: (number | 'turn')[] = []
  let isOver = false
  const turn = () => {
    if (isOver) return
    seen.push('turn')
    setImmediate(turn)
  }
  setImmediate(turn)
  const piece = async (n: number) => {
    const wait = pace()
    if (wait) await wait
    seen.push(n)
    busy(3)
    // What goes on in microtasks counts as well.
    await Promise.resolve()
  }
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(piece))
  isOver = true
  expect(seen.filter((one) => one !== 'turn')).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  // Two pieces fill a turn; a machine that is slow lets fewer through, never more.
  const together = seen
    .map((one) => (one === 'turn' ? '|' : '.'))
    .join('')
    .split('|')
  expect(Math.max(...together.map((each) => each.length))).toBeLessThanOrEqual(2)
})

test('with time left nobody waits; in a turn that is spent those who come later wait behind those before them', async () => {
  const pace = createPace(5)
  expect(pace()).toBeNull()
  expect(pace()).toBeNull()
  busy(6)
  const order: string[] = []
  const waits = ['first', 'second'].map(async (name) => {
    const wait = pace()
    expect(wait).not.toBeNull()
    await wait
    order.push(name)
  })
  await Promise.all(waits)
  expect(order).toEqual(['first', 'second'])
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(pace()).toBeNull()
})
