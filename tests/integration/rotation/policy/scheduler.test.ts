import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startComfyuiSimulator } from '../../../../electron/simulator/comfyui'
import { createGuard, createRotationPolicies } from '../../../../electron/rotation/policy'
import { fingerprint } from '../../../../electron/vault/fingerprint'
import { RotationPolicy, type RotationSchedule, type ServiceLoad } from '../../../../shared/contract'
import { Problem, reason } from '../../../../shared/problems'
import { handClock } from '../../../support/hand-clock'
import { long } from '../../../support/long'
import { freePort } from '../../../support/ports'
import { temporaryFolder } from '../../../support/programs'
import { until } from '../../../support/until'
import { openTestVault, problemOf, type User } from '../../vault/support'

const dayMs = 24 * 60 * 60_000
const minuteMs = 60_000

/** A live simulated ComfyUI with its credential in the vault, its policy, and a clock that is moved by hand. */
async function scheduled() {
  const folder = await temporaryFolder()
  const port = await freePort()
  const user: User = {
    id: 'comfyui-test',
    kind: 'comfyui',
    runtime: 'process',
    url: `http://127.0.0.1:${port}`,
    running: true,
  }
  const opened = await openTestVault(folder.path, { users: [user] })
  const { stack, vault, credentials, events } = opened
  await mkdir(path.join(stack, 'login'))
  const sink = path.join(stack, 'login', 'PASSWORD')
  await credentials.create(
    { id: 'cred', scheme: 'comfyui-login', sinks: [{ type: 'comfyui-login', path: sink }] },
    'ann',
  )
  const startup = () => startComfyuiSimulator({ folder: stack, port })
  const state = { simulator: await startup(), restarts: 0, looks: 0, breaks: false }
  const idle: ServiceLoad = { serviceId: user.id, state: 'idle', own: 0, running: 0, waiting: 0 }
  let loads: ServiceLoad[] = [idle]
  /** The last one stays. */
  const loadOf = () => {
    state.looks += 1
    const [first = idle] = loads
    if (loads.length > 1) loads.shift()
    return Promise.resolve(first)
  }
  const guard = createGuard(loadOf)
  const rotations = await opened.rotationsWith(
    guard.over({
      usersOf: () => [user],
      prepare: () => Promise.resolve(),
      effectOf: () => Promise.resolve({ action: 'restart', why: 'start' }),
      writeMode: () => Promise.resolve('replace'),
      standing: () => Promise.resolve('running'),
      recreate: () => Promise.resolve(),
      refresh: () => Promise.resolve(),
      async restart() {
        state.restarts += 1
        await state.simulator.close()
        state.simulator = await startup()
        if (state.breaks) throw new Problem('service.silent', { id: user.id, url: user.url })
      },
    }),
    3000,
  )
  const clock = handClock(Date.now())
  const createPolicies = () =>
    createRotationPolicies({
      credentials,
      rotations,
      guard,
      clock,
      loadOf,
      generationsOn: () => [],
      startTimes: () => Promise.resolve([]),
      foresight: {
        foresee: () => Promise.resolve({ action: 'restart', why: 'start' }),
        unmanageable: () => null,
      },
      reportError: () => undefined,
    })
  let policies = createPolicies()
  policies.begin()
  const schedule = async (): Promise<RotationSchedule> => {
    const [one] = await policies.schedules()
    if (!one) throw new Error('there is no schedule')
    return one
  }
  const version = async () => (await credentials.get('cred')).version
  return {
    ...opened,
    clock,
    state,
    sink,
    user,
    idle,
    rotations,
    get policies() {
      return policies
    },
    schedule,
    version,
    will: (...next: ServiceLoad[]) => void (loads = next),
    setPolicy: (policy: Partial<RotationPolicy>) =>
      policies.setPolicy({ id: 'cred', policy: RotationPolicy.parse(policy), who: 'ann' }),
    /** Local time, so many days after the secret was changed. */
    async at(days: number, hours: number, minutes = 0) {
      const { changedAt } = await credentials.get('cred')
      const day = new Date(changedAt)
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hours, minutes).getTime()
    },
    actions: async () => (await credentials.history('cred', 500)).map(({ action }) => action).reverse(),
    due: () => events.filter(({ type }) => type === 'rotation-due').length,
    /** As after a restart of the panel. */
    async restart() {
      await policies.close()
      policies = createPolicies()
      policies.begin()
      await policies.schedules()
    },
    async [Symbol.asyncDispose]() {
      const ending = policies.close()
      await rotations.close()
      await ending
      await vault.close()
      await state.simulator.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const busy = (of: { idle: ServiceLoad }): ServiceLoad => ({ ...of.idle, state: 'busy', running: 1, waiting: 2 })
const unknown = (of: { idle: ServiceLoad }): ServiceLoad => ({
  ...of.idle,
  state: 'unknown',
  reason: reason('backend.unreachable', { url: 'http://127.0.0.1:1', detail: 'ECONNREFUSED' }),
})

describe('a policy that rotates by itself', () => {
  it('waits for its window, waits while a service is busy or does not tell, says why, then rotates and proves', async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'automatic', everyDays: 30 })
    expect(await live.schedule()).toMatchObject({ state: 'later', wanted: null })

    live.clock.moveTo(await live.at(31, 12))
    expect(await live.schedule()).toMatchObject({ state: 'waiting', nextAt: await live.at(32, 2) })
    expect(live.state.looks).toBe(0)

    live.will(busy(live))
    live.clock.moveTo(await live.at(32, 2))
    const postponed = await live.schedule()
    expect(postponed).toMatchObject({
      state: 'postponed',
      nextAt: (await live.at(32, 2)) + minuteMs,
      reason: { problem: 'rotation.service-busy', params: { service: 'comfyui-test', running: 1, waiting: 2 } },
    })
    live.clock.moveTo((await live.at(32, 2)) + minuteMs)
    await live.schedule()
    live.will(unknown(live))
    live.clock.moveTo((await live.at(32, 2)) + 2 * minuteMs)
    expect(await live.schedule()).toMatchObject({ state: 'postponed', reason: { problem: 'rotation.load-unknown' } })
    expect(await live.version()).toBe(1)
    expect(live.state.restarts).toBe(0)

    live.will(live.idle)
    live.clock.moveTo((await live.at(32, 2)) + 3 * minuteMs)
    await until('the rotation', async () => (await live.version()) === 2)

    expect(live.rotations.last('cred')).toMatchObject({ startedBy: 'schedule' })
    const said = (await live.actions()).filter((action) => action.startsWith('rotation.'))
    // Twice for two reasons, not once for each look.
    expect(said.slice(0, 3)).toEqual(['rotation.postponed', 'rotation.postponed', 'rotation.started'])
    expect((await live.credentials.get('cred')).lastProof).toMatchObject({ outcome: 'proven' })
  })

  it('gives up before a restart when a service becomes busy at the last moment, and tries again', async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'automatic', everyDays: 30 })
    const before = await readFile(live.sink, 'utf8')
    // Idle for the decision and before anything is touched; busy when the sinks are written.
    live.will(live.idle, live.idle, busy(live))
    live.clock.moveTo(await live.at(32, 2))
    await live.schedule()
    await until('the end of the rotation', () => live.rotations.last('cred')?.state === 'rolled-back')

    expect(live.state.restarts).toBe(0)
    expect(await readFile(live.sink, 'utf8')).toBe(before)
    expect(
      await until('its postponement', async () => ((await live.schedule()).reason ? live.schedule() : null)),
    ).toMatchObject({ state: 'postponed', reason: { problem: 'rotation.service-busy' } })
    live.will(live.idle)
    live.clock.moveTo((await live.at(32, 2)) + minuteMs)
    await until('the rotation', async () => (await live.version()) === 2)
  })

  it('tries once a window, and says why it failed', long, async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'automatic', everyDays: 30 })
    live.state.breaks = true
    live.clock.moveTo(Math.max(await live.at(32, 2), Date.now()))
    await live.schedule()
    const last = await until('the end of the rotation', () => {
      const rotation = live.rotations.last('cred')
      return rotation && rotation.state !== 'running' ? rotation : null
    })
    expect(['rolled-back', 'failed']).toContain(last.state)
    await until('the schedule to know', async () => (await live.schedule()).state !== 'rotating')
    const { restarts } = live.state
    live.clock.moveTo((await live.at(32, 2)) + 10 * minuteMs)
    await live.schedule()
    expect(live.state.restarts).toBe(restarts)
    expect(await live.version()).toBe(1)
  })

  it('rotates nothing that no running service could prove', async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'automatic', everyDays: 30 })
    live.will({ ...live.idle, state: 'stopped', running: null, waiting: null })
    live.clock.moveTo(await live.at(32, 2))
    expect(await live.schedule()).toMatchObject({
      state: 'postponed',
      reason: { problem: 'rotation.nothing-to-prove' },
    })
    expect(await live.version()).toBe(1)
  })
})

