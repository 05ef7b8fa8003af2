import { expect, test } from 'vitest'
import { orAborted } from '../../../electron/async/abort'
import { watchContainers } from '../../../electron/services/container'
import { readFacts } from '../../../electron/services/container/facts'
import type { ServiceContainer } from '../../../shared/contract'
import { container, supervised } from '../../support/supervised'
import { until } from '../../support/until'

const factsOf = (Status: ServiceContainer['state']) =>
  readFacts({
    ...{ Id: container.id, Name: '/one-web-1', Config: {}, HostConfig: {} },
    State: { Status, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '' },
  })

test('a container that is paused while it is asked is told at once, not when its answer is given up', async () => {
  let state: ServiceContainer['state'] = 'running'
  let asked = 0
  let notice: () => void = () => undefined
  const supervisor = supervised({
    shown: () => ({ ...container, state }),
    finds: () => Promise.resolve({ pid: null, ended: new Promise(() => undefined), stop: () => Promise.resolve(true) }),
    presence: () => Promise.resolve({ asked: '', answered: state, reason: null, facts: factsOf(state) }),
    probe: (signal) => {
      asked += 1
      return orAborted(new Promise<never>(() => undefined), signal)
    },
    containers: watchContainers({
      engine: {
        client: () => Promise.reject(new Error('not asked for')),
        status: () => {
          throw new Error('not asked for')
        },
        onChange: () => () => undefined,
      },
      redact: (text) => text,
      onFinding: () => undefined,
      reportBug: () => undefined,
    }),
    onRuntime: (given) => (notice = given),
  })

  const looked = supervisor.look()
  await until('it is asked', () => asked === 1)
  notice() // of something else: what it was asked stands
  state = 'paused'
  notice()
  await looked

  expect(supervisor.service().health).toMatchObject({ problem: 'ending.paused' })
  expect(asked).toBe(1)
})
