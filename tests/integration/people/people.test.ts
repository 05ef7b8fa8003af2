import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Invitation, Key, MadeKey, User } from '../../../shared/contract'
import { dataPaths } from '../../../electron/storage/paths'
import { cookieName } from '../../../electron/http/sessions'
import { newKey } from '../../../electron/people/key'
import { adminToken, bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

type Headers = Record<string, string>
const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` })
const asAdmin = bearer(adminToken)

/** A REST call; answers the status, what it is a problem of, and the body. */
async function call(as: Headers, method: string, path: string, body?: object) {
  const response = await fetch(new URL(`api/v1/${path}`, running.url), {
    method,
    headers: { ...as, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  const refused = z.object({ data: z.object({ problem: z.string() }) }).safeParse(answer)
  return { status: response.status, problem: refused.data?.data.problem, body: answer, headers: response.headers }
}
const refusal = async (...asked: Parameters<typeof call>) => {
  const { status, problem } = await call(...asked)
  return `${status} ${problem ?? ''}`.trim()
}

/** The headers of a page that has just signed in, out of what the sign-in was answered. */
function pageOf({ headers, body }: Awaited<ReturnType<typeof call>>): Headers {
  const cookie = (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
  expect(cookie).toContain(cookieName(Number(new URL(running.url).port)))
  const { pageKey } = z.object({ pageKey: z.string() }).parse(body)
  return { cookie, 'x-regie-page': pageKey.split('.')[0] ?? '' }
}

const password = 'a password of one’s own'
let names = 0
/** Somebody new who is signed in, with a key; their password takes a while to hash. */
async function somebody(
  role: 'user' | 'admin' = 'user',
  { panel = false, secret }: { panel?: boolean; secret?: string } = {},
) {
  const id = `p${(names += 1)}`
  const wanted = { id, name: `Person ${id}`, role, ...(secret !== undefined && { password: secret }) }
  expect((await call(asAdmin, 'POST', 'users', wanted)).status).toBe(201)
  const page = pageHeaders(running.url, running.sessions.openFor(id))
  const { id: keyId, key } = MadeKey.parse((await call(page, 'POST', 'keys', { name: 'script', panel })).body)
  return { id, page, keyId, key, asKey: bearer(key) }
}
const me = async (as: Headers) => {
  const { status, body } = await call(as, 'GET', 'session')
  const { role, account } = z.object({ role: z.string().nullable(), account: z.string().nullable() }).parse(body)
  return `${status} ${account ?? 'nobody'} ${role ?? ''}`.trim()
}

describe('a person', () => {
  it('signs in by id or by name, whatever its case, and by nobody else’s password', async () => {
    const { id } = await somebody('user', { secret: password })

    for (const account of [id, ` Person ${id.toUpperCase()} `])
      expect(await me(pageOf(await call({}, 'POST', 'session', { account, password })))).toBe(`200 ${id} user`)
    expect(await refusal({}, 'POST', 'session', { account: id, password: 'another' })).toBe('401 session.bad-password')
    expect(await refusal({}, 'POST', 'session', { account: 'nobody', password })).toBe('401 session.bad-password')
  })

  it('sees their own account alone, changes their own password by the present one, and their other sessions end', async () => {
    const { id, page } = await somebody('user', { secret: password })
    const other = pageHeaders(running.url, running.sessions.openFor(id))

    expect(User.parse((await call(page, 'GET', 'me')).body)).toMatchObject({ id, role: 'user', hasPassword: true })
    expect(await refusal(page, 'GET', 'users')).toBe('403 session.forbidden')
    const changed = { password: 'the next of one’s own' }
    expect(await refusal(page, 'PUT', 'me/password', { ...changed, current: 'a wrong one' })).toBe(
      '401 session.bad-password',
    )
    expect((await call(page, 'PUT', 'me/password', { ...changed, current: password })).status).toBe(200)
    expect([await me(page), await me(other)]).toEqual([`200 ${id} user`, '200 nobody'])
    expect(await refusal({}, 'POST', 'session', { account: id, password })).toBe('401 session.bad-password')
  })

  it.each([
    ['suspended', (id: string) => call(asAdmin, 'PATCH', `users/${id}`, { suspended: true })],
    ['removed', (id: string) => call(asAdmin, 'DELETE', `users/${id}`)],
  ] as const)('that is %s loses everything at once: session, key, streams and sockets', async (how, act) => {
    const { id, page, asKey } = await somebody('user', { secret: password })
    const streams = await Promise.all(
      [page, asKey].map((headers) => fetch(new URL('api/v1/events', running.url), { headers })),
    )
    const texts = streams.map((response) => response.text())
    const address = new URL('rpc/ws', running.url).href.replace('http', 'ws')
    const socket = new WebSocket(address, { origin: new URL(running.url).origin, headers: page })
    await once(socket, 'open')
    socket.send(JSON.stringify({ i: '1', p: { u: '/session/touch', b: {} } }))
    await once(socket, 'message')
    const closed = once(socket, 'close')
    const began = performance.now()

    expect((await act(id)).status).toBe(200)

    for (const text of await Promise.all(texts)) expect(text).toContain('session.required')
    expect((await closed)[0]).toBe(4401)
    expect(performance.now() - began).toBeLessThan(5_000) // a second, on a machine of one’s own
    expect([await me(page), await me(asKey)]).toEqual(['200 nobody', '200 nobody'])
    expect(await refusal({}, 'POST', 'session', { account: id, password })).toBe(
      how === 'suspended' ? '403 user.suspended' : '401 session.bad-password',
    )
  })

  it('that is demoted goes on as a user, and is cut off from what is an administrator’s', async () => {
    const { id, page } = await somebody('admin')
    const gone = new AbortController()
    const watching = await fetch(new URL('api/v1/gpus/stream', running.url), { headers: page, signal: gone.signal })
    expect(await refusal(page, 'GET', 'users')).toBe('200')

    await call(asAdmin, 'PATCH', `users/${id}`, { role: 'user' })

    expect(await me(page)).toBe(`200 ${id} user`)
    expect(await refusal(page, 'GET', 'users')).toBe('403 session.forbidden')
    gone.abort()
    await watching.text().catch(() => undefined)
  })

  it('cannot be made twice, nor with the id of somebody who was removed; the machine’s owner stays', async () => {
    const { id } = await somebody()
    const again = { id, name: 'Another', role: 'user' }
    expect(await refusal(asAdmin, 'POST', 'users', again)).toBe('409 user.id-taken')
    expect(await refusal(asAdmin, 'DELETE', `users/${id}`)).toBe('200')
    expect(await refusal(asAdmin, 'POST', 'users', again)).toBe('409 user.id-taken')
    expect(await refusal(asAdmin, 'PATCH', `users/${id}`, { suspended: true })).toBe('404 user.not-found')

    for (const change of [{ suspended: true }, { role: 'user' }])
      expect(await refusal(asAdmin, 'PATCH', 'users/admin', change)).toBe('409 user.owner-stays')
    expect(await refusal(asAdmin, 'DELETE', 'users/admin')).toBe('409 user.owner-stays')
    expect(await refusal(asAdmin, 'POST', 'users/admin/invitation', {})).toBe('409 user.owner-password')
  })

  it('who is removed leaves what they made, under their id', async () => {
    const { id, asKey } = await somebody()
    const { generations, services } = running.panel.parts
    await services.start('comfyui-demo')
    const params = { prompt: 'a lighthouse', steps: 1, width: 64, height: 64 }
    const made = await call(asKey, 'POST', 'generations', { serviceId: 'comfyui-demo', params })
    const { id: generation } = z.object({ id: z.string() }).parse(made.body)
    await until('the picture', () => generations.get(generation).state === 'succeeded')

    await call(asAdmin, 'DELETE', `users/${id}`)

    expect((await call(asAdmin, 'GET', `generations/${generation}`)).body).toMatchObject({ by: id })
  })
})

describe('a key', () => {
  it('opens the panel as its person: a user always, an administrator only with panel', async () => {
    const user = await somebody('user', { panel: true })
    const admin = await somebody('admin', { panel: true })
    const plain = await somebody('admin')

    expect(await me(user.asKey)).toBe(`200 ${user.id} user`)
    expect(await me(admin.asKey)).toBe(`200 ${admin.id} admin`)
    expect(await me(plain.asKey)).toBe(`200 ${plain.id} user`)
    expect(await refusal(admin.asKey, 'GET', 'users')).toBe('200')
    for (const { asKey } of [user, plain]) expect(await refusal(asKey, 'GET', 'users')).toBe('403 session.forbidden')
    // A user’s is no administrator’s, should the user become one.
    await call(asAdmin, 'PATCH', `users/${user.id}`, { role: 'admin' })
    expect(await me(user.asKey)).toBe(`200 ${user.id} user`)
  })

  it('is no proof of who shows it: it makes, replaces and reveals nothing', async () => {
    const { id, asKey, keyId } = await somebody('admin', { panel: true })

    const asked: [string, string, object?][] = [
      ['POST', 'keys', { name: 'another' }],
      ['PATCH', `keys/${keyId}`, { limits: { jobsPerDay: null } }],
      ['POST', `keys/${keyId}/rotate`, {}],
      ['POST', 'users', { id: 'made-by-a-key', name: 'X', role: 'admin' }],
      ['PATCH', `users/${id}`, { suspended: true }],
      ['POST', 'credentials/forge-demo/reveal'],
      ['POST', 'session/proof', { password }],
      ['PUT', 'me/password', { password: 'the next of one’s own', current: password }],
    ]
    for (const one of asked) expect([one[1], await refusal(asKey, ...one)]).toEqual([one[1], '403 key.no-proof'])
  })

  it('is of its person alone: nobody else lists, ends or replaces it', async () => {
    const mine = await somebody()
    const { page, asKey } = await somebody()

    for (const as of [page, asKey]) {
      const listed = Key.array().parse((await call(as, 'GET', `keys?userId=${mine.id}`)).body)
      expect(listed.map(({ userId }) => userId)).not.toContain(mine.id)
      expect(await refusal(as, 'DELETE', `keys/${mine.keyId}`)).toBe('404 key.not-found')
    }
    expect(await refusal(page, 'POST', `keys/${mine.keyId}/rotate`, {})).toBe('404 key.not-found')
    const unlimited = { limits: { jobsPerDay: null } }
    expect(await refusal(page, 'PATCH', `keys/${mine.keyId}`, unlimited)).toBe('404 key.not-found')
    expect(await refusal(page, 'POST', 'keys', { name: 'x', userId: mine.id })).toBe('403 session.forbidden')
    expect(await refusal(page, 'POST', 'keys', { name: 'x', services: ['none'] })).toBe('404 service.not-found')
    const all = Key.array().parse((await call(asAdmin, 'GET', `keys?userId=${mine.id}`)).body)
    expect(all.map(({ id }) => id)).toEqual([mine.keyId])
  })

  it('says when, from where and by which program it was last used; it is replaced, and ends at once', async () => {
    const { id, page, keyId, asKey } = await somebody()
    await call({ ...asKey, 'user-agent': 'webuiapi 0.9' }, 'GET', 'services')
    const rotated = MadeKey.parse((await call(page, 'POST', `keys/${keyId}/rotate`, { graceS: 600 })).body)

    const states = async () =>
      Object.fromEntries(
        Key.array()
          .parse((await call(page, 'GET', 'keys')).body)
          .map((key) => [key.id, key.state]),
      )
    expect(await states()).toEqual({ [keyId]: 'grace', [rotated.id]: 'live' })
    const [old] = Key.array()
      .parse((await call(asAdmin, 'GET', `keys?userId=${id}`)).body)
      .filter((key) => key.id === keyId)
    expect(old).toMatchObject({
      replacedBy: rotated.id,
      lastUsed: { from: '127.0.0.1', client: 'webuiapi 0.9', serviceId: null },
    })
    expect([await me(asKey), await me(bearer(rotated.key))]).toEqual([`200 ${id} user`, `200 ${id} user`])
    expect(await refusal(asKey, 'DELETE', `keys/${keyId}`)).toBe('200')
    expect([await me(asKey), await me(bearer(rotated.key))]).toEqual(['200 nobody', `200 ${id} user`])
    expect(await states()).toEqual({ [keyId]: 'ended', [rotated.id]: 'live' })
    // Who did it, and with which key.
    const [by] = (await running.panel.parts.audit.list({ limit: 1, topic: 'key', search: keyId })).items
    expect(by).toMatchObject({
      action: 'key.ended',
      account: id,
      who: `${id} (http 127.0.0.1) with key ${keyId} script`,
    })
  })

  it('stands in no log, audit entry, event or file', async () => {
    const { key, id } = await somebody('user', { secret: password })
    const token = Invitation.parse((await call(asAdmin, 'POST', `users/${id}/invitation`, {})).body).token
    await call({}, 'POST', 'invitations/look', { token })
    await running.panel.parts.audit.settle()

    const { log, audit, people, config } = { ...dataPaths(running.dataFolder), config: 'config.json' }
    for (const file of [log, audit, people]) {
      const text = await readFile(file, 'utf8')
      for (const secret of [key, token, password]) expect([config, text.includes(secret)]).toEqual([config, false])
    }
    const { items } = await running.panel.parts.audit.list({ limit: 10, search: id })
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['user.created', 'key.created']))
  })
})

describe('an invitation', () => {
  it('opens once: a password, a session and a first key in one answer, and a picture with it', async () => {
    const id = `invited${(names += 1)}`
    const began = performance.now()
    await call(asAdmin, 'POST', 'users', { id, name: 'Invited', role: 'user' })
    const { token, path } = Invitation.parse((await call(asAdmin, 'POST', `users/${id}/invitation`, { days: 1 })).body)
    expect(path).toBe(`/#invitation=${token}`)
    expect((await call({}, 'POST', 'invitations/look', { token })).body).toMatchObject({ id, name: 'Invited' })

    const asked = { token, password, name: 'Ida', key: { name: 'laptop' } }
    const joined = await call({}, 'POST', 'invitations/accept', asked)
    const { key } = z.object({ key: MadeKey }).parse(joined.body)
    await running.panel.parts.services.start('comfyui-demo')
    const params = { prompt: 'a lighthouse', steps: 1, width: 64, height: 64 }
    const made = await call(bearer(key.key), 'POST', 'generations', { serviceId: 'comfyui-demo', params })
    const { id: generation } = z.object({ id: z.string() }).parse(made.body)
    await until('the picture', () => running.panel.parts.generations.get(generation).state === 'succeeded')

    expect(performance.now() - began).toBeLessThan(60_000)
    expect(await me(pageOf(joined))).toBe(`200 ${id} user`)
    expect(User.parse((await call(pageOf(joined), 'GET', 'me')).body)).toMatchObject({ name: 'Ida', invitation: null })
    expect(await refusal({}, 'POST', 'invitations/accept', asked)).toBe('401 invitation.not-good')
    expect(await refusal({}, 'POST', 'invitations/look', { token })).toBe('401 invitation.not-good')
  })

  it('with a password that may not be set, or for somebody suspended, changes nothing', async () => {
    const { id, page } = await somebody()
    const { token } = Invitation.parse((await call(asAdmin, 'POST', `users/${id}/invitation`, {})).body)

    expect(await refusal({}, 'POST', 'invitations/accept', { token, password: 'short' })).toBe(
      '422 access.password-short',
    )
    expect(await me(page)).toBe(`200 ${id} user`)
    await call(asAdmin, 'PATCH', `users/${id}`, { suspended: true })
    expect(await refusal({}, 'POST', 'invitations/accept', { token, password })).toBe('401 invitation.not-good')
  })
})

