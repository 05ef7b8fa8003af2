import { expect, it } from 'vitest'
import type { Service } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { describeServices } from '../../../electron/panel/gateway-services'

it('tells whose jobs a service has, in the order of their places, and then who waits and why', () => {
  const open = (id: string, account: string, begunAt: number) => ({
    ...{ id, account, begunAt, service: 'qwen', key: null, machine: 'local', cards: 1 },
  })
  const generation = (id: string, state: 'running' | 'queued') => ({ id, state, serviceId: 'qwen', prompt: 'secret' })
  const why = reason('card.busy', { services: 'forge' })
  const told = describeServices(
    { list: () => [{ id: 'qwen', runtime: 'simulator' }] as unknown as Service[] },
    { containers: () => [] },
    {
      usage: {
        on: () => [open('late', 'anna', 10), open('first', 'bo', 20)],
        held: () =>
          ['asked', 'asleep'].map((id) => ({
            ...{ id, service: 'qwen', account: 'bo', key: null, since: 40, giveUp: () => undefined },
          })),
      },
      generations: {
        pendingOn: () => [generation('studio', 'running'), generation('queued', 'queued')],
        accountOf: () => 'admin',
        get: () => ({ createdAt: 5 }) as never,
      },
      cards: {
        waiting: () =>
          ['qwen', 'forge', 'qwen'].map((serviceId, at) => ({
            ...{ serviceId, by: 'gone', since: 30, ahead: 3, reason: why, job: at === 2 ? 'asked' : 'queued' },
          })),
      },
      numbers: { placeOf: (_, id) => ({ late: 2, first: 1 })[id] ?? null },
      nameOf: (account) => ({ anna: 'Anna', bo: 'Bo' })[account] ?? null,
      bypass: { of: () => ({ jobs: 2, at: 40 }) },
    },
  )()
  expect(told).toEqual([
    {
      serviceId: 'qwen',
      line: [
        { by: 'admin', name: 'admin', since: 5, reason: null, job: { id: 'studio', from: 'studio' } },
        { by: 'bo', name: 'Bo', since: 20, reason: null, job: { id: 'first', from: 'gateway' } },
        { by: 'anna', name: 'Anna', since: 10, reason: null, job: { id: 'late', from: 'gateway' } },
        { by: 'gone', name: 'gone', since: 30, reason: why, job: { id: 'queued', from: 'studio' } },
        { by: 'gone', name: 'gone', since: 30, reason: why, job: { id: 'asked', from: 'gateway' } },
        { by: 'bo', name: 'Bo', since: 40, reason: reason('job.waking'), job: { id: 'asleep', from: 'gateway' } },
      ],
      bypass: { jobs: 2, at: 40 },
      monitors: [],
    },
  ])
  expect(JSON.stringify(told)).not.toContain('secret')
})
