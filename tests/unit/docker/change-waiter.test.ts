import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createChangeWaiter } from '../../../electron/docker/change-waiter'
import type { Engine } from '../../../electron/docker/engine'

type Listen = Parameters<Engine['onChange']>[0]

it('leaves nothing on the signal that it is waited for with again and again, however a wait ends', async () => {
  let tell: Listen = () => undefined
  const waiter = createChangeWaiter(
    {
      onChange(listen) {
        tell = listen
        return () => undefined
      },
    },
    () => ({ id: 'another' }),
  )
  const leaving = new AbortController()
  for (let wait = 0; wait < 12; wait++) {
    waiter.watch(null)
    await waiter.next(leaving.signal, 1)
    const told = waiter.next(leaving.signal)
    expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(1)
    tell({ type: 'containers' })
    await told
  }
  expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(0)

  waiter.watch(null)
  const last = waiter.next(leaving.signal)
  leaving.abort()
  await last
})
