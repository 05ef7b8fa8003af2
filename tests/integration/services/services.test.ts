import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createServer as createHttpServer } from 'node:http'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseStat } from '../../../electron/system/process-tree'
import type { LogLine, ServiceConfig } from '../../../shared/contract'
import { long } from '../../support/long'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { command, createPanelServices, prepareComfyui, simulated, token, type Setup } from './setup'

const family = path.resolve(import.meta.dirname, 'programs/family.mjs')

let bundle: Awaited<ReturnType<typeof regiePrograms<'simulator' | 'guardian' | 'tinyPanel'>>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const closing: (() => Promise<unknown> | undefined)[] = []

beforeAll(async () => {
  bundle = await regiePrograms({
    simulator: 'electron/simulator/main.ts',
    guardian: 'electron/services/guardian.ts',
    tinyPanel: 'tests/integration/services/programs/tiny-panel.ts',
  })
})
afterAll(() => bundle.remove())
beforeEach(async () => {
  folder = await temporaryFolder('regie-services')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await folder[Symbol.asyncDispose]()
})

/** A panel's services, closed at the end of the test; a bug that they reported fails it. */
function panel(options: Omit<Setup, 'folder' | 'programs'> = {}) {
  const made = createPanelServices({ folder: folder.path, programs: bundle.programs, ...options })
  closing.push(async () => {
    await made.services.close()
    expect(made.bugs).toEqual([])
  })
  return made
}

/** A simulated service that Regie can sign in to. */
async function demo(behaviour: object = {}) {
  const config = await simulated('comfyui-demo')
  await prepareComfyui(path.join(folder.path, config.id), behaviour)
  return config
}

/** The same simulator run as a command, as a user's own `python main.py` would be. */
async function native(id = 'comfyui-native') {
  const own = path.join(folder.path, `${id}-own`)
  await prepareComfyui(own)
  return command(id, own, [bundle.programs.simulator, 'comfyui', '--port', '{port}', '--folder', own])
}

/** A command that runs some JavaScript. */
const script = async (code: string) => command('scripted', folder.path, ['-e', code])

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  // Where nobody reaps orphans they stay as zombies: those have ended.
  return parseStat(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')) !== null
}

const pidOf = (pid: number | null): number => pid ?? expect.unreachable('it has no pid')
const answersAt = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

async function lines(follow: AsyncGenerator<LogLine[]>, wanted: RegExp): Promise<LogLine> {
  for await (const batch of follow) {
    const found = batch.find((line) => wanted.test(line.text))
    if (found) return found
  }
  throw new Error(`no line ${String(wanted)}`)
}

