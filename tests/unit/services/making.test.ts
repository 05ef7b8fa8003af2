import { expect, test } from 'vitest'
import type { Container } from '../../../electron/docker/engine'
import { createMaking } from '../../../electron/services/runtimes/compose/making'
import { Problem } from '../../../shared/problems'

const made = { id: 'f9649d7e0ec8' } as Container // nothing else of it is read

/** A making whose Compose fails with these, one after the other, and then succeeds. */
function making(failures: readonly Problem[]) {
  const asked: string[] = []
  const waiting = [...failures]
  const ofCompose = createMaking({
    id: 'web',
    spec: { file: '/p/compose.yaml', service: 'web' },
    engine: { client: () => Promise.reject(new Error('no engine is asked')) },
    compose: {
      up: (_, { recreate } = {}) => {
        asked.push(recreate ?? '')
        const failure = waiting.shift()
        return failure ? Promise.reject(failure) : Promise.resolve()
      },
    },
    listing: {
      all: () => Promise.resolve([]),
      current: () => Promise.resolve(made),
      projectName: () => Promise.resolve('p'),
    },
    dependencies: { bring: () => Promise.resolve() },
    redact: (text) => text,
  })
  return {
    asked,
    up: () => ofCompose.up({ onStep: () => undefined, signal: new AbortController().signal }, 'if-changed'),
  }
}

test('a container that somebody else began to make and Docker took back is made at the next try, which recreates nothing', async () => {
  const { asked, up } = making([new Problem('compose.container-gone', { name: made.id })])
  expect(await up()).toBe(made)
  expect(asked).toEqual(['if-changed', 'never'])
})

test('what is no race is not tried again', async () => {
  const { asked, up } = making([new Problem('compose.port-taken', { port: '1', line: '' })])
  await expect(up()).rejects.toMatchObject({ id: 'compose.port-taken' })
  expect(asked).toEqual(['if-changed'])
})

test('a race without end is given up, by its name', async () => {
  const gone = () => new Problem('compose.container-gone', { name: made.id })
  const { asked, up } = making([gone(), gone(), gone(), gone(), gone()])
  await expect(up()).rejects.toMatchObject({ id: 'compose.container-gone' })
  expect(asked).toHaveLength(4)
})
