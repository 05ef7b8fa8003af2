import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry, Credential, PlainSecretPlace, Rotation, Service } from '../../../shared/contract'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const program = path.resolve(import.meta.dirname, 'programs/given.mjs')
const first = { token: 'hf_the-first-token-of-the-hub', password: 'the-first-password-of-the-door' }

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ programs: programs.programs, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/** A REST call that must succeed; the contract says what it answers. */
async function call<T>(method: string, at: string, body?: unknown): Promise<T> {
  const answer = await running.rest(method, at, body)
  if (answer.status >= 300) throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as T
}

/** A native Forge with its login among its arguments and a hub's token in its environment. */
async function native(id: string, given: { login: unknown; token: unknown }, more: object = {}) {
  const folder = path.join(running.dataFolder, 'services', id)
  await mkdir(folder, { recursive: true })
  const port = String(await freePort())
  const args = [program, programs.programs.simulator, folder, port, '--api-auth', given.login]
  await call('POST', 'services', {
    ...{ id, kind: 'forge', runtime: 'process', url: `http://127.0.0.1:${port}` },
    process: { command: process.execPath, args, env: { HF_TOKEN: given.token } },
    ...more,
  })
  return {
    hashes: async () =>
      JSON.parse(await readFile(path.join(folder, 'given.json'), 'utf8')) as { password: string; token: string },
    ready: () =>
      until(`${id} is ready`, async () => {
        const service = await call<Service>('GET', `services/${id}`)
        return service.health.state === 'ready' && service
      }),
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const reference = (credentialId: string, field: string) => ({ credentialId, field })
const login = [reference('door', 'username'), ':', reference('door', 'password')]

/** Everything that the panel says of the service and its credentials, and what stands in its own files. */
async function everything(id: string): Promise<string> {
  const asked = [`services/${id}`, `services/${id}/logs`, 'services', 'credentials', 'audit', `services/${id}/timeline`]
  const said = await Promise.all(asked.map(async (at) => JSON.stringify((await running.rest('GET', at)).body)))
  const files = ['config.json', 'regie.log', 'audit.jsonl']
  const kept = await Promise.all(
    files.map((file) => readFile(path.join(running.dataFolder, file), 'utf8').catch(() => '')),
  )
  return [...said, ...kept].join('\n')
}

test.each([
  ['an argument', { args: ['a\0b'] }, 'process.args'],
  ['a part of one', { args: [['a\0b', reference('hub', 'token')]] }, 'process.args'],
  ['a variable', { env: { TOKEN: 'a\0b' } }, 'process.env.TOKEN'],
  ['the folder', { cwd: '/tmp/\0' }, 'process.cwd'],
])('a zero byte in %s is refused where it is written, without its value', async (_, given, field) => {
  const answer = await running.rest('POST', 'services', {
    ...{ id: 'zero', kind: 'forge', runtime: 'process', url: 'http://127.0.0.1:9' },
    process: { command: process.execPath, args: [], ...given },
  })
  expect(answer).toMatchObject({ status: 400, body: { data: { problem: 'input.invalid' } } })
  const text = JSON.stringify(answer.body)
  expect(text).toContain(field)
  expect(text).toMatch(/zero byte/)
  expect(text).not.toContain('a\\u0000b')
})

describe('a secret that a program is given of the vault', () => {
  let service: Awaited<ReturnType<typeof native>>
  beforeAll(async () => {
    await call('POST', 'credentials', { id: 'hub', scheme: 'token', token: first.token })
    await call('POST', 'credentials', { id: 'door', scheme: 'basic', username: 'ann', password: first.password })
    service = await native('forge', { login, token: [reference('hub', 'token')] }, { credentialId: 'door' })
    await call('POST', 'services/forge/start')
    await service.ready()
  })

  test('is filled in at the start, audited, and shown nowhere', async () => {
    expect(await service.hashes()).toEqual({ password: hashOf(first.password), token: hashOf(first.token) })
    const log = JSON.stringify(await call('GET', 'services/forge/logs'))
    expect(log).toContain('logging in to the hub with [secret ')
    const said = await everything('forge')
    expect(said).not.toContain(first.token)
    expect(said).not.toContain(first.password)
    const entries = (await call<{ items: AuditEntry[] }>('GET', 'audit?search=credential.given')).items
    expect(entries.map(({ target, details }) => [target, details['service'], details['where']]).sort()).toEqual([
      ['door', 'forge', 'arguments'],
      ['hub', 'forge', 'environment'],
    ])
  })

  test('that is changed without a rotation: the program is said to need a restart, until it has had one', async () => {
    const pendingOf = async () => (await call<Service>('GET', 'services/forge')).pending
    expect(await pendingOf()).toBeNull()
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'hub-token')
    const sinks = [{ type: 'file', path: file }]
    await writeFile(file, first.token)
    const [sink] = (await call<Credential>('PATCH', 'credentials/hub', { sinks })).sinks
    const adopt = async (value: string) => {
      await writeFile(file, value)
      await call('POST', 'credentials/hub/adopt', { sinkId: sink?.id })
    }
    await adopt('hf_another-token-of-the-hub')
    const told = await until('it is told', async () => {
      await call('POST', 'services/forge/probe')
      return pendingOf()
    })
    expect(told).toMatchObject({
      action: 'restart',
      reason: { problem: 'service.secret-changed', params: { credentialId: 'hub' } },
    })

    await call('POST', 'services/forge/restart')
    await service.ready()
    await until('it is over', async () => (await pendingOf()) === null)
    expect(await service.hashes()).toMatchObject({ token: hashOf('hf_another-token-of-the-hub') })
    await adopt(first.token)
    await call('PATCH', 'credentials/hub', { sinks: [] })
    await call('POST', 'services/forge/restart')
    await service.ready()
  })

  test('keeps its credential from being deleted, by the service’s name', async () => {
    const refused = await running.rest('DELETE', 'credentials/hub')
    expect(refused).toMatchObject({ status: 409, body: { message: 'hub is used by forge.' } })
    const { serviceIds } = await call<Credential>('GET', 'credentials/hub')
    expect(serviceIds).toEqual(['forge'])
  })

  test('that no surface can prove is rotated with a restart', async () => {
    const plan = await call<{ services: { id: string; action: string; asked: boolean }[] }>(
      'GET',
      'credentials/hub/rotation-plan',
    )
    expect(plan.services).toMatchObject([{ id: 'forge', action: 'restart', asked: false }])

    const rotation = await call<Rotation>('POST', 'credentials/hub/rotate')
    await service.ready()

    expect(rotation).toMatchObject({ state: 'committed', proof: [] })
    const { token } = await call<{ token: string }>('POST', 'credentials/hub/reveal')
    expect(token).not.toBe(first.token)
    expect(await service.hashes()).toEqual({ password: hashOf(first.password), token: hashOf(token) })
  })

  test('that opens the service is rotated with a restart, and proven', async () => {
    const rotation = await call<Rotation>('POST', 'credentials/door/rotate')
    await service.ready()

    expect(rotation.state).toBe('committed')
    expect(rotation.proof.some(({ serviceId, fresh }) => serviceId === 'forge' && fresh.state === 'pass')).toBe(true)
    const { password } = await call<{ password: string }>('POST', 'credentials/door/reveal')
    expect((await service.hashes()).password).toBe(hashOf(password))
  })

  test('that is not there keeps the program from starting, without a word of the others', async () => {
    await call('POST', 'services/forge/stop')
    const { process: spec } = await call<Service>('GET', 'services/forge')
    await call('PATCH', 'services/forge', { process: { ...spec, env: { HF_TOKEN: [reference('gone', 'token')] } } })

    const refused = await running.rest('POST', 'services/forge/start')

    expect(refused).toMatchObject({ status: 404, body: { message: 'There is no credential named gone.' } })
    const { password } = await call<{ password: string }>('POST', 'credentials/door/reveal')
    expect(await everything('forge')).not.toContain(password)
    expect(await call('GET', 'services/forge')).toMatchObject({ health: { problem: 'credential.not-found' } })
  })
})

describe('secrets in clear text', () => {
  test('are found without their values, taken into the vault, and given from there', async () => {
    const plain = { token: 'hf_a-token-in-clear-text', password: 'a-password-in-clear-text' }
    const service = await native('plain', { login: `bob:${plain.password}`, token: plain.token })
    await call('POST', 'credentials', { id: 'known', scheme: 'token', token: plain.token })

    const found = await call<PlainSecretPlace[]>('GET', 'services/plain/plain-secrets')
    expect(found).toEqual([
      { where: 'arguments', name: '--api-auth', username: 'bob', credentialId: 'plain-api-auth', isKnown: false },
      { where: 'environment', name: 'HF_TOKEN', username: null, credentialId: 'known', isKnown: true },
    ])
    const stale = await running.rest('POST', 'services/plain/plain-secrets/import', { revision: '0'.repeat(16) })
    expect(stale.status).toBe(409)
    expect(await running.rest('GET', 'credentials/plain-api-auth')).toMatchObject({ status: 404 })

    const { revision } = await call<Service>('GET', 'services/plain')
    const after = await call<Service>('POST', 'services/plain/plain-secrets/import', { revision })

    expect(after.process?.args.at(-1)).toEqual([
      reference('plain-api-auth', 'username'),
      ':',
      reference('plain-api-auth', 'password'),
    ])
    expect(after.process?.env).toEqual({ HF_TOKEN: [reference('known', 'token')] })
    expect(await call('GET', 'services/plain/plain-secrets')).toEqual([])
    await call('PATCH', 'services/plain', { credentialId: 'plain-api-auth' })
    await call('POST', 'services/plain/start')
    await service.ready()
    expect(await service.hashes()).toEqual({ password: hashOf(plain.password), token: hashOf(plain.token) })
    const said = await everything('plain')
    expect(said).not.toContain(plain.token)
    expect(said).not.toContain(plain.password)
  })
})
