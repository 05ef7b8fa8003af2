import { expect, test } from 'vitest'
import { waitsOf } from '../../../renderer/features/services/waits'
import type { Gateway, Service, Sleeper } from '../../../shared/contract'

const because = (problem: string) => ({ problem, params: { minutes: 30 }, message: '', hint: '' })

const stopped = {
  id: 'one',
  operation: null,
  health: { state: 'stopped', problem: 'service.stopped' },
} as unknown as Service // what is looked at of it

const told = (sleeper: Partial<Sleeper>, listener: object = {}) =>
  ({
    listeners: [
      { serviceId: 'other', held: 9 },
      { serviceId: 'one', held: 0, waking: null, ...listener },
    ],
    sleepers: [{ serviceId: 'one', state: 'asleep', why: null, ...sleeper }],
  }) as unknown as Gateway // what is looked at of it

test('what Regie put to sleep is asleep, with why, and what a person stopped is not', () => {
  const why = because('sleeping.stopped')
  expect(waitsOf(stopped, told({ why }), []).sleeps).toEqual({ why })
  for (const sleeper of [{ why: null }, { why: because('service.crashed') }, { state: 'waking', why } as const])
    expect(waitsOf(stopped, told(sleeper), [])).not.toHaveProperty('sleeps')
  expect(waitsOf({ ...stopped, operation: 'start' }, told({ why }), [])).not.toHaveProperty('sleeps')
  expect(waitsOf(stopped, undefined, [])).toEqual({ waking: null, held: 0, inLine: 0 })
  // An idle monitor of the deployment's own.
  const monitored = { ...stopped, health: { ...stopped.health, problem: 'ending.asleep' } } as Service
  expect(waitsOf(monitored, undefined, []).sleeps).toEqual({ why: null })
})

test('what waits for a service is its own: requests, a request that wakes it, and jobs in the line of its card', () => {
  const gateway = told({ state: 'waking' }, { held: 2, waking: { since: 1, leftS: 7 } })
  expect(waitsOf(stopped, gateway, [{ serviceId: 'one' }, { serviceId: 'other' }, { serviceId: 'one' }])).toEqual({
    waking: { leftS: 7 },
    held: 2,
    inLine: 2,
  })
})
