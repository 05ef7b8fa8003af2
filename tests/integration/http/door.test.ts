import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepConnections } from '../../../electron/http/server'
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

const at = (path: string) => new URL(path, running.url)
const asAdmin = { authorization: `Bearer ${adminToken}` }

/** Sends bytes as they are, for requests that fetch would not make. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

describe('the HTTP door', () => {
  it('answers health to anybody and nothing else', async () => {
    const health = await fetch(at('/api/v1/health'))
    const services = await fetch(at('/api/v1/services'))

    expect(health.status).toBe(200)
    expect(await health.json()).toEqual({ status: 'ok', version: expect.any(String) as string })
    expect(services.status).toBe(401)
    expect(await services.json()).toMatchObject({ code: 'UNAUTHORIZED', data: { hint: expect.any(String) as string } })
  })

  it('keeps an idle connection well beyond what it tells, so that no request crosses its close', async () => {
    const { headers } = await fetch(at('/api/v1/health'))
    const toldMs = Number(/^timeout=(\d+)$/.exec(headers.get('keep-alive') ?? '')?.[1]) * 1000
    const server = createServer()
    keepConnections(server)

    expect(toldMs).toBeGreaterThanOrEqual(30_000)
    expect(server.keepAliveTimeout - toldMs).toBeGreaterThanOrEqual(10_000)
  })

  it('lets the admin token in as a Bearer', async () => {
    const response = await fetch(at('/api/v1/services'), { headers: asAdmin })

    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject([{ id: 'comfyui-demo' }, { id: 'forge-demo' }])
  })

  it('refuses a wrong token without saying why', async () => {
    const response = await fetch(at('/api/v1/services'), { headers: { authorization: 'Bearer nearly' } })

    expect(response.status).toBe(401)
  })

  it('signs in through the printed link once, with a cookie that scripts cannot read', async () => {
    const link = at(`/signin?token=${running.sessions.issueOneTimeToken()}`)

    const first = await fetch(link, { redirect: 'manual' })
    const second = await fetch(link, { redirect: 'manual' })

    const cookie = first.headers.get('set-cookie') ?? ''
    expect(first.status).toBe(303)
    const [, half = ''] = /^\/#session=([\w-]{40,})\.[\w-]{30,}$/.exec(first.headers.get('location') ?? '') ?? []
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
    expect(second.status).toBe(401)
    const inside = await fetch(at('/api/v1/services'), {
      headers: { cookie: cookie.split(';')[0] ?? '', 'x-regie-page': half },
    })
    expect(inside.status).toBe(200)
  })

  it('signs out for good', async () => {
    const headers = pageHeaders(running.url, running.sessions.signIn(running.sessions.issueOneTimeToken()))
    expect((await fetch(at('/api/v1/services'), { headers })).status).toBe(200)

    await fetch(at('/api/v1/session'), { method: 'DELETE', headers })

    expect((await fetch(at('/api/v1/services'), { headers })).status).toBe(401)
  })

  it('refuses a foreign Host and a foreign Origin', async () => {
    const rebound = await raw('GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    const crossSite = await fetch(at('/api/v1/health'), { headers: { origin: 'http://evil.example' } })

    expect(rebound).toMatch(/^HTTP\/1\.1 403/)
    expect(crossSite.status).toBe(403)
  })

  it('refuses a WebSocket of a foreign page, and any path but its own', async () => {
    const status = (path: string, origin: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(at(path).href.replace('http', 'ws'), { origin })
        socket.once('unexpected-response', (_, response) => resolve(response.statusCode))
        socket.once('open', () => resolve(101))
        socket.on('error', () => undefined)
      })

    expect(await status('/rpc/ws', 'http://evil.example')).toBe(403)
    expect(await status('/elsewhere', at('/').origin)).toBe(404)
  })

  it('keeps no more than a few WebSockets of strangers, and never for one of them the one of an administrator', async () => {
    const address = at('/rpc/ws').href.replace('http', 'ws')
    const codes: number[] = []
    const open = async (headers = {}) => {
      const socket = new WebSocket(address, { origin: at('/').origin, headers })
      socket.on('close', (code) => codes.push(code))
      await once(socket, 'open')
      return socket
    }
    const mine = await open(asAdmin)
    const strangers = []
    for (let n = 0; n < 40; n += 1) strangers.push(await open())

    await until('the oldest to be closed', () => codes.length === 8)
    expect(codes).toEqual(Array(8).fill(4429))
    expect(mine.readyState).toBe(WebSocket.OPEN)
    expect(strangers.map(({ readyState }) => readyState).slice(8)).toEqual(Array(32).fill(WebSocket.OPEN))
    for (const socket of [mine, ...strangers]) socket.terminate()
  })

  it('serves pages that may run no foreign script and are not kept', async () => {
    const response = await fetch(at('/'))
    const html = await response.text()

    const policy = response.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /)
    expect(policy).toContain("; media-src 'self';")
    expect(html).toContain(`content="${nonce ?? 'no nonce'}"`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('lets browsers keep files whose names carry a hash', async () => {
    const response = await fetch(at('/assets/main-abc.js'))

    expect(response.headers.get('cache-control')).toContain('immutable')
  })

  it.each([
    '/../package.json',
    '/assets/../../index.html',
    '/%2e%2e/package.json',
    '/assets/%2e%2e%2findex.html',
    '/index.html',
  ])('finds nothing at %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${at('/').host}\r\nConnection: close\r\n\r\n`)

    expect(answer).toMatch(/^HTTP\/1\.1 404/)
  })

  it('describes every procedure as OpenAPI 3.1 at its promised path', async () => {
    const description: unknown = await (await fetch(at('/api/v1/openapi.json'))).json()

    expect(description).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/) as string,
      paths: {
        '/services/{id}/start': { post: {} },
        '/services/{id}/logs/stream': { get: {} },
        '/credentials/{id}/rotate': { post: {} },
        '/generations/{id}/stream': { get: {} },
        '/images/{id}/thumbnail': { get: {} },
        '/events': { get: {} },
      },
    })
  })
})

describe('bad input', () => {
  const post = (path: string, body: string, type = 'application/json') =>
    fetch(at(path), { method: 'POST', headers: { ...asAdmin, 'content-type': type }, body })

  it.each(['{', '', 'null', '[]', '"text"', '{"serviceId":5}'])(
    'answers 400 with a hint to the body %s',
    async (body) => {
      const response = await post('/api/v1/generations', body)

      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        code: 'BAD_REQUEST',
        data: { problem: 'input.invalid', hint: expect.any(String) as string },
      })
    },
  )

  it('names the fields that do not fit', async () => {
    const params = { prompt: '', steps: 1e9, width: 63, cfg: 'high', seed: -1 }

    const response = await post('/api/v1/generations', JSON.stringify({ serviceId: 'forge-demo', params }))

    const { message } = (await response.json()) as { message: string } // asserted on below
    for (const field of ['params.prompt', 'params.steps', 'params.width', 'params.cfg', 'params.seed'])
      expect(message).toContain(field)
  })

  it('refuses a body above the limit, declared or not', async () => {
    const big = JSON.stringify({ serviceId: 'forge-demo', params: { prompt: 'x'.repeat(2_000_000) } })

    const declared = await post('/api/v1/generations', big)
    const streamed = await fetch(at('/api/v1/generations'), {
      method: 'POST',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit) // the DOM's type does not know duplex, which node requires for streams

    for (const response of [declared, streamed]) {
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ data: { problem: 'input.too-large' } })
    }
  })

  it.each([
    ['GET', 'services/nobody', 404, 'service.not-found'],
    ['POST', 'services/nobody/start', 404, 'service.not-found'],
    ['GET', 'services/..%2F..%2Fetc', 400, 'input.invalid'],
    ['GET', 'credentials/nobody', 404, 'credential.not-found'],
    ['POST', 'credentials/nobody/rotate', 404, 'credential.not-found'],
    ['GET', 'generations/nobody', 404, 'generation.not-found'],
    ['GET', 'generations/nobody/stream', 404, 'generation.not-found'],
    ['GET', 'images/nobody', 404, 'image.not-found'],
    ['GET', 'images/..%2F..%2Fvault.json', 400, 'input.invalid'],
    ['GET', 'services/comfyui-demo/logs?tail=-5', 400, 'input.invalid'],
    ['GET', 'nowhere', 404, 'http.not-found'],
  ])('%s %s answers %i %s', async (method, path, status, problem) => {
    const answer = await running.rest(method, path)

    expect(answer).toMatchObject({ status, body: { message: expect.any(String) as string, data: { problem } } })
  })
})

describe('streams', () => {
  it('end when the page that follows them is closed, over HTTP', async () => {
    const page = new AbortController()
    const response = await fetch(at('/api/v1/events'), { headers: asAdmin, signal: page.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    expect(running.panel.parts.events.subscriberCount()).toBe(1)

    page.abort()

    await until('no subscriber is left', () => running.panel.parts.events.subscriberCount() === 0)
  })

  it('end when the socket of a page is cut, over WebSocket', async () => {
    const socket = new WebSocket(at('/rpc/ws').href.replace('http', 'ws'), { origin: at('/').origin, headers: asAdmin })
    await once(socket, 'open')
    socket.send(JSON.stringify({ i: '1', p: { u: '/system/events', b: {} } }))
    await until('the subscription stands', () => running.panel.parts.events.subscriberCount() === 1)

    socket.terminate()

    await until('no subscriber is left', () => running.panel.parts.events.subscriberCount() === 0)
  })
})
