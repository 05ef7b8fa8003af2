import { expect, test } from 'vitest'
import { coalesce } from '../../../electron/async/coalesce'

test('never two at once; who asks meanwhile shares one that begins after', async () => {
  let begun = 0
  let under = 0
  let end = () => {}
  const look = coalesce(async () => {
    const mine = (begun += 1)
    expect((under += 1)).toBe(1)
    await new Promise<void>((resolve) => (end = resolve))
    under -= 1
    return mine
  })
  const [first, alsoFirst] = [look(), look()]
  await new Promise(setImmediate)
  const [second, alsoSecond] = [look(), look()]
  end()
  expect(await Promise.all([first, alsoFirst])).toEqual([1, 1])
  await new Promise(setImmediate)
  end()
  expect(await Promise.all([second, alsoSecond])).toEqual([2, 2])
  expect(begun).toBe(2)
})

test('a failure is told to those who shared it, and the next one begins', async () => {
  let fails = true
  const look = coalesce(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve('yes')))
  const both = await Promise.allSettled([look(), look()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await look()).toBe('yes')
})
