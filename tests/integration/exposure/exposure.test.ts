import { mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import http, { type RequestListener } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ExposureTest, PanelEvent, ServiceKind } from '../../../shared/contract'
import { asItIs } from '../../../electron/logs/cutting'
import { createListeners } from '../../../electron/async/listeners'
import { openExposureTests, readAddresses, type ExposureOptions } from '../../../electron/exposure'
import { startGateway } from '../../support/gateway'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { comfyui, folder, forge, token } from '../simulator/support'
import { long } from '../../support/long'

/** Every probe stays on loopback: 127.0.0.2 stands for the network. */
const addresses = () => readAddresses('127.0.0.1,127.0.0.2')

async function exposureOf(kind: ServiceKind, url: string, more: Partial<ExposureOptions> = {}) {
  const news = createListeners<[PanelEvent]>()
  const place = mkdtempSync(path.join(os.tmpdir(), 'regie-door-'))
  onTestFinished(() => rm(place, { recursive: true, force: true }))
  const events: ExposureTest[] = []
  const door = await openExposureTests({
    file: path.join(place, 'door-tests.json'),
    configOf: (id) => ({ id, kind, url }),
    bindingOf: () => Promise.resolve({ container: null, file: null }),
    publish: ({ test: told }) => events.push(structuredClone(told)),
    listen: news.on,
    reportBug: (error) => {
      throw error
    },
    addresses,
    redact: asItIs,
    ...more,
  })
  onTestFinished(() => door.close())
  return { door, events, place, tell: news.tell }
}
async function testExposure(kind: ServiceKind, url: string, more: Partial<ExposureOptions> = {}) {
  const { door } = await exposureOf(kind, url, more)
  return door.run('svc')
}

const problems = (done: ExposureTest) => done.findings.map(({ reason }) => reason.problem)
/** `got verdict` of a question, by address. */
const cells = (done: ExposureTest, id: string) =>
  done.rows.find((row) => row.id === id)?.cells.map(({ got, verdict }) => `${got} ${verdict ?? ''}`) ?? []
