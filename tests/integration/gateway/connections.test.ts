import { once } from 'node:events'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { Problem } from '../../../shared/problems'
import { guest, startFrontDoor, startUpstream } from '../../support/front-door'
import { until } from '../../support/until'

const most = { all: 6, each: 3, strangers: 2, loopback: { each: 5, strangers: 3 } }

/** A connection, and what came of it; on Linux from whichever address of 127.0.0.0/8. */
async function connected(port: number, { from, to = '127.0.0.1' }: { from?: string; to?: string } = {}) {
  const socket = net.connect({ port, host: to, ...(from !== undefined && { localAddress: from }) })
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

/** An address of this machine that others reach, of either family; none on a machine without network. */
const outside = (family: 'IPv4' | 'IPv6') =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find((one) => one.family === family && !one.internal && !one.address.startsWith('fe80'))?.address

/** Opens so many connections that say nothing, and answers how many stay. */
async function silent(port: number, count: number, at: { from?: string; to?: string }) {
  const all = []
  for (let n = 0; n < count; n += 1) all.push(await connected(port, at))
  const [last] = all.slice(-1)
  await until('those above the share to be closed', () => last?.socket.closed === true)
  return all.filter(({ socket }) => !socket.closed)
}

// Only Linux has all of 127.0.0.0/8.
test.skipIf(process.platform !== 'linux')(
  'each source has a share of its own, and one that fills its share takes nobody’s',
  async () => {
    await using service = await startUpstream((_, response) => response.end('ok'))
    const wide = { ...most, all: 40 }
    await using door = await startFrontDoor({
      ...{ url: service.url, mostConnections: wide, gateway: { host: '::' } },
      stages: (open) => ({ ...open, admit: () => guest }),
    })
    const open = []
    // As many strangers as may be there from each source, and no more, whatever the others have.
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) {
      const left = await silent(door.port, wide.loopback.strangers + 1, { from })
      expect([from, left.length]).toEqual([from, wide.loopback.strangers])
      open.push(...left)
    }
    // From outside the shares are smaller; and of IPv6 all that begin alike are one.
    for (const to of [outside('IPv4'), outside('IPv6')]) {
      if (to === undefined) continue
      const left = await silent(door.port, wide.strangers + 1, { to })
      expect([to, left.length]).toEqual([to, wide.strangers])
      open.push(...left)
    }
    const other = await connected(door.port, { from: '127.0.0.5' })
    other.ask('maya')
    await until('another source to be answered', () => other.got().includes(' 200 '))
    for (const { socket } of [...open, other]) socket.destroy()
    expect(door.bugs).toEqual([])
  },
)

test.skipIf(process.platform !== 'linux')(
  'a full door makes room by its oldest stranger, and for none of those who were let in',
  async () => {
    await using service = await startUpstream((_, response) => response.end('ok'))
    await using door = await startFrontDoor({
      ...{ url: service.url, mostConnections: most },
      stages: (open) => ({ ...open, admit: () => guest }),
    })
    const known = await connected(door.port, { from: '127.0.0.2' })
    known.ask('maya')
    await until('her to be answered', () => known.got().includes(' 200 '))
    const strangers = []
    for (let n = 3; n < 3 + most.all; n += 1) strangers.push(await connected(door.port, { from: `127.0.0.${n}` }))
    const [oldest, ...others] = strangers
    await until('the oldest to make room', () => oldest?.socket.closed === true)
    expect(others.map(({ socket }) => socket.closed)).toEqual(others.map(() => false))
    known.ask('maya')
    await until('her to be answered again', () => known.got().split(' 200 ').length === 3)
    for (const { socket } of [known, ...strangers]) socket.destroy()
  },
)
