import { expect, test } from 'vitest'
import type { EngineChange } from '../../../electron/docker/engine'
import { watchContainers } from '../../../electron/services/container'
import { readFacts } from '../../../electron/services/container/facts'
import { inspected } from '../docker/container-inspected'

const exited = readFacts(inspected({ state: { Status: 'exited', ExitCode: 0, FinishedAt: '2126-01-01T00:00:00Z' } }))

/** Containers whose engine tells what the test says. */
function watched() {
  let tell: (change: EngineChange) => void = () => undefined
  const refuse = () => {
    throw new Error('not asked for')
  }
  const watch = watchContainers({
    engine: {
      client: () => Promise.reject(new Error('not asked for')),
      status: refuse,
      onChange: (listener) => {
        tell = listener
        return () => undefined
      },
    },
    redact: (text) => text,
    onFinding: refuse,
    reportBug: refuse,
  })
  return {
    watch,
    hear: (...actions: string[]) => {
      for (const action of actions) {
        const attributes: Record<string, string> = action === 'kill' ? { signal: '15' } : {}
        tell({ type: 'event', event: { containerId: exited.id, name: 'qwen', action, at: Date.now(), attributes } })
      }
    },
    kind: async () =>
      (await watch.look({ id: 'qwen', facts: exited, gpuUuid: null, thorough: false })).ending?.kind ?? null,
  }
}

test('a container that this panel stops as soon as it runs is stopped here, though its start is told after', async () => {
  const { watch, hear, kind } = watched()

  watch.stopping(exited.id)
  hear('start', 'kill', 'die', 'stop')

  expect(await kind()).toBe('stopped-here')
})

test('started again, its next end is judged anew', async () => {
  const { watch, hear, kind } = watched()
  watch.stopping(exited.id)
  hear('kill', 'die', 'stop', 'start', 'kill', 'die', 'stop')

  expect(await kind()).toBe('asleep')
})
