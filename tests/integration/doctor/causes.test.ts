import { createServer } from 'node:http'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { startProxySimulator, type ProxyWays } from '../../../electron/simulator/proxy'
import type { CauseId } from '../../../shared/contract'
import { startGateway } from '../../support/gateway'
import { long } from '../../support/long'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { doctorApi, namedIn, pair, type Patient } from './support'

type Api = ReturnType<typeof doctorApi>

interface Case {
  what: string
  cause: CauseId
  /** In place of the cause's own words. */
  problem?: string
  /** Makes it happen, live. */
  make: (api: Api) => Promise<Patient>
  /** The button that mends it; left out where only a person can. */
  fix?: string
  /** What the person does first, or in place of a button. */
  mend?: (patient: Patient, api: Api) => Promise<unknown>
  /** A line that must be among the evidence. */
  line: string
}

const closing: (() => Promise<unknown>)[] = []

const proxied = (ways: ProxyWays) => async (own: string, port: number) => {
  const proxy = await startProxySimulator({ to: own, ways, port })
  closing.push(() => proxy.close())
}
/** A program of Regie's own is started with its address, so that only a stopped one is given another. */
async function toOwn({ id, own, start }: Patient, { rest }: Api) {
  await rest('POST', `services/${id}/stop`)
  await rest('PATCH', `services/${id}`, { url: own })
  await start()
}

/** A program that is started, then given another file, and started again. */
async function rewritten(api: Api, kind: 'comfyui' | 'forge', content: (patient: Patient) => string) {
  const patient = await api.program(kind, { starts: false })
  await writeFile(kind === 'comfyui' ? patient.login : patient.env, content(patient))
  await patient.start()
  return patient
}

const other = pair()

