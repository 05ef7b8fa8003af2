import { createHash } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMachines, type Machines } from '../../../electron/machines'
import type { Machine, MachineAddress, MachineTest } from '../../../shared/contract'
import { asItIs } from '../../../electron/logs/cutting'
import { Problem } from '../../../shared/problems'
import { listenTo, type ListeningEngine } from '../../support/docker/listening'
import { ownEngine, ownEngineMissing, type OwnEngine } from '../../support/docker/own-engine'
import { replayedGpus } from '../../support/headless'
import { temporaryFolder } from '../../support/programs'
import { sshdMissing, startSshd } from '../../support/sshd'
import { until } from '../../support/until'

const missing = ownEngineMissing() ?? sshdMissing()
const at = (address: string, certFolder: string | null = null): MachineAddress => ({
  by: 'address',
  address,
  certFolder,
})

/** Machines over a store that the test sees; Regie's own has no engine. */
function machinesOf(env: NodeJS.ProcessEnv, stored?: unknown) {
  const seen = { stored, audit: [] as string[] }
  const own: ListeningEngine = listenTo({ env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' } })
  const gpus = { state: 'none' as const, at: null, cards: [] }
  const local = (): Machine => ({
    ...{
      id: 'local',
      name: 'desk',
      isLocal: true,
      address: null,
      state: 'away',
      since: 0,
      seenAt: null,
      nextTryAt: null,
    },
    ...{ endpoint: null, engine: null, gpus, containers: null, projects: [] },
  })
  const machines = createMachines({
    ...{ redact: asItIs, env, local, localEngine: own.engine, localGpus: () => Promise.resolve(gpus) },
    composeProgram: () => Promise.resolve({ program: 'plugin', version: '2.40.3' }),
    reportBug(error) {
      throw error
    },
    store: { read: () => seen.stored, write: (entries) => (seen.stored = structuredClone(entries)) },
    auditFirst({ action, target }) {
      seen.audit.push(`${action} ${target}`)
      return Promise.resolve()
    },
  })
  return { machines, seen, close: () => Promise.all([machines.close(), own.engine.close()]) }
}

const one = (machines: Machines, id: string) => {
  const found = machines.list().find((machine) => machine.id === id)
  if (!found) throw new Error(`no machine ${id}`)
  return found
}
const connected = (machines: Machines, id: string) =>
  until(`${id} to be connected`, () => one(machines, id).state === 'connected')
const states = ({ checks }: MachineTest) => Object.fromEntries(checks.map(({ id, state }) => [id, state]))
const problems = ({ checks }: MachineTest) => Object.fromEntries(checks.map(({ id, words }) => [id, words.problem]))

if (missing) test('other machines', ({ skip }) => skip(missing))
else
  describe('other machines', () => {
    let own: OwnEngine
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    let sshd: Awaited<ReturnType<typeof startSshd>>
    let env: NodeJS.ProcessEnv
    const open: { close: () => Promise<unknown> }[] = []
    const opened = (...of: Parameters<typeof machinesOf>) => {
      const made = machinesOf(...of)
      open.push(made)
      return made
    }
    beforeAll(async () => {
      folder = await temporaryFolder('regie-machines')
      own = await ownEngine()
      await own.start()
      const gpus = replayedGpus('workstation')
      sshd = await startSshd(folder.path, {
        ...gpus,
        DOCKER_HOST: own.host,
        DOCKER_TLS_VERIFY: '',
        DOCKER_CERT_PATH: '',
      })
      env = { PATH: `${sshd.bin}:${process.env['PATH'] ?? ''}`, DOCKER_CONFIG: path.join(folder.path, 'docker') }
      const digest = createHash('sha256').update('workstation').digest('hex')
      const files = (kind: string) => path.join(folder.path, 'docker', 'contexts', kind, digest)
      await mkdir(files('meta'), { recursive: true })
      await mkdir(path.join(files('tls'), 'docker'), { recursive: true })
      const meta = { Name: 'workstation', Endpoints: { docker: { Host: own.tlsHost, SkipTLSVerify: false } } }
      await writeFile(path.join(files('meta'), 'meta.json'), JSON.stringify(meta))
      for (const name of ['ca.pem', 'cert.pem', 'key.pem'])
        await cp(path.join(own.certificates, name), path.join(files('tls'), 'docker', name))
    })
    afterEach(() => Promise.all(open.splice(0).map(({ close }) => close())))
    afterAll(async () => {
      await sshd.stop()
      await own.remove()
      await folder[Symbol.asyncDispose]()
    })

    test('over a real ssh: the engine, its cards by nvidia-smi there, and what it lacks', async () => {
      const { machines, seen } = opened(env)
      await machines.create({ id: 'atelier', name: 'Atelier', address: at(sshd.address) }, 'ann')
      await connected(machines, 'atelier')

      const result = await machines.test('atelier')
      expect(states(result)).toMatchObject({ engine: 'ok', compose: 'ok', driver: 'ok' })
      expect(result.checks.find(({ id }) => id === 'toolkit')).toMatchObject({
        state: 'missing',
        words: { problem: 'machine.no-toolkit' },
      })
      const machine = one(machines, 'atelier')
      expect(machine.gpus).toMatchObject({ state: 'known', cards: [{ index: 0 }, { index: 1 }] })
      expect(machine.gpus.cards.every(({ memoryTotalMiB }) => (memoryTotalMiB ?? 0) > 1000)).toBe(true)
      expect(machine).toMatchObject({ engine: { kind: 'remote' }, containers: { running: 0, all: 0 }, isLocal: false })
      expect(seen.audit).toEqual(['machine.attached atelier'])
      expect(seen.stored).toEqual([{ id: 'atelier', name: 'Atelier', address: at(sshd.address) }])
    })

    test('over TLS, and as a Docker context says', async () => {
      const { machines } = opened(env)
      await machines.create({ id: 'by-tls', address: at(own.tlsHost, own.certificates) }, 'ann')
      await machines.create({ id: 'by-context', address: { by: 'context', context: 'workstation' } }, 'ann')
      await connected(machines, 'by-tls')
      await connected(machines, 'by-context')

      expect(problems(await machines.test('by-tls'))).toMatchObject({
        engine: 'machine.engine',
        driver: 'machine.driver-here',
      })
      expect(one(machines, 'by-context').endpoint).toBe(own.tlsHost)
    })

    test('an address is tested before it is attached, and leaves nothing behind', async () => {
      const { machines, seen } = opened(env)

      expect(states(await machines.testAddress(at(sshd.address)))).toMatchObject({ engine: 'ok', driver: 'ok' })
      expect(problems(await machines.testAddress(at(own.tlsHost, '/nonexistent')))).toEqual({
        ...{ engine: 'docker.tls-files', compose: 'machine.not-asked' },
        ...{ driver: 'machine.not-asked', toolkit: 'machine.not-asked' },
      })
      expect(problems(await machines.testAddress(at(sshd.address.replace('root@', 'nobody@'))))).toMatchObject({
        engine: 'docker.ssh-login',
      })
      expect(problems(await machines.testAddress({ by: 'context', context: 'none' }))).toMatchObject({
        engine: 'docker.context-missing',
      })
      expect(machines.list()).toHaveLength(1)
      expect(seen).toMatchObject({ stored: undefined, audit: [] })
    })

    test('one that goes away is unknown with what was seen last, delays no other, and comes back by itself', async () => {
      const other = await ownEngine()
      await other.start()
      try {
        const { machines } = opened(env)
        await machines.create({ id: 'lost', address: at(other.host) }, 'ann')
        await machines.create({ id: 'kept', address: at(own.host) }, 'ann')
        await connected(machines, 'lost')
        await connected(machines, 'kept')
        const { engine } = one(machines, 'lost')
        await other.stop()
        await until('it to be away', () => one(machines, 'lost').state === 'away')

        const lost = one(machines, 'lost')
        expect(lost).toMatchObject({ engine, reason: { problem: 'docker.not-running-linux' } })
        expect(lost.seenAt).toBeGreaterThan(0)
        expect(lost.nextTryAt).toBeGreaterThan(0)
        expect(one(machines, 'kept').state).toBe('connected')
        const begun = performance.now()
        machines.list()
        expect(performance.now() - begun).toBeLessThan(200)

        await other.start()
        await machines.reconnect('lost')
        await connected(machines, 'lost')
      } finally {
        await other.remove()
      }
    })

    test('is kept over a restart, renamed without a new connection, reached another way, and detached', async () => {
      const first = opened(env, [{ id: 'kept', name: 'Kept', address: at(own.host) }, { later: true }])
      await connected(first.machines, 'kept')
      const { since } = one(first.machines, 'kept')

      await first.machines.update({ id: 'kept', name: 'Studio' }, 'ann')
      expect(one(first.machines, 'kept')).toMatchObject({ name: 'Studio', since, state: 'connected' })
      await first.machines.update({ id: 'kept', address: at(own.tlsHost, own.certificates) }, 'ann')
      await connected(first.machines, 'kept')
      expect(one(first.machines, 'kept').endpoint).toBe(own.tlsHost)

      const second = opened(env, first.seen.stored)
      expect(one(second.machines, 'kept').name).toBe('Studio')
      await second.machines.remove('kept', 'ann')
      expect(second.machines.list().map(({ id }) => id)).toEqual(['local'])
      // What a later Regie wrote is nobody's to delete.
      expect(second.seen.stored).toEqual([{ later: true }])
      expect(first.seen.audit).toEqual(['machine.changed kept', 'machine.changed kept'])
    })

    test('refuses a second way to the same machine, a name that is taken, and changes of Regie’s own', async () => {
      const { machines } = opened(env, [{ id: 'kept', name: 'Kept', address: at(own.host) }])

      const refused = (act: Promise<unknown>) =>
        act.then(
          () => 'done',
          (error: unknown) => (error instanceof Problem ? error.id : error),
        )
      expect(await refused(machines.create({ id: 'again', address: at(`${own.host}/`) }, 'ann'))).toBe(
        'machine.same-address',
      )
      expect(await refused(machines.create({ id: 'kept', address: at('ssh://box') }, 'ann'))).toBe('machine.exists')
      expect(await refused(machines.create({ id: 'local', address: at('ssh://box') }, 'ann'))).toBe('machine.exists')
      expect(await refused(machines.remove('local', 'ann'))).toBe('machine.local')
      expect(await refused(machines.update({ id: 'none', name: 'x' }, 'ann'))).toBe('machine.unknown')
      expect(states(await machines.test('local'))).toMatchObject({ engine: 'missing' })
    })
  })
