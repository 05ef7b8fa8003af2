import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { freePort } from '../../support/ports'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { openTestVault, problemOf } from '../vault/support'
import { createPanelServices } from './setup'

let bundle: Awaited<ReturnType<typeof regiePrograms<'simulator' | 'guardian'>>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const closing: (() => Promise<unknown> | undefined)[] = []

beforeAll(async () => {
  bundle = await regiePrograms({
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

  test('ends a rotation at once, with the thread’s last line, and the old secret is in force again', async () => {
    const own = path.join(folder.path, 'own')
    const stack = path.join(folder.path, 'stack')
    await mkdir(own, { recursive: true })
    await mkdir(stack, { recursive: true })
    // As a start script may: it hands the password on, and every other than the first with a part too many.
    const script = path.join(own, 'launch.cjs')
    await writeFile(
      script,
      `const fs = require('node:fs')
const [, password] = /^FORGE_PASSWORD=['"]?([^'"\\n]+)/m.exec(fs.readFileSync(${JSON.stringify(path.join(stack, '.env'))}, 'utf8'))
if (!fs.existsSync('first')) fs.writeFileSync('first', password)
const given = fs.readFileSync('first', 'utf8') === password ? password : password + ':x'
fs.writeFileSync('.env', 'FORGE_USER=admin\\nFORGE_PASSWORD=' + given + '\\n')
import(${JSON.stringify(bundle.programs.simulator)})
`,
    )
    const bare = await forge('unused')
    const args = [script, ...(bare.process?.args.slice(1) ?? [])]
    const config = { ...bare, credentialId: 'forge', process: { command: process.execPath, cwd: own, env: {}, args } }
    const { services } = panel(config)
    const user = { id: 'forge', kind: 'forge' as const, runtime: 'process' as const, url: config.url, running: true }
    const { credentials, rotationsWith } = await openTestVault(folder.path, { users: [user] })
    const sinks = [{ type: 'env' as const, path: path.join(stack, '.env'), key: 'FORGE_PASSWORD' }]
    await credentials.create({ id: 'forge', scheme: 'basic', username: 'admin', sinks }, 'ann')
    await services.start(config.id)
    const before = await credentials.reveal('forge', 'ann')
    const rotations = await rotationsWith(services.control())
    closing.push(() => rotations.close())
    const began = performance.now()

    const told = await problemOf(rotations.rotate({ id: 'forge', who: 'ann' }))

    expect(told.id).toBe('rotation.rolled-back')
    expect(rotations.last('forge')).toMatchObject({
      ...{ state: 'rolled-back', failedStep: 'apply' },
      reason: {
        problem: 'service.web-thread-ended',
        params: { line: 'ValueError: too many values to unpack (expected 2)' },
      },
    })
    // Its start alone may take half an hour, and each of the two restarts needs a few seconds.
    expect(performance.now() - began).toBeLessThan(30_000)
    expect(await credentials.reveal('forge', 'ann')).toEqual(before)
    await until('it is up again', () =>
      services.get(config.id).health.rungs.some(({ id, state }) => id === 'listening' && state === 'proven'),
    )
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
