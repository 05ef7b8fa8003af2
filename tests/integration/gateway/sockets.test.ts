import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { closedStages, type Upstream } from '../../../electron/gateway'
import { administrator } from '../../support/through-gateway'
import { guest, sendRaw, standsStill, startFrontDoor, startUpstream } from '../../support/front-door'
import { until } from '../../support/until'

/** A service with a WebSocket: tells each that joins, and answers as it is told. */
async function startSocketService(
  join: (socket: WebSocket, url: string) => void,
  protocols?: (of: Set<string>) => string | false,
) {
  const server = new WebSocketServer({ noServer: true, ...(protocols && { handleProtocols: protocols }) })
  const upstream = await startUpstream(
    (_, response) => response.writeHead(400).end('No WebSocket UPGRADE hdr'),
    (http) =>
      http.on('upgrade', (request, socket, head) => {
        if (request.url?.startsWith('/refused')) {
          socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')
          return
        }
        server.handleUpgrade(request, socket, head, (joined) => join(joined, request.url ?? ''))
      }),
  )
  return {
    ...upstream,
    sockets: server,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

async function opened(url: string, protocols: string[] = [], options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(url.replace('http', 'ws'), protocols, options)
  await once(socket, 'open')
  return socket
}

test('messages go through in both directions, in order, whole, with their kind', async () => {
  let seen = ''
  await using service = await startSocketService((socket, url) => {
    seen = url
    socket.send('hello')
    for (let n = 0; n < 500; n += 1) socket.send(n % 2 === 0 ? Buffer.from([n % 256, n >> 8]) : `text ${n}`)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await using door = await startFrontDoor({ url: service.url })
  const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws?clientId=a%20b&token=rk_secret`)
  const got: (string | Buffer)[] = []
  socket.on('message', (data, isBinary) => got.push(isBinary ? (data as Buffer) : (data as Buffer).toString()))
  await until('all of them', () => got.length === 501)
  expect(got[0]).toBe('hello')
  const numbers = got
    .slice(1)
    .map((one, n) => (typeof one === 'string' ? one === `text ${n}` : one.readUInt16LE(0) === n))
  expect(numbers.every(Boolean)).toBe(true)
  expect(seen).toBe('/ws?clientId=a%20b')
  const large = Buffer.alloc(20 * 1024 * 1024, 5)
  socket.send(large)
  const [echo] = (await once(socket, 'message')) as [Buffer]
  expect(echo.equals(large)).toBe(true)
  expect(door.gateway.read().listeners[0]).toMatchObject({ sockets: 1, inside: [{ name: 'Maya', sockets: 1 }] })
  socket.close()
  await until('nobody to be inside', () => door.gateway.read().listeners[0]?.sockets === 0)
  expect(door.bugs).toEqual([])
})

test('codes, reasons, pings, pongs and protocols are those of the other side; compression is granted to nobody', async () => {
  const ends: [number, string][] = []
  await using service = await startSocketService(
    (socket) => {
      socket.on('close', (code, reason) => ends.push([code, reason.toString()]))
      socket.on('message', (data) => socket.close(Number((data as Buffer).toString()), 'as told'))
    },
    (of) => (of.has('second') ? 'second' : false),
  )
  await using door = await startFrontDoor({ url: service.url })
  const socket = await opened(door.url, ['first', 'second'])
  expect([socket.protocol, socket.extensions]).toEqual(['second', ''])
  socket.ping('beat')
  expect(String((await once(socket, 'pong'))[0])).toBe('beat')
  const [served] = [...service.sockets.clients]
  served?.ping('back')
  expect(String((await once(socket, 'ping'))[0])).toBe('back')
  socket.send('4321')
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  expect([code, reason.toString()]).toEqual([4321, 'as told'])
  const other = await opened(door.url, ['second'])
  other.close(4000, 'enough')
  await until('the service to hear it', () => ends.some(([end, why]) => end === 4000 && why === 'enough'))
  const bare = await opened(door.url)
  bare.terminate()
  await until('the service to lose it', () => ends.some(([end]) => end === 1006))
})

test('an upgrade that the service refuses is answered as the service does, and what is no upgrade is none', async () => {
  await using service = await startSocketService(() => undefined)
  await using door = await startFrontDoor({ url: service.url })
  const refused = new WebSocket(`${door.url.replace('http', 'ws')}/refused`)
  const [, answer] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }]
  expect(answer.statusCode).toBe(404)
  refused.on('error', () => undefined)
  expect((await fetch(`${door.url}/ws`)).status).toBe(400)
  const h2c = await sendRaw(door.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
  expect(h2c).toMatch(/^HTTP\/1\.1 400 /)
  const post = await sendRaw(
    door.port,
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  expect(post).toMatch(/^HTTP\/1\.1 400 /)
  const noKey = await sendRaw(
    door.port,
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  expect(noKey).toMatch(/^HTTP\/1\.1 400 /)
  expect(door.gateway.read().listeners[0]?.sockets).toBe(0)
})

test('nobody gets a socket who is not let in', async () => {
  let joined = 0
  await using service = await startSocketService(() => (joined += 1))
  await using door = await startFrontDoor({
    url: service.url,
    stages: (open) => ({ ...open, admit: closedStages.admit }),
  })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  socket.on('error', () => undefined)
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
  expect([answer.statusCode, joined]).toEqual([503, 0])
})

test('a reader who is slow holds the service, and loses nothing', async () => {
  const frame = Buffer.alloc(1024 * 1024, 3)
  let sent = 0
  await using service = await startSocketService((socket) => {
    const more = () => {
      sent += 1
      if (sent <= 48) socket.send(frame, more)
      else socket.send('done')
    }
    more()
  })
  await using door = await startFrontDoor({ url: service.url })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  let got = 0
  let isDone = false
  socket.on('message', (data, isBinary) => {
    if (isBinary) got += (data as Buffer).length
    else isDone = true
  })
  await once(socket, 'open')
  socket.pause()
  const stood = await standsStill(
    'the service',
    () => sent,
    async () => (await fetch(`${door.url}/other`)).text(),
  )
  expect(stood).toBeLessThan(40)
  socket.resume()
  await until('all of it', () => isDone)
  expect(got).toBe(48 * frame.length)
})

test('messages are kept from those whom a rule keeps them from, and a rule that breaks ends the socket', async () => {
  await using service = await startSocketService((socket, url) => {
    socket.send(url === '/breaks' ? 'break' : 'mine')
    socket.send('foreign')
    socket.send('changed')
  })
  const ended: string[] = []
  await using door = await startFrontDoor({
    url: service.url,
    stages: (open) => ({
      ...open,
      rule: ({ path }) => ({
        rule: 'own',
        handling: {
          ended: () => void ended.push(path),
          socket: () => ({
            fromService(data) {
              const text = data.toString()
              if (text === 'break') throw new Error('no rule for it')
              return text === 'changed' ? Buffer.from('yours') : text === 'mine'
            },
          }),
        },
      }),
    }),
  })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  const got: string[] = []
  socket.on('message', (data) => got.push((data as Buffer).toString()))
  await until('two of them', () => got.length === 2)
  expect(got).toEqual(['mine', 'yours'])
  socket.close()
  const broken = new WebSocket(`${door.url.replace('http', 'ws')}/breaks`)
  broken.on('error', () => undefined)
  broken.on('message', (data) => got.push((data as Buffer).toString()))
  await once(broken, 'close')
  expect(got).toHaveLength(2)
  expect(door.bugs).toHaveLength(1)
  await until('both to have ended', () => ended.length === 2)
})

test('texts for an administrator are searched for secrets; pictures, and what is for others, are not', async () => {
  const picture = Buffer.from('\u0000geheim\u00ff', 'latin1')
  await using service = await startSocketService((socket) => {
    socket.send('{"type":"logs","data":"Token: ge', { fin: false })
    socket.send('heim"}')
    socket.send(picture)
    socket.send('{"type":"status"}')
  })
  for (const [who, rule, isSearched] of [
    [administrator, 'own', true],
    [guest, 'unknown', true],
    [guest, 'own', false],
  ] as const) {
    await using door = await startFrontDoor({
      url: service.url,
      stages: (open) => ({ ...open, admit: () => who, rule: () => ({ rule }) }),
    })
    const socket = new WebSocket(door.url.replace('http', 'ws'))
    const got: Buffer[] = []
    socket.on('message', (data) => got.push(data as Buffer))
    await until('all of them', () => got.length === 3)
    const log = `{"type":"logs","data":"Token: ${isSearched ? '[secret]' : 'geheim'}"}`
    expect(got).toEqual([Buffer.from(log), picture, Buffer.from('{"type":"status"}')])
    socket.terminate()
  }
})

test('a text that is too long to be searched is not shown: the administrator’s socket is closed', async () => {
  await using service = await startSocketService((socket) => {
    socket.send(Buffer.alloc(32 * 1024 * 1024 + 1, 'a'), { binary: false })
  })
  await using door = await startFrontDoor({
    url: service.url,
    stages: (open) => ({ ...open, admit: () => administrator }),
  })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  const got: unknown[] = []
  socket.on('message', (data) => got.push(data))
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  expect([code, reason.toString(), got]).toEqual([1009, 'too long to be searched for secrets', []])
  expect(door.bugs).toEqual([])
})

test('a socket whose service comes back is joined to it again, and one whose key ends is closed', async () => {
  const join = (socket: WebSocket) => socket.send('joined')
  const first = await startSocketService(join)
  await using second = await startSocketService((socket) => {
    join(socket)
    socket.on('message', (data) => socket.send(`second: ${(data as Buffer).toString()}`))
  })
  let comeBack: (upstream: Upstream | null) => void = () => undefined
  await using door = await startFrontDoor({
    url: first.url,
    stages: (open) => ({ ...open, rejoin: () => new Promise<Upstream | null>((resolve) => (comeBack = resolve)) }),
  })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  const got: string[] = []
  socket.on('message', (data) => got.push((data as Buffer).toString()))
  await until('the first', () => got.length === 1)
  const waits = comeBack
  await first[Symbol.asyncDispose]()
  await until('the gateway to ask', () => comeBack !== waits)
  socket.send('while away')
  comeBack({ url: second.url })
  await until('the second', () => got.length === 3)
  expect(got).toEqual(['joined', 'joined', 'second: while away'])
  expect(door.gateway.inside.cut((opened) => opened.guest === guest)).toBe(1)
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1008)
  await until('nobody to be inside', () => second.sockets.clients.size === 0)
})

test('messages that never end count among what is held of their person, and are cut where that is too much', async () => {
  const mib = 2 ** 20
  const received: number[] = []
  await using service = await startSocketService((socket) =>
    socket.on('message', (data: Buffer) => received.push(data.length)),
  )
  await using door = await startFrontDoor({ url: service.url, mostHeld: { all: 8 * mib, each: 4 * mib } })
  const piece = Buffer.alloc(mib / 2, 7)
  const [first, second] = [await opened(door.url), await opened(door.url)]
  for (let sent = 0; sent < 6; sent += 1) first.send(piece, { fin: false })
  first.on('error', () => undefined) // it may be cut while it sends
  second.on('error', () => undefined)
  const cut = once(second, 'close')
  for (let sent = 0; sent < 6; sent += 1) second.send(piece, { fin: false })
  // It is told why, though it is still sending.
  expect((await Promise.race([cut, once(first, 'close')]))[0]).toBe(1013)
  first.terminate()
  second.terminate()
  await until('nobody to be inside', () => door.gateway.read().listeners[0]?.sockets === 0)
  // What ended gave it back, and whole messages hold nothing.
  const third = await opened(door.url)
  for (let sent = 0; sent < 4; sent += 1) {
    third.send(Buffer.alloc(2 * mib, 1))
    await until('it to have come', () => received.length === sent + 1)
  }
  third.close()
  expect(door.bugs).toEqual([])
})

test('what sockets hold is counted with all else that a person has waiting: one that would be too much is closed', async () => {
  const mib = 2 ** 20
  const flood = Buffer.alloc(mib / 2, 9)
  await using service = await startSocketService((socket, url) => {
    socket.on('message', (data) => socket.send(String((data as Buffer).length)))
    if (url === '/floods') for (let n = 0; n < 40; n += 1) socket.send(flood)
  })
  await using door = await startFrontDoor({
    url: service.url,
    mostHeld: { all: 6 * mib, each: 2.5 * mib },
    stages: (open) => ({ ...open, admit: ({ headers }) => ({ ...guest, account: String(headers['x-as'] ?? 'user') }) }),
  })
  // One who reads nothing holds the service; with several of them it is too much.
  const lazy = await Promise.all([1, 2, 3].map(() => opened(`${door.url}/floods`, [], { headers: { 'x-as': 'ben' } })))
  for (const socket of lazy) socket.pause()
  await until('one of them to be cut off', () => service.sockets.clients.size < lazy.length)
  for (const socket of lazy) socket.terminate()
  await until('all of them to be gone', () => service.sockets.clients.size === 0)
  // Nobody lacks room afterwards.
  const other = await opened(door.url, [], { headers: { 'x-as': 'ben' } })
  const same = await opened(door.url)
  for (const socket of [other, same]) {
    socket.send(Buffer.alloc(2 * mib))
    expect(String(((await once(socket, 'message')) as [Buffer])[0])).toBe(String(2 * mib))
    socket.close()
  }
  expect(door.bugs).toEqual([])
})
