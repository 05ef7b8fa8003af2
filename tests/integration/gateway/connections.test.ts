import { once } from 'node:events'
import net from 'node:net'
import { expect, test } from 'vitest'
import { Problem } from '../../../shared/problems'
import { guest, startFrontDoor, startUpstream } from '../../support/front-door'
import { until } from '../../support/until'

const most = { all: 6, each: 3, strangers: 2, loopback: { each: 5, strangers: 3 } }

/** A connection, and what came of it. */
async function connected(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  let got = ''
  socket
    .setEncoding('latin1')
    .on('error', () => undefined)
    .on('data', (piece: string) => (got += piece))
  await once(socket, 'connect')
  return { socket, got: () => got, ask: (key: string) => socket.write(`GET /?as=${key} HTTP/1.1\r\nHost: x\r\n\r\n`) }
}

test('who was never let in takes a share of the connections, loses them soon, and closes the door to nobody', async () => {
  await using service = await startUpstream((_, response) => response.end('ok'))
  await using door = await startFrontDoor({
    url: service.url,
    headMs: 1_000,
    mostConnections: most,
    stages: (open) => ({
      ...open,
      admit: ({ query }) =>
        query.get('as') === 'maya' ? guest : { refused: new Problem('gateway.closed'), status: 401 },
    }),
  })
  const maya = await connected(door.port)
  maya.ask('maya')
  await until('her to be answered', () => maya.got().includes(' 200 '))
  const idle = await Promise.all([connected(door.port), connected(door.port), connected(door.port)])
  const newest = await connected(door.port)
  await until('the newest to be refused', () => newest.socket.closed)
  expect(idle.map(({ socket }) => socket.closed)).toEqual([false, false, false])
  maya.ask('maya')
  await until('her to be answered again', () => maya.got().split(' 200 ').length === 3)

  // With an answer that lets nobody in they are no better off.
  for (const one of idle) one.ask('guess')
  await until('them to be refused', () => idle.every(({ got }) => got().includes(' 401 ')))
  await until('them to be closed', () => idle.every(({ socket }) => socket.closed))
  expect(maya.socket.closed).toBe(false)
  const later = await connected(door.port)
  later.ask('maya')
  await until('room again', () => later.got().includes(' 200 '))
  for (const { socket } of [maya, later]) socket.destroy()
  expect(door.bugs).toEqual([])
})
