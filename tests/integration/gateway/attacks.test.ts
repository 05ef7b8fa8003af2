import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IncomingHttpHeaders } from 'node:http'
import { bodyOf, sendRaw, startFrontDoor, startUpstream } from '../../support/front-door'

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  raw: string[]
  body: string
}

let seen: Seen[] = []
let upstream: Awaited<ReturnType<typeof startUpstream>>
let door: Awaited<ReturnType<typeof startFrontDoor>>
const secret = { username: 'regie', password: null, token: '$2b$12$geheimgeheimgeheimgeheim' }

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const cut = () => undefined // nothing of it counts
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers, rawHeaders } = request
      seen.push({ method, url, headers, raw: rawHeaders, body: body.toString('latin1') })
      response.end('ok')
    }, cut)
  })
  door = await startFrontDoor({ url: upstream.url, secret: () => secret })
})

afterAll(async () => {
  await door[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

/** Sends it as it is, then a request of its own, and tells what came of both. */
async function attack(bytes: string) {
  seen = []
  const got = await sendRaw(door.port, bytes, (so) => / 4\d\d | 501 /.test(so) && so.includes('\r\n\r\n'))
  return { statuses: [...got.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)), got }
}

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('')
const smuggled = lines('GET /admin HTTP/1.1', 'Host: x', '')

/** Requests that two programs could read in two ways. None reaches the service, nor does what hides in it. */
const ambiguous: [string, string][] = [
  [
    'a length beside chunks',
    lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 5', 'Transfer-Encoding: chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'chunks beside a length',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', 'Content-Length: 5', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'two lengths',
    lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 0', `Content-Length: ${smuggled.length}`, '') + smuggled,
  ],
  [
    'the same length twice',
    lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 1', '') + `a${smuggled}`,
  ],
  ['two lengths in one line', lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 0, 40', '') + smuggled],
  ['a negative length', lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: -1', '') + smuggled],
  ['a length with a sign', lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: +0', '') + smuggled],
  ['a length in hex', lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 0x5', '') + smuggled],
  [
    'a length beyond all numbers',
    lines('POST / HTTP/1.1', 'Host: x', 'Content-Length: 99999999999999999999999', '') + smuggled,
  ],
  [
    'an encoding before chunks',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: gzip, chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'chunks twice',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked, chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'chunks in two lines',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked', '') +
      `0\r\n\r\n${smuggled}`,
  ],
  [
    'chunks that are not the last',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked, identity', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'an encoding that is none',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: xchunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'chunks behind a vertical tab',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: \x0bchunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'a space before the colon',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding : chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'a folded line',
    lines('POST / HTTP/1.1', 'Host: x', 'X: a', ' Transfer-Encoding: chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'a line that ends in CR',
    lines('POST / HTTP/1.1', 'Host: x', 'X: a\rTransfer-Encoding: chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  ['a zero byte in a header', lines('GET / HTTP/1.1', 'Host: x', 'X: a\0b', '')],
  [
    'chunks in HTTP/1.0',
    lines('POST / HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked', '') + `0\r\n\r\n${smuggled}`,
  ],
  [
    'a chunk whose size is no number',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '') + `zz\r\n${smuggled}`,
  ],
  [
    'a chunk that is longer than it says',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '') + `1\r\nabc\r\n0\r\n\r\n${smuggled}`,
  ],
  [
    'a chunk whose size overflows',
    lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '') + `10000000000000000\r\n${smuggled}`,
  ],
  ['no Host', lines('GET / HTTP/1.1', '')],
  ['two Hosts', lines('GET / HTTP/1.1', 'Host: x', 'Host: y', '')],
  ['a Host with a path', lines('GET / HTTP/1.1', 'Host: x/evil', '')],
  ['a Host with somebody', lines('GET / HTTP/1.1', 'Host: me@evil', '')],
  ['a Host with a space', lines('GET / HTTP/1.1', 'Host: x evil', '')],
  ['an empty Host', lines('GET / HTTP/1.1', 'Host: ', '')],
  ['another origin as its target', lines('GET http://evil.example/ HTTP/1.1', 'Host: x', '')],
  ['another host as its target', lines('GET evil.example:80 HTTP/1.1', 'Host: x', '')],
  ['a fragment', lines('GET /a?b#c HTTP/1.1', 'Host: x', '')],
  ['a path upwards', lines('GET /view/../free HTTP/1.1', 'Host: x', '')],
  ['an encoded path upwards', lines('GET /view/%2e%2E/free HTTP/1.1', 'Host: x', '')],
  ['a path upwards behind an encoded slash', lines('GET /view/..%2ffree HTTP/1.1', 'Host: x', '')],
  ['a backslash', lines('GET /view\\..\\free HTTP/1.1', 'Host: x', '')],
  ['an encoded backslash', lines('GET /a%5cb HTTP/1.1', 'Host: x', '')],
  ['an encoded end of line', lines('GET /a%0d%0aX:b HTTP/1.1', 'Host: x', '')],
  ['an encoded zero byte', lines('GET /a%00b HTTP/1.1', 'Host: x', '')],
  ['an encoding that is broken', lines('GET /a%zz HTTP/1.1', 'Host: x', '')],
  ['no HTTP', lines('HELO x', '')],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method of its own', lines('BREW / HTTP/1.1', 'Host: x', '')],
  ['TRACE', lines('TRACE / HTTP/1.1', 'Host: x', '')],
  ['all of the server', lines('OPTIONS * HTTP/1.1', 'Host: x', '')],
  [
    'hundreds of headers',
    lines('GET / HTTP/1.1', 'Host: x', ...Array.from({ length: 150 }, (_, n) => `X-${n}: y`), ''),
  ],
  ['a head without an end', lines('GET / HTTP/1.1', 'Host: x', `X: ${'y'.repeat(64 * 1024)}`, '')],
  ['an expectation of its own', lines('GET / HTTP/1.1', 'Host: x', 'Expect: 200-maybe', '')],
]

test('what follows a request that is refused is not heard, however much of it is there already', async () => {
  const refused = lines('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked, chunked', '')
  for (let time = 0; time < 20; time += 1) {
    seen = []
    const got = await sendRaw(door.port, `${refused}0\r\n\r\n${smuggled.repeat(5)}`)
    expect(seen).toEqual([])
    expect([...got.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['400'])
  }
})

test.each(ambiguous)('refused: %s', async (_, bytes) => {
  const { statuses, got } = await attack(bytes)
  expect(seen).toEqual([])
  expect(statuses.every((status) => status >= 400)).toBe(true)
  expect(got).not.toContain('geheim')
})

test('a tunnel is refused', async () => {
  const got = await sendRaw(door.port, 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n')
  expect([got, seen.length]).toEqual(['', 0])
})

test('what follows a request in the same connection is a request of its own', async () => {
  seen = []
  const one = lines('POST /one HTTP/1.1', 'Host: x', 'Content-Length: 3', '')
  const chunked = lines('POST /two HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '')
  await sendRaw(
    door.port,
    `${one}abc${chunked}3;x=y\r\ndef\r\n0\r\nX-Trailer: t\r\n\r\n${lines('GET /three HTTP/1.1', 'Host: x', 'Connection: close', '')}`,
  )
  expect(seen.map(({ url, body }) => [url, body])).toEqual([
    ['/one', 'abc'],
    ['/two', 'def'],
    ['/three', ''],
  ])
  expect(seen[1]?.raw.join('\n')).not.toMatch(/x-trailer/i)
})

test('a service gets no credential, cookie or claim of the client’s, and nothing of one hop', async () => {
  seen = []
  const spoofed = [
    'Forwarded: for=1.2.3.4',
    'X-Forwarded-For: 1.2.3.4',
    'X-Forwarded-Host: evil',
    'X-Forwarded-Proto: https',
  ]
  const more = [
    'X-Real-IP: 1.2.3.4',
    'X-Original-URL: /admin',
    'X-Rewrite-URL: /admin',
    'Via: 1.1 evil',
    'X-Forwarded-User: admin',
  ]
  const hops = [
    'Connection: X-Hop, close, Content-Length',
    'X-Hop: 1',
    'Keep-Alive: 5',
    'TE: trailers',
    'Proxy-Authorization: Basic eA==',
  ]
  await sendRaw(
    door.port,
    `${lines('POST /prompt?token=rk_x&TOKEN=kept&%74oken=rk_y&a=1 HTTP/1.1', 'Host: gate:9188', 'Authorization: Bearer rk_mine', 'Cookie: regie=1; regie_gateway_qwen_9188=2', ...spoofed, ...more, ...hops, 'Content-Length: 2', 'X-Kept: yes', '')}{}`,
  )
  const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = seen
  expect([url, body]).toEqual(['/prompt?TOKEN=kept&a=1', '{}'])
  expect(headers).toEqual({
    host: new URL(upstream.url).host,
    connection: 'keep-alive',
    authorization: `Bearer ${secret.token}`,
    'content-length': '2',
    'x-kept': 'yes',
  })
})

test('the gateway’s own origin is the service’s for the service, another’s stays another’s', async () => {
  seen = []
  const asked = (origin: string, referer: string) =>
    sendRaw(
      door.port,
      lines('GET / HTTP/1.1', 'Host: gate:9188', `Origin: ${origin}`, `Referer: ${referer}`, 'Connection: close', ''),
    )
  await asked('http://gate:9188', 'http://gate:9188/page?x')
  await asked('http://evil.example', 'http://gate:9188.evil.example/')
  expect(seen.map(({ headers: { origin, referer } }) => [origin, referer])).toEqual([
    [upstream.url, `${upstream.url}/page?x`],
    ['http://evil.example', 'http://gate:9188.evil.example/'],
  ])
})

/** A service that answers these bytes, whatever it is asked. */
async function startRaw(bytes: string) {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(bytes, 'latin1'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

test('an answer carries no cookie, challenge or secret of the service, and leads nobody to its address', async () => {
  await using service = await startUpstream((request, response) => {
    response.writeHead(302, {
      location: `${service.url}/login?next=1`,
      'set-cookie': ['AIOHTTP_SESSION=x', 'access-token=y'],
      'x-echo': `Bearer geheim`,
      'alt-svc': 'h3=":443"',
      'access-control-allow-origin': service.url,
      connection: 'x-hop',
      'x-hop': '1',
      refresh: '0',
    })
    response.end(request.url)
  })
  await using front = await startFrontDoor({ url: service.url })
  const got = await sendRaw(front.port, lines('GET / HTTP/1.1', 'Host: gate:1', 'Connection: close', ''))
  expect(got).toContain('location: /login?next=1\r\n')
  expect(got).toContain('x-echo: Bearer [secret]\r\n')
  expect(got).toContain('access-control-allow-origin: http://gate:1\r\n')
  expect(got).not.toMatch(/set-cookie|alt-svc|x-hop|geheim/i)
})

test('an answer is for who asked: no cache on the way may keep it, whatever the service says', async () => {
  await using service = await startUpstream(({ url = '' }, response) => {
    const said = new URL(url, 'http://x').searchParams.getAll('says')
    if (said.length > 0) response.setHeader('cache-control', said)
    response.setHeader('content-type', 'image/png').end('x')
  })
  await using front = await startFrontDoor({ url: service.url })
  const keptBy = async (query: string) => {
    const got = await sendRaw(front.port, lines(`GET /x.png${query} HTTP/1.1`, 'Host: x', 'Connection: close', ''))
    return [...got.matchAll(/^cache-control: (.*)\r$/gim)].map(([, value]) => value)
  }
  expect(await keptBy('')).toEqual(['private'])
  expect(await keptBy('?says=public,max-age=86400,s-maxage=9')).toEqual(['private, max-age=86400'])
  expect(await keptBy('?says=no-store&says=PUBLIC')).toEqual(['private, no-store'])
})

test('what people have put on a service is shown, and runs no scripts at the page’s own address', async () => {
  await using service = await startUpstream(({ url = '' }, response) => {
    const type = new URL(url, 'http://x').searchParams.get('type')
    response.writeHead(200, type === null ? {} : { 'content-type': type }).end('<script>alert(1)</script>')
  })
  await using front = await startFrontDoor({ url: service.url })
  const isSandboxed = async (target: string) =>
    (await sendRaw(front.port, lines(`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ''))).includes(
      'content-security-policy: sandbox',
    )
  for (const target of [
    '/view?filename=a.svg&type=image/svg%2Bxml',
    '/api/%76iew?type=text/html',
    '/userdata/a.html?type=text/html;charset=utf-8',
    '/api/v2/userdata/a?type=application/xhtml%2Bxml',
    '/api/userdata/a',
  ])
    expect(await isSandboxed(target), target).toBe(true)
  for (const target of ['/?type=text/html', '/view?type=image/png', '/assets/icon.svg?type=image/svg%2Bxml'])
    expect(await isSandboxed(target), target).toBe(false)
})

test.each([
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 30\r\n\r\nok'],
  ['a length beside chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a zero byte in a header', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
  ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`],
])('an answer that can be read in two ways is handed to nobody: %s', async (_, bytes) => {
  await using service = await startRaw(bytes)
  await using front = await startFrontDoor({ url: service.url })
  const got = await sendRaw(front.port, lines('GET / HTTP/1.1', 'Host: x', 'Connection: close', ''))
  expect(got).toMatch(/^HTTP\/1\.1 502 /)
  expect(got.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('what administrators alone are shown is searched for secrets, failures too', async () => {
  await using service = await startUpstream((request, response) => {
    response.writeHead(request.url === '/flags' ? 500 : 200, { 'content-type': 'application/json' })
    for (const piece of ['{"token":"ge', 'heim"}']) response.write(piece)
    response.end()
  })
  await using front = await startFrontDoor({
    url: service.url,
    stages: (open) => ({ ...open, rule: ({ path }) => ({ rule: path === '/all' ? 'everybody' : 'admin' }) }),
  })
  const logs = await fetch(`${front.url}/logs`)
  expect([logs.status, await logs.text()]).toEqual([200, '{"token":"[secret]"}'])
  const flags = await fetch(`${front.url}/flags`)
  expect([flags.status, await flags.text()]).toEqual([500, '{"token":"[secret]"}'])
  expect(await (await fetch(`${front.url}/all`)).text()).toContain('geheim')
})

test('more than an answer says is no second answer', async () => {
  await using service = await startRaw(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
  )
  await using front = await startFrontDoor({ url: service.url })
  for (let n = 0; n < 3; n += 1) expect(await (await fetch(front.url)).text()).toBe('ok')
})

test('the secret that was rotated a moment ago is asked for anew, once', async () => {
  let current = 'old'
  let asked = 0
  await using service = await startUpstream((request, response) => {
    asked += 1
    response.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401).end()
  })
  await using front = await startFrontDoor({
    url: service.url,
    secret() {
      const token = current
      current = 'new'
      return { username: null, password: null, token }
    },
  })
  expect((await fetch(front.url)).status).toBe(200)
  expect(asked).toBe(2)
  await using closed = await startFrontDoor({
    url: service.url,
    secret: () => ({ username: null, password: null, token: 'wrong' }),
  })
  asked = 0
  const refused = await fetch(closed.url)
  expect([refused.status, asked, refused.headers.get('www-authenticate')]).toEqual([502, 2, null])
  expect(await refused.json()).toMatchObject({ problem: 'gateway.refused' })
  // A body that was sent on is not sent twice.
  asked = 0
  expect((await fetch(closed.url, { method: 'POST', body: 'x' })).status).toBe(502)
  expect(asked).toBe(1)
})
