import fc from 'fast-check'
import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, expect } from 'vitest'
import { startAdmittedDoor } from '../../support/admitted-door'
import { startUpstream } from '../../support/front-door'
import { testRounds } from '../../support/long'
import { testPeople } from '../../support/people'

let reached = 0
let at: Awaited<ReturnType<typeof testPeople>>
let upstream: Awaited<ReturnType<typeof startUpstream>>
let door: Awaited<ReturnType<typeof startAdmittedDoor>>

beforeAll(async () => {
  at = await testPeople()
  upstream = await startUpstream((_, response) => {
    reached += 1
    response.end('of the service')
  })
  door = await startAdmittedDoor(at, upstream)
})
afterAll(async () => {
  await door[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
  await at.remove()
})

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64')

/** Requests of a client that has the right key and puts it, or most of it, wherever it likes. */
function requests(key: string, port: number) {
  const bits = ['Bearer ', 'bearer ', 'Basic ', 'Digest ', 'token=', '?', '&', ';', ',', '=', ' ', '"']
  const wild = ['\0', '\r\n', '\n', '\t', '\r\n\r\n', '\u00e9']
  const keys = [
    key,
    key.slice(0, -1),
    `${key}x`,
    key.toUpperCase(),
    key.replace('rk_', 'rk-'),
    encodeURIComponent(base64(key)),
  ]
  const pairs = [`a:${key.slice(1)}`, `${key}:`, `a:${key}x`, `:`].map(base64)
  const cookies = [`regie_gateway_qwen_${port}=`, `regie_gateway_qwen_${port}=${key}`, 'regie_session_7420=x']
  const word = fc.constantFrom(...bits, ...keys, ...pairs, ...cookies)
  const joined = (one: fc.Arbitrary<string>) => fc.array(one, { maxLength: 5 }).map((parts) => parts.join(''))
  // Most of it passes node's parser, so that the door has to judge it.
  const text = fc.oneof(
    { weight: 5, arbitrary: joined(word) },
    { weight: 1, arbitrary: joined(fc.oneof(word, fc.constantFrom(...wild), fc.string({ maxLength: 6 }))) },
  )
  const credential = fc.constantFrom('Authorization', 'Cookie', 'Proxy-Authorization', 'Referer', 'X-Forwarded-For')
  const other = fc.constantFrom(
    ...['authorization ', 'Host', 'Origin', 'Connection', 'Upgrade', 'Transfer-Encoding', 'Content-Length'],
    ...['Expect', 'Sec-Fetch-Site', ' '],
  )
  const name = fc.oneof({ weight: 6, arbitrary: credential }, { weight: 1, arbitrary: other })
  const target = fc.oneof(
    fc.constantFrom(
      '/',
      '*',
      '/ws',
      '/_regie/signin',
      '/_regie/signout',
      '/_regie/../',
      'http://evil.example/',
      '//x/',
    ),
    text.map((rest) => `/a?${rest}`),
    text.map((rest) => `/${rest}`),
  )
  const method = fc.constantFrom(
    'GET',
    'GET',
    'GET',
    'POST',
    'HEAD',
    'OPTIONS',
    'PUT',
    'CONNECT',
    'TRACE',
    'get',
    'PRI',
  )
  const headers = fc.array(fc.tuple(name, text), { maxLength: 3 })
  const host = `Host: 127.0.0.1:${port}\r\n`
  const own = fc.constantFrom('', host, host, `${host}Accept: text/html\r\n`)
  return fc
    .tuple(method, target, own, headers, text)
    .map(
      ([verb, where, first, more, body]) =>
        `${verb} ${where} HTTP/1.1\r\n${first}${more.map(([one, value]) => `${one}: ${value}\r\n`).join('')}Connection: close\r\n\r\n${body}`,
    )
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Whether the key stands in such a request as it should, anywhere in it. */
function isRight(raw: string, key: string): boolean {
  const bearers = [...raw.matchAll(/^authorization:\s*bearer[ \t]+(\S+)[ \t]*\r?$/gim)].map(([, value]) => value)
  const basics = [...raw.matchAll(/^authorization:\s*basic[ \t]+(\S+)[ \t]*\r?$/gim)].map(([, value = '']) =>
    Buffer.from(value, 'base64').toString('latin1').split(':').slice(1).join(':'),
  )
  const tokens = [...raw.matchAll(/[?&]token=([^&\s#]*)/g)].map(([, value = '']) => decoded(value).trim())
  return [...bearers, ...basics, ...tokens].includes(key)
}

/** Sends all of it, ends its side, and answers what comes until the other has ended too. */
async function answerTo(raw: string): Promise<string> {
  const socket = net.connect({ port: door.port, host: '127.0.0.1', allowHalfOpen: true })
  let got = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (got += piece))
  socket.on('error', () => undefined).on('end', () => socket.destroy())
  socket.end(raw, 'latin1')
  await once(socket, 'close')
  return got
}

testRounds(
  'whatever is sent, nobody comes in but with the right key in its place, and the door stays up',
  { few: 250, all: 20_000 },
  async (numRuns) => {
    const { key, bugs } = door
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(requests(key, door.port), async (raw) => {
        const before = reached
        const got = await answerTo(raw)
        statuses.add(Number(/^HTTP\/1\.1 (\d{3}) /.exec(got)?.[1] ?? 0))
        if (isRight(raw, key)) return
        expect(reached, raw).toBe(before)
        expect(got, raw).not.toContain('of the service')
        expect(got, raw).not.toMatch(/set-cookie: regie_gateway_\S+=[^;]/i)
      }),
      { numRuns, seed: 20_261_130, endOnFailure: true },
    )
    expect(bugs).toEqual([])
    // It was not one wall that all of them ran into.
    expect([...statuses]).toEqual(expect.arrayContaining([302, 400, 401]))
    expect((await fetch(`${door.url}/a`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  },
)
