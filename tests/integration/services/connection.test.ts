import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { createServer as createTlsServer } from 'node:https'
import { afterEach, expect, test } from 'vitest'
import { createBackend } from '../../../electron/kinds'
import { createConnectionTests, type ConnectionQuestion } from '../../../electron/services/connection'
import { createRedactor } from '../../../electron/vault/redactor'
import type { Secret } from '../../../electron/vault/secret'
import { Problem } from '../../../shared/problems'
import { freePort } from '../../support/ports'
import { makeCertificate } from '../../support/host/certificate.mjs'
import { comfyui, comfyuiSecret, forge, forgeSecret } from '../kinds/simulators'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const vault: Record<string, Secret> = { own: comfyuiSecret, forge: forgeSecret }

/** Tries addresses as the panel does, with a vault of two credentials. */
function trying(limits = { callMs: 2_000, wholeMs: 5_000 }) {
  const redactor = createRedactor()
  const audited: unknown[] = []
  const withSecret = async <T>(id: string, use: (secret: Secret) => T | Promise<T>) => {
    const secret = vault[id]
    if (!secret) throw new Problem('credential.not-found', { id })
    return use(secret)
  }
  const test = createConnectionTests({
    backendAt: ({ kind, url }, lendSecret) =>
      createBackend({ serviceId: '', kind, url, lendSecret, redact: redactor.redact }, { callMs: limits.callMs }),
    credentials: { has: (id) => id in vault, withSecret, lendSecret: (id) => (use) => withSecret(id ?? '', use) },
    redactor,
    audit: { appendFirst: (event) => Promise.resolve(void audited.push(event)) },
    limits,
  })
  const ask = (question: ConnectionQuestion) => test(question, 'ann', new AbortController().signal)
  return { ask, audited, redactor }
}

/** A server that answers as it likes, and what it was asked. */
async function serving(answer: RequestListener, tls = false) {
  const asked: { url: string; authorization: string | undefined }[] = []
  const listener: RequestListener = (request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization })
    answer(request, response)
  }
  const server = tls ? createTlsServer(makeCertificate(), listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, asked }
}

const resultOf = async (question: ConnectionQuestion) => (await trying().ask(question)).result

test('a protected service is told with the credential of the vault, and with values that were typed', async () => {
  await using service = await comfyui()
  const { url } = service.simulator
  const { ask, audited } = trying()

  const found = await ask({ kind: 'comfyui', url, credentialId: 'own' })
  expect(found).toMatchObject({ result: 'protected', asked: 'GET /system_stats', answered: '401 → 200', reason: null })
  expect(found.version).toMatch(/^\d+\./)
  expect(audited).toEqual([{ who: 'ann', action: 'credential.tried', target: 'own', details: { url } }])

  const { token } = comfyuiSecret
  expect((await ask({ kind: 'comfyui', url, secret: { token: token ?? '' } })).result).toBe('protected')
  expect(await ask({ kind: 'comfyui', url, secret: { token: 'made-up-token' } })).toMatchObject({
    ...{ result: 'credential-refused', reason: { problem: 'backend.refused' } },
  })
  expect((await ask({ kind: 'comfyui', url })).result).toBe('credential-needed')
  await expect(ask({ kind: 'comfyui', url, credentialId: 'gone' })).rejects.toMatchObject({
    id: 'credential.not-found',
  })
})

test('Forge is asked by user name and password', async () => {
  await using service = await forge()
  const { url } = service.simulator
  const { username, password } = forgeSecret
  const secret = { username: username ?? '', password: password ?? '' }
  expect(await resultOf({ kind: 'forge', url, secret })).toBe('protected')
  expect(await resultOf({ kind: 'forge', url, secret: { ...secret, password: 'another' } })).toBe('credential-refused')
})

test('an open service is called open, and told no secret', async () => {
  const stats = { system: { comfyui_version: '0.3.64' }, devices: [] }
  const { url, asked } = await serving((_, response) => response.end(JSON.stringify(stats)))
  const { ask, audited } = trying()
  expect(await ask({ kind: 'comfyui', url, credentialId: 'own' })).toMatchObject({ result: 'open', version: '0.3.64' })
  expect(asked.every(({ authorization }) => authorization === undefined)).toBe(true)
  expect(audited).toEqual([])
})

