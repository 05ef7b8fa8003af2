import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import YAML from 'yaml'
import * as z from 'zod'
import { ensureBuilt } from '../../../electron/build.mjs'
import { runCommand } from '../../../electron/command/run'
import {
  Backup,
  Diagnosis,
  Generation,
  GoldenCheck,
  Key,
  LibraryFile,
  MadeKey,
  Rotation,
  Service,
  User,
} from '../../../shared/contract'
import { startHeadless, type HeadlessPanel } from '../../support/headless'
import { long } from '../../support/long'
import { machine } from '../../support/machine'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { regie, type Ended, type RegieOptions } from '../../support/regie'
import { until } from '../../support/until'

const comfyui = 'comfyui-demo'
const root = path.resolve(import.meta.dirname, '../../..')

let panel: HeadlessPanel
let folder: Awaited<ReturnType<typeof temporaryFolder>>
/** A person's key, which administers the panel. */
let key: string

beforeAll(async () => {
  await ensureBuilt()
  folder = await temporaryFolder('regie-commands')
  panel = await startHeadless()
  // Ports of their own: other tests start panels at the same time.
  for (const id of [comfyui, 'forge-demo'])
    await panel.client.services.update({ id, url: `http://127.0.0.1:${await freePort()}` })
  // How fast a machine is that other tests keep busy is not asked here.
  await panel.client.alerts.changeRule({ id: 'golden-slower', limit: { begins: 1000, ends: 1000 } })
  key = (await panel.client.keys.create({ userId: 'admin', name: 'pipeline', panel: true })).key
}, 120_000)
afterAll(async () => {
  await panel.stop()
  await folder[Symbol.asyncDispose]()
})

const envOf = (more: Record<string, string> = {}) => ({
  ...{ HOME: folder.path, APPDATA: folder.path, REGIE_URL: panel.url, REGIE_KEY: key },
  ...more,
})
/** Runs a command against the panel, in this process: a process of its own takes half a second of a processor. */
async function run(line: string, { env }: Pick<RegieOptions, 'env'> = {}): Promise<Ended> {
  const { place, out, err } = machine({ platform: process.platform, env: envOf(env), home: folder.path })
  return checked({ code: await runCommand(line.split(' '), place), out: out(), err: err() })
}

/** The same as people do. */
const runAlone = async (line: string, { env, ...options }: RegieOptions = {}): Promise<Ended> =>
  checked(await regie(line.split(' '), { cwd: folder.path, env: envOf(env), ...options }))

/** No command prints the key that opens the panel for it. */
function checked(ended: Ended): Ended {
  expect(`${ended.out}${ended.err}`).not.toContain(key)
  return ended
}

/** The same, which must succeed; its data, read by a schema of the contract's. */
async function json<T extends z.ZodType>(
  schema: T,
  line: string,
  options?: Pick<RegieOptions, 'env'>,
): Promise<z.infer<T>> {
  const { code, out, err } = await run(`${line} --json`, options)
  expect([code, err]).toEqual([0, expect.any(String)])
  return schema.parse(JSON.parse(out))
}

