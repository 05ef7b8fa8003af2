import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRawLog, readTraces } from '../../../electron/docker/traces'
import { LeakScans } from '../../../electron/leaks'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { Problem } from '../../../shared/problems'
import { describeWithDocker } from '../../support/docker'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { openTestVault } from '../vault/support'

/** A tar archive of one file, as the engine takes a build's context. */
function tarOf(name: string, content: string): Buffer {
  const bytes = Buffer.from(content)
  const head = Buffer.alloc(512)
  head.write(name, 0)
  head.write('0000644\0', 100)
  head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  head.write(' '.repeat(8), 148)
  head.write('0', 156)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512), Buffer.alloc(1024)])
}

await describeWithDocker('a leak scan of containers', ({ client, image }) => {
  const engine = { client: () => Promise.resolve(client) }
  const password = `pass~${randomBytes(8).toString('hex')}`
  const tag = `regie-leaks-test:${randomBytes(4).toString('hex')}`
  let container: Dockerode.Container
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let vault: Awaited<ReturnType<typeof openTestVault>>
  let built: Awaited<ReturnType<typeof regiePrograms<'worker'>>>

  beforeAll(async () => {
    folder = await temporaryFolder()
    vault = await openTestVault(folder.path)
    await vault.credentials.create({ id: 'forge', scheme: 'basic', username: 'me', password, sinks: [] }, 'tester')
    built = await regiePrograms({ worker: 'electron/leaks/leak-worker.ts' })
    const recipe = `FROM ${image}\nENV BAKED=${password}\nLABEL note="x ${password}"\n`
    const build = await client.buildImage(Readable.from([tarOf('Dockerfile', recipe)]), { t: tag })
    await finished(Readable.from(build).resume())
    container = await client.createContainer({
      Image: tag,
      Entrypoint: ['/bin/node', '-e'],
      Cmd: [
        `console.log('one'); console.log('two', process.env.GIVEN); console.error(process.env.GIVEN); setInterval(() => {}, 1e6)`,
        password,
      ],
      Env: [`GIVEN=${password}`, 'HARMLESS=hello'],
      Labels: { 'com.example.note': `me:${password}` },
      HostConfig: { NetworkMode: 'none' },
    })
    await container.start()
    await until('its words', async () => (await container.logs({ stdout: true, stderr: true })).includes(password))
  })
  afterAll(async () => {
    await container.remove({ force: true, v: true })
    await client.getImage(tag).remove({ force: true })
    await vault.vault.close()
    await built.remove()
    await folder[Symbol.asyncDispose]()
  })

  const scan = async (credentialId: string | null, { from = engine, id = container.id } = {}) => {
    const leaks = new LeakScans({
      credentials: vault.credentials,
      worker: built.programs.worker,
      containers: {
        services: () => [{ id: 'forge-turbo', credentialId }],
        traces: (_, signal) => readTraces(from, id, signal),
        log: (_, signal) => readRawLog(from, id, signal),
      },
      reportBug: (error) => {
        throw error
      },
    })
    return leaks.scan({ sources: ['logs', 'containers'] }, 'tester')
  }

  test('finds a value in logs, environment, labels, command and image, and never answers it', async () => {
    const found = await scan(null)

    expect(found.state).toBe('done')
    const about = found.findings.map(({ kind, part, severity, lines }) => [kind, part, severity, ...lines].join(' '))
    expect(about.filter((one) => !one.startsWith('image layer')).toSorted()).toEqual([
      'command command warning',
      'environment GIVEN warning',
      'image BAKED danger',
      'image note danger',
      'label com.example.note warning',
      'log stderr warning 1',
      'log stdout warning 2',
    ])
    expect(about.filter((one) => one.startsWith('image layer')).length).toBeGreaterThan(0)
    expect(new Set(found.findings.map((one) => one.fingerprint))).toEqual(new Set([fingerprint(password)]))
    expect(JSON.stringify(found)).not.toContain(password)
  })

  test('takes the environment of the service that uses the credential for its place', async () => {
    const { findings } = await scan('forge')

    expect(findings.find(({ part }) => part === 'GIVEN')?.severity).toBe('expected')
    expect(findings.find(({ part }) => part === 'BAKED')?.severity).toBe('danger')
  })

  test('tells which container it could not read', async () => {
    const { scanned, state } = await scan(null, { id: 'f'.repeat(64) })

    expect(state).toBe('done')
    expect(scanned.map(({ state, reason }) => [state, reason?.problem])).toEqual([
      ['failed', 'container.gone'],
      ['failed', 'container.gone'],
    ])
  })

  test('an image that cannot be read is told, and does not count as clean', async () => {
    const broken = Object.assign(new Error('a server error'), { statusCode: 500 })
    const withoutImages = new Proxy(client, {
      get: (of, name): unknown =>
        name === 'getImage' ? () => ({ inspect: () => Promise.reject(broken) }) : Reflect.get(of, name),
    })

    const { scanned } = await scan(null, { from: { client: () => Promise.resolve(withoutImages) } })

    expect(scanned.map(({ state }) => state)).toEqual(['failed', 'done'])
  })

  test('tells that there is no engine', async () => {
    const away = { client: () => Promise.reject(new Problem('docker.not-installed-linux')) }

    const { scanned, state } = await scan(null, { from: away })

    expect(state).toBe('done')
    expect(scanned.map(({ reason }) => reason?.problem)).toEqual([
      'docker.not-installed-linux',
      'docker.not-installed-linux',
    ])
  })
})