// Last: it closes this address to every wrong one.
it('a key for some services works with no other in the panel either', async () => {
  const { page } = await somebody('user')
  const { key } = MadeKey.parse((await call(page, 'POST', 'keys', { name: 'one', services: ['forge-demo'] })).body)
  const job = { serviceId: 'comfyui-demo', params: { prompt: 'a lighthouse', steps: 20 } }
  for (const [method, path, body] of [
    ['POST', 'generations', job],
    ['POST', 'services/comfyui-demo/start', undefined],
    ['GET', 'services/comfyui-demo', undefined],
  ] as const)
    expect(await refusal(bearer(key), method, path, body), path).toBe('403 gateway.other-service')
  expect(await refusal(bearer(key), 'POST', 'generations', { ...job, serviceId: 'forge-demo' })).not.toContain('other')
  expect(await refusal(page, 'POST', 'generations', job)).not.toContain('other')
})

it('a key that is wrong costs the address that shows many a wait, and never a right one', async () => {
  const { asKey, id } = await somebody()
  const same = bearer(newKey())
  for (let n = 0; n < 30; n += 1) expect(await me(same)).toBe('200 nobody') // a script with an old key is no guess

  const answers = new Set<string>()
  for (let n = 0; n < 22; n += 1) answers.add(await refusal(bearer(newKey()), 'GET', 'services'))

  expect([...answers]).toEqual(['401 session.required', '429 session.too-many'])
  expect(await me(asKey)).toBe(`200 ${id} user`)
})
