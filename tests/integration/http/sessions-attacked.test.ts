import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi, type MockInstance } from 'vitest'
import * as z from 'zod'
import { cookieName, type SignedIn } from '../../../electron/http/sessions'
import type { Contract } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

const passwords = { admin: 'the admin password', user: 'the user password' }

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const at = (to: string) => new URL(to, running.url)
const json = { 'content-type': 'application/json' }
const cookie = (id: string) => ({ cookie: `${cookieName(Number(at('/').port))}=${id}` })
const half = ({ pageKey }: SignedIn) => pageKey.split('.')[0] ?? ''
const asAdmin = () => running.sessions.signIn(running.sessions.issueOneTimeToken())
const headersOf = (signedIn: SignedIn) => pageHeaders(running.url, signedIn)

const Who = z.object({ role: z.string().nullable() })
/** Who the panel takes somebody with these headers for; null for a stranger. */
const roleOf = async (headers: Record<string, string>) =>
  Who.parse(await (await fetch(at('/api/v1/session'), { headers })).json()).role

/** A WebSocket with what it was answered and how it was closed. */
async function openSocket(headers: Record<string, string>) {
  const socket = new WebSocket(at('/rpc/ws').href.replace('http', 'ws'), { origin: at('/').origin, headers })
  const answers: string[] = []
  const closed: number[] = []
  socket.on('message', (data: Buffer) => void answers.push(data.toString()))
  socket.on('close', (code) => void closed.push(code))
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return { socket, answers, closed }
}
const greet = (key: string) => `regie-page ${key}`
const call = (i: string, to = '/services/list') => JSON.stringify({ i, p: { u: to, b: {} } })
const Answer = z.object({ i: z.string(), p: z.object({ s: z.number().optional() }) })
/** Status of each answer by its call; oRPC leaves 200 out. */
const statuses = (answers: readonly string[]) =>
  Object.fromEntries(answers.map((text) => Answer.parse(JSON.parse(text))).map(({ i, p }) => [i, p.s ?? 200]))

describe('an id that was planted in a browser before its owner signs in', () => {
  const planted = { id: 'planted'.repeat(6), key: 'k'.repeat(43) }
  const before = () => ({ ...cookie(planted.id), 'x-regie-page': planted.key })

  it.each([
    [
      'the printed link',
      () =>
        fetch(at(`/signin?token=${running.sessions.issueOneTimeToken()}`), { headers: before(), redirect: 'manual' }),
    ],
    [
      'the sign-in page',
      () =>
        fetch(at('/api/v1/session'), {
          method: 'POST',
          headers: { ...json, ...before() },
          body: JSON.stringify({ token: adminToken }),
        }),
    ],
  ])('is not the one that is signed in by %s', async (_way, signIn) => {
    const answer = await signIn()
    const set = answer.headers.get('set-cookie') ?? ''
    const where = (answer.headers.get('location') ?? '') + (await answer.text())

    expect(set).toMatch(new RegExp(`^${cookieName(Number(at('/').port))}=[\\w-]{43};`))
    expect(set).not.toContain(planted.id)
    expect(where).not.toContain(planted.key)
    expect(await roleOf(before())).toBeNull()
    const fresh = /=([\w-]+);/.exec(set)?.[1] ?? ''
    expect(await roleOf({ ...cookie(fresh), 'x-regie-page': planted.key })).toBeNull()
  })

  it('gains nothing from the sign-in where it is a session of the attacker’s own', async () => {
    const { access } = running.panel.parts
    await access.setPassword({ role: 'user', password: passwords.user, login: 'desktop', by: null, who: 'owner' })
    const attacker = await running.sessions.signInWithPassword({ role: 'user', password: passwords.user })

    const headers = { ...json, ...headersOf(attacker) }
    await fetch(at('/api/v1/session'), { method: 'POST', headers, body: JSON.stringify({ token: adminToken }) })

    expect(await roleOf(headersOf(attacker))).toBe('user')
  })

  it('beside the right one, as a cookie for a path, keeps nobody out', async () => {
    const mine = asAdmin()
    const name = cookieName(Number(at('/').port))
    const tossed = { cookie: `${name}=${planted.id}; ${name}=; ${name}=${mine.id}`, 'x-regie-page': half(mine) }

    expect(await roleOf(tossed)).toBe('admin')
    expect(await roleOf({ ...tossed, 'x-regie-page': planted.key })).toBeNull()
    await fetch(at('/api/v1/session'), { method: 'DELETE', headers: tossed })
    expect(await roleOf(headersOf(mine))).toBeNull()
  })
})

