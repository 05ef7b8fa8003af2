import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { readFrames } from '../../../electron/gateway/frames'
import { until } from '../../support/until'

/** A frame of a server; `head` in the place of its first byte. */
function frame(opcode: number, payload: Buffer, { head = 0x80 | opcode } = {}): Buffer {
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.from([head, length]), payload])
  return Buffer.concat([Buffer.from([head, 126, length >> 8, length & 0xff]), payload])
}

function long(payload: Buffer): Buffer {
  const head = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(payload.length, 6)
  return Buffer.concat([head, payload])
}

/** What is taken and what is left to `ws`, in its order, of a connection on which this comes in pieces of a size. */
async function read(bytes: Buffer, size: number) {
  const wire = new Duplex({ read: () => undefined, write: (_, __, done) => done() })
  const got: string[] = []
  const left: Buffer[] = []
  wire.on('data', (piece: Buffer) => void left.push(piece))
  wire.pause()
  readFrames(wire, 2 ** 20, ({ data, isBinary, raw }) => {
    got.push(`${isBinary ? 'binary' : 'text'} ${data.length} ${data.toString('latin1', 0, 8)}`)
    expect(raw.subarray(raw.length - data.length).equals(data)).toBe(true)
  })
  wire.resume()
  for (let at = 0; at < bytes.length; at += size) wire.push(bytes.subarray(at, at + size))
  wire.push(null)
  await once(wire, 'end')
  return { got, left: Buffer.concat(left) }
}

const ping = frame(9, Buffer.from('beat'))
const big = long(Buffer.alloc(70_000, 0x82)) // its bytes look like heads of frames
const messages = Buffer.concat([
  frame(1, Buffer.from('first')),
  ping,
  frame(2, Buffer.alloc(24_000, 0x81)),
  big,
  frame(2, Buffer.alloc(0)),
  frame(1, Buffer.from('x'.repeat(126))),
])

test.each([3, 1024, 25_000, 200_000])('messages come whole in pieces of %i bytes, the rest is for ws', async (size) => {
  const { got, left } = await read(messages, size)
  expect(got.map((one) => one.slice(0, 14))).toEqual([
    'text 5 first',
    'binary 24000 \u0081',
    'binary 0 ',
    'text 126 xxxxx',
  ])
  expect(left.equals(Buffer.concat([ping, big]))).toBe(true)
})

const some = Buffer.from('abcd')
test.each([
  ['a close', frame(8, Buffer.from([3, 232]))],
  ['a piece of a message', frame(1, some, { head: 0x01 })],
  ['a piece without a beginning', frame(0, some)],
  ['an extension', frame(2, some, { head: 0xc2 })],
  ['an unknown opcode', frame(3, some)],
  ['a mask', Buffer.concat([Buffer.from([0x82, 0x84]), some])],
  ['a long ping', Buffer.concat([Buffer.from([0x89, 126, 0, 126]), Buffer.alloc(126)])],
  ['a length that is not the shortest', Buffer.concat([Buffer.from([0x82, 126, 0, 4]), some])],
  ['a message that is too long', Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0])],
])('after %s nothing more is taken: ws reads on, from its first byte', async (_, odd) => {
  const after = Buffer.concat([odd, frame(2, Buffer.from('after'))])
  for (const size of [1, 5, 100_000]) {
    const { got, left } = await read(Buffer.concat([frame(1, Buffer.from('before')), after]), size)
    expect([got, left.equals(after)]).toEqual([['text 6 before'], true])
  }
})

test('beside the real ws: it is left pings, long messages, pieces and the close, each in its place', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.once('connection', (socket) => {
    socket.send('one')
    socket.ping('beat')
    socket.send(Buffer.alloc(70_000))
    socket.send(Buffer.from('two'))
    socket.send('piece', { fin: false })
    socket.send('s')
    socket.send('three')
    socket.close(4321, 'as told')
  })
  const address = server.address()
  const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  const got: string[] = []
  socket.once('upgrade', ({ socket: wire }: IncomingMessage) =>
    socket.once('open', () => {
      socket.pause()
      readFrames(wire, 2 ** 20, ({ data }) => got.push(`taken ${data.toString()}`))
      socket.resume()
    }),
  )
  socket.on('ping', (data) => got.push(`ping ${data.toString()}`))
  socket.on('message', (data: Buffer) => got.push(data.length > 100 ? `ws ${data.length}` : `ws ${data.toString()}`))
  socket.on('close', (code, reason) => got.push(`closed ${code} ${reason.toString()}`))
  await until('the end', () => got.some((one) => one.startsWith('closed')))
  expect(got).toEqual([
    ...['taken one', 'ping beat', 'ws 70000', 'taken two', 'ws pieces', 'ws three', 'closed 4321 as told'],
  ])
  server.close()
})
