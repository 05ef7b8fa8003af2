import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { newKey } from '../../../electron/people/key'
import { startAdmittedDoor } from '../../support/admitted-door'
import { sendRaw, startUpstream } from '../../support/front-door'
import { testPeople } from '../../support/people'
import { until } from '../../support/until'

type Door = Awaited<ReturnType<typeof startAdmittedDoor>>

/** What the service saw: its target, every header, every message. Nothing of the gateway's own may be in it. */
const seen: string[] = []
const sockets = new WebSocketServer({ noServer: true })
let at: Awaited<ReturnType<typeof testPeople>>
let upstream: Awaited<ReturnType<typeof startUpstream>>
let door: Door
/** Another service of the same panel. */
let other: Door

const note = (request: IncomingMessage) => void seen.push([request.url ?? '', ...request.rawHeaders].join('\n'))

beforeAll(async () => {
  at = await testPeople()
  upstream = await startUpstream(
    (request, response) => {
      note(request)
      if (request.url === '/endless')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      else response.end('of the service')
    },
    (server) =>
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        note(request)
        sockets.handleUpgrade(request, socket, head, (ws) => ws.send('hello'))
      }),
  )
  door = await startAdmittedDoor(at, upstream)
  other = await startAdmittedDoor(at, { url: upstream.url, with: door })
})
beforeEach(() => void seen.splice(0))
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await door[Symbol.asyncDispose]()
  for (const socket of sockets.clients) socket.terminate()
  await upstream[Symbol.asyncDispose]()
  await at.remove()
})

/** Sends a request as it is written, and answers its status and all of the answer. */
async function raw(lines: readonly string[], port = door.port) {
  const got = await sendRaw(port, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(got)?.[1] ?? 0), got }
}
const host = () => `Host: 127.0.0.1:${door.port}`
const upgrading = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']

describe('what lets somebody in', () => {
  it('is never sent on, however it was shown, nor told back', async () => {
    const cookie = await door.signIn()
    const basic = Buffer.from(`a:${door.key}`).toString('base64')
    const ways = [
      [`GET /a HTTP/1.1`, host(), `Authorization: Bearer ${door.key}`],
      [`GET /b HTTP/1.1`, host(), `authorization: basic ${basic}`],
      [`GET /c?x=1&%74oken=${door.key}&y=2 HTTP/1.1`, host()],
      [`GET /d HTTP/1.1`, host(), `Cookie: theme=dark; ${cookie}`],
      [`GET /e HTTP/1.1`, host(), `Cookie: ${cookie}`, `Authorization: Bearer the-service-secret`],
      [`GET /f HTTP/1.1`, host(), `Cookie: ${cookie}`, `Referer: ${door.url}/?token=${door.key}&a=1`],
      [
        `GET /g HTTP/1.1`,
        host(),
        `Cookie: ${cookie}`,
        `X-Api-Key: ${door.key}`,
        `Proxy-Authorization: Bearer ${door.key}`,
      ],
    ]
    for (const lines of ways) expect((await raw(lines)).status, lines[0]).toBe(200)

    expect(seen.length).toBe(ways.length)
    expect(seen[2]?.startsWith('/c?x=1&y=2\n')).toBe(true)
    const [, value = ''] = cookie.split('=')
    for (const secret of [door.key, basic, value, 'the-service-secret', 'regie_gateway'])
      expect(seen.join('\n')).not.toContain(secret)
    expect(seen[5]).toContain(`${upstream.url}/?a=1`)
  })

  it.each([
    ['two headers of it', () => [`Authorization: Bearer ${door.key}`, `AUTHORIZATION: Bearer ${door.key}`], 400],
    ['one that is folded', () => ['Authorization: Bearer', ` ${door.key}`], 400],
    ['one with a zero byte', () => [`Authorization: Bearer ${door.key}\0`], 400],
    ['a blank before the colon', () => [`Authorization : Bearer ${door.key}`], 400],
    ['two keys in one', () => [`Authorization: Bearer ${door.key}, Bearer ${door.key}`], 401],
    [
      'a key as the name of Basic',
      () => [`Authorization: Basic ${Buffer.from(`${door.key}:x`).toString('base64')}`],
      401,
    ],
    [
      'Basic encoded twice',
      () => [`Authorization: Basic ${Buffer.from(Buffer.from(`a:${door.key}`).toString('base64')).toString('base64')}`],
      401,
    ],
    ['another scheme', () => [`Authorization: Digest ${door.key}`], 401],
    ['a key as a cookie', () => [`Cookie: token=${door.key}; regie_gateway_qwen_${door.port}=${door.key}`], 401],
    ['a key for a proxy', () => [`Proxy-Authorization: Bearer ${door.key}`], 401],
    [
      'a header that says who it is',
      () => ['X-Forwarded-User: anna', 'Remote-User: anna', 'X-Regie-Account: anna'],
      401,
    ],
    [
      'a header that names Authorization to drop',
      () => ['Connection: authorization', `Authorization: Bearer ${newKey()}`],
      401,
    ],
  ])('is not %s', async (_, headers, status) => {
    expect((await raw([`GET / HTTP/1.1`, host(), ...headers()])).status).toBe(status)
    expect(seen).toEqual([])
  })

  it.each([
    ['in the path', () => `/${door.key}`],
    ['under another name', () => `/?key=${door.key}&Token=${door.key}&token[]=${door.key}`],
    ['encoded twice', () => `/?%2574oken=${door.key}`],
    ['behind a second question mark', () => `/?a=1?token=${door.key}`],
    ['behind a semicolon', () => `/?a=1;token=${door.key}`],
  ])('is not a key in the address %s', async (_, target) => {
    expect((await raw([`GET ${target()} HTTP/1.1`, host()])).status).toBe(401)
    expect(seen).toEqual([])
  })
})

