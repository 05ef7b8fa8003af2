import { createServer, type RequestListener } from 'node:http'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import type { Proof, ProofRow } from '../../../shared/contract'
import { freePort } from '../../support/ports'
import { startGateway } from '../../support/gateway'
import { temporaryFolder } from '../../support/programs'
import { sessionsOf, surfacesOf } from '../../../electron/kinds'
import { prove, type ProofRequest } from '../../../electron/credentials/proof'
import { openTestVault, type User } from '../vault/support'
import { long } from '../../support/long'

type Start = (options: { folder: string; port: number }) => Promise<{ close(): Promise<unknown> }>

/** The proof of a credential that a service has read, after it was changed once, so that an old secret is known. */
async function proofOf(kind: User['kind'], start: Start): Promise<Proof> {
  await using folder = await temporaryFolder()
  const port = await freePort()
  const user = { id: 'it', kind, runtime: 'process', url: `http://127.0.0.1:${port}`, running: true } as const
  const { vault, credentials, stack, rotationsWith } = await openTestVault(folder.path, { users: [user] })
  await mkdir(path.join(stack, 'login'))
  const env = path.join(stack, '.env')
  const sinks =
    kind === 'comfyui'
      ? [{ type: 'comfyui-login' as const, path: path.join(stack, 'login', 'PASSWORD') }]
      : [
          { type: 'env' as const, path: env, key: 'FORGE_USER', field: 'username' as const },
          { type: 'env' as const, path: env, key: 'FORGE_PASSWORD' },
        ]
  await credentials.create({ id: 'cred', scheme: kind === 'comfyui' ? 'comfyui-login' : 'basic', sinks }, 'ann')
  const rotations = await rotationsWith()
  // Nobody is asked by this rotation: the service is not there yet.
  Object.assign(user, { running: false })
  await rotations.rotate({ id: 'cred', who: 'ann' })
  Object.assign(user, { running: true })
  const service = await start({ folder: stack, port })
  try {
    return await credentials.verify('cred', { who: 'ann' })
  } finally {
    await service.close()
    await rotations.close()
    await vault.close()
  }
}

const gots = ({ none, wrong, old, fresh }: ProofRow) => [none.got, wrong.got, old.got, fresh.got]
const statesOf = ({ none, wrong, old, fresh }: ProofRow) => [none, wrong, old, fresh].map(({ state }) => state)
const bySurface = ({ rows }: Proof) => Object.fromEntries(rows.map((row) => [row.surface, gots(row)]))

