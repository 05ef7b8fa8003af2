import { afterEach, expect, test } from 'vitest'
import { createCompose } from '../../../electron/compose/program'
import { createEngine } from '../../../electron/docker/create-engine'
import type { EngineChange } from '../../../electron/docker/engine'
import { wholeText } from '../../../electron/logs/cutting'
import { createRuntime } from '../../../electron/services/runtimes'
import type { ServiceConfig } from '../../../shared/contract'
import { givingOf } from '../../support/giving'

const config: ServiceConfig = {
  id: 'forge',
  kind: 'forge',
  runtime: 'compose',
  url: 'http://127.0.0.1:7860',
  compose: { file: '/srv/forge/compose.yaml', service: 'forge', project: 'images' },
}
const redact = (text: string) => text
const nothing = () => undefined

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** What a runtime is made of, over an engine that is not there, and what its listeners are told. */
function parts() {
  const listeners = new Set<(change: EngineChange) => void>()
  const real = createEngine({
    address: { read: () => 'tcp://127.0.0.1:9', write: nothing },
    composeProgram: () => Promise.resolve(null),
    reportBug: nothing,
  })
  closing.push(() => real.close())
  const engine = {
    ...real,
    onChange(listen: (change: EngineChange) => void) {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
  }
  const tell = (service: string) => {
    const attributes = { 'com.docker.compose.project': 'images', 'com.docker.compose.service': service }
    const event = { containerId: 'c', name: service, action: 'start', at: 1, attributes }
    for (const listen of listeners) listen({ type: 'event', event })
  }
  const programs = { simulator: '', guardian: '' }
  const redactor = { redact, learn: nothing, forget: nothing, places: wholeText }
  const compose = createCompose({ engine, redact, known: () => [] })
  const { giving } = givingOf()
  return {
    listeners,
    tell,
    made: { giving, folder: '/', programs, redact, redactor, reportBug: nothing, engine, compose },
  }
}

test('a runtime in a container hears of its own, until it is closed', () => {
  const { tell, listeners, made } = parts()
  let told = 0
  const runtime = createRuntime(config, () => told++, made)
  tell('forge')
  tell('another')
  expect(told).toBe(1)
  runtime.close?.()
  tell('forge')
  expect(told).toBe(1)
  expect(listeners.size).toBe(0)
})

test('only other Compose files ask for another runtime of a container, any change for one of a program', () => {
  const { made } = parts()
  const runtime = createRuntime(config, nothing, made)
  expect(runtime.goesOnWith?.({ ...config, url: 'http://127.0.0.1:1', credentialId: 'forge' })).toBe(true)
  expect(runtime.goesOnWith?.(structuredClone(config))).toBe(true)
  expect(runtime.goesOnWith?.({ ...config, compose: { file: '/srv/other.yaml', service: 'forge' } })).toBe(false)
  const program = createRuntime(
    { ...config, runtime: 'process', process: { command: 'x', args: [], env: {} } },
    nothing,
    made,
  )
  expect(program).not.toHaveProperty('goesOnWith')
})