describe('the halves of two sessions', () => {
  it('open nothing together, over HTTP or WebSocket, and end neither', async () => {
    const mine = asAdmin()
    const user = await running.sessions.signInWithPassword({ role: 'user', password: passwords.user })
    const mixed = [
      { ...cookie(mine.id), 'x-regie-page': half(user) },
      { ...cookie(user.id), 'x-regie-page': half(mine) },
    ]

    for (const headers of mixed) {
      expect(await roleOf(headers)).toBeNull()
      await fetch(at('/api/v1/session'), { method: 'DELETE', headers })
      const byHeader = await openSocket(headers)
      byHeader.socket.send(call('1'))
      const byGreeting = await openSocket({ cookie: headers.cookie })
      byGreeting.socket.send(greet(headers['x-regie-page']))
      byGreeting.socket.send(call('1'))
      for (const { socket, answers } of [byHeader, byGreeting]) {
        await until('the call to be answered', () => answers.length === 1)
        expect(statuses(answers)).toEqual({ 1: 401 })
        socket.terminate()
      }
    }
    expect([await roleOf(headersOf(mine)), await roleOf(headersOf(user))]).toEqual(['admin', 'user'])
  })
})

describe('the first message of a WebSocket', () => {
  /** Where oRPC writes what it cannot understand. */
  let error: MockInstance<typeof console.error>
  beforeAll(() => void (error = vi.spyOn(console, 'error')))
  afterEach(() => void error.mockClear())
  afterAll(() => error.mockRestore())

  it('identifies the page before whatever is sent with it, each of many times', async () => {
    const mine = asAdmin()
    const opened = await Promise.all(Array.from({ length: 30 }, () => openSocket(cookie(mine.id))))

    for (const { socket } of opened) for (const text of [greet(half(mine)), call('1'), call('2')]) socket.send(text)

    await until('all to be answered', () => opened.every(({ answers }) => answers.length === 2))
    for (const { socket, answers } of opened) {
      expect(statuses(answers)).toEqual({ 1: 200, 2: 200 })
      socket.terminate()
    }
  })

  it.each([
    ['a wrong one first', (key: string) => [greet('x'.repeat(43)), greet(key), call('1')]],
    ['a call first', (key: string) => [call('0'), greet(key), call('1')]],
    ['two words', (key: string) => [`${greet(key)} ${key}`, call('1')]],
    ['with a line more', (key: string) => [`${greet(key)}\n`, call('1')]],
    ['nothing but its name', () => ['regie-page ', call('1')]],
  ] as const)('that is %s lets nobody in: what comes later counts no more', async (_what, messages) => {
    const mine = asAdmin()
    const { socket, answers, closed } = await openSocket(cookie(mine.id))

    for (const text of messages(half(mine))) socket.send(text)

    await until('the socket to be closed', () => closed.length > 0)
    expect(closed).toEqual([1007])
    expect(Object.values(statuses(answers)).filter((status) => status !== 401)).toEqual([])
    expect(await roleOf(headersOf(mine))).toBe('admin')
    expect(error).not.toHaveBeenCalled()
  })

  it.each([
    ['binary', (key: string) => Buffer.from(greet(key)), 1008],
    ['of bytes', () => Buffer.from([0xff, 0, 0xff]), 1008],
    ['no JSON', () => '{', 1007],
    ['no call', () => '[]', 1007],
    ['null', () => 'null', 1007],
    ['a call of nothing', () => JSON.stringify({ i: '1' }), 1007],
    ['a call of no address', () => JSON.stringify({ i: '1', p: { u: 'http://[' } }), 1007],
    ['a call of an unknown kind', () => JSON.stringify({ i: '1', t: 9, p: {} }), 1007],
    [
      'a form without its bytes',
      () =>
        JSON.stringify({
          i: '1',
          p: { u: '/session/signIn', h: { 'content-type': 'multipart/form-data; boundary=x' } },
        }),
      1007,
    ],
    [
      'a file without its bytes',
      () => JSON.stringify({ i: '1', p: { u: '/session/signIn', h: { 'content-disposition': 'attachment' } } }),
      1007,
    ],
  ] as const)('that is %s closes it, and is not written to the terminal', async (_what, message, code) => {
    const mine = asAdmin()
    const { socket, answers, closed } = await openSocket(cookie(mine.id))

    socket.send(message(half(mine)))
    for (let n = 0; n < 100; n += 1) socket.send(call(`${n}`))

    await until('the socket to be closed', () => closed.length > 0)
    expect([closed, answers]).toEqual([[code], []])
    expect(error).not.toHaveBeenCalled()
  })

  it('and what a page says after it are understood, a stream that is given up too', async () => {
    const { socket, closed } = await openSocket({ authorization: `Bearer ${adminToken}` })
    // It behaves as a browser's; only the overloads of its event methods are declared otherwise.
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
    const client = createORPCClient<ContractRouterClient<Contract>>(link)
    const { events } = running.panel.parts
    for (let n = 0; n < 3; n += 1) {
      const stop = new AbortController()
      const stream = await client.system.events(undefined, { signal: stop.signal })
      await stream.next()
      expect(events.subscriberCount()).toBe(1)
      if (n === 0) await stream.return()
      else stop.abort()
      await until('the stream to be given up', () => events.subscriberCount() === 0)
    }

    expect(await client.services.list()).toEqual([])
    expect(closed).toEqual([])
    socket.terminate()
  })

  it('that is huge, in one piece or begun and never ended, is cut off', async () => {
    const whole = await openSocket({})
    whole.socket.send(`regie-page ${'x'.repeat(2 * 1024 * 1024)}`)
    const begun = await openSocket({})
    for (let n = 0; n < 32; n += 1) begun.socket.send('x'.repeat(64 * 1024), { fin: false })

    await until('both to be closed', () => whole.closed.length + begun.closed.length === 2)
    expect([whole.answers, begun.answers]).toEqual([[], []])
  })

  it('that comes before its connection is a WebSocket is no message', async () => {
    const mine = asAdmin()
    const { port, host, origin } = at('/')
    const raw = connect(Number(port), '127.0.0.1')
    let told = ''
    raw.on('data', (data: Buffer) => (told += data.toString('latin1')))
    raw.write(
      [
        'GET /rpc/ws HTTP/1.1',
        ...[`Host: ${host}`, `Origin: ${origin}`, `Cookie: ${cookie(mine.id).cookie}`, 'Connection: Upgrade'],
        ...['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
      ].join('\r\n') + greet(half(mine)),
    )

    await once(raw, 'close')
    expect(told).not.toContain('comfyui')
    expect(told.split('\r\n\r\n')[0]).toMatch(/^HTTP\/1\.1 101/)
  })
})

describe('what is asked in place of its owner', () => {
  const prove = (signedIn: SignedIn, proof: object) =>
    fetch(at('/api/v1/session/proof'), {
      method: 'POST',
      headers: { ...json, ...headersOf(signedIn) },
      body: JSON.stringify(proof),
    })

  it('a user proves nothing of an administrator’s, and has no code printed', async () => {
    const user = await running.sessions.signInWithPassword({ role: 'user', password: passwords.user })
    const link = running.sessions.issueOneTimeToken()

    for (const proof of [{ token: adminToken }, { token: link }, { password: passwords.admin }, { confirm: true }])
      expect((await prove(user, proof)).ok, Object.keys(proof).join()).toBe(false)
    const printed = await fetch(at('/api/v1/session/code'), { method: 'POST', headers: headersOf(user) })
    expect(printed.status).toBe(403)
    expect(await roleOf(headersOf(user))).toBe('user')
    // The link that a user tried is still its owner's.
    expect(running.sessions.signIn(link).role).toBe('admin')
  })

  it('a proof of one session is none of another’s, and is gone with a lock', async () => {
    const { access } = running.panel.parts
    await access.setPassword({ role: 'admin', password: passwords.admin, login: 'desktop', by: null, who: 'owner' })
    const [one, other] = [asAdmin(), asAdmin()]
    const add = async (signedIn: SignedIn) => {
      const body = JSON.stringify({ id: 'forge', kind: 'forge', runtime: 'external', url: 'http://127.0.0.1:9' })
      const headers = { ...json, ...headersOf(signedIn) }
      return (await fetch(at('/api/v1/services'), { method: 'POST', headers, body })).status
    }

    expect((await prove(one, { password: passwords.admin })).status).toBe(200)
    expect(await add(other)).toBe(403)
    await fetch(at('/api/v1/session/lock'), { method: 'POST', headers: headersOf(one) })
    expect(await add(one)).toBe(401)
    const unlocked = running.sessions.identify(one.id, { key: half(one) })?.presence
    expect(unlocked?.isProven()).toBe(false)
    expect(running.panel.parts.services.list()).toEqual([])
  })
})