describe('a service', () => {
  it('is started until it is ready, restarted and stopped', async () => {
    expect(await run(`start ${comfyui} --wait`)).toMatchObject({ code: 0, out: `${comfyui}  ready\n` })
    expect((await json(Service, `restart ${comfyui} --wait`)).health.state).toBe('ready')
    expect(await run(`apply ${comfyui} --wait`)).toMatchObject({
      ...{ code: 0, out: `${comfyui}  ready\n`, err: `${comfyui} runs with what its files ask for.\n` },
    })
    expect(await run('start forge-demo --wait')).toMatchObject({ code: 0 })
    expect(await run('stop forge-demo')).toMatchObject({ code: 0, out: 'forge-demo  stopped\n' })
  })

  it('is listed, as the contract shapes it, by its id, and as a table', async () => {
    const services = await json(z.array(z.strictObject(Service.shape)), 'services')
    expect(services.map(({ id }) => id)).toEqual([comfyui, 'forge-demo'])
    expect((await run('services --ids')).out).toBe(`${comfyui}\nforge-demo\n`)
    expect((await run('services')).out).toMatch(/^ID +KIND +STATE .*\ncomfyui-demo +comfyui +ready/)
  })

  it('that is no Compose service is not recreated, with the panel’s own words in both languages', async () => {
    expect(await run(`recreate ${comfyui}`)).toMatchObject({ code: 1, out: '' })
    const { err } = await run(`recreate ${comfyui}`, { env: { LANG: 'fr_FR.UTF-8' } })
    expect(err).toContain('n’est pas un service Docker Compose')
  })

  it('has a log, which is followed until Ctrl+C', long, async () => {
    expect((await run(`logs ${comfyui} -n 1`)).out).toMatch(/^.+\n$/)
    const followed = await runAlone(`logs ${comfyui} -f -t`, {
      endWhen: (printed) => until('a line', () => printed().out.includes('\n')),
    })
    expect(followed).toMatchObject({ code: 130, err: '' })
    expect(followed.out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /)
  })

  it('is examined by the doctor', long, async () => {
    expect((await json(Diagnosis, `doctor ${comfyui}`)).verdict).toBe('well')
    expect((await run('doctor forge-demo')).code).toBe(1)
  })
})

describe('a backup', () => {
  it('is not made before anything opens it, then made until it is checked, and listed', long, async () => {
    expect(await run('backup make --wait')).toMatchObject({ code: 1, out: '' })
    expect((await run('backup list')).out).toBe('')
    const to = path.join(folder.path, 'backups')
    mkdirSync(to)
    const seal = { passphrase: 'one passphrase for all backups' }
    await panel.client.backups.change({ folder: to, seal })
    const made = await json(Backup, 'backup make --wait')
    expect(made).toMatchObject({ checked: { by: 'made' }, lacks: { count: 0, files: [] } })
    expect(readdirSync(to)).toContain(made.name)
    expect(await json(z.array(Backup), 'backup list')).toEqual([made])
    expect((await run('backup list')).out).toMatch(
      /^NAME +MADE +SIZE +CHECKED +MISSING FILES\nregie-\w{8}-\w+\.tar\.age +20.+ 0$/m,
    )
  })
})

describe('a generation', () => {
  it('is waited for and saved, and replaces no file', async () => {
    const ask = `generate ${comfyui} --prompt lighthouse --steps 2 --width 256 --height 256 --seed 7 --out`
    const file = path.join(folder.path, 'one.png')
    expect(await run(`${ask} ${file}`)).toMatchObject({ code: 0, out: `${file}\n` })
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG')
    const again = await run(`${ask} ${file}`)
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.err).toContain('one.png exists, so nothing was generated.')
    const { images, params } = await json(Generation, `${ask} ${path.join(folder.path, 'made')}/`)
    expect([images.length, params.seed]).toEqual([1, 7])
    expect(readdirSync(path.join(folder.path, 'made'))).toEqual([expect.stringMatching(/_lighthouse_.*_seed7\.png$/)])
  })

  it('that does not fit is refused before it is sent', async () => {
    const refused = await run(`generate ${comfyui} --prompt x --width 13`)
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain('width')
  })

  it('goes on after Ctrl+C, which says so and how to cancel it', long, async () => {
    const before = new Set((await panel.client.generations.list({})).items.map(({ id: known }) => known))
    // The command prints nothing by then: the panel tells that it runs.
    const isRunning = async () =>
      (await panel.client.generations.list({})).items.some(
        ({ id: one, state }) => !before.has(one) && state === 'running',
      )
    const left = await runAlone(`generate ${comfyui} --prompt slow --steps 150 --wait`, {
      endWhen: () => until('it to run', isRunning),
    })
    expect(left.code).toBe(130)
    const [, id = ''] = /regie cancel generation (\S+)/.exec(left.err) ?? []
    expect(left.err).toContain('The generation goes on.')
    expect((await panel.client.generations.get({ id })).state).toMatch(/^(?:queued|running)$/)
    expect(await run(`cancel generation ${id}`)).toMatchObject({ code: 0 })
    await until('it to be cancelled', async () => (await panel.client.generations.get({ id })).state === 'cancelled')
  })

  it('is given up after --timeout, and goes on too', long, async () => {
    const late = await run(`generate ${comfyui} --prompt slow --steps 150 --wait --timeout 1`)
    expect(late.code).toBe(5)
    const [, id = ''] = /regie cancel generation (\S+)/.exec(late.err) ?? []
    expect((await json(Generation, `cancel generation ${id}`)).id).toBe(id)
  })
})