describe('a simulated service', () => {
  test('starts, becomes ready, restarts and stops', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })

    const started = await services.start(config.id)
    await until('ready', () => services.get(config.id).health.state === 'ready')
    const restarted = await services.restart(config.id)
    const stopped = await services.stop(config.id)

    expect(['listening', 'authenticated', 'ready']).toContain(started.health.state)
    expect(restarted.pid).not.toBe(started.pid)
    expect(stopped).toMatchObject({
      pid: null,
      operation: null,
      health: { state: 'stopped', problem: 'service.stopped' },
    })
    expect(await answersAt(config.url)).toBe(false)
  })

  test('proves each rung of its ladder with evidence', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })

    const { pid } = await services.start(config.id)
    const { health } = await services.probe(config.id)

    expect(health.rungs.map((rung) => rung.state)).toEqual(['proven', 'proven', 'proven', 'proven', 'current'])
    expect(health.rungs.map((rung) => rung.answered).slice(0, 4)).toEqual([
      'found',
      `pid ${pid ?? ''}`,
      '401',
      '401 → 200',
    ])
    expect(health.rungs.every((rung) => rung.at !== null)).toBe(true)
  })

  test('is locked out, not healthy, when it refuses the credential', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config], secret: 'an-old-token' })

    await services.start(config.id)
    const { health } = await services.probe(config.id)

    expect(health).toMatchObject({ state: 'locked-out', problem: 'backend.refused' })
    expect(health.hint).not.toBe('')
  })

  test('shows its output without secrets, and the panel’s own lines', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })

    await services.start(config.id)
    const line = await lines(services.followLogs(config.id, { tail: 100 }, AbortSignal.timeout(5_000)), /\[secret\]/)

    expect(line.stream).toBe('stderr')
    expect((await services.logs(config.id, 1_000)).some(({ text }) => text.includes(token))).toBe(false)
    expect((await services.logs(config.id, 1_000))[0]).toMatchObject({
      stream: 'panel',
      text: expect.stringMatching(/^Started \(pid \d+\)\.$/) as unknown,
    })
    expect(services.followers(config.id)).toBe(0)
  })

  test('tells within 100 ms when its process is gone, and why', async () => {
    const config = await demo()
    const { services, events } = panel({ entries: [config] })
    const { pid } = await services.start(config.id)
    await until('ready', () => services.get(config.id).health.state === 'ready')
    events.length = 0
    // How busy the machine is another process shows that ends at the same moment: this one hears of both in the same way.
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const heard = once(other, 'exit').then(() => performance.now())
    await once(other, 'spawn')
    process.kill(pidOf(pid), 'SIGKILL')
    other.kill('SIGKILL')
    const told = await until('the event', () =>
      events.find(({ event }) => event.type === 'service' && event.service.health.state === 'unhealthy'),
    )

    expect(told.at - (await heard)).toBeLessThan(100)
    expect(services.get(config.id)).toMatchObject({
      pid: null,
      health: { problem: expect.stringMatching(/^service\.exit-/) as unknown },
    })
  })

  test('a start that is too slow fails with the time, and a later answer still counts', long, async () => {
    const config = await demo({ slowStartMs: 1_200 })
    const { services } = panel({ entries: [config], timing: { simulator: { startTimeoutMs: 300 } } })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.start-timeout' })
    expect(services.get(config.id).health.state).toBe('unhealthy')

    await until('ready', () => services.get(config.id).health.state === 'ready')
  })

  test('stopping cancels a start that waits', async () => {
    const config = await demo({ slowStartMs: 30_000 })
    const { services } = panel({ entries: [config] })
    const starting = services.start(config.id)
    const refused = expect(starting).rejects.toMatchObject({ id: 'service.start-cancelled' })
    await until('the process', () => services.get(config.id).pid)

    const stopped = await services.stop(config.id)
    await refused

    expect(stopped).toMatchObject({ pid: null, health: { state: 'stopped' } })
  })

  test('one operation at a time: another is refused by the first one’s name', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })
    await services.start(config.id)

    const stopping = services.stop(config.id)

    await expect(services.start(config.id)).rejects.toMatchObject({
      id: 'service.busy',
      params: { operation: 'stop' },
    })
    await expect(services.restart(config.id)).rejects.toMatchObject({ id: 'service.busy' })
    await expect(services.stop(config.id)).rejects.toMatchObject({ id: 'service.busy' })
    await stopping
  })

  test('starting what runs and stopping what does not are no failures', long, async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })

    const first = await services.start(config.id)
    const second = await services.start(config.id)
    await services.stop(config.id)

    expect(second.pid).toBe(first.pid)
    await expect(services.stop(config.id)).resolves.toMatchObject({ pid: null })
  })
})

