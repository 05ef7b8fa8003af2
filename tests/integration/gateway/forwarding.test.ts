import { once } from 'node:events'
import {
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  type Server,
} from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Problem } from '../../../shared/problems'
import { bodyOf, sendRaw, standsStill, startFrontDoor, startUpstream } from '../../support/front-door'
import { until } from '../../support/until'

const problem = () => new Problem('gateway.closed')

/** Asks through the gateway, as node's client does. */
async function asked(url: string, options: RequestOptions = {}, body?: string | Buffer) {
  const request = ask(url, options)
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await bodyOf(response), response }
}

test('nobody is let in where no stage admits anybody', async () => {
  let reached = 0
  await using upstream = await startUpstream((_, response) => {
    reached += 1
    response.end()
  })
  await using door = await startFrontDoor({
    url: upstream.url,
    stages: (open) => ({ ...open, admit: () => ({ refused: problem(), status: 503 }) }),
  })
  const { problem: said } = (await (await fetch(`${door.url}/system_stats`)).json()) as { problem: string }
  expect(said).toBe('gateway.closed')
  await using broken = await startFrontDoor({
    url: upstream.url,
    stages: (open) => ({
      ...open,
      rule: () => {
        throw new Error('a rule broke')
      },
    }),
  })
  const failed = await fetch(`${broken.url}/system_stats`)
  expect(failed.status).toBe(503)
  expect(await failed.json()).toMatchObject({ problem: 'gateway.failed' })
  expect(broken.bugs).toHaveLength(1)
  expect(reached).toBe(0)
})

test('a request goes through as it was sent, and its answer as it came', async () => {
  let seen = { method: '', url: '', headers: {} as IncomingHttpHeaders, body: '' }
  await using upstream = await startUpstream((request, response) => {
    void bodyOf(request).then((body) => {
      seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: body.toString() }
      response.writeHead(201, 'Made', { 'X-Twice': ['a', 'b'], 'content-type': 'text/plain', 'x-caf': 'caf\u00e9' })
      response.end('made')
    })
  })
  await using door = await startFrontDoor({ url: upstream.url })
  const got = await asked(
    `${door.url}/api/%66iles/a%2Fb?x=1&token=rk_secret&y=%20`,
    { method: 'POST', headers: { 'X-Own': 'yes', 'content-type': 'application/json', 'content-length': '11' } },
    '{"a":"b c"}',
  )
  expect(got).toMatchObject({ status: 201, body: Buffer.from('made') })
  expect(got.response.statusMessage).toBe('Made')
  expect(got.headers).toMatchObject({ 'x-twice': 'a, b', 'x-caf': 'caf\u00e9', 'content-type': 'text/plain' })
  expect(seen).toMatchObject({ method: 'POST', url: '/api/files/a%2Fb?x=1&y=%20', body: '{"a":"b c"}' })
  expect(seen.headers).toMatchObject({ 'x-own': 'yes', 'content-length': '11', host: new URL(upstream.url).host })
  const chunked = ask(`${door.url}/up`, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })
  for (const piece of ['one', 'two', 'three']) chunked.write(piece)
  chunked.end()
  await once(chunked, 'response')
  expect(seen).toMatchObject({ method: 'PUT', body: 'onetwothree' })
  expect(door.bugs).toEqual([])
})

test('HEAD, ranges, trailers, an empty answer and a code without a body come as they are', async () => {
  await using upstream = await startUpstream((request, response) => {
    if (request.url === '/head') response.writeHead(200, { 'content-length': 4096, etag: '"x"' }).end()
    else if (request.url === '/range')
      response.writeHead(206, { 'content-range': 'bytes 0-3/10', 'content-length': 4 }).end(request.headers.range ?? '')
    else if (request.url === '/trailers') {
      response.writeHead(200, { trailer: 'x-sum' })
      response.write('body')
      response.addTrailers({ 'x-sum': '42' })
      response.end()
    } else response.writeHead(request.url === '/304' ? 304 : 204).end()
  })
  await using door = await startFrontDoor({ url: upstream.url })
  const head = await asked(`${door.url}/head`, { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': '4096', etag: '"x"' } })
  const range = await asked(`${door.url}/range`, { headers: { range: '0123' } })
  expect(range).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 0-3/10' }, body: Buffer.from('0123') })
  const { response, body } = await asked(`${door.url}/trailers`)
  expect([body.toString(), response.trailers]).toEqual(['body', { 'x-sum': '42' }])
  expect(await asked(`${door.url}/204`)).toMatchObject({ status: 204, body: Buffer.alloc(0) })
  expect(await asked(`${door.url}/304`)).toMatchObject({ status: 304, body: Buffer.alloc(0) })
  expect(door.bugs).toEqual([])
})

test('a client that asks whether it may send its body is told after it was admitted', async () => {
  let bodies = 0
  await using upstream = await startUpstream((request, response) => {
    void bodyOf(request).then((body) => {
      bodies += 1
      response.end(String(body.length))
    })
  })
  let isOpen = true
  await using door = await startFrontDoor({
    url: upstream.url,
    stages: (open) => ({ ...open, admit: (of) => (isOpen ? open.admit(of) : { refused: problem(), status: 503 }) }),
  })
  const send = async () => {
    const request = ask(`${door.url}/upload`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': '5' },
    })
    request.flushHeaders()
    const first = await Promise.race([
      once(request, 'continue').then(() => 'continue'),
      once(request, 'response').then(([response]: IncomingMessage[]) => response?.statusCode),
    ])
    if (first !== 'continue') return first
    request.end('12345')
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return (await bodyOf(response)).toString()
  }
  expect(await send()).toBe('5')
  isOpen = false
  expect(await send()).toBe(503)
  expect(bodies).toBe(1)
})

test('what a service sends comes at once, also before there is any body', async () => {
  let more: () => void = () => undefined
  await using upstream = await startUpstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    more = () => response.write('data: 1\n\n')
  })
  await using door = await startFrontDoor({ url: upstream.url })
  const request = ask(`${door.url}/queue/data`)
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  more()
  const [piece] = (await once(response, 'data')) as [Buffer]
  expect(piece.toString()).toBe('data: 1\n\n')
  expect(door.gateway.read().listeners[0]).toMatchObject({ inFlight: 1, inside: [{ name: 'Maya', requests: 1 }] })
  request.destroy()
  await until('the stream to end', () => door.gateway.read().listeners[0]?.inFlight === 0)
})

