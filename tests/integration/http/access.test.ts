import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ownerCaller } from '../../../electron/shell/owner-caller'
import type { Caller } from '../../../electron/api/context'
import { contract, proceduresOf, type Described, type Role } from '../../../shared/contract'
import { errorStatus } from '../../../shared/problems'
import { long } from '../../support/long'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'

type Procedure = Described

/** Every procedure of the contract, whatever is added to it. */
const procedures = proceduresOf(contract)
const guarded = procedures.filter(({ access }) => access !== 'public')
const ofAdmins = procedures.filter(({ access }) => access === 'admin')
const reauthenticated = procedures.filter(({ reauth }) => reauth)

const passwords = { admin: 'the admin password', user: 'the user password' }

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
  const { access } = running.panel.parts
  for (const role of ['admin', 'user'] as const)
    await access.setPassword({ role, password: passwords[role], login: 'desktop', by: null, who: 'owner' })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/** Signs in, and answers the headers of a page of that session. */
async function cookieOf(role: Role) {
  const signedIn = await running.sessions.signInWithPassword({ role, password: passwords[role] })
  return { id: signedIn.id, headers: pageHeaders(running.url, signedIn) }
}

/** An administrator's session whose last proof is too old: the one of a printed link, where there is a password. */
function staleAdmin() {
  return pageHeaders(running.url, running.sessions.signIn(running.sessions.issueOneTimeToken()))
}

async function lockedAdmin() {
  const { id, headers } = await cookieOf('admin')
  running.sessions.identify(id, { key: headers['x-regie-page'] ?? '' })?.presence.lock()
  return headers
}

interface Answer {
  status: number
  problem: string | undefined
}
const Refusal = z.object({ data: z.object({ problem: z.string() }) })
const read = (status: number, body: unknown): Answer => {
  const refusal = Refusal.safeParse(body)
  return { status, problem: refusal.data?.data.problem }
}

/** The three ways to a procedure. */
const ways = {
  async rest({ method, path }: Procedure, headers: Record<string, string>): Promise<Answer> {
    const url = new URL(`api/v1${path.replaceAll(/\{\w+\}/g, 'nobody')}`, running.url)
    const withBody = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
    const json = { 'content-type': 'application/json' }
    const response = await fetch(url, { method, headers: { ...json, ...headers }, ...withBody })
    return read(response.status, await response.json())
  },
  async fetch({ name }: Procedure, headers: Record<string, string>): Promise<Answer> {
    const json = { 'content-type': 'application/json' }
    const url = new URL(`rpc/${name}`, running.url)
    const response = await fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: '{}' })
    const { json: body } = (await response.json()) as { json: unknown } // what RPC wraps its answers in
    return read(response.status, body)
  },
}

const SocketAnswer = z.object({ i: z.string(), p: z.object({ s: z.number(), b: z.object({ json: z.unknown() }) }) })

/** All answers of one WebSocket, by the name of what was asked. */
async function overSocket(asked: readonly Procedure[], headers: Record<string, string>): Promise<Map<string, Answer>> {
  const address = new URL('rpc/ws', running.url).href.replace('http', 'ws')
  const socket = new WebSocket(address, { origin: new URL(running.url).origin, headers })
  await once(socket, 'open')
  const answers = new Map<string, Answer>()
  const all = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { i, p } = SocketAnswer.parse(JSON.parse(data.toString()))
      answers.set(asked[Number(i)]?.name ?? '', read(p.s, p.b.json))
      if (answers.size === asked.length) resolve()
    })
  })
  for (const [i, { name }] of asked.entries())
    socket.send(JSON.stringify({ i: String(i), p: { u: `/${name}`, b: {} } }))
  await all
  socket.terminate()
  return answers
}

/** What every procedure answers over every way, where it is not what is expected. */
async function unlike(expected: Answer, asked: readonly Procedure[], headers: Record<string, string>) {
  const seen: string[] = []
  const look = (way: string, { name, errors }: Procedure, { status, problem }: Answer) => {
    if (!errors.some((code) => errorStatus[code] === status)) seen.push(`${way} ${name}: ${status} is not documented`)
    if (status !== expected.status || problem !== expected.problem)
      seen.push(`${way} ${name}: ${status} ${problem ?? ''}`)
  }
  for (const way of ['rest', 'fetch'] as const)
    await Promise.all(asked.map(async (procedure) => look(way, procedure, await ways[way](procedure, headers))))
  const answers = await overSocket(asked, headers)
  for (const procedure of asked) look('socket', procedure, answers.get(procedure.name) ?? { status: 0, problem: '' })
  return seen
}

