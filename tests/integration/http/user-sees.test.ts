import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { contract, proceduresOf, type Described, type Role } from '../../../shared/contract'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const canaries = {
  argument: 'canary-argument-Zq7mW4xK',
  environment: 'canary-environment-R9tB2vL8',
  composeFile: 'canary-compose-Wd6sJ1fG',
  override: 'canary-override-Ta2kM8rX',
  envFile: 'canary-envfile-Yb4uN7zC',
  command: 'canary-command-Pc5vH3nD',
  folder: 'canary-folder-Ge8rL6qS',
}
/** Where the services are, which is nothing of a user’s either. */
const ports: string[] = []
const found = (text: string) => [...Object.values(canaries), ...ports].filter((canary) => text.includes(canary))

type Procedure = Pick<Described, 'name' | 'method' | 'path'>

/** Longest that an answer or a stream is read, in ms: a start answers only when the service listens. */
const patienceMs = 600
/** Those that end the session come last, and the streams are followed by themselves. */
const endsSession = /^session\/(signOut|lock|signIn|unlock|printCode)$/
const procedures = proceduresOf(contract).filter(({ name, access }) => access !== 'admin' && !endsSession.test(name))

const passwords = { admin: 'the admin password', user: 'the user password' }
const native = 'native'
const composed = 'composed'
/** One whose program and folder are not there, which its health says. */
const lost = 'lost'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
  const { access } = running.panel.parts
  for (const role of ['admin', 'user'] as const)
    await access.setPassword({ role, password: passwords[role], login: 'desktop', by: null, who: 'owner' })
  for (let n = 0; n < 3; n += 1) ports.push(`127.0.0.1:${await freePort()}`)
  const [first = '', second = '', third = ''] = ports
  const made = await Promise.all([
    running.rest('POST', 'services', {
      id: native,
      kind: 'forge',
      runtime: 'process',
      url: `http://${first}`,
      process: {
        command: process.execPath,
        args: ['-e', 'setInterval(() => {}, 1000)', '--', '--model', canaries.argument],
        env: { HF_TOKEN: canaries.environment },
        cwd: running.dataFolder,
      },
    }),
    running.rest('POST', 'services', {
      id: lost,
      kind: 'forge',
      runtime: 'process',
      url: `http://${second}`,
      process: { command: `/srv/${canaries.command}/run`, args: [], cwd: `/srv/${canaries.folder}` },
    }),
    running.rest('POST', 'services', {
      id: composed,
      kind: 'comfyui',
      runtime: 'compose',
      url: `http://${third}`,
      compose: {
        file: `/srv/${canaries.composeFile}/compose.yaml`,
        service: 'comfyui',
        overrides: [`/srv/${canaries.override}.yaml`],
        envFile: `/srv/${canaries.envFile}.env`,
      },
    }),
  ])
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201])
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const headersOf = async (role: Role) =>
  pageHeaders(running.url, await running.sessions.signInWithPassword({ role, password: passwords[role] }))

const inputs: Readonly<Record<string, object>> = {
  'generations/create': { serviceId: native, params: { prompt: 'a lighthouse' } },
}
const json = { 'content-type': 'application/json' }

/** What an answer says, or a stream within a moment: it is left then. */
async function textOf(url: URL, request: RequestInit): Promise<string> {
  const decoder = new TextDecoder()
  const leaving = new AbortController()
  let text = ''
  try {
    const { body, headers } = await fetch(url, { ...request, signal: leaving.signal })
    if (headers.get('content-type')?.startsWith('text/event-stream')) setTimeout(() => leaving.abort(), patienceMs)
    if (body) for await (const chunk of body) text += decoder.decode(chunk)
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  }
  return text
}

async function overRest({ method, path, name }: Procedure, headers: Record<string, string>, id: string) {
  const url = new URL(`api/v1${path.replaceAll(/\{\w+\}/g, id)}`, running.url)
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(inputs[name] ?? {}) }
  return textOf(url, { method, headers: { ...json, ...headers }, ...body })
}

