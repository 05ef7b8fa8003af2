import { once } from 'node:events'
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { Key, Service } from '../../../shared/contract'
import { newKey } from '../../../electron/people/key'
import { bodyOf } from '../../support/front-door'
import { adminToken, bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
let comfyui: string
let forge: string
let key: { id: string; key: string }
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
  await call('POST', 'services/start-all')
  const open = async (id: string) => {
    const port = await freePort()
    await call('PATCH', `services/${id}`, { gateway: { enabled: true, port } })
    return `http://127.0.0.1:${port}`
  }
  ;[comfyui, forge] = [await open('comfyui-demo'), await open('forge-demo')]
  await call('POST', 'users', { id: 'anna', name: 'Anna', role: 'user', password: 'correct horse' })
  key = await call<typeof key>('POST', 'keys', { userId: 'anna', name: 'script' })
  await until('both services are ready and reached', async () => {
    const services = await call<Service[]>('GET', 'services')
    const { listeners } = await call<{ listeners: { state: string }[] }>('GET', 'gateway')
    return (
      services.every(({ health }) => health.state === 'ready') && listeners.every(({ state }) => state === 'listening')
    )
  })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/** A REST call that must succeed; the contract says what it answers. */
async function call<T>(method: string, at: string, body?: unknown): Promise<T> {
  const answer = await running.rest(method, at, body)
  if (answer.status >= 300) throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as T
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const asBasic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` })

/** As a browser opens an address; what node calls fetch says itself that it is a script. */
async function browse(url: string, headers: OutgoingHttpHeaders = {}) {
  const browser = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none', ...headers }
  const [answer] = (await once(get(url, { headers: browser }), 'response')) as [IncomingMessage]
  return { status: answer.statusCode, location: answer.headers.location, body: (await bodyOf(answer)).toString() }
}

async function signIn(gateway: string, next = '/') {
  const answer = await fetch(`${gateway}/_regie/signin`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: gateway },
    body: new URLSearchParams({ by: 'password', username: 'Anna', password: 'correct horse', next }),
  })
  const [cookie = ''] = answer.headers.getSetCookie()[0]?.split(';') ?? []
  return { cookie, status: answer.status, location: answer.headers.get('location') }
}

it('a script comes in with its own key where the service’s secret was, at either kind of service', async () => {
  const stats = await fetch(`${comfyui}/system_stats`, { headers: bearer(key.key) })
  expect([stats.status, await stats.json()]).toMatchObject([200, { system: { os: expect.any(String) as unknown } }])
  const samplers = await fetch(`${forge}/sdapi/v1/samplers`, { headers: asBasic(`whoever:${key.key}`) })
  expect(samplers.status).toBe(200)
  const socket = new WebSocket(`${comfyui.replace('http', 'ws')}/ws?clientId=a1&token=${key.key}`)
  const [message] = (await once(socket, 'message')) as [Buffer]
  expect(JSON.parse(message.toString())).toMatchObject({ type: 'status' })
  socket.terminate()
})

it('a script with the service’s own secret is told what to put in its place, in the program’s own way', async () => {
  const { token } = await call<{ token: string }>('POST', 'credentials/comfyui-demo/reveal')
  const old = await fetch(`${comfyui}/system_stats?token=${encodeURIComponent(token)}`)
  expect([old.status, await old.json()]).toMatchObject([
    401,
    { error: 'This is the service’s own secret. Here each person uses an access key of their own.' },
  ])
  const login = await call<{ username: string; password: string }>('POST', 'credentials/forge-demo/reveal')
  const pair = await fetch(`${forge}/sdapi/v1/options`, { headers: asBasic(`${login.username}:${login.password}`) })
  expect([pair.status, pair.headers.get('www-authenticate')]).toEqual([401, 'Basic'])
  expect(await pair.json()).toMatchObject({ detail: expect.stringContaining('the service’s own secret') as unknown })
})

it('a browser is led to the sign-in page, and from there into the service', async () => {
  const to = '/_regie/signin?next=%2F%3Ftab%3D1'
  expect(await browse(`${comfyui}/?tab=1`)).toMatchObject({ status: 302, location: to })
  expect((await browse(comfyui + to)).body).toContain('name="next" value="/?tab=1"')
  const { cookie, status, location } = await signIn(comfyui, '/?tab=1')
  expect([status, location]).toEqual([303, '/?tab=1'])
  expect((await browse(`${comfyui}/?tab=1`, { cookie })).status).toBe(200)
  expect((await browse(`${comfyui}/_regie/signin`, { cookie })).location).toBe('/')
})

it('the gateway’s cookie opens neither the panel nor another service, and the panel’s no gateway', async () => {
  const { cookie } = await signIn(comfyui)
  expect((await fetch(`${running.url}api/v1/services`, { headers: { cookie } })).status).toBe(401)
  expect((await fetch(`${forge}/sdapi/v1/samplers`, { headers: { cookie } })).status).toBe(401)
  const session = running.sessions.signIn(adminToken)
  const headers = pageHeaders(running.url, session)
  expect((await fetch(`${running.url}api/v1/services`, { headers })).status).toBe(200)
  expect((await fetch(`${comfyui}/system_stats`, { headers })).status).toBe(401)
})

it('a key that ends takes its socket with it, and nothing of any key was written down', async () => {
  const gone = await call<typeof key>('POST', 'keys', { userId: 'anna', name: 'short' })
  const socket = new WebSocket(`${comfyui.replace('http', 'ws')}/ws?clientId=a2&token=${gone.key}`)
  await once(socket, 'message')
  const begun = performance.now()
  const closed = once(socket, 'close')
  await call('DELETE', `keys/${gone.id}`)
  await closed
  expect(performance.now() - begun).toBeLessThan(1000)
  const after = await fetch(`${comfyui}/system_stats?token=${gone.key}`)
  expect([after.status, await after.json()]).toMatchObject([401, { error: 'This access key is not accepted.' }])

  const files = await readdir(running.dataFolder, { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile())) {
    const text = await readFile(path.join(file.parentPath, file.name), 'latin1')
    for (const secret of [gone.key, key.key]) expect(text.includes(secret), file.name).toBe(false)
  }
})

it('who has lost a key while the service woke for it goes no further', async () => {
  const lost = await call<typeof key>('POST', 'keys', { userId: 'anna', name: 'lost' })
  await call('PATCH', 'services/forge-demo', { idle: { wake: true } })
  await call('POST', 'services/forge-demo/stop')
  const answer = fetch(`${forge}/sdapi/v1/samplers`, { headers: bearer(lost.key) })
  await until('the service to be woken', async () => {
    const { operation } = await call<Service>('GET', 'services/forge-demo')
    return operation === 'start'
  })
  await call('DELETE', `keys/${lost.id}`)
  const said = await answer
  expect([said.status, await said.json()]).toMatchObject([401, { detail: 'This access key is not accepted.' }])
})

/** Asks from another address of this machine, as somebody else, or as a reverse proxy that says who is behind it. */
async function askFrom(localAddress: string, token: string, headers: OutgoingHttpHeaders = {}): Promise<number> {
  const asked = get(`${comfyui}/queue`, { localAddress, agent: false, headers: { ...bearer(token), ...headers } })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // as node documents it
  await bodyOf(answer)
  return answer.statusCode ?? 0
}

// Only Linux has all of 127.0.0.0/8.
it.skipIf(process.platform !== 'linux')(
  'behind a trusted proxy each is a source of his own, and nobody else is believed',
  async () => {
    const proxy = '127.0.0.77'
    const keyNow = async () => (await call<Key[]>('GET', 'keys?userId=anna')).find(({ id }) => id === key.id)
    const seenFrom = async (client: string) => (await keyNow())?.lastUsed?.from === client
    const as = (client: string) => ({ 'x-forwarded-for': `203.0.113.1, ${client}` })
    const guess = (of: string, headers: OutgoingHttpHeaders) => askFrom(of, newKey(), headers)

    // Not trusted yet: everybody is the proxy.
    expect(await askFrom(proxy, key.key, as('198.51.100.7'))).toBe(200)
    await until('the use to be told', () => seenFrom(proxy))
    expect(await running.rest('PUT', 'access/proxies', { addresses: ['0.0.0.0/0'] })).toMatchObject({
      ...{ status: 400, body: { data: { problem: 'http.proxy-address' } } },
    })
    expect(await call('PUT', 'access/proxies', { addresses: [proxy] })).toEqual({ fixed: [], added: [proxy] })
    expect((await call<{ items: object[] }>('GET', 'audit?topic=access')).items[0]).toMatchObject({
      ...{ action: 'access.proxies-changed', details: { addresses: proxy } },
    })
    expect(await askFrom(proxy, key.key, as('198.51.100.7'))).toBe(200)
    await until('the use to be told', () => seenFrom('198.51.100.7'))

    // One who guesses waits, and nobody else behind the same proxy; a lie in front of what the proxy says gains nothing.
    for (let n = 0; n < 21; n += 1)
      await guess(proxy, { 'x-forwarded-for': `203.0.113.${n}, 198.51.100.66`, 'x-real-ip': `203.0.113.${n}` })
    expect(await guess(proxy, as('198.51.100.66'))).toBe(429)
    expect(await guess(proxy, { forwarded: 'for=198.51.100.66' })).toBe(429)
    expect(await guess(proxy, as('198.51.100.8'))).toBe(401)
    expect(await askFrom(proxy, key.key, as('198.51.100.66'))).toBe(200)
    // Who is no proxy is himself, whatever he says.
    expect(await askFrom('127.0.0.78', key.key, as('198.51.100.8'))).toBe(200)
    await until('the use to be told', () => seenFrom('127.0.0.78'))
    await call('PUT', 'access/proxies', { addresses: [] })
  },
)

it('a port that somebody has is 409, whoever that is, and the doors and the file stay as they were', async () => {
  const { listeners } = await call<{ listeners: { url: string; state: string }[] }>('GET', 'gateway')
  const before = await call<Service>('GET', 'services/comfyui-demo')
  const forgeAt = (await call<Service>('GET', 'services/forge-demo')).url
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const portOf = (url: string) => Number(new URL(url).port)
  const taken = {
    'gateway.port-of-service': portOf(forgeAt),
    'gateway.port-of-gateway': portOf(forge),
    'gateway.port-of-panel': portOf(running.url),
    'gateway.port-in-use': (other.address() as AddressInfo).port,
  }
  for (const [problem, port] of Object.entries(taken)) {
    const changed = await running.rest('PATCH', 'services/comfyui-demo', { gateway: { port } })
    expect(changed).toMatchObject({ status: 409, body: { data: { problem, params: { port } } } })
    const added = { id: 'more', kind: 'forge', runtime: 'external', url: 'http://192.0.2.7:7860' }
    const made = await running.rest('POST', 'services', { ...added, gateway: { enabled: true, port } })
    expect(made).toMatchObject({ status: 409, body: { data: { problem } } })
  }
  const looping = await running.rest('PATCH', 'services/forge-demo', { url: forge })
  expect(looping).toMatchObject({ status: 409 })
  expect(await call<Service>('GET', 'services/comfyui-demo')).toMatchObject({ revision: before.revision })
  expect((await call<{ listeners: unknown[] }>('GET', 'gateway')).listeners).toMatchObject(
    listeners.map(({ url }) => ({ url, state: 'listening' })),
  )
  expect((await fetch(`${comfyui}/system_stats`, { headers: bearer(key.key) })).status).toBe(200)

  // Two who ask for the same free port at once: one has it.
  const port = await freePort()
  const both = await Promise.all(
    ['comfyui-demo', 'forge-demo'].map((id) => running.rest('PATCH', `services/${id}`, { gateway: { port } })),
  )
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  other.close()
})

it('who waits at a service, and who goes around it, is told to administrators alone', async () => {
  type Told = { services: { serviceId: string }[] }
  const asAdmin = await call<Told>('GET', 'gateway')
  expect(asAdmin.services.map(({ serviceId }) => serviceId)).toEqual(['comfyui-demo', 'forge-demo'])
  const asAnna = await fetch(new URL('api/v1/gateway', running.url), { headers: bearer(key.key) })
  expect(((await asAnna.json()) as Told).services).toEqual([])
})