describe('a credential', () => {
  it('is rotated, after its plan was told and agreed to', async () => {
    const before = await panel.client.credentials.get({ id: comfyui })
    const unasked = await run(`rotate ${comfyui}`)
    expect(unasked).toMatchObject({ code: 2, out: '' })
    expect(unasked.err).toMatch(/^Writes .*PASSWORD\n/)
    expect(unasked.err).toContain('Add --yes to go on without a question.')
    expect((await panel.client.credentials.get({ id: comfyui })).version).toBe(before.version)

    const rotation = await json(Rotation, `rotate ${comfyui} --yes --wait`)
    expect([rotation.state, rotation.credentialId]).toEqual(['committed', comfyui])
    expect((await panel.client.credentials.get({ id: comfyui })).version).toBe(before.version + 1)
    expect((await run('credentials --ids')).out).toBe(`${comfyui}\nforge-demo\n`)
  })
})

describe('people and keys', () => {
  it('are listed', async () => {
    expect((await json(z.array(User), 'users')).map(({ id }) => id)).toEqual(['admin', 'user'])
    expect((await json(z.array(Key), 'keys --user admin')).map(({ name }) => name)).toContain('pipeline')
  })

  it('are made, replaced and ended by the admin token; the key is all of stdout', async () => {
    const asAdmin = { env: { REGIE_KEY: panel.adminToken } }
    const made = await run('keys make laptop --user user --service forge-demo --days 1', asAdmin)
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^rk_\w+\n$/)])
    expect(made.err).not.toContain(made.out.trim())
    const id = (await json(z.array(Key), 'keys --user user')).find(({ name }) => name === 'laptop')?.id ?? ''
    const { key: next, record } = await json(MadeKey, `keys rotate ${id} --grace 60`, asAdmin)
    expect([next, record.services]).toEqual([expect.stringMatching(/^rk_/), ['forge-demo']])
    expect((await json(Key, `keys end ${record.id} --yes`)).state).toBe('ended')
    expect((await run(`keys end ${id}`)).code).toBe(2)
  })

  it('are not made by a key, which is no proof of who is there', async () => {
    expect(await run('keys make another')).toMatchObject({ code: 4, out: '' })
  })
})

describe('regie golden', () => {
  it('runs a check to its end, prints what it measured, and makes its image the golden one', async () => {
    await panel.client.golden.change({ id: comfyui, params: { steps: 2, width: 64, height: 64 } })
    const check = await json(GoldenCheck, `golden ${comfyui} --accept`)
    expect(check).toMatchObject({ state: 'passed', by: 'admin', trigger: 'asked' })
    expect((await panel.client.golden.get({ id: comfyui })).golden?.id).toBe(check.id)
    const again = await run(`golden ${comfyui}`)
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^comfyui-demo {2}passed\n(?:.*\n)*Warm {2}/) as string,
    })
  })

  it('of a service that is stopped is refused, with the reason', async () => {
    expect(await run('golden forge-demo')).toMatchObject({ code: 1, out: '' })
  })
})