const answering = (server: http.Server, host = '127.0.0.1') =>
  new Promise<string>((resolve) => {
    server.listen(0, host, () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`)
    })
    onTestFinished(() => void (server.closeAllConnections(), server.close()))
  })
const serve = (listener: RequestListener) => answering(http.createServer(listener))

describe('what is not there', () => {
  test('an interface that has vanished is one column where nothing answers, and the others are graded', async () => {
    const { url } = await forge({ protect: 'both' })
    // No address of this machine, as one is whose interface went away after it was listed.
    const own = readAddresses('127.0.0.1')
    const done = await testExposure('forge', url, {
      addresses: () => [...own, { address: '192.0.2.1', family: 4, scope: 'machine' }],
    })
    expect([done.state, done.grade]).toEqual(['done', 'A'])
    expect(done.origins.map(({ answers }) => answers)).toEqual([true, false])
    expect(new Set(done.rows.map(({ cells: [, vanished] }) => `${vanished?.got} ${vanished?.verdict}`))).toEqual(
      new Set(['EADDRNOTAVAIL unreachable']),
    )
    expect(done.progress.done).toBe(done.progress.total)
  })

  test('another program is given no grade', async () => {
    const url = await serve((request, response) =>
      request.url === '/' ? response.end('<title>It works!</title>') : response.writeHead(404).end(),
    )
    for (const kind of ['comfyui', 'forge'] as const) {
      const done = await testExposure(kind, url)
      expect([done.grade, done.findings, done.reason?.problem]).toEqual([null, [], 'door.not-found'])
    }
  })
})

describe('ComfyUI', () => {
  test('with its login, on this machine alone: guarded, but for the known hole of its suffixes', async () => {
    const { url, log } = await comfyui({ password: `${token}\nregie` })
    const done = await testExposure('comfyui', url)
    expect([done.state, done.grade, problems(done)]).toEqual(['done', 'B', ['door.data-local', 'door.facts-local']])
    const refused = [
      'api',
      'api-empty',
      'api-wrong',
      'alias',
      'alias-empty',
      'queue',
      'view',
      'upload',
      'logs',
      'user-data',
    ]
    for (const id of [...refused, 'socket', 'socket-empty', 'socket-wrong'])
      expect([id, cells(done, id)]).toEqual([id, ['401 guarded', 'ECONNREFUSED unreachable']])
    expect(cells(done, 'ui')[0]).toBe('302 /login guarded')
    // A test that runs at each start leaves nothing in the service's log.
    expect(log.lines().filter(({ m }) => /Traceback|Error handling request/.test(m))).toEqual([])
    expect([cells(done, 'exempt-js')[0], cells(done, 'exempt-css')[0]]).toEqual(['404 exposed', '404 exposed'])
    expect(cells(done, 'login')[0]).toBe('200 open')
    expect(done.origins.map(({ answers }) => answers)).toEqual([true, false])
  })

  test('bound to every address: what strangers get counts from the network', async () => {
    const { url } = await comfyui({ password: `${token}\nregie`, host: '0.0.0.0' })
    const done = await testExposure('comfyui', url.replace('0.0.0.0', '127.0.0.1'))
    expect([done.grade, done.origins.map(({ answers }) => answers)]).toEqual(['D', [true, true]])
    expect(problems(done)).toContain('door.plain-http')
    if (process.platform === 'linux')
      expect(done.binding).toMatchObject({
        source: 'sockets',
        reach: 'network',
        live: [expect.stringMatching(/^0\.0\.0\.0:/)],
      })
  })

  test('without its login: everything is exposed', async () => {
    const { url } = await comfyui()
    const done = await testExposure('comfyui', url)
    expect([done.grade, problems(done)[0]]).toEqual(['D', 'door.control-local'])
    for (const id of ['api', 'ui', 'alias', 'queue', 'socket', 'socket-wrong', 'view', 'upload', 'logs'])
      expect([id, cells(done, id)[0]]).toEqual([id, expect.stringMatching(/ exposed$/)])
    expect(
      (await testExposure('comfyui', (await comfyui({ host: '0.0.0.0' })).url.replace('0.0.0.0', '127.0.0.1'))).grade,
    ).toBe('F')
  })

  test('with an empty PASSWORD file: an empty token opens it', async () => {
    const { url } = await comfyui({ password: '' })
    const done = await testExposure('comfyui', url)
    expect([done.grade, problems(done)[0]]).toEqual(['D', 'door.empty-token'])
    expect([cells(done, 'api')[0], cells(done, 'api-empty')[0], cells(done, 'socket-empty')[0]]).toEqual([
      '401 guarded',
      '200 exposed',
      '101 exposed',
    ])
  })

  test('where guests are welcome: the login page lets strangers in', async () => {
    const at = folder({ 'login/PASSWORD': `${token}\nregie`, 'login/GUEST_MODE': '' })
    const done = await testExposure('comfyui', (await comfyui({ folder: at })).url)
    expect([done.grade, problems(done)[0], cells(done, 'login')[0]]).toEqual(['D', 'door.login-open', '200 exposed'])
  })

  const behindSignIn = async (status: number) => {
    const { url } = await comfyui()
    await using front = await startGateway({ to: url, status, expected: 'Bearer right' })
    const done = await testExposure('comfyui', front.url)
    const got = status === 302 ? '302 /login' : String(status)
    for (const id of ['api', 'ui', 'alias', 'queue', 'socket', 'socket-wrong', 'view', 'upload', 'logs', 'exempt-js'])
      expect([id, cells(done, id)[0]]).toEqual([id, `${got} guarded`])
  }
  const guarded = 'behind a sign-in that answers strangers %s: guarded'
  test.each([302])(guarded, behindSignIn)
  test.each([403, 407])(guarded, long, behindSignIn)

  test('where no password was chosen yet: anybody may choose it', async () => {
    const at = folder()
    mkdirSync(path.join(at, 'login'))
    const done = await testExposure('comfyui', (await comfyui({ folder: at })).url)
    expect([done.grade, cells(done, 'login')[0]]).toEqual(['D', '200 exposed'])
  })

  test('reading leaves no trace: no file is written and nothing is queued', async () => {
    const at = folder({ 'login/PASSWORD': `${token}\nregie` })
    const { url } = await comfyui({ folder: at })
    const before = (await readdir(at, { recursive: true })).sort()
    await testExposure('comfyui', url)
    expect((await readdir(at, { recursive: true })).sort()).toEqual(before)
  })
})

describe('Forge', () => {
  test('with both flags: guarded, and what no flag guards is told', async () => {
    const done = await testExposure('forge', (await forge({ protect: 'both' })).url)
    expect([done.grade, problems(done)]).toEqual(['A', ['door.facts-local']])
    for (const id of ['api', 'api-empty', 'api-wrong', 'progress', 'config', 'info', 'queue', 'files'])
      expect([id, cells(done, id)[0]]).toEqual([id, '401 guarded'])
    expect(cells(done, 'ui')[0]).toBe('200 guarded')
    for (const id of [
      'loras',
      'controlnet',
      'controlnet-models',
      'controlnet-types',
      'ping',
      'tasks',
      'sysinfo',
      'docs',
    ])
      expect([id, cells(done, id)[0]]).toEqual([id, expect.stringMatching(/ open$/)])
  })

  test('with --gradio-auth alone: a guarded page in front of an open API', async () => {
    const done = await testExposure('forge', (await forge({ protect: 'gradio' })).url)
    expect([done.grade, problems(done)[0]]).toEqual(['D', 'door.forge-api-open'])
    expect([cells(done, 'api')[0], cells(done, 'ui')[0]]).toEqual(['200 exposed', '200 guarded'])
  })

  test('with --api-auth alone: an open page', async () => {
    const done = await testExposure('forge', (await forge({ protect: 'api' })).url)
    expect([done.grade, problems(done)[0]]).toEqual(['D', 'door.forge-ui-open'])
    expect([cells(done, 'api')[0], cells(done, 'ui')[0], cells(done, 'files')[0]]).toEqual([
      '401 guarded',
      '200 exposed',
      '404 exposed',
    ])
  })

  test('without a web page: its routes are absent', async () => {
    const done = await testExposure('forge', (await forge({ protect: 'api', nowebui: true })).url)
    expect([done.grade, cells(done, 'config')[0], cells(done, 'files')[0]]).toEqual(['A', '404 absent', '404 absent'])
  })
})

describe('in front of it', () => {
  test('a proxy that leads to its login guards, and is not followed', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(302, { location: '/login?next=/secret' }).end()
    })
    const done = await testExposure('forge', url)
    expect([done.grade, cells(done, 'api')[0]]).toEqual(['A', '302 /login guarded'])
    expect(asked.some((at) => at.startsWith('/login'))).toBe(false)
  })

  test('a proxy whose service is down, or that leads elsewhere, proves nothing', async () => {
    const down = await testExposure('forge', await serve((_request, response) => response.writeHead(502).end()))
    expect([down.grade, problems(down)]).toEqual(['C', ['door.unclear-local']])
    const away = await serve((_request, response) => response.writeHead(301, { location: 'http://192.0.2.1/' }).end())
    expect((await testExposure('comfyui', away)).grade).toBe('C')
  })

  test('nothing secret and nothing but reads is sent', async () => {
    const asked: { method: string; authorization: string; cookie: unknown }[] = []
    const url = await serve((request, response) => {
      const { authorization = '', cookie } = request.headers
      asked.push({ method: request.method ?? '', authorization, cookie })
      response.writeHead(401).end()
    })
    await testExposure('comfyui', url)
    await testExposure('forge', url)
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET', 'HEAD']))
    expect(new Set(asked.map(({ cookie }) => cookie))).toEqual(new Set([undefined]))
    // No header, a made-up token, and the two made-up pairs for Forge; ComfyUI-Login breaks on what is not two words.
    const headers = [...new Set(asked.map(({ authorization }) => authorization))]
    expect(headers).toHaveLength(4)
    for (const header of headers) expect(header).toMatch(/^$|^\S+ \S+$/)
  })

  test('a port at which nothing listens has no grade', async () => {
    const done = await testExposure('comfyui', `http://127.0.0.1:${await freePort()}`)
    expect([done.state, done.grade, done.reason?.problem]).toEqual(['done', null, 'door.unreachable'])
    expect(done.rows.every((row) => row.cells.every(({ verdict }) => verdict === 'unreachable'))).toBe(true)
  })

  test('a service on another machine is refused', async () => {
    const { door, events } = await exposureOf('comfyui', 'http://192.0.2.1:8188')
    await expect(door.run('svc')).rejects.toMatchObject({ id: 'door.other-host' })
    expect(events).toEqual([])
  })
})

