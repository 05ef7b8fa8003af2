import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestOverTls } from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { aptInstall, canInstall } from '../../support/prepare.mjs'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
beforeAll(async () => {
  programs = await bundlePanelPrograms()
})
afterAll(() => programs.remove())

const asAdmin = { authorization: `Bearer ${adminToken}` }

/** Why there is no nginx to test with; null when there is one. */
function noNginx(): string | null {
  const isThere = () => spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0
  if (isThere()) return null
  if (!canInstall()) return 'nginx is not installed, and only Debian as root can be given it'
  return aptInstall('nginx-light') && isThere() ? null : 'nginx could not be installed with apt-get'
}
const reason = noNginx()

/** A certificate for this machine, made now and never kept. */
function certificate(folder: string) {
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=panel.example', '-addext', 'subjectAltName=DNS:panel.example,IP:127.0.0.1']
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...newKey, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  return { cert, key }
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'regie-remote-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

interface Asked {
  port: number
  path: string
  host: string
  headers?: Record<string, string>
}

/** One request over TLS to this machine under another name; answers the status, headers and first piece of the body. */
const overTls = ({ port, path: at, host, headers = {} }: Asked) =>
  new Promise<{ status: number; cookie: string; first: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: at, servername: 'panel.example', rejectUnauthorized: false }
    const asked = requestOverTls({ ...options, headers: { host, ...headers } }, (response) => {
      const answered = (first: string) => {
        resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.join() ?? '', first })
        asked.destroy()
      }
      response.once('data', (data: Buffer) => answered(data.toString()))
      response.once('end', () => answered(''))
    })
    asked.on('error', reject)
    asked.end()
  })

/** Calls over a WebSocket as the panel's page at `origin` would; answers what came back. */
const overSocket = (address: string, origin: string, host: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(address, { origin, headers: { host, ...asAdmin }, rejectUnauthorized: false })
    socket.once('open', () => socket.send(JSON.stringify({ i: '1', p: { u: '/services/list', b: {} } })))
    socket.once('message', (data: Buffer) => {
      resolve(data.toString())
      socket.terminate()
    })
    socket.once('unexpected-response', (_, { statusCode }) => reject(new Error(`status ${statusCode ?? 0}`)))
    socket.on('error', reject)
  })

describe('a panel bound to another address', () => {
  it.runIf(process.platform === 'linux')('answers for that address', async () => {
    const running = await startPanel({ ...programs, door: { host: '127.0.0.2' } })
    const health = new URL('/api/v1/health', running.url)
    expect(health.hostname).toBe('127.0.0.2')
    expect((await fetch(health)).status).toBe(200)
    expect((await fetch(new URL('/api/v1/services', running.url), { headers: asAdmin })).status).toBe(200)
    await running.stop()
  })

  it('to all of them, answers for each of the machine’s own', async () => {
    const running = await startPanel({ ...programs, door: { host: '0.0.0.0' } })
    const { port } = new URL(running.url)
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await fetch(`http://${host}:${port}/api/v1/health`)).status, host).toBe(200)
    await running.stop()
  })

  it('serves TLS itself with the certificate that it is given, and a cookie for TLS alone', async () => {
    const { cert, key } = certificate(scratch)
    const running = await startPanel({
      ...programs,
      door: { tls: { cert: readFileSync(cert), key: readFileSync(key) } },
    })
    expect(running.url).toMatch(/^https:/)
    const { port, host } = new URL(running.url)
    const link = `/signin?token=${running.sessions.issueOneTimeToken()}`
    const signedIn = await overTls({ port: Number(port), path: link, host })
    expect(signedIn.status).toBe(303)
    expect(signedIn.cookie).toMatch(/; Secure$/)
    expect(await overSocket(`wss://127.0.0.1:${port}/rpc/ws`, `https://${host}`, host)).toContain('comfyui-demo')
    await running.stop()
  })
})