describe('a service that is a command', () => {
  test('runs under the guardian in its own folder and with its own environment', async () => {
    const config = await native()
    const { services } = panel({ entries: [config] })

    const started = await services.start(config.id)
    await until('ready', () => services.get(config.id).health.state === 'ready')
    await services.stop(config.id)

    expect(started.pid).not.toBeNull()
    expect(await isAlive(pidOf(started.pid))).toBe(false)
  })

  test('gets no secret of the panel’s', async () => {
    process.env['REGIE_ADMIN_TOKEN'] = 'not-for-children'
    const config = await script('console.log(`env ${JSON.stringify(process.env)}`)')
    const { services } = panel({ entries: [config] })

    await services.start(config.id).catch(() => undefined)
    delete process.env['REGIE_ADMIN_TOKEN']
    const shown = (await services.logs(config.id, 10)).find(({ text }) => text.startsWith('env '))?.text ?? ''

    expect(shown).toContain('PATH')
    expect(shown).not.toMatch(/REGIE|ELECTRON_RUN_AS_NODE|NODE_CHANNEL/)
  })

  const ends = [
    ['an exit code', 'console.error("ModuleNotFoundError: torch"); process.exit(3)', 'service.exit-code'],
    ['a clean end', 'console.log("nothing to do")', 'service.exit-clean'],
    ['127', 'process.exit(127)', 'service.exit-not-found'],
    ['137', 'process.exit(137)', 'service.exit-killed'],
  ] as const
  const failing = 'that ends with %s fails its start with the reason'
  const failsItsStart = async (_: string, code: string, problem: string) => {
    const config = await script(code)
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: problem })

    expect(services.get(config.id).health).toMatchObject({ state: 'unhealthy', problem })
  }
  test.each(ends.slice(0, 1))(failing, failsItsStart)
  test.each(ends.slice(1))(failing, long, failsItsStart)

  test('its last line is in the hint', async () => {
    const config = await script('console.error("ModuleNotFoundError: torch"); process.exit(3)')
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({
      hint: expect.stringContaining('ModuleNotFoundError: torch') as unknown,
    })
  })

  test('that does not exist is absent before anybody starts it', async () => {
    const config = {
      ...(await script('')),
      process: { command: 'no-such-program', args: [], cwd: folder.path, env: {} },
    }
    const { services } = panel({ entries: [config] })

    const { health } = await services.probe(config.id)

    expect(health).toMatchObject({ state: 'absent', problem: 'service.command-missing' })
    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.command-missing' })
  })

  test('whose folder does not exist says so', async () => {
    const config = {
      ...(await script('')),
      process: { command: process.execPath, args: [], cwd: '/no/such/folder', env: {} },
    }
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.folder-missing' })
  })

  test(
    'takes its whole family with it when it is stopped, though they ignore SIGTERM',
    { timeout: 30_000 },
    async () => {
      const config = await native()
      const own = config.process?.cwd ?? ''
      const port = new URL(config.url).port
      const args = [family, bundle.programs.simulator, port, own]
      const { services } = panel({
        entries: [{ ...config, process: { command: process.execPath, args, cwd: own, env: {} } }],
        timing: { process: { stopGraceMs: 500 } },
      })
      await services.start(config.id)
      const pids = /^family (.*)$/.exec(
        (await services.logs(config.id, 100)).find(({ text }) => text.startsWith('family'))?.text ?? '',
      )?.[1]
      const living = (pids ?? '').split(' ').map(Number)

      const stopped = await services.stop(config.id)

      expect(stopped.pid).toBeNull()
      expect(living).toHaveLength(4)
      expect(await Promise.all(living.map(isAlive))).toEqual([false, false, false, false])
    },
  )

  // Only Linux tells a process's parent so simply.
  test.runIf(process.platform === 'linux')('leaves nothing behind when its guardian is killed', async () => {
    const config = await native()
    const { services } = panel({ entries: [config] })
    const pid = pidOf((await services.start(config.id)).pid)
    const guardian = parseStat(await readFile(`/proc/${pid}/stat`, 'latin1'))?.ppid ?? expect.unreachable('no parent')

    process.kill(guardian, 'SIGKILL')
    await until('its end', () => services.get(config.id).pid === null)

    expect(await isAlive(pid)).toBe(false)
    expect(services.get(config.id).health.state).toBe('unhealthy')
  })
})

