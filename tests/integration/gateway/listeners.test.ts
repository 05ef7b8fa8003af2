import { once } from 'node:events'
import { request as ask, type IncomingMessage } from 'node:http'
import net from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Problem } from '../../../shared/problems'
import { bodyOf, sendRaw, startFrontDoor, startUpstream } from '../../support/front-door'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const limit = () => new Problem('gateway.closed')

const listenerOf = (door: Awaited<ReturnType<typeof startFrontDoor>>) => door.gateway.read().listeners[0]

/** A service that answers when it is told to. */
async function startSlow() {
  const waiting: (() => void)[] = []
  const upstream = await startUpstream((_, response) => waiting.push(() => response.end('done')))
  return { ...upstream, waiting, release: () => waiting.splice(0).forEach((answer) => answer()) }
}

test('a port that is taken is told, with who has it and one that is free, and had as soon as it is', async () => {
  await using service = await startUpstream((_, response) => response.end('ok'))
  const other = net.createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as net.AddressInfo
  await using door = await startFrontDoor({ url: service.url, gateway: { port }, againMs: 20 })
  const taken = listenerOf(door)
  expect(taken).toMatchObject({ state: 'failed', reason: { problem: 'gateway.port-taken', params: { port } } })
  expect(taken?.freePort).toBeGreaterThan(port)
  other.close()
  await until('the gateway to listen', () => listenerOf(door)?.state === 'listening')
  expect(await (await fetch(door.url)).text()).toBe('ok')

  await door.change({ gateway: { ...door.place(), port: service.port } })
  expect(listenerOf(door)).toMatchObject({
    state: 'failed',
    reason: { problem: 'gateway.port-of-service', params: { by: 'qwen' } },
    servedUrl: door.url,
  })
  await door.change({ gateway: { ...door.place(), port, host: '192.0.2.1' } })
  expect(listenerOf(door)).toMatchObject({
    ...{ state: 'failed', reason: { problem: 'gateway.cannot-listen' }, servedUrl: door.url },
  })
  expect(await (await fetch(door.url)).text()).toBe('ok')
  expect(door.bugs).toEqual([])
})

test('a listener whose new address cannot be had stays where it was, and what goes on there goes on', async () => {
  await using service = await startSlow()
  await using door = await startFrontDoor({ url: service.url, againMs: 20 })
  const place = door.place()
  const running = fetch(door.url)
  await until('the service to be asked', () => service.waiting.length === 1)
  const other = net.createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as net.AddressInfo
  await door.change({ gateway: { ...place, port } })
  const failed = { state: 'failed', reason: { problem: 'gateway.port-taken' }, servedUrl: door.url, inFlight: 1 }
  expect(listenerOf(door)).toMatchObject(failed)
  const more = fetch(door.url)
  await until('the service to be asked at the old address', () => service.waiting.length === 2)
  service.release()
  expect([await (await running).text(), await (await more).text()]).toEqual(['done', 'done'])

  // Taken back, it is as it was; and it moves as soon as the other program lets go.
  await door.change({ gateway: place })
  expect(listenerOf(door)).toMatchObject({ state: 'listening', url: door.url })
  expect(listenerOf(door)?.servedUrl).toBeUndefined()
  await door.change({ gateway: { ...place, port } })
  other.close()
  await until('the gateway to move', () => listenerOf(door)?.state === 'listening')
  await expect(fetch(door.url)).rejects.toThrow()
  expect(door.bugs).toEqual([])
})