describe('a policy that reminds', () => {
  it('tells once, also over a restart, keeps quiet while snoozed, and tells again after it', async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'remind', everyDays: 30 })
    live.clock.moveTo(await live.at(31, 12))
    expect(await live.schedule()).toMatchObject({ state: 'due' })
    expect(live.due()).toBe(1)
    await live.restart()
    expect(await live.schedule()).toMatchObject({ state: 'due' })
    expect(live.due()).toBe(1)

    const later = await live.at(38, 12)
    await live.policies.snooze({ id: 'cred', until: later, who: 'ann' })
    expect(await live.schedule()).toMatchObject({ state: 'snoozed', nextAt: later, snoozedUntil: later })
    live.clock.moveTo(later)
    expect(await live.schedule()).toMatchObject({ state: 'due' })
    expect(live.due()).toBe(2)
    expect(live.state.looks).toBe(0)
    expect(await live.actions()).toEqual(expect.arrayContaining(['policy.changed', 'policy.snoozed']))
  })

  it('sleeps no longer than a minute, so that a machine that slept is noticed', async () => {
    await using live = await scheduled()
    await live.setPolicy({ mode: 'remind', everyDays: 30 })
    await live.schedule()
    expect(live.clock.next()).toBe(live.clock.now() + minuteMs)
  })
})