describe('a tunnel on another port', () => {
  let server: Server
  const open = new Set<Socket>()
  afterAll(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })

  it('reaches a panel that was told of its address, and no other', async () => {
    const tunnel = await freePort()
    const publicOrigins = [`http://localhost:${tunnel}`]
    const [told, untold] = [await startPanel({ ...programs, publicOrigins }), await startPanel(programs)]
    let target = told
    server = createServer((socket) => {
      const onward = connect(Number(new URL(target.url).port), '127.0.0.1')
      for (const one of [socket, onward]) open.add(one.on('error', () => one.destroy()))
      socket.pipe(onward).pipe(socket)
    }).listen(tunnel, '127.0.0.1')
    const ask = () =>
      fetch(`http://localhost:${tunnel}/api/v1/services`, { headers: { ...asAdmin, connection: 'close' } })

    expect((await ask()).status).toBe(200)
    const [address, host] = [`ws://127.0.0.1:${tunnel}/rpc/ws`, `localhost:${tunnel}`]
    expect(await overSocket(address, `http://${host}`, host)).toContain('comfyui-demo')
    target = untold
    const refused = await ask()
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ data: { hint: expect.stringContaining('--public-url') as string } })

    // Told in the settings it answers at once, and no longer when the address is taken away again.
    const tell = (addresses: readonly string[]) => untold.rest('PUT', 'access/addresses', { addresses })
    expect(await tell([...publicOrigins, ...publicOrigins])).toMatchObject({
      body: { fixed: [], added: publicOrigins },
    })
    expect((await ask()).status).toBe(200)
    expect(await tell(['https://panel.example/sub'])).toMatchObject({
      status: 400,
      body: { data: { problem: 'http.public-address' } },
    })
    expect((await ask()).status).toBe(200)
    expect(await tell([])).toMatchObject({ status: 200, body: { added: [] } })
    expect((await ask()).status).toBe(403)
    const changes = (await untold.panel.parts.audit.list({ topic: 'access', limit: 10 })).items
    expect(changes.map(({ action }) => action)).toEqual(['access.addresses-changed', 'access.addresses-changed'])
    await told.stop()
    await untold.stop()
  })
})

if (reason !== null) it('behind nginx with TLS', ({ skip }) => skip(reason))
describe.runIf(reason === null)('behind nginx with TLS', () => {
  let nginx: ChildProcess
  let running: RunningPanel
  let ports: { kept: number; replaced: number }
  beforeAll(async () => {
    ports = { kept: await freePort(), replaced: await freePort() }
    const publicOrigins = [`https://panel.example:${ports.kept}`, `https://panel.example:${ports.replaced}`]
    running = await startPanel({ ...programs, publicOrigins, trustedProxies: ['127.0.0.1'] })
    const folder = path.join(scratch, 'nginx')
    mkdirSync(folder)
    const { cert, key } = certificate(folder)
    const site = (port: number, host: string) => `
      server {
        listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};
        location / {
          proxy_pass ${running.url}; proxy_http_version 1.1; proxy_buffering off;
          proxy_set_header Host ${host}; proxy_set_header X-Forwarded-For $remote_addr;
          proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
        }
      }`
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${path.join(folder, name)};`)
      .join(' ')
    const config = `
      daemon off; worker_processes 1; pid ${path.join(folder, 'pid')}; error_log stderr;
      events {}
      http {
        access_log off; ${temporary}
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        ${site(ports.kept, '$http_host')} ${site(ports.replaced, '$proxy_host')}
      }`
    writeFileSync(path.join(folder, 'nginx.conf'), config)
    nginx = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await until('nginx to answer', async () => (await overTls(ask('kept', '/api/v1/health'))).status === 200)
  })
  afterAll(async () => {
    nginx.kill('SIGTERM')
    await running.stop()
  })

  type Site = 'kept' | 'replaced'
  const ask = (site: Site, at: string, headers: Record<string, string> = {}): Asked => ({
    port: ports[site],
    path: at,
    host: `panel.example:${ports[site]}`,
    headers: { origin: `https://panel.example:${ports[site]}`, ...headers },
  })

  it.each<Site>(['kept', 'replaced'])('with its Host %s: the API, events and a WebSocket pass', async (site) => {
    expect((await overTls(ask(site, '/api/v1/services', asAdmin))).status).toBe(200)
    const events = await overTls(ask(site, '/api/v1/events', { ...asAdmin, accept: 'text/event-stream' }))
    expect(events).toMatchObject({ status: 200, first: expect.stringContaining('event:') as string })
    const { host } = ask(site, '')
    expect(await overSocket(`wss://127.0.0.1:${ports[site]}/rpc/ws`, `https://${host}`, host)).toContain('comfyui-demo')
  })

  it('signs in with a cookie for TLS alone', async () => {
    const link = `/signin?token=${running.sessions.issueOneTimeToken()}`
    const { status, cookie } = await overTls(ask('kept', link))
    expect(status).toBe(303)
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Secure$/)
  })

  it('refuses a page of another origin all the same', async () => {
    for (const site of ['kept', 'replaced'] as const)
      for (const origin of ['https://evil.example', `http://panel.example:${ports[site]}`])
        expect((await overTls(ask(site, '/api/v1/services', { ...asAdmin, origin }))).status, origin).toBe(403)
  })
})