describe('a cookie', () => {
  it('of the panel, of another listener, or planted beside the right one', async () => {
    const cookie = await door.signIn()
    const [name = '', value = ''] = cookie.split('=')
    const asked = async (sent: string, port = door.port) =>
      (await raw(['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, `Cookie: ${sent}`], port)).status

    expect(await asked(`regie_session_7420=${value}`)).toBe(401)
    expect(await asked(cookie, other.port)).toBe(401)
    expect(await asked(`${name.replace(String(door.port), String(other.port))}=${value}`, other.port)).toBe(401)
    expect(seen).toEqual([])
    expect(await asked(`${name}=planted; ${name}=; ${cookie}`)).toBe(200)
    expect(seen.join('')).not.toMatch(/cookie/i)
  })

  it('is worth nothing under another name of the host, nor with another origin, nor for a WebSocket of another page', async () => {
    const cookie = `Cookie: ${await door.signIn()}`
    const refused = [
      ['GET / HTTP/1.1', `Host: evil.example:${door.port}`, cookie],
      ['GET / HTTP/1.1', `Host: 127.0.0.1:${other.port}`, cookie],
      ['GET / HTTP/1.1', host(), cookie, 'Origin: http://evil.example'],
      ['POST /prompt HTTP/1.1', host(), cookie, `Origin: http://localhost:${door.port}`, 'Content-Length: 0'],
      ['GET / HTTP/1.1', host(), cookie, 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors'],
      ['GET /ws HTTP/1.1', host(), cookie, 'Origin: http://evil.example', ...upgrading, 'Connection: upgrade'],
    ]
    for (const lines of refused) expect((await raw(lines)).status, lines.join(' ')).toBe(403)
    expect(seen).toEqual([])
  })

  it('opens a WebSocket of the listener’s own page, and is not sent on with it', async () => {
    const cookie = await door.signIn()
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws?clientId=a`, {
      headers: { cookie, origin: door.url },
    })
    const [message] = (await once(socket, 'message')) as [Buffer]

    expect(String(message)).toBe('hello')
    expect(seen.join('')).not.toMatch(/cookie|regie_gateway/i)
    socket.terminate()
  })
})

describe('who the request is for', () => {
  it.each([
    [
      'a whole address of elsewhere',
      () => ['GET http://evil.example/ HTTP/1.1', host(), `Authorization: Bearer ${door.key}`],
    ],
    ['two hosts', () => ['GET / HTTP/1.1', host(), 'Host: evil.example', `Authorization: Bearer ${door.key}`]],
    ['none', () => ['GET / HTTP/1.1', `Authorization: Bearer ${door.key}`]],
    [
      'a host with a name in it',
      () => ['GET / HTTP/1.1', `Host: 127.0.0.1:${door.port}@evil.example`, `Authorization: Bearer ${door.key}`],
    ],
    [
      'a tunnel',
      () => ['CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443', `Authorization: Bearer ${door.key}`],
    ],
  ])('is never %s', async (_, lines) => {
    expect((await raw(lines())).status).not.toBe(200)
    expect(seen).toEqual([])
  })

  it('is the gateway itself for its own pages, under its own name alone', async () => {
    const asked = (...headers: string[]) => raw(['GET /_regie/signin HTTP/1.1', ...headers])

    expect((await asked(host())).status).toBe(200)
    const body = new URLSearchParams({ by: 'password', username: 'anna', password: 'correct horse' }).toString()
    const evil = [`Host: evil.example:${door.port}`, `Origin: http://evil.example:${door.port}`]
    const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`]
    const got = await sendRaw(
      door.port,
      ['POST /_regie/signin HTTP/1.1', ...evil, ...form, 'Connection: close', '', body].join('\r\n'),
    )
    expect(got).toMatch(/^HTTP\/1\.1 403 /)
    expect(got).not.toMatch(/set-cookie/i)
    expect(seen).toEqual([])
  })
})

describe('what is open', () => {
  it('is cut within a second when its key ends: an answer without an end, and a WebSocket', async () => {
    const made = await door.people.createKey(
      { userId: 'anna', name: 'x', services: null, expiresAt: null, panel: false },
      'admin',
    )
    const stream = await fetch(`${door.url}/endless`, { headers: { authorization: `Bearer ${made.key}` } })
    const reader = stream.body?.getReader()
    await reader?.read()
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws?token=${made.key}`)
    await once(socket, 'message')
    const stays = new WebSocket(`${door.url.replace('http', 'ws')}/ws?token=${door.key}`)
    await once(stays, 'message')

    const begun = performance.now()
    const closed = Promise.all([
      once(socket, 'close'),
      // Cut in the middle: it rejects.
      Promise.resolve(reader?.read()).then(
        () => undefined,
        () => undefined,
      ),
    ])
    await door.people.endKey(made.record.id, 'admin')
    await closed
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(stays.readyState).toBe(WebSocket.OPEN)
    await until('the socket to be forgotten', () => door.gateway.read().listeners[0]?.sockets === 1)
    stays.terminate()
  })

  it('is cut when its person is suspended, and a browser’s when it signs out', async () => {
    const cookie = await door.signIn()
    const open = async (headers: Record<string, string>) => {
      const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws`, { headers })
      await once(socket, 'message')
      return { closed: once(socket, 'close') }
    }
    const { closed } = await open({ cookie, origin: door.url })
    await fetch(`${door.url}/_regie/signout`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: door.url },
    })
    await closed
    const cut = await open({ authorization: `Bearer ${door.key}` })
    await door.people.change('anna', { suspended: true }, 'admin')
    await cut.closed
    await door.people.change('anna', { suspended: false }, 'admin')
  })
})
