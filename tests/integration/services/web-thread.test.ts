import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { freePort } from '../../support/ports'
import { bundlePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { createPanelServices } from './setup'

let bundle: Awaited<ReturnType<typeof bundlePrograms<'simulator' | 'guardian'>>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const closing: (() => Promise<unknown> | undefined)[] = []

beforeAll(async () => {
  bundle = await bundlePrograms({
    simulator: 'electron/simulator/main.ts',
    guardian: 'electron/services/guardian.ts',
  })
})
afterAll(() => bundle.remove())
beforeEach(async () => {
  folder = await temporaryFolder('regie-web-thread')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await folder[Symbol.asyncDispose]()
})

function panel(config: ServiceConfig) {
  const made = createPanelServices({ folder: folder.path, programs: bundle.programs, entries: [config] })
  closing.push(async () => {
    await made.services.close()
    expect(made.bugs).toEqual([])
  })
  return made
}

/** Forge as a user's own program, with the account of its `.env`. */
async function forge(password: string, ...more: string[]): Promise<ServiceConfig> {
  const own = path.join(folder.path, 'own')
  await mkdir(own, { recursive: true })
  await writeFile(path.join(own, '.env'), `FORGE_USER=admin\nFORGE_PASSWORD=${password}\n`)
  const port = await freePort()
  const args = [bundle.programs.simulator, 'forge', '--folder', own, '--port', String(port), ...more]
  const process_ = { command: process.execPath, args, cwd: own, env: {} }
  return { id: 'forge', kind: 'forge', runtime: 'process', url: `http://127.0.0.1:${port}`, process: process_ }
}

describe('a Forge whose web thread dies', () => {
  // Its pages listen, and are not all there for some seconds; without pages nothing ever listens.
  test.each([[[]], [['--nowebui']]])('ends its start at once, with the thread’s last line (%j)', async (flags) => {
    const config = await forge('a:b', ...flags)
    const { services } = panel(config)
    const began = performance.now()
    const failure = await services.start(config.id).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({
      id: 'service.web-thread-ended',
      params: { line: 'ValueError: too many values to unpack (expected 2)' },
    })
    expect(performance.now() - began).toBeLessThan(12_000)
    await until('the ladder', () => services.get(config.id).health.state === 'unhealthy')
    expect(services.get(config.id).health.problem).toBe('service.web-thread-ended')
  })

  test('a restart that mends it is told by the ladder', async () => {
    const config = await forge('a:b')
    const { services } = panel(config)
    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.web-thread-ended' })
    await writeFile(path.join(folder.path, 'own', '.env'), 'FORGE_USER=admin\nFORGE_PASSWORD=password\n')
    await services.restart(config.id)
    await until('it is ready', () => services.get(config.id).health.state === 'ready')
  })

  test('a Forge that is started without its API listens at once: nothing more is waited for', async () => {
    const config = await forge('password', '--no-api')
    const { services } = panel(config)
    const began = performance.now()
    await services.start(config.id)
    expect(performance.now() - began).toBeLessThan(12_000)
    expect(services.get(config.id).health).toMatchObject({ state: 'listening', problem: 'backend.api-off' })
  })
})
