import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { createSerial } from '../../../electron/async/serial'
import { createSerialByKey } from '../../../electron/async/serial-by-key'

/** Work that ends when it is told to, and notes when it began and ended. */
function works() {
  const order: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      order.push(`${name} begins`)
      ends.set(name, (error) => {
        order.push(`${name} ends`)
        if (error) reject(error)
        else resolve(name)
      })
    })
  return { order, work, end: (name: string, error?: Error) => ends.get(name)?.(error) }
}

const abortListeners = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length

test('one after the other, each answered by its own; a failure stops nobody', async () => {
  const inTurn = createSerial()
  const { order, work, end } = works()
  const first = inTurn(work('first'))
  const second = inTurn(work('second'))
  const settled = inTurn.settled().then(() => order.push('settled'))
  await Promise.resolve()
  expect(order).toEqual(['first begins'])

  end('first', new Error('no'))
  await expect(first).rejects.toThrow('no')
  end('second')
  expect(await second).toBe('second')
  await settled
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends', 'settled'])
})

test('what throws at once is a failure like any other', async () => {
  const inTurn = createSerial()
  const failed = inTurn(() => {
    throw new Error('at once')
  })
  await expect(failed).rejects.toThrow('at once')
  expect(await inTurn(() => Promise.resolve('next'))).toBe('next')
})

test('a place is given up at once, also by a signal that had aborted before; its work is never begun', async () => {
  const inTurn = createSerial()
  const { order, work, end } = works()
  const first = inTurn(work('first'))
  const leaving = new AbortController()
  const second = inTurn(work('second'), leaving.signal)
  expect(abortListeners(leaving)).toBe(1)
  leaving.abort(new Error('cancelled'))
  await expect(second).rejects.toThrow('cancelled')
  await expect(inTurn(work('third'), leaving.signal)).rejects.toThrow('cancelled')
  expect(abortListeners(leaving)).toBe(0)

  end('first')
  await first
  await inTurn.settled()
  expect(order).toEqual(['first begins', 'first ends'])
})

test('work that has begun is not left alone by its signal, and nothing stays on it', async () => {
  const inTurn = createSerial()
  const { work, end } = works()
  const leaving = new AbortController()
  const first = inTurn(work('first'), leaving.signal)
  await new Promise(setImmediate)
  expect(abortListeners(leaving)).toBe(0)
  leaving.abort()
  end('first')
  expect(await first).toBe('first')
})

test('by key: others go at once, and one that gave up lets nobody overtake who works', async () => {
  const inTurn = createSerialByKey()
  const { order, work, end } = works()
  const first = inTurn('qwen', work('first'))
  const other = inTurn('forge', work('other'))
  const leaving = new AbortController()
  const second = inTurn('qwen', work('second'), leaving.signal)
  leaving.abort(new Error('cancelled'))
  await expect(second).rejects.toThrow('cancelled')
  const third = inTurn('qwen', work('third'))
  await new Promise(setImmediate)
  expect(order).toEqual(['first begins', 'other begins'])

  end('first')
  expect(await first).toBe('first')
  await new Promise(setImmediate)
  expect(order).toEqual(['first begins', 'other begins', 'first ends', 'third begins'])
  end('third')
  end('other')
  expect(await Promise.all([third, other])).toEqual(['third', 'other'])
})
