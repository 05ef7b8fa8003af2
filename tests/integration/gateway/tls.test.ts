import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import path from 'node:path'
import { TLSSocket } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import { expect, it, onTestFinished } from 'vitest'
import { openAuthority } from '../../../electron/tls'
import { serverName } from '../../../electron/tls/names'
import { bodyOf, startFrontDoor, startUpstream } from '../../support/front-door'
import { temporaryFolder } from '../../support/programs'

const open = (folder: string) => openAuthority({ folder, machine: 'workstation', auditFirst: () => Promise.resolve() })

/** Asks over TLS as a client that trusts `ca`; answers the body and who vouched for the server. */
async function ask(url: string, ca: string, agent?: https.Agent) {
  const request = https.get(url, { ca, ...(agent && { agent }) })
  const [response] = (await once(request, 'response')) as [IncomingMessage] // as node documents it
  const { socket } = response
  if (!(socket instanceof TLSSocket)) throw new Error('not over TLS')
  const { fingerprint256 } = socket.getPeerCertificate()
  return { text: (await bodyOf(response)).toString(), fingerprint256 }
}

it('a listener with TLS is trusted through Regie’s authority, for pages and for WebSockets', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startUpstream(
    (_, response) => response.end('the page'),
    (server) => {
      new WebSocketServer({ server }).on('connection', (socket) => socket.send('a frame'))
    },
  )
  const authority = await open(folder.path)
  await authority.create([], 'owner')
  await using door = await startFrontDoor({
    url: upstream.url,
    authority,
    gateway: { tls: 'own-authority' },
  })
  const ca = authority.certificate()

  expect((await ask(door.url, ca)).text).toBe('the page')
  const socket = new WebSocket(door.url.replace('https', 'wss'), { ca })
  expect(String((await once(socket, 'message'))[0])).toBe('a frame')
  socket.terminate()
  const [listener] = door.gateway.read().listeners
  expect(listener).toMatchObject({ state: 'listening', url: door.url })
  expect(listener?.certificate?.names).toEqual(
    expect.arrayContaining(['qwen.localhost', 'localhost', '127.0.0.1', '::1']),
  )
  await expect(ask(door.url, '')).rejects.toThrow('self-signed certificate')
})

it('an authority is made where none is, once for all listeners', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startUpstream((_, response) => response.end('the page'))
  const authority = await open(folder.path)
  const start = () =>
    startFrontDoor({ url: upstream.url, authority, gateway: { tls: 'own-authority', names: ['studio.example.org'] } })
  const doors = await Promise.all([start(), start()])
  onTestFinished(async () => {
    for (const door of doors) await door[Symbol.asyncDispose]()
  })

  const ca = authority.certificate()
  for (const { url } of doors) expect((await ask(url, ca)).text).toBe('the page')
  expect(authority.status().permitted).toContain('studio.example.org')
})

it('without a certificate it does not fall back to plain HTTP: it says why it does not listen', async () => {
  await using upstream = await startUpstream((_, response) => response.end('the page'))
  await using door = await startFrontDoor({ url: upstream.url, gateway: { tls: 'own-authority' } })

  expect(door.gateway.read().listeners).toMatchObject([{ state: 'failed', reason: { problem: 'tls.no-authority' } }])
  await expect(fetch(door.url.replace('https', 'http'))).rejects.toThrow('fetch failed')
})

it('a certificate of one’s own is used; without its key the listener says so', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startUpstream((_, response) => response.end('the page'))
  const authority = await open(folder.path)
  await authority.create([], 'owner')
  const { cert, key } = await authority.certificateFor([serverName('127.0.0.1')])
  const files = { cert: path.join(folder.path, 'own.crt'), key: path.join(folder.path, 'own.key') }
  await writeFile(files.cert, cert)
  await writeFile(files.key, key)
  await using door = await startFrontDoor({ url: upstream.url, gateway: { tls: 'given', certificate: files } })
  const ca = authority.certificate()

  expect((await ask(door.url, ca)).text).toBe('the page')
  const gateway = {
    ...{ enabled: true, host: '127.0.0.1', port: door.port, names: [], unknownRoutes: false },
    tls: 'given' as const,
  }
  await door.change({ gateway: { ...gateway, certificate: { ...files, key: files.cert } } })
  expect(door.gateway.read().listeners).toMatchObject([{ state: 'failed', reason: { problem: 'tls.not-a-key' } }])
  await door.change({ gateway })
  expect(door.gateway.read().listeners).toMatchObject([{ state: 'failed', reason: { problem: 'tls.no-files' } }])
  expect(door.bugs).toEqual([])
})

it('renewal greets those who come with the new certificate and disturbs nobody who is there', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startUpstream((request, response) => response.end(request.url))
  const authority = await open(folder.path)
  await authority.create([], 'owner')
  await using door = await startFrontDoor({
    url: upstream.url,
    authority,
    gateway: { tls: 'own-authority' },
    lookEveryMs: 10,
  })
  const former = authority.certificate()
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: former })
  const before = await ask(`${door.url}/1`, former, agent)
  await authority.create([], 'owner')

  await expect.poll(() => ask(`${door.url}/2`, authority.certificate()).catch(() => null)).toMatchObject({ text: '/2' })
  // The connection of before still stands, with what it was greeted with.
  expect(await ask(`${door.url}/3`, former, agent)).toEqual({ text: '/3', fingerprint256: before.fingerprint256 })
  agent.destroy()
})
