import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { openPanel, type Panel } from '../../../electron/command/panel'
import { runCommand } from '../../../electron/command/run'
import { machine } from '../../support/machine'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { regie } from '../../support/regie'
import { until } from '../../support/until'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const adminToken = randomBytes(24).toString('base64url')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let child: ChildProcess
let data: string
let cert: string
let url: string

/** A panel as the system starts it, with a certificate that nobody has signed: its link lies in a file. */
beforeAll(async () => {
  if (!hasOpenssl) return
  await ensureBuilt()
  folder = await temporaryFolder('regie-refused')
  data = path.join(folder.path, 'data')
  cert = path.join(folder.path, 'cert.pem')
  const key = path.join(folder.path, 'key.pem')
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...newKey, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  const entry = path.resolve(import.meta.dirname, '../../../dist/main/headless.js')
  const options = [
    '--port',
    '0',
    '--data',
    data,
    '--demo',
    '--unattended',
    'none',
    '--tls-cert',
    cert,
    '--tls-key',
    key,
  ]
  child = spawn(process.execPath, [entry, ...options], {
    env: { ...process.env, REGIE_ADMIN_TOKEN: adminToken, DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    stdio: 'ignore',
  })
  const isThere = () => existsSync(path.join(data, 'signin.link')) && existsSync(path.join(data, 'panel.address'))
  await until('the panel to listen', isThere, 60_000)
  url = new URL(readFileSync(path.join(data, 'panel.address'), 'utf8')).origin
}, 120_000)
afterAll(async () => {
  if (!hasOpenssl) return
  child.kill('SIGTERM')
  await once(child, 'exit')
  await folder[Symbol.asyncDispose]()
})

interface Asking {
  env?: NodeJS.ProcessEnv
  typed?: string
  isTty?: boolean
}

async function run(line: string, { env = {}, ...more }: Asking = {}) {
  const { place, out, err } = machine({ platform: process.platform, env, home: folder.path, ...more })
  return { code: await runCommand(line.split(' '), place), out: out(), err: err() }
}

describe.skipIf(!hasOpenssl)('the panel of this machine', () => {
  /** What only an administrator can ask, over the same door. */
  async function asAdmin<T>(ask: (panel: Panel) => Promise<T>): Promise<T> {
    const ca = readFileSync(cert, 'utf8')
    const noOne = () => Promise.resolve(null)
    const panel = await openPanel({ url, ca, key: adminToken, linkToken: noOne }, noOne)
    try {
      return await ask(panel)
    } finally {
      await panel.close()
    }
  }

  it('is not believed with a certificate that nobody has signed, and nothing is sent to it', async () => {
    const refused = await run(`services --data ${data}`)
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toContain(`The certificate of ${url} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`)
    // The link was not used up.
    expect(readFileSync(path.join(data, 'signin.link'), 'utf8')).toMatch(/^https:/)
    const env = { REGIE_URL: url, REGIE_KEY: adminToken, NODE_TLS_REJECT_UNAUTHORIZED: '0', HOME: folder.path }
    const careless = await regie(['services'], { env })
    expect([careless.code, careless.out]).toEqual([3, ''])
  })

  it('opens for its owner without a key, by its link, and keeps no session', async () => {
    const asked = await Promise.all([1, 2].map(() => run(`services --ids --data ${data} --ca ${cert}`)))
    for (const ended of asked) expect(ended).toMatchObject({ code: 0, out: 'comfyui-demo\nforge-demo\n' })
    expect(await asAdmin(({ client }) => client.access.sessions())).toEqual([])
  })

  it('gives a user what is theirs, and no more', async () => {
    const made = await run(`keys make phone --user user --data ${data} --ca ${cert}`)
    expect(made.code).toBe(0)
    const env = { REGIE_URL: url, REGIE_CA: cert, REGIE_KEY: made.out.trim() }
    expect(await run('services --ids', { env })).toMatchObject({ code: 0 })
    expect(await run('credentials', { env })).toMatchObject({
      ...{ code: 4, out: '', err: 'Administrators only.\nSign in as an administrator and try again.\n' },
    })
    const refused = await run('rotate comfyui-demo --yes', { env: { ...env, LANG: 'fr_FR.UTF-8' } })
    expect(refused.err).toContain('Réservé aux administrateurs.')
  })

  it('does not know a wrong key, which is repeated nowhere', async () => {
    const refused = await run('services', { env: { REGIE_URL: url, REGIE_CA: cert, REGIE_KEY: 'rk_nobody' } })
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toContain('You are not signed in.')
    expect(refused.err).not.toContain('rk_nobody')
  })

  it('asks for the admin password where there is one, and gives up where nobody can type it', async () => {
    await asAdmin(({ client }) => client.access.setPassword({ role: 'admin', password: 'correct horse battery' }))
    const ask = `keys make desk --data ${data} --ca ${cert}`
    expect(await run(ask)).toMatchObject({ code: 4, out: '' })
    const wrong = await run(ask, { isTty: true, typed: 'wrong\n' })
    expect([wrong.code, wrong.out]).toEqual([3, ''])
    const made = await run(ask, { isTty: true, typed: 'correct horse battery\n' })
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^rk_\w+\n$/)])
    expect(made.err).not.toContain('correct horse')
  })
})

describe('what is no panel', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** A program that answers so, and what it was sent. */
  async function listening(answer: { status: number; headers: Record<string, string>; body: string }) {
    const sent: IncomingHttpHeaders[] = []
    server = createServer((request, response) => {
      sent.push(request.headers)
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return { sent, at: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` }
  }

  it('is told apart from a panel that is not there', async () => {
    const at = `http://127.0.0.1:${await freePort()}`
    const refused = await run('services', { env: { REGIE_URL: at, REGIE_KEY: 'rk_x' } })
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toContain(`No panel can be reached at ${at} (ECONNREFUSED).`)
    const page = await listening({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>hello</h1>' })
    const other = await run('services', { env: { REGIE_URL: page.at, REGIE_KEY: 'rk_x' } })
    expect([other.code, other.err]).toEqual([3, expect.stringContaining(`What answers at ${page.at} is not Regie`)])
  })

  it('sends the key nowhere else', async () => {
    const elsewhere = await listening({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' })
    const target = server
    const headers = { location: `${elsewhere.at}/rpc/services/list`, 'content-type': 'application/json' }
    const here = await listening({ status: 307, headers, body: '{}' })
    expect(await run('services', { env: { REGIE_URL: here.at, REGIE_KEY: 'rk_x' } })).toMatchObject({
      code: 3,
      out: '',
    })
    expect([here.sent.length, elsewhere.sent]).toEqual([1, []])
    target?.close()
  })

  it('that answers otherwise than the contract says is another version', async () => {
    const body = JSON.stringify({ json: [{ id: 'comfyui' }], meta: [] })
    const other = await listening({ status: 200, headers: { 'content-type': 'application/json' }, body })
    const refused = await run('services', { env: { REGIE_URL: other.at, REGIE_KEY: 'rk_x' } })
    expect([refused.code, refused.out]).toEqual([3, ''])
    expect(refused.err).toContain('answers differently than this regie expects')
  })

  it('is not asked without a key', async () => {
    const { sent, at } = await listening({ status: 200, headers: {}, body: '' })
    expect(await run('services', { env: { REGIE_URL: at } })).toMatchObject({ code: 3, out: '' })
    expect(await run('services', { env: { REGIE_URL: at, REGIE_KEY: '' } })).toMatchObject({ code: 3, out: '' })
    expect(sent).toEqual([])
  })
})
