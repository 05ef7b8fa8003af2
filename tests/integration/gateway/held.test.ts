import { once } from 'node:events'
import net from 'node:net'
import { expect, test } from 'vitest'
import { Problem } from '../../../shared/problems'
import { bodyOf, guest, startFrontDoor, startUpstream } from '../../support/front-door'
import { until } from '../../support/until'

const mib = 2 ** 20

/** A request of whose body of 1 MiB all was sent but the last byte; its person stands in the query. */
async function unfinished(port: number, person: string, sent = mib - 1) {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let got = ''
  socket
    .setEncoding('latin1')
    .on('error', () => undefined)
    .on('data', (piece: string) => (got += piece))
  socket.write(`POST /prompt?as=${person} HTTP/1.1\r\nHost: x\r\nContent-Length: ${mib}\r\n\r\n`)
  socket.write(Buffer.alloc(sent, 0x20))
  return { socket, finish: () => socket.write(' '), got: () => got }
}

/** A gateway that reads bodies and answers whole, in front of a service that repeats `answer` bytes. */
async function startHolding(options: { stallMs?: number; answer?: () => number; isEarly?: boolean } = {}) {
  const service = await startUpstream((request, response) => {
    const gone = () => undefined // its client was cut
    const came = (body: Buffer) => {
      received += body.length
      response.end(Buffer.alloc(options.answer?.() ?? 2, 0x20))
    }
    void bodyOf(request).then(came, gone)
  })
  let read = 0
  let received = 0
  const door = await startFrontDoor({
    url: service.url,
    mostHeld: { all: 3.5 * mib, each: 2.5 * mib },
    ...(options.stallMs !== undefined && { stallMs: options.stallMs }),
    stages: (open) => ({
      ...open,
      admit: ({ query }) => ({ ...guest, account: query.get('as') ?? 'user' }),
      limits: ({ asked: { query } }) =>
        query.has('over') ? { refused: new Problem('gateway.page-waits'), status: 429 } : { end: () => undefined },
      rule: async (asked, { account }) => {
        const { method } = asked
        if (options.isEarly && method === 'POST') await asked.holdBody(2 * mib, account)
        const body = {
          maxBytes: 2 * mib,
          read(whole: Buffer) {
            read += 1
            return whole
          },
        }
        const answer = { maxBytes: 8 * mib, read: (whole: Buffer) => whole }
        return { rule: 'everybody', handling: method === 'POST' ? { body } : { answer } }
      },
    }),
  })
  return {
    ...{ door, service, read: () => read, received: () => received },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    },
  }
}

test.each([false, true])(
  'of bodies that are read whole one person holds so much, all together so much, and what ends gives it back',
  async (isEarly) => {
    await using holding = await startHolding({ isEarly })
    const { port } = holding.door
    const held = [await unfinished(port, 'maya'), await unfinished(port, 'maya')]
    const third = await unfinished(port, 'maya')
    await until('one of three to be refused', () => [...held, third].some(({ got }) => got().includes(' 429 ')))
    const all = [...held, third]
    const refused = all.find(({ got }) => got().includes(' 429 '))
    expect(refused?.got()).toMatch(/retry-after: 5\r\n[\s\S]*gateway\.held-by-you/)
    const going = all.filter((one) => one !== refused)

    // Somebody else still has room, and the one after them not.
    const other = await unfinished(port, 'theo')
    const late = await unfinished(port, 'ines')
    await until('one of them to be refused', () => [other, late].some(({ got }) => got().includes(' 503 ')))
    const full = [other, late].find(({ got }) => got().includes(' 503 '))
    expect(full?.got()).toMatch(/retry-after: 10\r\n[\s\S]*gateway\.held-by-all/)

    for (const one of going) one.finish()
    await until('those that went on to be answered', () => going.every(({ got }) => got().includes(' 200 ')))
    // One that goes away in the middle holds nothing either.
    for (const one of [other, late]) one.socket.destroy()
    for (let n = 0; n < 4; n += 1) {
      const next = await unfinished(port, 'maya')
      next.finish()
      await until('it to be answered', () => next.got().includes('HTTP/1.1'))
      expect(next.got()).toContain(' 200 ')
      next.socket.destroy()
    }
    for (const { socket } of all) socket.destroy()
    expect(holding.door.bugs).toEqual([])
  },
)

test('a body that was read before the limits is sent on once, and what these refuse holds nothing', async () => {
  await using holding = await startHolding({ isEarly: true })
  for (let n = 0; n < 6; n += 1) {
    const over = await unfinished(holding.door.port, 'maya&over=1')
    over.finish()
    await until('it to be refused', () => over.got().includes(' 429 '))
    expect(over.got()).toContain('gateway.page-waits')
    over.socket.destroy()
  }
  const next = await unfinished(holding.door.port, 'maya')
  next.finish()
  await until('it to be answered', () => next.got().includes(' 200 '))
  next.socket.destroy()
  expect([holding.read(), holding.received()]).toEqual([1, mib])
  const packed = await fetch(`${holding.door.url}/prompt?as=maya`, {
    ...{ method: 'POST', headers: { 'content-encoding': 'gzip' }, body: 'x' },
  })
  expect(packed.status).toBe(415)
  expect(holding.door.bugs).toEqual([])
})

test.each([false, true])(
  'a body that is read whole and stops, or drips, is refused, and holds nothing any more',
  async (isEarly) => {
    await using holding = await startHolding({ stallMs: 250, isEarly })
    const { port } = holding.door
    const stalled = [await unfinished(port, 'maya'), await unfinished(port, 'maya')]
    const drip = await unfinished(port, 'theo', 0)
    const dripping = setInterval(() => drip.socket.writable && drip.socket.write(' '), 20)
    const all = [...stalled, drip]
    await until('all of them to be refused', () => all.every(({ got }) => got().includes('gateway.body-stopped')))
    clearInterval(dripping)
    for (const { got, socket } of all) {
      expect(got()).toMatch(/^HTTP\/1\.1 400 [\s\S]*connection: close\r\n/i)
      socket.destroy()
    }
    expect(holding.read()).toBe(0)
    const next = await unfinished(port, 'maya')
    next.finish()
    await until('the next one to be answered', () => next.got().includes(' 200 '))
    next.socket.destroy()
    expect(holding.door.bugs).toEqual([])
  },
)

test('an answer that is read whole is counted too, until its client has read it', async () => {
  let answer = 3 * mib
  await using holding = await startHolding({ answer: () => answer })
  const { url, bugs } = holding.door
  const refused = await fetch(`${url}/history?as=maya`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  answer = 2 * mib
  for (let n = 0; n < 3; n += 1) {
    const whole = await fetch(`${url}/history?as=maya`)
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, answer])
  }
  expect(bugs).toEqual([])
})