describe('an address that is taken', () => {
  test('by another web server: the start is refused with what answered', async () => {
    const config = await demo()
    const other = createHttpServer((_, response) => response.writeHead(404).end('not me'))
    await new Promise<void>((resolve) => other.listen(Number(new URL(config.url).port), '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => other.close(resolve)))
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.port-taken' })

    expect((await services.probe(config.id)).health).toMatchObject({ state: 'stopped', problem: 'service.port-taken' })
  })

  test('by something that speaks no HTTP: refused as well', async () => {
    const config = await demo()
    const other = createServer((socket) => {
      // The probe hangs up as soon as it has seen enough.
      socket.on('error', () => socket.destroy()).resume()
      socket.end('SSH-2.0-x\r\n')
    })
    await new Promise<void>((resolve) => other.listen(Number(new URL(config.url).port), '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => other.close(resolve)))
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.port-taken' })
  })

  test('by another service of ours: refused with its name, and not taken over', async () => {
    const config = await demo()
    const twin = { ...config, id: 'twin' }
    const { services } = panel({ entries: [config, twin] })
    await services.start(config.id)

    await expect(services.start('twin')).rejects.toMatchObject({
      id: 'service.port-shared',
      params: { other: config.id },
    })

    expect((await services.probe('twin')).adopted).toBe(false)
  })
})

describe('adoption', () => {
  /** The simulator started by hand, as somebody else would. */
  async function startedElsewhere() {
    const simulated = await demo()
    const own = path.join(folder.path, simulated.id)
    const port = new URL(simulated.url).port
    const args = [bundle.programs.simulator, 'comfyui', '--port', port, '--folder', own]
    const spec = { command: process.execPath, args, cwd: folder.path, env: {} }
    const config: ServiceConfig = { ...simulated, runtime: 'process', process: spec }
    const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    closing.push(() => {
      child.kill('SIGKILL')
      return gone
    })
    await until('it to answer', () => answersAt(config.url))
    return { config, simulated, child, own, gone }
  }

  test('what runs already is taken over, not started twice, and not stopped', async () => {
    const { config } = await startedElsewhere()
    const { services } = panel({ entries: [config] })

    const started = await services.start(config.id)

    expect(started).toMatchObject({ adopted: true, pid: null, health: { state: 'ready' } })
    await expect(services.stop(config.id)).rejects.toMatchObject({ id: 'service.not-ours' })
    await expect(services.restart(config.id)).rejects.toMatchObject({ id: 'service.not-ours' })
    expect(await answersAt(config.url)).toBe(true)
  })

  test('when it goes away the service is stopped and can be started', long, async () => {
    const { config, child, gone } = await startedElsewhere()
    const { services } = panel({ entries: [config] })
    await until('adoption', () => services.get(config.id).adopted)

    child.kill('SIGKILL')
    await gone
    await until('stopped', async () => (await services.probe(config.id)).health.state === 'stopped')

    expect(await services.start(config.id)).toMatchObject({ adopted: false, pid: expect.any(Number) as unknown })
  })

  test(
    'when it has just ended, a start does not wait for it, and a restart does not call it somebody else’s',
    long,
    async () => {
      const { config, child, gone } = await startedElsewhere()
      const { services } = panel({ entries: [config], timing: { process: { startTimeoutMs: 10 * 60_000 } } })
      await until('adoption', () => services.get(config.id).adopted)
      child.kill('SIGKILL')
      await gone

      expect(await services.start(config.id)).toMatchObject({ adopted: false, pid: expect.any(Number) as unknown })
      expect(services.control().unmanageable(config.id)).toBeNull()
      expect((await services.restart(config.id)).pid).not.toBeNull()
    },
  )

  test('a noted process that has just ended is not waited for either', long, async () => {
    const { config, child, own, gone } = await startedElsewhere()
    const { writeRunRecord } = await import('../../../electron/services/run-record')
    await writeRunRecord(own, child.pid ?? 0)
    const { services } = panel({ entries: [config] })
    await until('adoption', () => services.get(config.id).adopted)
    child.kill('SIGKILL')
    await gone

    const started = await services.start(config.id)

    expect(started).toMatchObject({ adopted: false, pid: expect.any(Number) as unknown })
    expect(started.pid).not.toBe(child.pid)
  })

  test('what Regie cannot restart is known beforehand', async () => {
    const { config } = await startedElsewhere()
    const { services } = panel({ entries: [config] })
    await until('adoption', () => services.get(config.id).adopted)
    const files = [{ path: path.join(folder.path, 'any'), requires: 'restart' as const }]

    expect(services.control().unmanageable(config.id)).toMatchObject({ problem: 'service.not-ours' })
    await expect(services.control().prepare(config.id, files)).rejects.toMatchObject({ id: 'service.not-ours' })
  })

  test('no other program is taken for a simulator, though it is one of the same kind', async () => {
    const { simulated } = await startedElsewhere()
    const { services } = panel({ entries: [simulated] })

    const { health, adopted } = await services.probe(simulated.id)

    expect({ adopted, state: health.state, problem: health.problem }).toEqual({
      adopted: false,
      state: 'stopped',
      problem: 'service.port-taken',
    })
    await expect(services.start(simulated.id)).rejects.toMatchObject({ id: 'service.port-taken' })
    await services.stop(simulated.id)
    expect(await answersAt(simulated.url)).toBe(true)
  })

  test('a process that an earlier run of the panel noted can be stopped', async () => {
    const { config, child, own } = await startedElsewhere()
    const { writeRunRecord } = await import('../../../electron/services/run-record')
    await writeRunRecord(own, child.pid ?? 0)
    const { services } = panel({ entries: [config] })
    await until('adoption', () => services.get(config.id).adopted)

    const before = services.get(config.id)
    const stopped = await services.stop(config.id)

    expect(before.pid).toBe(child.pid)
    expect(stopped).toMatchObject({ adopted: false, pid: null, health: { state: 'stopped' } })
    expect(await answersAt(config.url)).toBe(false)
  })

  test('a number that another process has now is never ended', async () => {
    const config = await demo()
    const own = path.join(folder.path, config.id)
    const bystander = fork(family, ['-'], { execArgv: ['-e', 'setInterval(() => {}, 1000)'], stdio: 'ignore' })
    closing.push(() => Promise.resolve(bystander.kill('SIGKILL')))
    await mkdir(own, { recursive: true })
    await writeFile(path.join(own, 'run.json'), JSON.stringify({ pid: bystander.pid, identity: 'another boot:12345' }))
    const { services } = panel({ entries: [config] })

    await services.stop(config.id)
    await services.start(config.id)
    await services.stop(config.id)

    expect(await isAlive(bystander.pid ?? 0)).toBe(true)
  })
})

describe('services that Regie does not run', () => {
  test('an external one is watched, never started or stopped', async () => {
    const config = { ...(await demo()), runtime: 'external' as const }
    const { services } = panel({ entries: [config] })

    expect(await services.probe(config.id)).toMatchObject({
      health: { state: 'unreachable', problem: 'service.connection-refused' },
      ...{ model: null, queue: null, lastReach: { failures: 1, answeredAt: null, model: null } },
    })
    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.external' })
    await expect(services.stop(config.id)).rejects.toMatchObject({ id: 'service.external' })
    await expect(services.restart(config.id)).rejects.toMatchObject({ id: 'service.external' })
  })

  test('one is asked, and what it answered is remembered: nothing is claimed of what was not watched', async () => {
    const config = { ...(await demo()), runtime: 'external' as const }
    const { services } = panel({ entries: [config] })
    await services.probe(config.id)
    await services.probe(config.id)

    const { slots, tries } = services.reach(config.id)

    expect(tries).toMatchObject([{ answered: 'ECONNREFUSED', isThere: false, times: 2 }])
    expect(slots).toHaveLength(96)
    expect(slots.filter(({ answered, failed }) => answered + failed > 0)).toMatchObject([{ answered: 0, failed: 2 }])
  })

  test('several are arranged in one write, or none where one is unknown', async () => {
    const [one, other] = [await demo(), { ...(await demo()), id: 'other' }]
    const { services, events } = panel({ entries: [one, other] })

    services.arrange([
      { id: one.id, order: 2, tags: ['lab'] },
      { id: 'other', order: 1, muted: true },
    ])
    expect(services.list()).toMatchObject([
      { id: one.id, order: 2, tags: ['lab'], muted: false },
      { id: 'other', order: 1, muted: true },
    ])
    expect(events.filter(({ event }) => event.type === 'service')).not.toHaveLength(0)
    expect(() =>
      services.arrange([
        { id: one.id, tags: [] },
        { id: 'nobody', tags: [] },
      ]),
    ).toThrow(expect.objectContaining({ id: 'service.not-found' }) as Error)
    expect(services.get(one.id).tags).toEqual(['lab'])
  })

  test('a Compose one says that this comes later', async () => {
    const config = {
      ...(await demo()),
      runtime: 'compose' as const,
      compose: { file: '/x/compose.yaml', service: 'comfyui' },
    }
    const { services } = panel({ entries: [config] })

    await expect(services.start(config.id)).rejects.toMatchObject({ id: 'service.compose-unavailable' })
  })
})

describe('all services together', () => {
  test('start and stop side by side, and one failure harms no other', async () => {
    const good = await demo()
    const bad = await script('process.exit(1)')
    const { services } = panel({ entries: [bad, good] })

    const started = await services.startAll()
    await until('ready', () => services.get(good.id).health.state === 'ready')
    const stopped = await services.stopAll()

    expect(started.map(({ id, health }) => [id, health.problem])).toContainEqual(['scripted', 'service.exit-code'])
    expect(stopped.map(({ health }) => health.state)).toEqual(['stopped', 'stopped'])
  })

  test('are created, changed and removed, in the file too', async () => {
    const config = await demo()
    const broken = { id: 'broken' }
    const { services, events, stored } = panel({ entries: [broken] })

    services.create(config)
    const starting = services.start(config.id)
    // How people keep it is nobody's business but theirs: it can be said while something is being done to it.
    const named = services.update({ id: config.id, name: 'Poster', tags: ['lab'], order: 2, muted: true })
    expect(() => services.update({ id: config.id, credentialId: 'comfy' })).toThrow('is busy')
    await starting
    expect(() => services.create(config)).toThrow('already exists')
    expect(() => services.update({ id: config.id, url: 'http://127.0.0.1:1' })).toThrow('is running')
    services.update({ id: config.id, credentialId: 'comfy' })
    const users = services.control().usersOf('comfy')
    const saved = stored()
    await services.remove(config.id)

    expect(named).toMatchObject({ name: 'Poster', tags: ['lab'], order: 2, muted: true, idle: { wake: false } })
    expect(saved).toEqual([
      broken,
      { ...config, credentialId: 'comfy', name: 'Poster', tags: ['lab'], order: 2, muted: true },
    ])
    expect(users).toEqual([{ id: config.id, kind: 'comfyui', runtime: 'simulator', url: config.url, running: true }])
    expect(stored()).toEqual([broken])
    expect(services.invalid()).toMatchObject([{ position: 0, id: 'broken' }])
    expect(() => services.get(config.id)).toThrow('There is no service')
    expect(events.at(-1)?.event).toEqual({ type: 'service-removed', id: config.id })
    expect(await answersAt(config.url)).toBe(false)
  })

  test('a restart for a rotation resolves when it listens, and fails with the reason', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })
    await services.start(config.id)
    const control = services.control()

    await control.restart(config.id, new AbortController().signal)
    const listens = await answersAt(config.url)
    await prepareComfyui(path.join(folder.path, config.id), { slowStartMs: 'not a number' })

    expect(listens).toBe(true)
    await expect(control.restart(config.id, new AbortController().signal)).rejects.toMatchObject({
      id: 'service.exit-code',
    })
  })

  test('a restart whose signal aborts stops waiting and frees the service', long, async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })
    await services.start(config.id)
    await prepareComfyui(path.join(folder.path, config.id), { slowStartMs: 30_000 })

    await expect(services.control().restart(config.id, AbortSignal.timeout(300))).rejects.toThrow()

    expect(services.get(config.id).operation).toBeNull()
  })

  test('know which one a process belongs to', async () => {
    const config = await demo()
    const { services } = panel({ entries: [config] })
    const { pid } = await services.start(config.id)

    expect(services.ownerOf(pidOf(pid))).toBe(config.id)
    expect(services.ownerOf(process.pid)).toBeNull()
  })
})

test('a panel that is killed leaves no process behind', { timeout: 45_000 }, async () => {
  const simulator = await demo()
  const config = await native()
  const own = config.process?.cwd ?? ''
  const args = [family, bundle.programs.simulator, new URL(config.url).port, own]
  const entries = [simulator, { ...config, process: { command: process.execPath, args, cwd: own, env: {} } }]
  const setup: Setup = { folder: folder.path, programs: bundle.programs, entries }
  const child = fork(bundle.programs.tinyPanel, [JSON.stringify(setup)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (chunk) => resolve(String(chunk))))
  const told = JSON.parse(line) as { states: string[]; pids: number[] } // printed by tiny-panel.ts
  const before = await Promise.all(told.pids.map(isAlive))

  child.kill('SIGKILL')
  await until('every process to end', async () => !(await Promise.all(told.pids.map(isAlive))).includes(true), 20_000)

  expect(told.pids.length).toBeGreaterThanOrEqual(6)
  expect(before).not.toContain(false)
})