async function overRpc({ name }: Procedure, headers: Record<string, string>, id: string) {
  const input = { id, ...inputs[name] }
  const body = JSON.stringify({ json: input })
  return textOf(new URL(`rpc/${name}`, running.url), { method: 'POST', headers: { ...json, ...headers }, body })
}

/** Everything that a WebSocket is told while `work` goes on, having asked for the events and every list of services. */
async function overSocket(headers: Record<string, string>, work: () => Promise<unknown>): Promise<string> {
  const address = new URL('rpc/ws', running.url).href.replace('http', 'ws')
  const socket = new WebSocket(address, { origin: new URL(running.url).origin, headers })
  await once(socket, 'open')
  let text = ''
  socket.on('message', (data: Buffer) => (text += data.toString()))
  for (const [i, name] of ['system/events', 'services/list', 'services/get', 'services/probe'].entries())
    socket.send(JSON.stringify({ i: String(i), p: { u: `/${name}`, b: { json: { id: native } } } }))
  await work()
  await delay(100)
  socket.terminate()
  return text
}

/** A change that every follower of the events is told of. */
const change = () => running.rest('PATCH', `services/${native}`, { gpuUuid: null })

describe('of a service that is run with secrets in its arguments and environment, a user', () => {
  it('gets none by any procedure, over REST and RPC, of services that run and services that cannot', async () => {
    const headers = await headersOf('user')
    expect(procedures.length).toBeGreaterThan(20)
    const told: string[] = []
    let whole = ''
    const look = async (procedure: Procedure) => {
      const services = procedure.method === 'GET' ? [native, composed, lost] : [native]
      const ways = [overRest, overRpc].flatMap((way) => services.map((id) => way(procedure, headers, id)))
      for (const text of await Promise.all(ways)) {
        whole += text
        for (const canary of found(text)) told.push(`${procedure.name}: ${canary}`)
      }
    }
    // A few at a time: the starts and stops of one service wait for each other.
    for (let at = 0; at < procedures.length; at += 10) await Promise.all(procedures.slice(at, at + 10).map(look))
    // They were indeed told of all three.
    for (const id of [native, composed, lost]) expect(whole).toContain(id)
    expect(told).toEqual([])
  }, 60_000)

  it('gets none by the events either, over a WebSocket', async () => {
    const text = await overSocket(await headersOf('user'), change)

    expect(text).toContain('"type":"service"')
    expect(found(text)).toEqual([])
  })
})

it('a user is told that his service ended, and why, in words that name no place; what needs a person he is not', async () => {
  const headers = await headersOf('user')
  await running.rest('PATCH', `services/${native}`, { idle: { wake: true } })
  const pid = () => running.panel.parts.services.get(native).pid
  const isBad = () => running.panel.parts.services.get(native).health.state === 'unhealthy'

  const told = await overSocket(headers, async () => {
    const starting = overRest({ name: 'services/start', method: 'POST', path: '/services/{id}/start' }, headers, native)
    process.kill(await until('it to run', pid), 'SIGKILL')
    await starting
    await until('it to be seen', isBad)
  })
  const get: Procedure = { name: 'services/get', method: 'GET', path: '/services/{id}' }
  const shown = await overRest(get, headers, native)

  expect(shown).toContain('"state":"unhealthy"')
  expect(JSON.parse(shown)).toMatchObject({ health: { reason: expect.stringContaining(native) as string, rungs: [] } })
  expect(told).not.toContain('"type":"attention"')
  expect(found(told + shown)).toEqual([])
})

it('an administrator is shown how it is run, over REST, RPC and WebSocket', async () => {
  const headers = await headersOf('admin')
  const get: Procedure = { name: 'services/get', method: 'GET', path: '/services/{id}' }
  const { argument, environment, composeFile, override, envFile, command, folder } = canaries

  expect(found(await overRest(get, headers, native))).toEqual([argument, environment, ports[0]])
  expect(found(await overRpc(get, headers, composed))).toEqual([composeFile, override, envFile, ports[2]])
  expect(found(await overRest(get, headers, lost))).toEqual([command, folder, ports[1]])
  expect(found(await overSocket(headers, change))).toEqual(expect.arrayContaining([argument, environment]))
})