test.each<[string, RequestListener, string]>([
  ['a page for everything', (_, response) => response.end('<!doctype html><title>Grafana</title>'), 'other-program'],
  ['nothing but 404', (_, response) => response.writeHead(404).end('no'), 'other-program'],
  [
    'another address',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    'credential-needed',
  ],
  ['502', (_, response) => response.writeHead(502).end('starting'), 'unready'],
])('whoever answers with %s is told no secret', async (_, answer, result) => {
  const { url, asked } = await serving(answer)
  expect(await resultOf({ kind: 'comfyui', url })).toBe(result)
  await resultOf({ kind: 'comfyui', url, credentialId: 'own' })
  const told = asked.filter(({ authorization }) => authorization !== undefined)
  // What leads elsewhere has refused; the secret goes to the address that was given, and no further.
  expect(told.map((one) => one.url)).toEqual(result === 'credential-needed' ? ['/system_stats'] : [])
})

test('what a service repeats of typed values is not in the answer, and is known to nobody afterwards', async () => {
  const token = 'typed-and-repeated-token'
  const { url } = await serving((request, response) => {
    const said = request.headers.authorization ?? 'nobody'
    response
      .writeHead(401, { 'www-authenticate': said, location: `/login?${said}` })
      .end(JSON.stringify({ error: said }))
  })
  const { ask, redactor } = trying()
  const found = await ask({ kind: 'comfyui', url, secret: { token } })
  expect(found.result).toBe('credential-refused')
  expect(JSON.stringify(found)).not.toContain(token)
  expect(redactor.redact(token)).toBe(token)
})

test.each(['tok€n', 'token\r\nx: y', 'to ken'])(
  'a typed token that no header can hold is refused: %j',
  async (token) => {
    const { url, asked } = await serving((_, response) => response.writeHead(401).end())
    await expect(trying().ask({ kind: 'comfyui', url, secret: { token } })).rejects.toBeInstanceOf(Problem)
    expect(asked).toEqual([])
  },
)

test('a port where nobody listens, a name that is none, TLS that nobody vouches for', async () => {
  expect(await resultOf({ kind: 'comfyui', url: `http://127.0.0.1:${await freePort()}` })).toBe('connection-refused')
  expect(await resultOf({ kind: 'comfyui', url: 'http://no-such-host.invalid:8188' })).toBe('host-unknown')
  const self = await serving((_, response) => response.end('{}'), true)
  expect(await resultOf({ kind: 'comfyui', url: self.url })).toBe('tls')
  expect(self.asked).toEqual([])
  const plain = await serving((_, response) => response.end('{}'))
  expect(await resultOf({ kind: 'comfyui', url: plain.url.replace('http:', 'https:') })).toBe('tls')
})

test('one that speaks no HTTP is another program', async () => {
  const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  expect(await resultOf({ kind: 'comfyui', url: `http://127.0.0.1:${port}` })).toBe('other-program')
})

test.each<[string, { callMs: number; wholeMs: number }]>([
  ['each question', { callMs: 100, wholeMs: 5_000 }],
  ['the whole test', { callMs: 5_000, wholeMs: 100 }],
])('silence ends with the time of %s', async (_, limits) => {
  const { url } = await serving(() => undefined)
  const startedAt = performance.now()
  expect(await trying(limits).ask({ kind: 'comfyui', url })).toMatchObject({
    ...{ result: 'timed-out', reason: { problem: 'backend.timeout' } },
  })
  expect(performance.now() - startedAt).toBeLessThan(3_000)
})

test('an answer without end is read to its limit and no further', async () => {
  let sent = 0
  const { url } = await serving((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
    }
    response.on('drain', more)
    more()
  })
  expect(await resultOf({ kind: 'comfyui', url })).toBe('other-program')
  expect(sent).toBeLessThan(64 * 1024 * 1024)
})