test('a listener moves while what it had goes on, and is gone when it is turned off', async () => {
  await using service = await startSlow()
  await using door = await startFrontDoor({ url: service.url })
  const running = fetch(door.url)
  await until('the service to be asked', () => service.waiting.length === 1)
  const port = await freePort()
  await door.change({ gateway: { ...door.place(), port } })
  expect(listenerOf(door)).toMatchObject({ state: 'listening', url: `http://127.0.0.1:${port}`, inFlight: 1 })
  await expect(fetch(door.url)).rejects.toThrow()
  const other = fetch(`http://127.0.0.1:${port}`)
  await until('the service to be asked again', () => service.waiting.length === 2)
  service.release()
  expect([await (await running).text(), await (await other).text()]).toEqual(['done', 'done'])
  await door.change({ gateway: { ...door.place(), enabled: false } })
  expect(listenerOf(door)?.state).toBe('off')
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow()
  await door.change({ gateway: { ...door.place(), enabled: true } })
  expect(listenerOf(door)?.state).toBe('listening')
})

test('a gateway that closes takes nothing new, lets requests end, tells sockets, and cuts what takes too long', async () => {
  await using service = await startSlow()
  const server = new WebSocketServer({ server: service.server })
  const door = await startFrontDoor({ url: service.url, drainMs: 60_000 })
  const socket = new WebSocket(door.url.replace('http', 'ws'))
  await once(socket, 'open')
  const running = fetch(door.url)
  await until('the service to be asked', () => service.waiting.length === 1)
  const closed = door[Symbol.asyncDispose]()
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1001)
  await until('nothing new to be taken', () =>
    fetch(door.url).then(
      () => false,
      () => true,
    ),
  )
  service.release()
  expect(await (await running).text()).toBe('done')
  await closed

  const hurried = await startFrontDoor({ url: service.url, drainMs: 20 })
  const cut = fetch(hurried.url)
  cut.catch(() => undefined)
  await until('the service to be asked', () => service.waiting.length === 1)
  await hurried[Symbol.asyncDispose]()
  await expect(cut).rejects.toThrow()
  expect(hurried.gateway.inside.count('qwen', 'request')).toBe(0)
  server.close()
})

test('a client that sends its head letter by letter is cut off, and holds nobody up', async () => {
  await using service = await startUpstream((_, response) => response.end('ok'))
  await using door = await startFrontDoor({ url: service.url, headMs: 400 })
  const slow = Array.from({ length: 50 }, () => net.connect(door.port, '127.0.0.1'))
  for (const socket of slow) socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: x\r\n')
  const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('X')), 50)
  expect(await (await fetch(door.url)).text()).toBe('ok')
  await until('all of them to be cut off', () => slow.every((socket) => socket.closed))
  clearInterval(drip)
  expect(listenerOf(door)?.inFlight).toBe(0)
})

test('what an administrator sees of it: who is inside, what was answered and refused, and what it took', async () => {
  await using service = await startSlow()
  let isOpen = true
  await using door = await startFrontDoor({
    url: service.url,
    stages: (open) => ({
      ...open,
      limits: (of) => (isOpen ? open.limits(of) : { refused: limit(), status: 429, retryAfterS: 7 }),
    }),
  })
  expect(listenerOf(door)).toMatchObject({ answered: 0, refused: 0, addedMs: null, inside: [] })
  const first = ask(door.url, { headers: { 'user-agent': 'webuiapi/0.9' } }).end()
  const second = ask(door.url, { headers: { 'user-agent': 'webuiapi/0.9' } }).end()
  await until('both to be there', () => service.waiting.length === 2)
  const inside = {
    account: 'user',
    name: 'Maya',
    keyId: 'k1',
    from: '127.0.0.1',
    client: 'webuiapi/0.9',
    requests: 2,
    sockets: 0,
  }
  expect(listenerOf(door)?.inside).toMatchObject([inside])
  const answers = [once(first, 'response'), once(second, 'response')] as Promise<[IncomingMessage]>[]
  service.release()
  for (const answer of answers) await bodyOf((await answer)[0])
  isOpen = false
  const refused = await sendRaw(door.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(refused).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: 7\r\n/)
  await until('nobody to be inside', () => listenerOf(door)?.inside.length === 0)
  expect(listenerOf(door)).toMatchObject({ answered: 2, refused: 1, inFlight: 0 })
  expect(listenerOf(door)?.addedMs?.p99).toBeLessThan(1000)
})