describe('a test', () => {
  const bindings = { container: [{ hostIp: '0.0.0.0', hostPort: 0 }], file: [{ hostIp: '127.0.0.1', hostPort: 0 }] }

  test('tells how the container is bound, and that its file says otherwise', async () => {
    const { url, port } = await forge({ protect: 'both' })
    const at = (ports: { hostIp: string; hostPort: number }[]) =>
      ports.map(({ hostIp }) => ({ hostIp, hostPort: port }))
    const done = await testExposure('forge', url, {
      bindingOf: () =>
        Promise.resolve({
          container: [...at(bindings.container), { hostIp: '0.0.0.0', hostPort: 1111 }],
          file: at(bindings.file),
        }),
    })
    expect(done.binding).toEqual({
      source: 'container',
      live: [`0.0.0.0:${port}`],
      file: [`127.0.0.1:${port}`],
      reach: 'network',
      otherPorts: ['0.0.0.0:1111'],
    })
    expect(problems(done)).toContain('door.binding-differs')
  })

  test('tells of its progress, is refused twice at once, and can be cancelled', async () => {
    let asked = 0
    // Never answers.
    const url = await serve(() => {
      asked++
    })
    const { door, events } = await exposureOf('comfyui', url)
    const begun = await door.run('svc', { wait: false })
    expect(begun.state).toBe('running')
    await expect(door.run('svc')).rejects.toMatchObject({ id: 'door.busy' })
    await until('the first question', () => asked > 0)
    const cancelled = await door.cancel('svc')
    expect([cancelled.state, cancelled.grade]).toEqual(['cancelled', null])
    expect(door.get('svc')).toBeNull()
    expect(() => door.cancel('svc')).toThrow(expect.objectContaining({ id: 'door.not-running' }))
    expect(events.map(({ state }) => state)).toEqual(['running', 'cancelled'])
  })

  test('is kept over a restart, runs again after a start and a rotation, and is forgotten with its service', async () => {
    const { url } = await forge({ protect: 'both' })
    const { door, place, events, tell } = await exposureOf('forge', url)
    // What else the events hold is not looked at.
    const service = (operation: 'start' | null, state: string) =>
      ({ type: 'service', service: { id: 'svc', operation, health: { state } } }) as PanelEvent
    // Not before somebody has asked for a first one.
    tell(service('start', 'starting'))
    tell(service(null, 'ready'))
    expect(events).toEqual([])

    const first = await door.run('svc')
    const again = await openExposureTests({
      file: path.join(place, 'door-tests.json'),
      configOf: (id) => ({ id, kind: 'forge', url }),
      bindingOf: () => Promise.resolve({ container: null, file: null }),
      publish: () => undefined,
      listen: () => () => undefined,
      reportBug: () => undefined,
      addresses,
      redact: asItIs,
    })
    expect(again.get('svc')).toEqual(first)

    tell(service('start', 'starting'))
    tell(service(null, 'listening'))
    tell(service(null, 'ready'))
    await until(
      'the test after the start',
      () => door.get('svc')?.trigger === 'start' && door.get('svc')?.state === 'done',
    )
    const rotation = { state: 'committed', proof: [{ serviceId: 'svc' }, { serviceId: 'svc' }] }
    tell({ type: 'rotation', rotation } as PanelEvent)
    await until(
      'the test after the rotation',
      () => door.get('svc')?.trigger === 'rotation' && door.get('svc')?.state === 'done',
    )
    tell({ type: 'service-removed', id: 'svc' })
    expect(door.list()).toEqual([])
  })

  test('a file of results that cannot be read is moved aside', async () => {
    const place = folder({ 'door-tests.json': '{ torn' })
    const { door } = await exposureOf('forge', 'http://127.0.0.1:1', { file: path.join(place, 'door-tests.json') })
    expect(door.list()).toEqual([])
    const [kept = ''] = await readdir(place)
    expect(kept).toMatch(/^door-tests\.json\.unreadable-/)
    expect(await readFile(path.join(place, kept), 'utf8')).toBe('{ torn')
  })
})