describe('every procedure of the contract', () => {
  it('has a route of its own', () => {
    const routes = procedures.map(({ method, path }) => `${method} ${path}`)

    expect(routes.length).toBeGreaterThan(40)
    expect(new Set(routes).size).toBe(routes.length)
  })

  const refusesMadeUp = async (asked: readonly Procedure[]) => {
    expect(await unlike(refused, asked, { authorization: 'Bearer not-the-token' })).toEqual([])
    expect(await unlike(refused, asked, { cookie: 'regie_session_1=made-up' })).toEqual([])
  }
  const refused = { status: 401, problem: 'session.required' }

  it('refuses a stranger, unless it is anybody’s, over REST, RPC and WebSocket', async () => {
    expect(await unlike(refused, guarded, {})).toEqual([])
    // Who is there is asked before what is asked for: one in ten stands for all.
    await refusesMadeUp(guarded.filter((_, at) => at % 10 === 0))
  })

  it('refuses a made-up token and a made-up session, each by itself', long, async () => {
    await refusesMadeUp(guarded)
  })

  it('of administrators refuses a user', async () => {
    const { headers } = await cookieOf('user')

    expect(ofAdmins.length).toBeGreaterThan(20)
    expect(await unlike({ status: 403, problem: 'session.forbidden' }, ofAdmins, headers)).toEqual([])
  })

  it('refuses a session that is locked', async () => {
    const headers = await lockedAdmin()

    expect(await unlike({ status: 401, problem: 'session.locked' }, guarded, headers)).toEqual([])
  })

  it('through which a secret leaves, or that decides what is run and written, asks who is there', async () => {
    expect(reauthenticated.map(({ name }) => name).sort()).toEqual([
      'access/removePassword',
      'access/setAddresses',
      'access/setPassword',
      'access/setProxies',
      'alerts/addChannel',
      'alerts/changeChannel',
      'alerts/setHeartbeat',
      'backups/change',
      'backups/plan',
      'backups/remove',
      'backups/restore',
      'credentials/create',
      'credentials/reveal',
      'credentials/update',
      'discovery/import',
      'docker/setAddress',
      ...['changeNode', 'deploy', 'init', 'join', 'removeNode'].map((name) => `fleet/${name}`),
      'gateway/removeMonitor',
      'gpus/setProgram',
      'keys/change',
      'keys/create',
      'keys/rotate',
      'lint/fix',
      'lint/undo',
      'machines/create',
      'machines/testAddress',
      'machines/update',
      'metrics/makeToken',
      ...['download', 'erase', 'plan', 'remove', 'restore', 'separate', 'share', 'sharing'].map(
        (name) => `modelLibrary/${name}`,
      ),
      'modelsDrive/begin',
      'releases/change',
      'releases/install',
      'room/remove',
      'services/create',
      'services/importPlainSecrets',
      'services/testConnection',
      'services/update',
      'shells/open',
      'stacks/adopt',
      'stacks/deploy',
      'system/restart',
      'tls/makeAuthority',
      'updates/begin',
      'users/change',
      'users/create',
      'users/invite',
      'users/remove',
      'vault/accept',
      'vault/changeKeeper',
      'vault/export',
      'vault/import',
      'vault/restore',
    ])
    const refused = { status: 403, problem: 'session.reauth-required' }
    expect(await unlike(refused, reauthenticated, staleAdmin())).toEqual([])
    // A user’s own proof opens none of them.
    const { headers } = await cookieOf('user')
    const ofAdminsAlone = reauthenticated.filter(({ access }) => access === 'admin')
    expect(await unlike({ status: 403, problem: 'session.forbidden' }, ofAdminsAlone, headers)).toEqual([])
  })

  it('that gives a credential a chosen secret asks who is there, one that Regie makes does not', async () => {
    const rotate = (body: object) =>
      fetch(new URL('api/v1/credentials/none/rotate', running.url), {
        method: 'POST',
        headers: { ...staleAdmin(), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then(async (answer) => [answer.status, Refusal.parse(await answer.json()).data.problem])
    for (const chosen of [{ password: 'a chosen password' }, { token: 'a-chosen-token' }])
      expect(await rotate(chosen)).toEqual([403, 'session.reauth-required'])
    expect(await rotate({})).toEqual([404, 'credential.not-found'])
  })

  it('that names, tags, orders and mutes services asks for no fresh proof, and takes nothing that does', async () => {
    const arrange = (...changes: object[]) =>
      fetch(new URL('api/v1/services/arrange', running.url), {
        method: 'POST',
        headers: { ...staleAdmin(), 'content-type': 'application/json' },
        body: JSON.stringify({ changes }),
      }).then(async (answer) => [answer.status, Refusal.parse(await answer.json()).data.problem])
    const kept = { id: 'nobody', name: 'Poster', tags: ['lab'], order: 1, muted: true }
    expect(await arrange(kept)).toEqual([404, 'service.not-found'])
    for (const more of [{ url: 'http://127.0.0.1:9' }, { credentialId: 'own' }, { idle: { wake: true } }])
      expect(await arrange({ ...kept, ...more })).toEqual([400, 'input.invalid'])
    // Each is made of the service as it was: of two the first would be lost.
    expect(await arrange(kept, { id: 'nobody', muted: false })).toEqual([400, 'input.invalid'])
  })

  it('that is anybody’s is one of these', () => {
    const open = procedures.filter(({ access }) => access === 'public').map(({ name }) => name)

    expect(open).toEqual([
      ...['system/health', 'session/current', 'session/signIn', 'session/signOut', 'session/unlock'],
      ...['invitations/look', 'invitations/accept'],
    ])
  })
})

describe('on the desktop, with an admin password', () => {
  const ask = async ({ method, path }: Procedure, caller: Caller) => {
    const url = `regie://panel/api/v1${path.replaceAll(/\{\w+\}/g, 'nobody')}`
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
    const request = new Request(url, { method, headers: { 'content-type': 'application/json' }, ...body })
    const response = await running.panel.handler(request, caller)
    return read(response.status, await response.json())
  }
  const walk = async (asked: readonly Procedure[]) => {
    const caller = ownerCaller(running.panel.parts.owner)
    const answers = await Promise.all(asked.map((procedure) => ask(procedure, caller)))
    return new Set(answers.map(({ status, problem }) => `${status} ${problem ?? ''}`))
  }

  it('every procedure of administrators refuses the owner until the password is given', async () => {
    expect(await walk(ofAdmins)).toEqual(new Set(['403 session.admin-locked']))
    expect(await walk([...procedures].filter(({ name }) => name === 'services/list'))).toEqual(new Set(['200 ']))
  })

  it('nothing is answered while it is locked', async () => {
    running.panel.parts.owner.presence.lock()

    expect(await walk(guarded)).toEqual(new Set(['401 session.locked']))
    await running.panel.parts.owner.presence.unlock(passwords.admin)
    expect(await walk([...procedures].filter(({ name }) => name === 'vault/backups'))).toEqual(new Set(['200 ']))
  })
})

describe('what lies outside the contract', () => {
  it('is the page, its files, the API’s page and the sign-in link: nothing that a stranger may not have', async () => {
    const status = async (path: string, init?: RequestInit) => (await fetch(new URL(path, running.url), init)).status

    expect(await status('/')).toBe(200)
    expect(await status('/assets/main-abc.js')).toBe(200)
    expect(await status('/api/v1/docs')).toBe(200)
    expect(await status('/api/v1/openapi.json')).toBe(200)
    expect(await status('/signin?token=made-up', { redirect: 'manual' })).toBe(401)
    for (const path of ['/images/nobody', '/api/v1/images/nobody', '/api/v1/images/nobody/thumbnail', '/api/v1/events'])
      expect([path, await status(path)]).toEqual([path, path.startsWith('/images') ? 404 : 401])
  })
})