describe('regie models', () => {
  it('lists files of models and what is missing, hashes them, and downloads nothing into no folder', async () => {
    const cwd = path.join(folder.path, 'native')
    mkdirSync(path.join(cwd, 'models/loras'), { recursive: true })
    writeFileSync(path.join(cwd, 'models/loras/some.pt'), 'anything')
    await panel.client.services.create({
      ...{ id: 'native', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:1' },
      process: { command: 'python', args: ['main.py'], cwd },
    })
    await panel.client.golden.change({ id: 'native', params: { checkpoint: 'gone.safetensors' } })
    const listed = await run('models list')
    expect(listed).toMatchObject({ code: 0, err: 'Missing: gone.safetensors (golden native)\n' })
    expect(listed.out).toMatch(/^NAME +FAMILY +SIZE +SERVICES +PATH\nsome\.pt +1 MiB +native +\/.*some\.pt\n$/)
    expect((await json(z.array(LibraryFile), 'models list --search nothing')).length).toBe(0)
    expect(await run('models hash --wait')).toMatchObject({ code: 0, out: '1 of 1 files hashed\n' })
    expect(await run('models list --show everything')).toMatchObject({ code: 2 })
    expect(await run('models download https://127.0.0.1/a.safetensors')).toMatchObject({ code: 2, out: '' })
    const nowhere = await run('models download https://127.0.0.1/a.safetensors --folder vae')
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining(path.join(cwd, 'models/loras')) as string })
    // A key alone brings no file onto the machine: who uses it is not known.
    const byKey = await run('models download https://127.0.0.1/a.safetensors --folder loras --yes')
    expect(byKey).toMatchObject({ code: 4, out: '', err: expect.stringContaining('admin token') as string })
    await panel.client.services.remove({ id: 'native' })
  })
})

describe('regie check', () => {
  it('tells a pipeline what is wrong, by its exit code and as JUnit’s XML', async () => {
    const bad = await run(`check --junit ${path.join(folder.path, 'report.xml')}`)
    expect(bad.code).toBe(1)
    expect(bad.out).toMatch(/^FAIL {2}services {2}forge-demo {2}stopped: /m)
    expect(readFileSync(path.join(folder.path, 'report.xml'), 'utf8')).toMatch(
      /<testsuites name="regie" .*failures="2"/,
    )
    const good = await run(`check ${comfyui} --only services,drift,credentials,exposure`)
    expect([good.code, good.out]).toEqual([0, expect.not.stringContaining('FAIL')])
    expect((await run('check --allow-stopped --only services,credentials')).code).toBe(0)
  })

  it('finds a location that drifted', async () => {
    const { sinks } = await panel.client.credentials.get({ id: comfyui })
    const sink = sinks.find(({ type }) => type === 'env')
    const before = readFileSync(sink?.path ?? '', 'utf8')
    writeFileSync(sink?.path ?? '', before.replace(/=.*/, '=another'))
    const found = await run(`check ${comfyui} --only drift`)
    expect([found.code, found.out]).toEqual([1, expect.stringContaining('drifted')])
    writeFileSync(sink?.path ?? '', before)
  })

  it('runs golden checks where that is asked for, and only there', async () => {
    const params = { steps: 2, width: 64, height: 64 }
    await panel.client.golden.change({ id: comfyui, params })
    const checked = await run(`check ${comfyui} --only golden --json`)
    expect([checked.code, JSON.parse(checked.out)]).toMatchObject([
      0,
      { passed: true, findings: [{ area: 'golden', name: comfyui, state: 'passed' }] },
    ])
    expect((await run(`check ${comfyui} --only services`)).out).not.toContain('golden')
    expect((await panel.client.golden.get({ id: comfyui })).checks).toHaveLength(3)
    expect(await run('check forge-demo --only golden')).toMatchObject({ code: 1 })
    expect((await run('check forge-demo --only golden --allow-stopped')).code).toBe(0)
  })

  it('knows its areas and the services', async () => {
    expect((await run('check --only everything')).code).toBe(2)
    expect((await run('check nobody')).code).toBe(1)
  })
})

