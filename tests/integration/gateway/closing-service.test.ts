import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { exchange } from '../../../electron/gateway/exchange'
import { createUpstreams } from '../../../electron/gateway/upstreams'
import { until } from '../../support/until'

/** Comes in one piece, and is more than an answer holds back. */
const size = 40 * 1024

/** A service that answers with a body, and closes its connection behind it. */
async function startClosing(head: string) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n${head}\r\n`)
      setImmediate(() => socket.end(Buffer.alloc(size, 'a')))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')),
  }
}

/** An answer whose client takes nothing until it reads. */
function slowAnswer() {
  const taken: string[] = []
  const waiting: (() => void)[] = []
  let isReading = false
  const socket = new Duplex({
    read: () => undefined,
    decodeStrings: false,
    write(piece: Buffer | string, _, done) {
      taken.push(piece.toString('latin1'))
      if (isReading) done()
      else waiting.push(done)
    },
  }) as Socket // what an answer asks of its socket, a duplex stream has
  const response = new ServerResponse(new IncomingMessage(socket))
  response.assignSocket(socket)
  const read = () => {
    isReading = true
    for (const done of waiting.splice(0)) done()
  }
  return { response, read, length: () => taken.join('').match(/a{2,}/g)?.join('').length ?? 0 }
}

// undici 7 asserts that no answer stands still when its connection ends (https://github.com/nodejs/undici/issues/5360), in
// an event that nobody can catch.
test.each([
  ['with its length', `Content-Length: ${size}\r\n`],
  ['without one', ''],
])('an answer %s that stands still while its service closes the connection is read to the end', async (_, head) => {
  await using service = await startClosing(head)
  const upstreams = await createUpstreams()
  const connections = upstreams.of(service.url)
  const { response, read, length } = slowAnswer()
  const outcome = exchange({
    ...{ connections, response, redact: (text) => text, entry: { isEndless: false } },
    send: { method: 'GET', path: '/view', headers: [], body: null },
    places: { service: { origin: service.url, host: new URL(service.url).host, prefix: '' }, gateway: 'http://x' },
    whole: () => undefined,
    hold: () => undefined,
    isContent: () => false,
    seen: undefined,
    isRefusal: () => false,
  })
  expect(await outcome).toMatchObject({ type: 'answered', isCut: false, bytesOut: size })
  expect(connections.standing.size).toBe(0)
  read()
  await until('the whole answer', () => length() === size)
  await upstreams.close()
})
