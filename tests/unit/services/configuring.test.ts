import { expect, test } from 'vitest'
import type { Run } from '../../../electron/services/runtimes/runtime'
import { Problem } from '../../../shared/problems'
import { config, container, specOf, supervised } from '../../support/supervised'
import { until } from '../../support/until'

const moved = { ...config, compose: specOf('two') }

test.each(['running', 'paused', 'restarting'] as const)(
  'a service whose container is %s keeps its project',
  (state) => {
    const supervisor = supervised({ shown: () => ({ ...container, state }) })

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
  const supervisor = supervised({
    shown: () => null,
    launch: () => Promise.reject(new Problem('service.command-missing', { command: 'pyhton' })),
  })
  await expect(supervisor.start()).rejects.toThrow('pyhton')
  expect(supervisor.service().health.reason).toContain('pyhton')

  supervisor.configure({ ...config, name: 'Poster' })
  expect(supervisor.service().health.reason).toContain('pyhton')
  supervisor.configure(moved)
  expect(supervisor.service().health.reason).not.toContain('pyhton')
})

test('one that stands still may be moved', () => {
  const supervisor = supervised({ shown: () => ({ ...container, state: 'exited' }) })

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
  const supervisor = supervised({
    shown: () => null,
    finds: ({ compose }) => {
      asked.push(compose?.project ?? '')
      return compose?.project === 'one' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(null)
    },
  })
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