describe('the way back to the previous secret', () => {
  it('is a rotation like any other: written, restarted, proven, and audited as what it is', async () => {
    await using live = await scheduled()
    const first = await live.credentials.reveal('cred', 'test')
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    const second = await live.credentials.reveal('cred', 'test')
    const { previousUntil } = await live.credentials.get('cred')
    expect(previousUntil).toBeGreaterThan(Date.now() + dayMs - minuteMs)

    const back = await live.policies.goBack({ id: 'cred', who: 'ann' })

    expect(back).toMatchObject({
      state: 'committed',
      oldFingerprint: fingerprint(second.token ?? ''),
      newFingerprint: fingerprint(first.token ?? ''),
    })
    expect(back.proof.flatMap((row) => [row.none.state, row.old.state, row.fresh.state])).not.toContain('fail')
    expect(await live.credentials.reveal('cred', 'test')).toEqual(first)
    expect((await readFile(live.sink, 'utf8')).split('\n')[0]).toBe(first.token)
    expect(live.state.restarts).toBe(2)
    expect(await live.credentials.get('cred')).toMatchObject({ version: 3, drifted: 0, state: 'in-sync' })
    const entries = await live.credentials.history('cred', 100)
    expect(entries.find(({ action }) => action === 'rotation.back-to-previous')).toMatchObject({
      who: 'ann',
      details: { old: fingerprint(second.token ?? ''), new: fingerprint(first.token ?? '') },
    })
    // And forward again: what was replaced is the previous one now.
    await live.policies.goBack({ id: 'cred', who: 'ann' })
    expect(await live.credentials.reveal('cred', 'test')).toEqual(second)
  })

  it('is gone after its grace: the secret is erased from the vault, and logs still hide it', async () => {
    await using live = await scheduled()
    const first = await live.credentials.reveal('cred', 'test')
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    await live.policies.schedules()

    live.clock.moveTo(Date.now() + dayMs + minuteMs)
    await live.policies.schedules()

    expect((await live.credentials.get('cred')).previousUntil).toBeNull()
    expect((await problemOf(live.policies.goBack({ id: 'cred', who: 'ann' }))).id).toBe('rotation.no-previous')
    expect(await live.actions()).toContain('credential.previous-erased')
    expect(live.redactor.redact(`old ${first.password}`)).toBe(`old [secret ${fingerprint(first.password ?? '')}]`)
  })

  it('is shortened by a policy that keeps it for less, and none is kept where it says so', async () => {
    await using live = await scheduled()
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    live.clock.moveTo(Date.now())
    await live.setPolicy({ graceHours: 48 })
    expect((await live.credentials.get('cred')).previousUntil).toBeLessThanOrEqual(Date.now() + dayMs)
    await live.setPolicy({ graceHours: 0 })
    expect((await live.credentials.get('cred')).previousUntil).toBeNull()
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    expect((await problemOf(live.policies.goBack({ id: 'cred', who: 'ann' }))).id).toBe('rotation.no-previous')
  })

  it('is refused while a rotation runs', async () => {
    await using live = await scheduled()
    await live.rotations.rotate({ id: 'cred', who: 'ann' })
    await live.rotations.rotate({ id: 'cred', who: 'ann', wait: false })
    expect((await problemOf(live.policies.goBack({ id: 'cred', who: 'ann' }))).id).toBe('rotation.running')
  })
})