test('a client that goes away ends its request at the service, and a service that breaks off ends the answer', async () => {
  const gone: string[] = []
  await using upstream = await startUpstream((request, response) => {
    response.on('close', () => response.writableFinished || gone.push(request.url ?? ''))
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setImmediate(() => response.socket?.destroy())
    } else if (request.url === '/cut-chunked') {
      response.write('half')
      setImmediate(() => response.socket?.destroy())
    } else if (request.url === '/reset') request.socket.destroy()
  })
  await using door = await startFrontDoor({ url: upstream.url })
  for (const path of ['/waits', '/uploads']) {
    const request = ask(door.url + path, path === '/uploads' ? { method: 'POST' } : {})
    request.on('error', () => undefined)
    if (path === '/uploads') request.write('some')
    else request.end()
    await until('the service to be asked', () => door.gateway.read().listeners[0]?.inFlight === 1)
    await until('the connection to be made', () => countOf(upstream.server))
    request.destroy()
    await until('the service to see it', () => gone.includes(path))
  }
  for (const path of ['/cut', '/cut-chunked']) {
    const request = ask(door.url + path)
    request.end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await expect(bodyOf(response)).rejects.toThrow()
  }
  const reset = await fetch(`${door.url}/reset`, { method: 'POST', body: 'x' })
  expect(reset.status).toBe(502)
  const told = await reset.text()
  expect(JSON.parse(told)).toMatchObject({ problem: 'gateway.broken-off' })
  expect(told).toContain('ask once more')
  expect(told).not.toMatch(/UND_ERR|ECONN|EPIPE/)
  expect(door.gateway.read().listeners[0]?.inFlight).toBe(0)
})

const countOf = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))

test('neither side is read faster than the other takes it', async () => {
  const block = Buffer.alloc(1024 * 1024, 7)
  let sent = 0
  let taken = 0
  let release: () => void = () => undefined
  await using upstream = await startUpstream((request, response) => {
    if (request.url === '/other') response.end('there')
    else if (request.method === 'GET') {
      const more = () => {
        while (sent < 64 && response.write(block)) sent += 1
        if (sent < 64) {
          sent += 1
          response.once('drain', more)
        } else response.end()
      }
      more()
    } else {
      request.pause()
      release = () => {
        request.on('data', (piece: Buffer) => (taken += piece.length))
        request.on('end', () => response.end(String(taken)))
        request.resume()
      }
    }
  })
  await using door = await startFrontDoor({ url: upstream.url })
  const down = ask(`${door.url}/down`)
  down.end()
  const [response] = (await once(down, 'response')) as [IncomingMessage]
  const other = async () => (await fetch(`${door.url}/other`)).text()
  const stood = await standsStill('the service', () => sent, other)
  expect(stood).toBeLessThan(48)
  expect((await bodyOf(response)).length).toBe(64 * block.length)

  const up = ask(`${door.url}/up`, { method: 'POST' })
  let given = 0
  const push = () => {
    while (given < 64) {
      given += 1
      if (!up.write(block)) return void up.once('drain', push)
    }
    up.end()
  }
  push()
  const held = await standsStill('the client', () => given, other)
  expect(held).toBeLessThan(48)
  release()
  const [answer] = (await once(up, 'response')) as [IncomingMessage]
  expect((await bodyOf(answer)).toString()).toBe(String(64 * block.length))
})

test('an answer that does not wait for the end of a body reaches its client', async () => {
  await using upstream = await startUpstream((request, response) => {
    response.writeHead(413).end('Maximum request body size exceeded.')
    request.resume()
  })
  await using door = await startFrontDoor({ url: upstream.url })
  const got = await sendRaw(
    door.port,
    `POST /upload/image HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n${'x'.repeat(200_000)}`,
    (so) => so.includes('exceeded.'),
  )
  expect(got).toMatch(/^HTTP\/1\.1 413 /)
  expect(got).toContain('Maximum request body size exceeded.')
})

test('connections to the service are kept, and a request that meets the end of one is asked again', async () => {
  const seen = new Set<Socket>()
  let kill = false
  await using upstream = await startUpstream((request, response) => {
    seen.add(request.socket)
    if (kill) {
      kill = false
      request.socket.destroy()
    } else response.end('ok')
  })
  await using door = await startFrontDoor({
    url: upstream.url,
    stages: (open) => ({ ...open, ready: () => ({ url: upstream.url }) }),
  })
  for (let n = 0; n < 5; n += 1) expect(await (await fetch(door.url)).text()).toBe('ok')
  expect(seen.size).toBe(1)
  kill = true
  expect(await (await fetch(door.url)).text()).toBe('ok')
  kill = true
  expect((await fetch(door.url, { method: 'POST', body: 'x' })).status).toBe(502)
})
