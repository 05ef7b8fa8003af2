import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { clientFor } from '../../support/docker/engine'
import { listenTo, whenConnected, whenUnreachable, type ListeningEngine } from '../../support/docker/listening'
import { ownEngine, ownEngineMissing, type OwnEngine } from '../../support/docker/own-engine'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const isPosix = process.platform !== 'win32'
const listening: ListeningEngine[] = []
const listen = (env: NodeJS.ProcessEnv, more: Parameters<typeof listenTo>[0] = {}) => {
  const one = listenTo({ env, ...more })
  listening.push(one)
  return one
}
const problemOf = async (view: ListeningEngine) => {
  await whenUnreachable(view)
  return view.engine.status().reason?.problem
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-reach-'))
})
afterEach(() => Promise.all(listening.splice(0).map(({ engine }) => engine.close())))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A program that answers in the place of an engine, on a socket of its own. */
async function standIn(answer: http.RequestListener) {
  const file = path.join(await mkdtemp(path.join(folder, 'engine-')), 'docker.sock')
  const server = http.createServer(answer)
  await new Promise<void>((resolve) => server.listen(file, resolve))
  return {
    file,
    env: { DOCKER_HOST: `unix://${file}` },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const speaks = (version: object) =>
  standIn((request, response) => {
    if (request.url === '/version') response.end(JSON.stringify(version))
    else response.end('OK')
  })

describe.runIf(isPosix)('what is no engine to speak with', () => {
  test.each([
    ['an API that is too old', { Version: '17.05', ApiVersion: '1.29', MinAPIVersion: '1.12' }, 'docker.api-too-old'],
    ['an API that is too new', { Version: '99.0', ApiVersion: '1.99', MinAPIVersion: '1.90' }, 'docker.api-too-new'],
    ['another program', { hello: 'world' }, 'docker.not-docker'],
  ])('%s', async (_, version, problem) => {
    const engine = await speaks(version)
    expect(await problemOf(listen(engine.env))).toBe(problem)
    await engine.close()
  })

  test('an engine that is still starting, and then is there', async () => {
    let status = 503
    const engine = await standIn((_, response) => response.writeHead(status).end('Docker Desktop is starting'))
    const view = listen(engine.env)
    expect(await problemOf(view)).toBe('docker.starting')
    status = 404
    expect((await view.engine.reconnect()).reason?.problem).toBe('docker.not-docker')
    await engine.close()
  })

  test('a socket that nobody listens to, and none at all', async () => {
    const engine = await speaks({})
    await engine.close()
    expect(await problemOf(listen({ DOCKER_HOST: `unix://${path.join(folder, 'none.sock')}`, PATH: folder }))).toMatch(
      /^docker\.not-(installed|running)-/,
    )
    expect(await problemOf(listen({ DOCKER_HOST: `tcp://127.0.0.1:${await freePort()}` }))).toBe('docker.host-refused')
  })

  test.runIf(process.getuid?.() === 0)('a socket of somebody else: the command that opens it is told', async () => {
    const engine = await speaks({})
    await chmod(engine.file, 0o600)
    await chmod(path.dirname(engine.file), 0o755)
    await chmod(folder, 0o755)
    process.seteuid?.(65_534)
    try {
      const view = listen(engine.env)
      expect(await problemOf(view)).toBe('docker.permission-linux')
      expect(view.engine.status()).toMatchObject({
        command: 'sudo usermod -aG docker $USER',
        attempts: [{ source: 'DOCKER_HOST', answered: 'EACCES' }],
      })
      await view.engine.close()
    } finally {
      process.seteuid?.(0)
      await engine.close()
    }
  })

  test('a broken config.json is named, and the usual places are asked all the same', async () => {
    const config = path.join(folder, 'broken')
    await mkdir(config, { recursive: true })
    await writeFile(path.join(config, 'config.json'), '{"currentContext": ')
    const view = listen({ DOCKER_CONFIG: config, XDG_RUNTIME_DIR: folder, PATH: folder })
    await until('all places to be asked', () => view.engine.status().attempts.length > 2)
    expect(view.engine.status().attempts[0]).toMatchObject({ source: 'context', answered: 'config-broken' })
  })

  test('an address without an engine costs nothing but a try now and then, and closing does not wait for it', async () => {
    const hanging = await standIn(() => undefined)
    const view = listen(hanging.env)
    await until('the engine to be asked', () => view.engine.status().state === 'connecting')
    const began = performance.now()
    await view.engine.close()
    expect(performance.now() - began).toBeLessThan(2000)
    await hanging.close()
  })
})

/** A program that stands in the place of ssh. */
async function fakeSsh(script: string): Promise<string> {
  const bin = await mkdtemp(path.join(folder, 'bin-'))
  await writeFile(path.join(bin, 'ssh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return `${bin}:${process.env['PATH'] ?? ''}`
}

describe.runIf(isPosix)('over ssh, without luck', () => {
  test.each([
    ['echo "ann@box: Permission denied (publickey)." >&2; exit 255', 'docker.ssh-login'],
    ['echo "Host key verification failed." >&2; exit 255', 'docker.ssh-host-key'],
    ['echo "sh: 1: docker: not found" >&2; exit 127', 'docker.ssh-no-docker'],
  ])('%s', async (script, problem) => {
    const view = listen({ DOCKER_HOST: 'ssh://ann@box', PATH: await fakeSsh(script) })
    expect(await problemOf(view)).toBe(problem)
  })
  test('without ssh on this machine', async () => {
    const view = listen({ DOCKER_HOST: 'ssh://ann@box', PATH: folder })
    expect(await problemOf(view)).toBe('docker.ssh-missing')
  })
})

const missing = ownEngineMissing()
if (missing) test('an engine of one’s own', ({ skip }) => skip(missing))
else
  describe('an engine of one’s own', () => {
    let own: OwnEngine
    beforeAll(async () => {
      own = await ownEngine()
      await own.start()
      // No image can be fetched here; an empty one is enough for a container that never runs.
      const empty = Buffer.alloc(1024)
      await clientFor(own.host).importImage(Readable.from([empty]), { repo: 'regie-empty', tag: 'latest' })
      await until('the image to be there', () =>
        clientFor(own.host)
          .getImage('regie-empty:latest')
          .inspect()
          .then(() => true),
      )
    })
    afterAll(() => own.remove())

    const create = (name: string) =>
      clientFor(own.host).createContainer({
        name,
        Image: 'regie-empty:latest',
        Cmd: ['/none'],
        HostConfig: { NetworkMode: 'none' },
      })

    test('TLS with certificates', async () => {
      const guarded = { DOCKER_HOST: own.tlsHost, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: own.certificates }
      const view = listen(guarded)
      await whenConnected(view)
      expect(view.engine.environment()).toMatchObject(guarded)
      const container = await create('over-tls')
      await until('its event', () => view.eventsOf(container.id).includes('create'))
      await container.remove()
    })

    test('TLS as a context of Docker’s own files says', async () => {
      const config = await mkdtemp(path.join(folder, 'context-'))
      const digest = createHash('sha256').update('workstation').digest('hex')
      const at = (kind: string, ...rest: string[]) => path.join(config, 'contexts', kind, digest, ...rest)
      await mkdir(at('meta'), { recursive: true })
      await mkdir(at('tls', 'docker'), { recursive: true })
      const meta = { Name: 'workstation', Endpoints: { docker: { Host: own.tlsHost, SkipTLSVerify: false } } }
      await writeFile(at('meta', 'meta.json'), JSON.stringify(meta))
      for (const name of ['ca.pem', 'cert.pem', 'key.pem'])
        await writeFile(at('tls', 'docker', name), await readFile(path.join(own.certificates, name)))
      await writeFile(path.join(config, 'config.json'), JSON.stringify({ currentContext: 'workstation' }))
      const view = listen({ DOCKER_CONFIG: config })
      await whenConnected(view)
      expect(view.engine.status().attempts[0]).toMatchObject({ source: 'context', answered: 'connected' })
      expect(view.engine.environment()).toMatchObject({ DOCKER_CERT_PATH: at('tls', 'docker') })
    })

    test('TLS that cannot be trusted, is not spoken, is asked for, or has no files', async () => {
      const none = path.join(folder, 'no-certificates')
      await mkdir(none, { recursive: true })
      const host = { DOCKER_HOST: own.tlsHost }
      const strangers = await mkdtemp(path.join(folder, 'strangers-'))
      for (const name of ['ca.pem', 'cert.pem', 'key.pem'])
        await writeFile(path.join(strangers, name), await readFile(path.join(own.certificates, name)))
      await writeFile(path.join(strangers, 'ca.pem'), await readFile(path.join(own.certificates, 'cert.pem')))
      const files = { ...host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: none }
      expect(await problemOf(listen(files))).toBe('docker.tls-files')
      expect(await problemOf(listen({ ...files, DOCKER_CERT_PATH: strangers }))).toBe('docker.tls-untrusted')
      expect(await problemOf(listen(host))).toBe('docker.tls-needed')
    })

    test('ssh, through the system’s program and docker’s dial-stdio there', async () => {
      const log = path.join(folder, 'ssh-arguments')
      const path_ = await fakeSsh(`echo "$@" >> ${log}\nDOCKER_HOST=${own.host} exec docker system dial-stdio`)
      const view = listen({ DOCKER_HOST: 'ssh://ann@box:2222', PATH: path_ })
      await whenConnected(view)
      expect(view.engine.status().info).toMatchObject({ kind: 'remote' })
      expect((await readFile(log, 'utf8')).split('\n')[0]).toBe(
        '-o BatchMode=yes -o ConnectTimeout=10 -T -l ann -p 2222 -- box docker system dial-stdio',
      )
      const container = await create('over-ssh')
      await until('its event', () => view.eventsOf(container.id).includes('create'))
      await container.remove()
      await until('the container to be gone', () => !view.engine.containers().some(({ id }) => id === container.id))
    })

    test('stopped in mid-stream and started again: told, found by itself, and its containers are back', async () => {
      const container = await create('kept')
      const view = listen({ DOCKER_HOST: own.host })
      await whenConnected(view)
      expect(view.engine.containers().map(({ name }) => name)).toContain('kept')
      await own.stop()
      await whenUnreachable(view)
      expect(view.engine.status()).toMatchObject({ reason: { problem: 'docker.not-running-linux' }, info: null })
      expect(view.engine.containers()).toEqual([])
      await own.start()
      await whenConnected(view)
      expect(view.engine.containers().map(({ id }) => id)).toContain(container.id)
      await container.remove()
      await until('its removal', () => view.eventsOf(container.id).includes('destroy'))
      expect(view.eventsOf(container.id)).toEqual(['destroy'])
    })
  })