const cases: Case[] = [
  {
    what: 'a service that is not up',
    cause: 'not-running',
    make: (api) => api.program('comfyui', { starts: false }),
    line: 'silent',
    fix: 'start',
  },
  {
    what: 'another image program at the address',
    cause: 'wrong-port',
    make: (api) =>
      api.program('comfyui', {
        async inFront(_own, port) {
          const account = { username: 'a', password: 'b' }
          const forge = await startForgeSimulator({ folder: api.folder, port, protect: 'api', account })
          closing.push(() => forge.close())
        },
      }),
    line: 'program',
    mend: toOwn,
  },
  {
    what: 'some web page at the address',
    cause: 'wrong-port',
    make: (api) =>
      api.program('forge', {
        async inFront(_own, port) {
          const page = createServer((_, response) => void response.end('<title>Whisper WebUI</title>'))
          await new Promise<void>((resolve) => page.listen(port, '127.0.0.1', resolve))
          closing.push(() => new Promise((resolve) => page.close(resolve)))
        },
      }),
    line: 'program',
    mend: toOwn,
  },
  {
    what: 'a portal’s redirect in place of a 401',
    cause: 'redirect',
    make: (api) => api.program('forge', { inFront: proxied('login') }),
    line: 'answered',
    mend: toOwn,
  },
  {
    what: 'a proxy’s own Basic login',
    cause: 'proxy',
    make: (api) => api.program('comfyui', { inFront: proxied('basic') }),
    line: 'header',
    mend: toOwn,
  },
  {
    what: 'a proxy that wants to be authenticated to',
    cause: 'proxy',
    make: (api) => api.program('forge', { inFront: proxied('proxy-auth') }),
    line: 'header',
    mend: toOwn,
  },
  {
    what: 'a proxy that keeps the Authorization header',
    cause: 'proxy',
    problem: 'doctor.proxy-drops',
    make: (api) => api.program('comfyui', { inFront: proxied('drop-authorization') }),
    line: 'printed-same',
    mend: toOwn,
  },
  {
    what: 'a proxy that adds an Origin',
    cause: 'cors-origin',
    problem: 'doctor.origin-refused',
    make: (api) => api.program('comfyui', { inFront: proxied('add-origin') }),
    line: 'answered',
    mend: toOwn,
  },
  {
    what: 'ComfyUI-Login that cannot be imported',
    cause: 'plugin-not-loaded',
    async make(api) {
      const patient = await api.program('comfyui')
      await writeFile(path.join(patient.folder, 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt'), 'broken')
      await patient.restart()
      return patient
    },
    line: 'log',
    mend: ({ folder }) => rm(path.join(folder, 'custom_nodes'), { recursive: true }),
    fix: 'restart',
  },
  {
    what: 'custom nodes switched off',
    cause: 'plugin-not-loaded',
    make: (api) => api.program('comfyui', { args: ['--disable-all-custom-nodes'] }),
    line: 'flag',
  },
  {
    what: 'no password yet',
    cause: 'no-password',
    async make(api) {
      const patient = await api.program('comfyui', { starts: false })
      await rm(patient.login)
      await patient.start()
      return patient
    },
    line: 'page-create',
    fix: 'sync',
  },
  {
    what: 'Forge without any login',
    cause: 'not-protected',
    make: (api) => api.program('forge', { args: ['--protect', 'none'] }),
    line: 'answered',
  },
  {
    what: 'Forge without its API',
    cause: 'api-off',
    make: (api) => api.program('forge', { args: ['--no-api'] }),
    line: 'answered',
  },
  {
    what: 'a password that Forge splits',
    cause: 'api-off',
    problem: 'doctor.api-auth-broken',
    async make(api) {
      const patient = await api.program('forge', { starts: false })
      await writeFile(patient.env, 'FORGE_USER=ann\nFORGE_PASSWORD=a:b,c\n')
      // The start ends at once, with what the dead thread said.
      await expect(patient.start()).rejects.toThrow(/service.web-thread-ended.*ValueError: too many values to unpack/)
      return patient
    },
    line: 'log',
    fix: 'sync+restart',
  },
  {
    what: 'Forge without pages whose only thread has died',
    cause: 'not-running',
    problem: 'doctor.web-thread-ended',
    async make(api) {
      const patient = await api.program('forge', { args: ['--nowebui'], starts: false })
      await writeFile(patient.env, 'FORGE_USER=ann\nFORGE_PASSWORD=a:b,c\n')
      await expect(patient.start()).rejects.toThrow(/service.web-thread-ended/)
      return patient
    },
    line: 'log',
  },
  {
    what: 'no credential in Regie',
    cause: 'no-credential',
    async make(api) {
      const patient = await api.program('comfyui')
      await api.rest('PATCH', `services/${patient.id}`, { credentialId: null })
      return patient
    },
    line: 'no-credential',
    mend: ({ id }, { rest }) => rest('PATCH', `services/${id}`, { credentialId: id }),
  },
  {
    what: 'CORS for one origin',
    cause: 'cors-origin',
    make: (api) => api.program('comfyui', { args: ['--enable-cors-header', 'https://app.example'] }),
    line: 'answered-origin',
  },
  {
    what: 'a hash cut short by a $',
    cause: 'mangled',
    make: (api) => rewritten(api, 'comfyui', ({ token }) => `${token.replace(/\$Iv[^./]*/, '')}\nann`),
    line: 'hash',
    fix: 'sync+restart',
  },
  {
    what: 'Windows line ends',
    cause: 'line-ends',
    make: (api) => rewritten(api, 'comfyui', ({ token }) => `${token}\r\nann\r\n`),
    line: 'carriage-return',
    fix: 'sync+restart',
  },
  {
    what: 'a byte order mark',
    cause: 'byte-order-mark',
    make: (api) => rewritten(api, 'comfyui', ({ token }) => `\ufeff${token}\nann`),
    line: 'bom',
    fix: 'sync+restart',
  },
  {
    what: 'the password where the hash belongs',
    cause: 'wrong-layer',
    problem: 'doctor.password-for-token',
    make: (api) => rewritten(api, 'comfyui', ({ password }) => `${password}\nann`),
    line: 'password-for-token',
    fix: 'sync+restart',
  },
  {
    what: 'a credential of another scheme',
    cause: 'wrong-layer',
    problem: 'doctor.wrong-scheme',
    async make(api) {
      const patient = await api.program('comfyui')
      const { password } = pair()
      await api.rest('POST', 'credentials', { id: `${patient.id}-basic`, scheme: 'basic', username: 'ann', password })
      await api.rest('PATCH', `services/${patient.id}`, { credentialId: `${patient.id}-basic` })
      return patient
    },
    line: 'credential',
    mend: ({ id }, { rest }) => rest('PATCH', `services/${id}`, { credentialId: id }),
  },
  {
    what: '--api-auth and --gradio-auth with two pairs',
    cause: 'wrong-layer',
    make: (api) =>
      rewritten(
        api,
        'forge',
        ({ password }) =>
          `FORGE_USER=ann\nFORGE_PASSWORD=${other.password}\nGRADIO_USER=ann\nGRADIO_PASSWORD=${password}\n`,
      ),
    line: 'gradio-accepted',
    fix: 'sync+restart',
  },
  {
    what: '--gradio-auth alone',
    cause: 'wrong-layer',
    problem: 'doctor.api-open',
    make: (api) => api.program('forge', { args: ['--protect', 'gradio'] }),
    line: 'gradio-on',
  },
  {
    what: 'another user name',
    cause: 'user-name',
    make: (api) => rewritten(api, 'forge', ({ password }) => `FORGE_USER=bob\nFORGE_PASSWORD=${password}\n`),
    line: 'accepted-name',
    fix: 'adopt',
  },
  {
    what: 'a ComfyUI that holds the hash from before',
    cause: 'stale',
    async make(api) {
      const patient = await rewritten(api, 'comfyui', () => `${other.token}\nann`)
      await api.rest('POST', `credentials/${patient.id}/sync`, {})
      return patient
    },
    line: 'newer',
    fix: 'restart',
  },
  {
    what: 'a Forge that holds the password from before',
    cause: 'stale',
    async make(api) {
      const patient = await rewritten(api, 'forge', () => `FORGE_USER=ann\nFORGE_PASSWORD=${other.password}\n`)
      await api.rest('POST', `credentials/${patient.id}/sync`, {})
      return patient
    },
    line: 'newer',
    fix: 'restart',
  },
  {
    what: 'another secret in the file, which the service accepts',
    cause: 'other-secret',
    make: (api) => rewritten(api, 'comfyui', () => `${other.token}\nann`),
    line: 'accepted',
    fix: 'adopt',
  },
  {
    what: 'the same, mended the other way',
    cause: 'other-secret',
    make: (api) => rewritten(api, 'forge', () => `FORGE_USER=ann\nFORGE_PASSWORD=${other.password}\n`),
    line: 'accepted',
    fix: 'sync+restart',
  },
  {
    what: 'guest mode',
    cause: 'guest-mode',
    async make(api) {
      const patient = await api.program('comfyui')
      await writeFile(path.join(patient.folder, 'login', 'GUEST_MODE'), '')
      return patient
    },
    line: 'guest-file',
    mend: ({ folder }) => rm(path.join(folder, 'login', 'GUEST_MODE')),
  },
]

/**
 * Found as another cause is that every run brings about: by what something in front answers (`proxy`), by a service that
 * asks nobody (`not-protected`), by the shape of what is in the file (`mangled`), by whom the service accepts (`other-secret`).
 */
const foundAlike: ReadonlySet<CauseId> = new Set<CauseId>([
  ...(['redirect', 'cors-origin', 'no-password', 'api-off'] as const),
  ...(['line-ends', 'byte-order-mark', 'user-name', 'stale'] as const),
  ...(['wrong-port', 'proxy', 'mangled', 'wrong-layer'] as const),
])

describe('the doctor names the one cause', () => {
  let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let running: RunningPanel
  let api: Api
  beforeAll(async () => {
    bundle = await bundlePanelPrograms()
    running = await startPanel({ programs: bundle.programs, demo: false })
    api = doctorApi(running, bundle.programs.simulator)
  })
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()))
    await running.stop()
    await bundle.remove()
  })

  const isNamed = async ({ cause, problem, make, fix, mend, line }: Case) => {
    const patient = await make(api)

    const diagnosis = await api.diagnose(patient.id)

    const named = namedIn(diagnosis, [patient.token, patient.password, other.token, other.password])
    expect({ verdict: diagnosis.verdict, cause: diagnosis.cause }).toEqual({ verdict: 'named', cause })
    expect(named?.reason?.problem).toBe(problem ?? `doctor.${cause}`)
    expect(named?.evidence.map((one) => one.line)).toContain(line)
    expect(diagnosis.findings.filter(({ state }) => state === 'cause')).toHaveLength(1)
    const button = named?.fixes.find(({ id }) => id === fix)
    if (fix !== undefined && !button) throw new Error(`no button ${fix} in ${JSON.stringify(named?.fixes)}`)

    await mend?.(patient, api)
    if (button) await api.apply(button)
    if (button || mend) expect(await api.diagnose(patient.id)).toMatchObject({ verdict: 'well', cause: null })
  }
  // One way to each cause in every run, and of causes that are found alike one; the further ones at night.
  const isFirst = (one: Case) => cases.find(({ cause }) => cause === one.cause) === one
  const isDaily = (one: Case) => isFirst(one) && !foundAlike.has(one.cause)
  it.concurrent.each(cases.filter(isDaily))('$cause: $what', isNamed)
  it.concurrent.each(cases.filter((one) => !isDaily(one)))('$cause: $what', long, isNamed)

  it('finds nothing at a service that is well, and says what it ruled out', async () => {
    const { id, token, password } = await api.program('forge')

    const diagnosis = await api.diagnose(id)

    expect(namedIn(diagnosis, [token, password])).toBeUndefined()
    expect(diagnosis).toMatchObject({ verdict: 'well', cause: null, state: 'done' })
    expect(new Set(diagnosis.findings.map(({ state }) => state))).toEqual(new Set(['ruled-out']))
    expect(diagnosis.findings.every(({ evidence }) => evidence.length > 0)).toBe(true)
    expect(diagnosis.steps.filter(({ state }) => state !== 'done')).toMatchObject([
      { id: 'container', state: 'skipped' },
      { id: 'files', state: 'skipped' },
    ])
  })

  const behindSignIn = async (status: number) => {
    const gateway = (expected: string) => async (to: string, port: number) => {
      const front = await startGateway({ to, status, expected, port })
      closing.push(() => front.close())
    }
    const { token, password } = pair()
    const credential = { token, password }
    const right = await api.program('comfyui', {
      credential,
      args: ['--disable-all-custom-nodes'],
      inFront: gateway(`Bearer ${token}`),
    })
    const wrong = await api.program('forge', { args: ['--protect', 'none'], inFront: gateway('Basic other') })

    expect(await api.diagnose(right.id)).toMatchObject({ verdict: 'well', cause: null })
    expect((await api.diagnose(wrong.id)).verdict).not.toBe('well')
  }
  const tried = 'tries the credential after a %s of a sign-in in front, and finds all well'
  it.each([302, 403])(tried, long, behindSignIn)

  it('is honest where nothing is proven', async () => {
    const { id, login } = await api.program('comfyui')
    await api.rest('PATCH', `credentials/${id}`, { sinks: [] })
    await writeFile(login, `${other.token}\nann`)
    await api.rest('POST', `services/${id}/restart`)

    const diagnosis = await api.diagnose(id)

    expect(diagnosis).toMatchObject({ verdict: 'unknown', cause: null })
    expect(diagnosis.findings.filter(({ state }) => state === 'unknown').map(({ cause }) => cause)).toContain('stale')
  })

  const isOutside = async (kind: 'comfyui' | 'forge') => {
    const { own, token, password, id } = await api.program(kind)
    const wrong = pair()
    const about =
      kind === 'comfyui' ? { scheme: 'comfyui-login', ...wrong } : { scheme: 'basic', password: wrong.password }
    const outside = `${id}-outside`
    await api.rest('POST', 'credentials', { id: outside, username: 'ann', ...about })
    await api.rest('POST', 'services', { id: outside, kind, runtime: 'external', url: own, credentialId: outside })

    const diagnosis = await api.diagnose(outside)

    const named = namedIn(diagnosis, [token, password, wrong.token, wrong.password])
    expect({ verdict: diagnosis.verdict, cause: diagnosis.cause }).toEqual({ verdict: 'named', cause: 'other-secret' })
    expect(named?.reason?.problem).toBe('doctor.other-secret-outside')
    expect(named?.evidence.map((one) => one.line)).toEqual(['answered', 'answered-ours', 'no-places'])
    expect(named?.fixes.map((fix) => fix.id)).toEqual(['connection'])

    await api.rest('PATCH', `services/${outside}`, { credentialId: id })
    expect(await api.diagnose(outside)).toMatchObject({ verdict: 'well', cause: null })
  }
  const outsideWords = 'names a wrong secret on a %s that somebody else runs'
  it.each(['comfyui', 'forge'] as const)(outsideWords, long, isOutside)

  it('says that the vault is locked', long, async () => {
    const locked = await startPanel({ programs: bundle.programs, demo: false, keeper: () => null })
    const { own, id } = await api.program('comfyui')
    await locked.rest('POST', 'services', { id, kind: 'comfyui', runtime: 'external', url: own, credentialId: id })

    const diagnosis = await doctorApi(locked, '').diagnose(id)
    await locked.stop()

    expect(diagnosis).toMatchObject({ verdict: 'named', cause: 'vault-locked' })
  })

  it('tells each step while it walks, stops when its reader goes, and is written down', async () => {
    const { id } = await api.program('comfyui')
    const caller = { who: 'ann', signal: new AbortController().signal }
    const seen: string[] = []
    for await (const { steps, state } of running.panel.parts.doctor.follow(id, caller))
      seen.push(state === 'done' ? 'done' : (steps.find((step) => step.state === 'running')?.id ?? ''))
    const left = running.panel.parts.doctor.follow(id, caller)
    await left.next()
    await left.return()

    expect(seen).toContain('ask')
    expect(seen.at(-1)).toBe('done')
    const entries = await running.panel.parts.audit.history(id, 10)
    expect(entries.filter(({ action }) => action === 'service.diagnosed')).toHaveLength(1)
  })
})
