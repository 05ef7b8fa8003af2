import { expect, test } from 'vitest'
import { createQueue } from '../../../electron/docker/compose/queue'

test('work on one project goes one after the other, on others at once; a failure stops nobody', async () => {
  const enqueue = createQueue()
  const order: string[] = []
  const work =
    (name: string, fails = false) =>
    async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const first = enqueue('qwen', work('first', true))
  const second = enqueue('qwen', work('second'))
  const other = enqueue('forge', work('other'))

  await expect(first).rejects.toThrow('first')
  expect(await Promise.all([second, other])).toEqual(['second', 'other'])
  expect(order.indexOf('second begins')).toBeGreaterThan(order.indexOf('first ends'))
  expect(order.indexOf('other begins')).toBeLessThan(order.indexOf('first ends'))
})

test('what waits can be given up at once, and then is not done', async () => {
  const enqueue = createQueue()
  let finish: () => void = () => undefined
  const first = enqueue('qwen', () => new Promise<void>((resolve) => (finish = resolve)))
  const cancel = new AbortController()
  let begun = false
  const second = enqueue('qwen', () => Promise.resolve(void (begun = true)), cancel.signal)

  cancel.abort(new Error('cancelled'))

  await expect(second).rejects.toThrow('cancelled')
  finish()
  await first
  await enqueue('qwen', () => Promise.resolve())
  expect(begun).toBe(false)
})