describe('a saved sign-in', () => {
  it('stands in for the environment, until it is removed', long, async () => {
    const bare = { HOME: folder.path, APPDATA: folder.path }
    const signIn = await regie(['login', '--url', panel.url], { env: bare, input: `${key}\n` })
    expect([signIn.code, signIn.out]).toEqual([0, ''])
    expect(signIn.err).toContain('as admin (admin)')
    expect(signIn.err).not.toContain(key)
    expect(await regie(['services', '--ids'], { env: bare })).toMatchObject({ code: 0, err: '' })
    expect(await regie(['logout'], { env: bare })).toMatchObject({ code: 0 })
    expect((await regie(['services', '--ids', '--url', panel.url], { env: bare })).code).toBe(3)
  })

  it('is not made with a key that the panel does not know', async () => {
    const bare = { HOME: path.join(folder.path, 'nobody'), APPDATA: path.join(folder.path, 'nobody') }
    const refused = await regie(['login', '--url', panel.url], { env: bare, input: 'rk_wrong\n' })
    expect(refused).toMatchObject({ code: 3, out: '' })
    expect(existsSync(bare.HOME)).toBe(false)
  })
})

it('status tells a person what they may know', async () => {
  const { session, attention } = await json(
    z.looseObject({ session: z.looseObject({}), attention: z.unknown() }),
    'status',
  )
  expect([session, attention]).toEqual([
    expect.objectContaining({ account: 'admin', role: 'admin' }),
    expect.anything(),
  ])
  const { key: users } = await panel.client.keys.create({ userId: 'user', name: 'program' })
  const { out } = await run('status --json', { env: { REGIE_KEY: users } })
  expect(JSON.parse(out)).toMatchObject({ attention: null, session: { role: 'user' } })
})

it('each command is a program that a shell can run', { ...long, timeout: 300_000 }, async () => {
  const ask = ['status', 'services', `start ${comfyui} --wait`, `restart ${comfyui}`, `apply ${comfyui}`]
  ask.push(
    `logs ${comfyui}`,
    `doctor ${comfyui}`,
    `generate ${comfyui} --prompt x --steps 1 --out x.png`,
    'credentials',
  )
  ask.push(`rotate ${comfyui} --yes --wait`, `check ${comfyui} --only services`, 'users', 'keys', 'completion bash')
  ask.push('logout', 'stop forge-demo', '--version', '--help', 'headless --help', 'service --help')
  for (const line of ask) expect([line, (await runAlone(line)).code]).toEqual([line, 0])
})

it.skipIf(process.platform === 'win32')('a reader that goes away early is no failure to tell of', async () => {
  const program = ['bash', '-c', `"$0" "$1" services --json | head -c 1`, process.execPath] as const
  const { code, err } = await regie([path.join(root, 'dist/main/cli.js')], { program, env: envOf() })
  expect([code, err]).toEqual([0, ''])
})

it.skipIf(process.platform === 'win32')(
  'the pipeline of the documentation deploys, rotates and checks',
  long,
  async () => {
    const page = readFileSync(path.join(root, 'docs/command-line.md'), 'utf8')
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
    const Workflow = z.object({
      jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })),
    })
    const steps = Object.values(Workflow.parse(YAML.parse(yaml)).jobs).flatMap((job) => job.steps)
    const bin = path.join(folder.path, 'bin')
    const [stack, checkout] = [path.join(folder.path, 'stack'), path.join(folder.path, 'checkout')]
    for (const made of [bin, stack, path.join(checkout, 'stacks/comfyui')]) mkdirSync(made, { recursive: true })
    writeFileSync(path.join(checkout, 'stacks/comfyui/compose.yaml'), 'services: {}\n')
    writeFileSync(path.join(bin, 'regie'), `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/main/cli.js' "$@"\n`)
    chmodSync(path.join(bin, 'regie'), 0o755)
    const PATH = [bin, process.env['PATH']].join(path.delimiter)
    const scripts = steps.flatMap(({ run: script }) => (script === undefined ? [] : [script]))
    expect(scripts.join()).toMatch(/regie apply[\s\S]*regie rotate[\s\S]*regie check/)
    for (const script of scripts) {
      const env = { ...envOf(), PATH, SERVICE: comfyui, STACK: stack }
      const ended = await regie([script], { program: ['bash', '-e', '-c'], cwd: checkout, env })
      expect([script, ended.code, ended.err]).toEqual([script, 0, expect.any(String)])
    }
    expect(existsSync(path.join(stack, 'compose.yaml'))).toBe(true)
    expect(readFileSync(path.join(checkout, 'regie.xml'), 'utf8')).toContain('failures="0"')
  },
)