describe('the proof', () => {
  it('asks HTTP and the WebSocket of ComfyUI with nothing, a made-up, the old and the present secret', async () => {
    const proof = await proofOf('comfyui', startComfyuiSimulator)

    expect(proof.outcome).toBe('proven')
    expect(bySurface(proof)).toEqual({
      'GET /system_stats': [401, 401, 401, 200],
      'GET /object_info/KSampler': [401, 401, 401, 200],
      'POST /prompt': [401, 401, 401, 400],
      'WS /ws': [401, 401, 401, 101],
    })
  })

  it('asks the API and the Gradio login of Forge, each by itself', async () => {
    const proof = await proofOf('forge', startForgeSimulator)

    expect(proof.outcome).toBe('proven')
    expect(bySurface(proof)).toEqual({
      'GET /sdapi/v1/options': [401, 401, 401, 200],
      'GET /sdapi/v1/samplers': [401, 401, 401, 200],
      'GET /sdapi/v1/progress': [401, 401, 401, 200],
      'POST /sdapi/v1/txt2img': [401, 401, 401, 422],
      'POST /login': [401, 400, 400, 200],
    })
  })

  it('fails as open where the login plugin is missing: a 200 there is not counted', async () => {
    const proof = await proofOf('comfyui', (options) => startComfyuiSimulator({ ...options, withoutLogin: true }))

    expect(proof).toMatchObject({ outcome: 'failed', reason: { problem: 'proof.open' } })
    for (const row of proof.rows) expect(statesOf(row)).toEqual(['fail', 'fail', 'fail', 'not-counted'])
  })

  it('fails as open where only the pages are protected: Gradio’s password does not close the API', async () => {
    const proof = await proofOf('forge', (options) => startForgeSimulator({ ...options, protect: 'gradio' }))

    expect(proof).toMatchObject({ outcome: 'failed', reason: { problem: 'proof.open' } })
    const states = Object.fromEntries(proof.rows.map((row) => [row.surface, statesOf(row)]))
    expect(states['GET /sdapi/v1/options']).toEqual(['fail', 'fail', 'fail', 'not-counted'])
    expect(states['POST /login']).toEqual(['pass', 'pass', 'pass', 'pass'])
  })

  it('takes a redirect to the sign-in page as a refusal, as older ComfyUI-Logins give it', async () => {
    const proof = await proofOf('comfyui', async ({ folder, port }) => {
      const inner = await startComfyuiSimulator({ folder, port: await freePort() })
      const token = (await readFile(path.join(folder, 'login', 'PASSWORD'), 'utf8')).split('\n')[0] ?? ''
      const server = createServer((request, response) => {
        const isIn = request.headers.authorization === `Bearer ${token}`
        if (!isIn) response.writeHead(302, { location: '/login' }).end()
        else response.writeHead(request.method === 'POST' ? 400 : 200).end('{}')
      })
      server.on('upgrade', (request, socket) => {
        const isIn = request.headers.authorization === `Bearer ${token}`
        socket.end(isIn ? 'HTTP/1.1 503 Not here\r\n\r\n' : 'HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n')
      })
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      return {
        close: async () => {
          await inner.close()
          await new Promise((resolve) => server.close(resolve))
        },
      }
    })

    const rows = Object.fromEntries(proof.rows.map((row) => [row.surface, row]))
    expect(gots(rows['GET /system_stats'] as ProofRow)).toEqual([302, 302, 302, 200])
    expect(statesOf(rows['GET /system_stats'] as ProofRow)).toEqual(['pass', 'pass', 'pass', 'pass'])
    expect(rows['WS /ws']).toMatchObject({ none: { got: 302, state: 'pass' }, fresh: { got: 503, state: 'fail' } })
    expect(proof).toMatchObject({ outcome: 'failed', reason: { problem: 'proof.unexpected' } })
  })

  it('has no old secret to ask with before the first rotation, and says so in its cells', async () => {
    await using folder = await temporaryFolder()
    const port = await freePort()
    const users: User[] = [
      { id: 'it', kind: 'comfyui', runtime: 'process', url: `http://127.0.0.1:${port}`, running: true },
    ]
    const { vault, credentials, stack } = await openTestVault(folder.path, { users })
    await mkdir(path.join(stack, 'login'))
    const sinks = [{ type: 'comfyui-login' as const, path: path.join(stack, 'login', 'PASSWORD') }]
    await credentials.create({ id: 'cred', scheme: 'comfyui-login', sinks }, 'ann')
    const simulator = await startComfyuiSimulator({ folder: stack, port })

    const proof = await credentials.verify('cred', { who: 'ann' })

    expect(proof.outcome).toBe('proven')
    for (const row of proof.rows) expect(statesOf(row)).toEqual(['pass', 'pass', 'not-counted', 'pass'])
    await simulator.close()
    await vault.close()
  })
})

describe('the proof through a sign-in in front', () => {
  const isRefusal = async (status: number) => {
    const comfyui = await proofOf('comfyui', async ({ folder, port }) => {
      const token = (await readFile(path.join(folder, 'login', 'PASSWORD'), 'utf8')).split('\n')[0] ?? ''
      const inner = await startComfyuiSimulator({ folder, port: await freePort(), withoutLogin: true })
      const front = await startGateway({ to: inner.url, status, expected: `Bearer ${token}`, port })
      return { close: () => Promise.all([front.close(), inner.close()]) }
    })
    expect(comfyui.outcome).toBe('proven')
    expect(bySurface(comfyui)).toEqual({
      'GET /system_stats': [status, status, status, 200],
      'GET /object_info/KSampler': [status, status, status, 200],
      'POST /prompt': [status, status, status, 400],
      'WS /ws': [status, status, status, 101],
    })

    const forge = await proofOf('forge', async ({ folder, port }) => {
      const [user, password] = (await readFile(path.join(folder, '.env'), 'utf8'))
        .split('\n')
        .map((line) => line.replace(/^\w+=/, '').replaceAll("'", ''))
      const expected = `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}`
      const inner = await startForgeSimulator({ folder, port: await freePort(), protect: 'none' })
      const front = await startGateway({ to: inner.url, status, expected, port })
      return { close: () => Promise.all([front.close(), inner.close()]) }
    })
    expect(forge.outcome).toBe('proven')
    expect(bySurface(forge)['POST /sdapi/v1/txt2img']).toEqual([status, status, status, 422])
  }
  const refuses = 'takes its %s for a refusal, and lets the right credential prove itself'
  it.each([302])(refuses, isRefusal)
  it.each([403])(refuses, long, isRefusal)
})

