import { expect, test } from 'vitest'
import { readFacts } from '../../../electron/services/container/facts'
import type { Run } from '../../../electron/services/runtimes/runtime'
import type { Exit } from '../../../electron/system/exit-codes'
import { Problem } from '../../../shared/problems'
import type { ServiceContainer } from '../../../shared/contract'
import { container, supervised } from '../../support/supervised'

const factsOf = (Status: ServiceContainer['state']) =>
  readFacts({
    ...{ Id: container.id, Name: '/one-web-1', Config: {}, HostConfig: {} },
    State: { Status, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '' },
  })

test('a start of what a look has seen standing still is a new life, though the former has not heard of its end', async () => {
  let state: ServiceContainer['state'] = 'running'
  let end: (exit: Exit) => void = () => undefined
  const running: Run = {
    pid: null,
    ended: new Promise((resolve) => (end = resolve)),
    stop: () => Promise.resolve(true),
  }
  const supervisor = supervised({
    shown: () => ({ ...container, state }),
    finds: () => Promise.resolve(state === 'running' ? running : null),
    presence: () => Promise.resolve({ asked: '', answered: state, reason: null, facts: factsOf(state) }),
    launch: () => Promise.reject(new Problem('service.command-missing', { command: 'a new life' })),
  })
  await supervisor.look()
  expect(supervisor.isUp()).toBe(true)
  state = 'exited'
  await supervisor.look()
  expect(supervisor.isUp()).toBe(true)

  const starting = supervisor.start()
  // Docker's word to the former life is late.
  setTimeout(() => end({ code: 0, signal: null }), 100)

  await expect(starting).rejects.toThrow('a new life')
})
