import { afterEach, expect, test } from 'vitest'
import { createBackend } from '../../../electron/kinds'
import { asItIs, wholeText } from '../../../electron/logs/cutting'
import type { ContainerRuntime, Run, Runtime } from '../../../electron/services/runtimes/runtime'
import { supervise } from '../../../electron/services/supervisor'
import type { ServiceConfig, ServiceContainer } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { until } from '../../support/until'

const specOf = (project: string) => ({ file: '/srv/compose.yaml', service: 'web', project })
const config: ServiceConfig = {
  ...{ id: 'qwen', kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:9' },
  compose: specOf('one'),
}
const container: ServiceContainer = {
  ...{ id: 'c1', name: 'one-web-1', image: 'x', state: 'running', startedAt: null, restartCount: 0, exitCode: null },
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A service whose container is what `shown` says, and whose runtimes find what `finds` gives. */
function supervised(
  shown: () => ServiceContainer | null,
  finds: (config: ServiceConfig) => Promise<Run | null>,
  launch: Runtime['launch'] = () => Promise.reject(new Error('not asked for')),
) {
  const bugs: unknown[] = []
  // Only what a look and a change of the configuration ask of a container's runtime.
  const containers = {
    ...{
      container: shown,
      facts: () => null,
      listed: () => null,
      changes: () => Promise.resolve({ known: true, changes: [] }),
    },
  } as unknown as ContainerRuntime
  const makeRuntime = (of: ServiceConfig): Runtime => ({
    ...{ unmanaged: () => null, startTimeoutMs: 1000, stopGraceMs: 1000, containers },
    presence: () => Promise.resolve({ asked: '', answered: '', reason: null }),
    launch,
    find: () => finds(of),
    goesOnWith: (changed) => JSON.stringify(changed.compose) === JSON.stringify(of.compose),
  })
  const supervisor = supervise({
    ...{ config, makeRuntime, redact: asItIs, places: wholeText, onChange: () => undefined, occupant: () => null },
    backendFor: ({ id: serviceId, kind, url }) =>
      createBackend({ serviceId, kind, url, lendSecret: async (use) => use(null), redact: asItIs }),
    reportBug: (error) => bugs.push(error),
  })
  closers.push(async () => {
    await supervisor.close()
    expect(bugs).toEqual([])
  })
  return supervisor
}

const moved = { ...config, compose: specOf('two') }

test.each(['running', 'paused', 'restarting'] as const)(
  'a service whose container is %s keeps its project',
  (state) => {
    const supervisor = supervised(
      () => ({ ...container, state }),
      () => Promise.resolve(null),
    )

    expect(() => supervisor.assertConfigurable(moved)).toThrow('its Compose project cannot be changed')
    expect(() => supervisor.assertConfigurable({ ...config, url: 'http://127.0.0.1:10', name: 'Poster' })).not.toThrow()
    const withMore = { ...specOf('one'), overrides: ['/srv/gpu.yaml'] }
    expect(() => supervisor.assertConfigurable({ ...config, compose: withMore })).not.toThrow()
    expect(() => supervisor.assertConfigurable({ ...config, compose: { ...withMore, service: 'db' } })).toThrow()
    const derived = { file: '/srv/compose.yaml', service: 'web', overrides: ['/srv/gpu.yaml'] }
    expect(() => supervisor.assertConfigurable({ ...config, compose: derived })).toThrow()
  },
)

test('why the last start failed is not said of what was changed since', async () => {
  const supervisor = supervised(
    () => null,
    () => Promise.resolve(null),
    () => Promise.reject(new Problem('service.command-missing', { command: 'pyhton' })),
  )
  await expect(supervisor.start()).rejects.toThrow('pyhton')
  expect(supervisor.service().health.reason).toContain('pyhton')

  supervisor.configure({ ...config, name: 'Poster' })
  expect(supervisor.service().health.reason).toContain('pyhton')
  supervisor.configure(moved)
  expect(supervisor.service().health.reason).not.toContain('pyhton')
})

test('one that stands still may be moved', () => {
  const supervisor = supervised(
    () => ({ ...container, state: 'exited' }),
    () => Promise.resolve(null),
  )

  expect(() => supervisor.assertConfigurable(moved)).not.toThrow()
})

test('a container that was being looked for when the service was moved is not taken over', async () => {
  const stopped: string[] = []
  const asked: string[] = []
  let answer: (run: Run | null) => void = () => undefined
  const run: Run = {
    pid: null,
    ended: new Promise(() => undefined),
    stop: () => Promise.resolve(stopped.push('one') > 0),
  }
  const supervisor = supervised(
    () => null,
    ({ compose }) => {
      asked.push(compose?.project ?? '')
      return compose?.project === 'one' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(null)
    },
  )
  const looking = supervisor.look()
  await until('the former container is looked for', () => asked.includes('one'))

  supervisor.assertConfigurable(moved)
  supervisor.configure(moved)
  answer(run)
  await looking
  await supervisor.look()
  await supervisor.stop()

  expect(supervisor.isUp()).toBe(false)
  expect(stopped).toEqual([])
})
