import { expect, test } from 'vitest'
import { createClosing } from '../../../electron/async/closing'

test('closes in the reverse order, each after the one before has ended', async () => {
  const seen: string[] = []
  const closing = createClosing((error) => seen.push(String(error)))
  const slow = (name: string) => async () => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    seen.push(`${name} ended`)
  }
  const first = closing.keep({ name: 'first', close: slow('first') })
  closing.add(slow('second'))
  await closing.close()
  expect(first.name).toBe('first')
  expect(seen).toEqual(['second begins', 'second ended', 'first begins', 'first ended'])
})

test('goes on when one fails, and tells of it', async () => {
  const seen: unknown[] = []
  const closing = createClosing((error) => seen.push(error))
  const [late, thrown] = [new Error('late'), new Error('thrown')]
  closing.add(() => seen.push('first'))
  closing.add(() => Promise.reject(late))
  closing.add(() => {
    throw thrown
  })
  await closing.close()
  expect(seen).toEqual([thrown, late, 'first'])
})

test('closes everything once, though it is asked twice', async () => {
  let times = 0
  const closing = createClosing(() => undefined)
  closing.add(() => Promise.resolve().then(() => times++))
  await Promise.all([closing.close(), closing.close()])
  expect(times).toBe(1)
})
