import { expect, it } from 'vitest'
import { pause } from '../../../../electron/async/pause'
import { createDraining } from '../../../../electron/gateway/waking/draining'
import type { ServiceLoad } from '../../../../shared/contract'
import { until } from '../../../support/until'

/** A rotation of one service, and what runs there. */
function rotating({ longestMs, isHolding = true }: { longestMs?: number; isHolding?: boolean } = {}) {
  const lent = 'current' as 'current' | 'pending' | null
  const state = { lent, running: 0, waiting: 0, onTheirWay: 0, isStarting: false, looks: 0 }
  const draining = createDraining({
    ...{ lentFor: () => state.lent, isHolding: () => isHolding, workingOn: () => state.onTheirWay, lookMs: 1 },
    isInOperation: () => state.isStarting,
    ...(longestMs !== undefined && { longestMs }),
  })
  const loadOf = (serviceId: string): Promise<ServiceLoad> => {
    state.looks += 1
    const { running, waiting } = state
    return Promise.resolve({ serviceId, state: running + waiting > 0 ? 'busy' : 'idle', own: 7, running, waiting })
  }
  const abort = new AbortController()
  const drained = { is: false }
  const drain = () =>
    draining.drain('studio', loadOf, abort.signal).then(() => {
      drained.is = true
    })
  return { state, draining, drain, drained, abort }
}

it('holds new jobs from its beginning, waits for what runs, waits and is on its way, and then holds everything', async () => {
  const { state, draining, drain, drained, abort } = rotating()
  expect(draining.of('studio')).toBe('no')
  state.running = 1
  const done = drain()
  expect(draining.of('studio')).toBe('draining')
  for (const left of [
    { running: 0, waiting: 1 },
    { waiting: 0, onTheirWay: 1 },
  ]) {
    Object.assign(state, left)
    const looked = state.looks
    await until('it to look twice', () => state.looks > looked + 1)
    expect(drained.is).toBe(false)
  }
  // Those of the Studio that wait in its own line are not on the service.
  state.onTheirWay = 0
  await done
  expect(draining.of('studio')).toBe('draining')
  // A request has just had it started: it is restarted when that is done.
  state.isStarting = true
  const atRest = { is: false }
  const holding = draining.hold('studio', abort.signal).then(() => (atRest.is = true))
  expect(draining.of('studio')).toBe('held')
  await pause(5, abort.signal)
  expect(atRest.is).toBe(false)
  state.isStarting = false
  await holding
  // The old secret again, when it is rolled back: the program may still have the new one.
  state.lent = 'pending'
  expect(draining.of('studio')).toBe('held')
  state.lent = 'current'
  expect(draining.of('studio')).toBe('held')
  state.lent = null
  expect(draining.of('studio')).toBe('no')
})

it('gives up where work does not end, with how much there is, and where the rotation is cancelled', async () => {
  const late = rotating({ longestMs: 1 })
  Object.assign(late.state, { running: 2, waiting: 3 })
  await expect(late.drain()).rejects.toMatchObject({
    id: 'rotation.service-busy',
    params: { service: 'studio', running: 2, waiting: 3 },
  })
  const cancelled = rotating()
  cancelled.state.running = 1
  const done = cancelled.drain()
  cancelled.abort.abort(new Error('cancelled'))
  await expect(done).rejects.toThrow('cancelled')
})

it('waits for nothing where nobody can be held, because there is no gateway', async () => {
  const { state, draining, drain } = rotating({ isHolding: false })
  state.running = 1
  await drain()
  expect([state.looks, draining.of('studio')]).toEqual([0, 'no'])
})