describe('a definite answer', () => {
  const secret = { username: 'ann', password: 'right', token: 'right' }
  const patienceMs = 60_000
  const ask = async (targets: ProofRequest['targets'], more: Partial<ProofRequest> = {}) => {
    const began = performance.now()
    const { signal } = new AbortController()
    const found = await prove({
      targets,
      surfacesOf,
      secrets: { old: null, fresh: secret },
      signal,
      patienceMs,
      ...more,
    })
    return { ...found, tookMs: performance.now() - began }
  }
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener)
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return {
      url: `http://127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  it('of a service that is open ends the wait for its sign-in, which is not there', async () => {
    await using folder = await temporaryFolder()
    const open = await startComfyuiSimulator({ folder: folder.path, withoutLogin: true })
    const cookies = new Map([['it', 'AIOHTTP_SESSION=old']])

    const found = await ask([{ id: 'it', kind: 'comfyui', url: open.url }], { sessions: { of: sessionsOf, cookies } })
    await open.close()

    expect(found).toMatchObject({ outcome: 'failed', reason: { problem: 'proof.open' } })
    expect(found.rows.map(({ none }) => none.got)).toEqual([200, 200, 400, 101, 200])
    expect(found.tookMs).toBeLessThan(patienceMs / 4)
  })

  it('of one service ends the wait for another, which says nothing', async () => {
    await using folder = await temporaryFolder()
    const open = await startComfyuiSimulator({ folder: folder.path, withoutLogin: true })
    await using silent = await serve(() => undefined)

    const found = await ask([
      { id: 'open', kind: 'comfyui', url: open.url },
      { id: 'silent', kind: 'comfyui', url: silent.url },
    ])
    await open.close()

    expect(found.reason).toMatchObject({ problem: 'proof.open', params: { service: 'open' } })
    expect(found.tookMs).toBeLessThan(patienceMs / 4)
  })

  it('of a Forge is a 200 to a stranger, and no 404 of a route that is still to come', async () => {
    let isUp = false
    await using forge = await serve(({ url = '' }, response) => {
      // The API appears a moment after the port listens, one route after the other; here it comes without its login.
      if (url.endsWith('/options') && isUp) response.writeHead(200).end('{}')
      else response.writeHead(404).end('{"detail":"Not Found"}')
    })
    let rows = 0
    const found = await ask([{ id: 'it', kind: 'forge', url: forge.url }], { onRows: () => void (isUp ||= ++rows > 4) })

    expect(found).toMatchObject({ outcome: 'failed', reason: { problem: 'proof.open' } })
    expect(found.tookMs).toBeLessThan(patienceMs / 4)
  })

  it('is waited for while there is none', async () => {
    let asked = 0
    await using late = await serve(({ headers, method }, response) => {
      const isIn = headers.authorization?.startsWith('Basic ') && headers.authorization.endsWith(rightEnd)
      if (++asked < 20) response.writeHead(404).end()
      else response.writeHead(isIn ? (method === 'POST' ? 422 : 200) : 401).end('{}')
    })
    const found = await ask([{ id: 'it', kind: 'forge', url: late.url }])

    expect(found.rows.map(gots)).toEqual([
      [401, 401, null, 200],
      [401, 401, null, 200],
      [401, 401, null, 200],
      [401, 401, null, 422],
    ])
    expect(found.outcome).toBe('proven')
  })
  const rightEnd = Buffer.from('ann:right').toString('base64').slice(-6)
})
