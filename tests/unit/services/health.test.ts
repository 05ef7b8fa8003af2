import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BackendProbe, ProbeEvidence } from '../../../electron/kinds'
import type { ContainerLook } from '../../../electron/services/container'
import { readFacts } from '../../../electron/services/container/facts'
import { judgeLastGeneration, judgeModel } from '../../../electron/services/checks'
import { isItsKind, isMiss, judgeHealth, missesAfter, type Evidence } from '../../../electron/services/health'
import type { Generation } from '../../../shared/contract'
import { reason, type ProblemId } from '../../../shared/problems'
import { inspected } from '../docker/container-inspected'

const step = (
  rung: ProbeEvidence['rung'],
  outcome: ProbeEvidence['outcome'],
  answered: string,
  problem?: ProblemId,
): ProbeEvidence => ({
  rung,
  outcome,
  asked: 'GET /system_stats',
  answered,
  tookMs: 4,
  ...(problem ? { reason: reason(problem, { url: 'http://127.0.0.1:8188', status: 401, detail: answered }) } : {}),
})

const probeOf = (...evidence: ProbeEvidence[]): BackendProbe & { at: number; tookMs: number } => ({
  evidence,
  model: null,
  queue: null,
  at: 1_000,
  tookMs: 5,
})

const listening = step('listening', 'proven', '401')
const ready = probeOf(listening, step('authenticated', 'proven', '401 → 200'), step('ready', 'proven', '200'))
const refused = probeOf(listening, step('authenticated', 'refused', '401 → 401', 'backend.refused'))
const dead = probeOf(step('listening', 'failed', 'ECONNREFUSED', 'backend.unreachable'))
const slow = probeOf(step('listening', 'failed', 'timeout', 'backend.timeout'))
const vaultLocked = probeOf(listening, step('authenticated', 'failed', 'not asked', 'vault.locked'))
const stranger = probeOf(listening, step('authenticated', 'failed', '404', 'backend.unexpected-answer'))

const alive = { state: 'alive', pid: 4242, at: 900 } as const
const ended = {
  state: 'ended',
  evidence: 'exit code 1',
  reason: reason('service.exit-code', { id: 'comfyui-demo', code: 1, line: 'boom' }),
  at: 950,
} as const

const see = (evidence: Partial<Evidence>) =>
  judgeHealth(
    {
      id: 'comfyui-demo',
      url: 'http://127.0.0.1:8188',
      now: 2_000,
      presence: { asked: 'python', answered: '/usr/bin/python', reason: null, at: 1_000, tookMs: 1 },
      running: { state: 'none' },
      failure: null,
      unmanaged: null,
      probe: null,
      lastClear: null,
      misses: 0,
      ...evidence,
    },
    null,
  )

const states = (health: ReturnType<typeof see>) => health.rungs.map((rung) => rung.state).join(' ')

describe('a closed port', () => {
  test('is a definite answer: a service that was ready is not called busy, at the first look', () => {
    expect([missesAfter(0, dead), missesAfter(0, slow), missesAfter(1, slow), missesAfter(1, ready)]).toEqual([
      2, 1, 2, 0,
    ])
    const now = (probe: typeof dead) => ({ probe, lastClear: ready, misses: missesAfter(0, probe) })
    expect(see({ running: alive, ...now(slow) }).state).toBe('ready')
    expect(see({ running: alive, ...now(dead) }).state).toBe('unhealthy')
    expect(see({ ...now(dead) }).state).toBe('stopped')
    const external = reason('service.external', { id: 'comfyui-demo' })
    expect(see({ unmanaged: external, ...now(slow) }).state).toBe('ready')
    expect(see({ unmanaged: external, ...now(dead) }).state).toBe('unreachable')
  })

  test('tells what was taken over and has ended from what is silent', () => {
    const silent = { probe: slow, lastClear: ready, misses: 5 }
    expect(see({ ...silent, adopted: true })).toMatchObject({ state: 'unhealthy', problem: 'backend.timeout' })
    expect(see({ ...silent, adopted: false }).state).toBe('stopped')
  })
})

describe('the health ladder', () => {
  test('is ready when every rung is proven, and then has no reason', () => {
    const health = see({ running: alive, probe: ready, lastClear: ready })

    expect(health.state).toBe('ready')
    expect(health.reason).toBeUndefined()
    expect(states(health)).toBe('proven proven proven proven current')
    expect(health.rungs[1]).toMatchObject({ id: 'running', answered: 'pid 4242' })
  })

  test('stops at stopped while nothing runs', () => {
    const health = see({ probe: dead, misses: 1 })

    expect(health).toMatchObject({ state: 'stopped', problem: 'service.stopped' })
    expect(states(health)).toBe('proven waiting waiting waiting waiting')
  })

  test('is absent when what would be started is missing', () => {
    const presence = { asked: 'python', answered: 'ENOENT', at: 1_000, tookMs: 1 }
    const health = see({
      presence: { ...presence, reason: reason('service.command-missing', { command: 'python' }) },
      probe: dead,
    })

    expect(health).toMatchObject({ state: 'absent', problem: 'service.command-missing' })
    expect(states(health)).toBe('failed waiting waiting waiting waiting')
  })

  test('is starting while the program runs and its port is closed', () => {
    const health = see({ running: alive, probe: dead, misses: 7 })

    expect(health).toMatchObject({ state: 'starting', problem: 'service.starting' })
    expect(states(health)).toBe('proven proven probing waiting waiting')
  })

  test('is unhealthy with the reason when a start took too long', () => {
    const failure = reason('service.start-timeout', { id: 'comfyui-demo', url: 'http://127.0.0.1:8188', seconds: 60 })
    const health = see({ running: alive, probe: dead, misses: 99, failure })

    expect(health).toMatchObject({ state: 'unhealthy', problem: 'service.start-timeout' })
    expect(states(health)).toBe('proven proven failed waiting waiting')
  })

  test('is unhealthy with the exit code when the program ended by itself, at once and whatever was seen before', () => {
    const health = see({ running: ended, probe: ready, lastClear: ready })

    expect(health).toMatchObject({ state: 'unhealthy', problem: 'service.exit-code' })
    expect(states(health)).toBe('proven failed waiting waiting waiting')
  })

  test('never calls a refused credential healthy', () => {
    const health = see({ running: alive, probe: refused, lastClear: refused })

    expect(health).toMatchObject({ state: 'locked-out', problem: 'backend.refused' })
    expect(states(health)).toBe('proven proven proven refused waiting')
  })

  test('waits on the authenticated rung while the vault is locked', () => {
    const health = see({ running: alive, probe: vaultLocked, lastClear: vaultLocked })

    expect(health).toMatchObject({ state: 'listening', problem: 'vault.locked' })
    expect(states(health)).toBe('proven proven proven waiting waiting')
  })

  test('stands on authenticated with the backend’s own reason when no model is there', () => {
    const probe = probeOf(
      listening,
      step('authenticated', 'proven', '200'),
      step('ready', 'failed', '200', 'backend.no-models'),
    )
    const health = see({ running: alive, probe, lastClear: probe })

    expect(health).toMatchObject({ state: 'authenticated', problem: 'backend.no-models' })
    expect(states(health)).toBe('proven proven proven proven failed')
  })

  test('one slow answer means busy: the last clear climb still stands', () => {
    expect(see({ running: alive, probe: slow, lastClear: ready, misses: 1 }).state).toBe('ready')
  })

  test('a second slow answer in a row makes it unhealthy', () => {
    const health = see({ running: alive, probe: slow, lastClear: ready, misses: 2 })

    expect(health).toMatchObject({ state: 'unhealthy', problem: 'backend.timeout' })
  })

  test('an external service that answers is ready without any process of ours', () => {
    const unmanaged = reason('service.external', { id: 'forge-turbo' })
    const health = see({ unmanaged, probe: ready, lastClear: ready })

    expect(health.state).toBe('ready')
    expect(states(health)).toBe('proven proven proven proven current')
  })

  test('a silent Compose service says that Docker comes later', () => {
    const unmanaged = reason('service.compose-unavailable', { id: 'comfyui-qwen' })

    expect(see({ unmanaged, probe: dead }).problem).toBe('service.compose-unavailable')
  })

  test('a stranger on the port of a stopped service is told before anybody starts it', () => {
    const health = see({ probe: stranger, lastClear: stranger })

    expect(health).toMatchObject({ state: 'stopped', problem: 'service.port-taken', params: { answer: '404' } })
  })

  test('keeps the time since when a state holds, and begins anew with another state', () => {
    const before = see({ running: alive, probe: ready, lastClear: ready })
    const later: Evidence = {
      id: 'x',
      url: 'http://127.0.0.1:1',
      now: 9_000,
      presence: null,
      running: alive,
      failure: null,
      unmanaged: null,
      probe: ready,
      lastClear: ready,
      misses: 0,
    }

    expect(judgeHealth(later, before).since).toBe(2_000)
    expect(judgeHealth({ ...later, running: ended }, before).since).toBe(9_000)
  })

  test('below ready there is always a reason and a hint, and there are always five rungs', () => {
    const probes = [null, ready, refused, dead, slow, vaultLocked, stranger, probeOf(listening), probeOf()]
    fc.assert(
      fc.property(
        fc.constantFrom(...probes),
        fc.constantFrom(...probes),
        fc.constantFrom(alive, ended, { state: 'none' } as const, { state: 'launching' } as const),
        fc.nat(3),
        (probe, lastClear, running, misses) => {
          const health = see({ probe, lastClear, running, misses })
          expect(health.rungs.map((rung) => rung.id)).toEqual([
            'present',
            'running',
            'listening',
            'authenticated',
            'ready',
          ])
          if (health.state !== 'ready') expect([health.reason, health.hint]).not.toContain(undefined)
        },
      ),
    )
  })
})

test.each([
  ['a refused credential', refused, true, false],
  ['a locked vault', vaultLocked, true, false],
  ['a ready service', ready, true, false],
  ['a stranger', stranger, false, false],
  ['silence', dead, false, true],
  ['slowness', slow, false, true],
])('%s: of the expected kind or not, a miss or not', (_, probe, kind, miss) => {
  expect([isItsKind(probe), isMiss(probe)]).toEqual([kind, miss])
})

describe('the ladder of a service in a container', () => {
  const facts = readFacts(inspected())
  const inside = (more: Partial<ContainerLook> = {}): ContainerLook => ({
    containerId: facts.id,
    facts,
    answered: 'running',
    ending: null,
    checks: [],
    falls: [],
    at: 1_000,
    tookMs: 2,
    ...more,
  })
  const standing = (kind: 'asleep' | 'failed' | 'stopped-here', problem: ProblemId, answered: string) =>
    inside({ answered, ending: { kind, answered, reason: reason(problem, { id: 'comfyui-demo' }) } })

  test('shows Docker’s word on the running rung; healthy does not count as authenticated', () => {
    const health = see({ container: inside({ answered: 'running (healthy)' }), probe: refused, lastClear: refused })

    expect(health.state).toBe('locked-out')
    expect(health.rungs[1]).toMatchObject({
      asked: 'docker inspect comfyui-qwen',
      answered: 'running (healthy)',
      state: 'proven',
    })
  })

  test('is starting while a container runs that nobody here started', () => {
    expect(see({ container: inside(), probe: dead })).toMatchObject({ state: 'starting', problem: 'service.starting' })
  })

  test('is stopped, not unhealthy, when somebody put it to sleep', () => {
    const health = see({ container: standing('asleep', 'ending.asleep', 'exited 143'), probe: dead })

    expect(health).toMatchObject({ state: 'stopped', problem: 'ending.asleep' })
    expect(health.rungs[1]).toMatchObject({ state: 'waiting', answered: 'exited 143' })
  })

  test('is unhealthy with what Docker knows when it failed', () => {
    const container = standing('failed', 'ending.oom', 'exited 137 OOMKilled')
    const health = see({ container, running: { ...ended, at: 900 }, probe: dead })

    expect(health).toMatchObject({ state: 'unhealthy', problem: 'ending.oom' })
    expect(health.rungs[1]).toMatchObject({ state: 'failed', answered: 'exited 137 OOMKilled' })
  })

  test('a look that is older than what is known of the program does not count', () => {
    const old = standing('failed', 'ending.oom', 'exited 137 OOMKilled')

    expect(see({ container: old, running: { ...alive, at: 1_500 }, probe: dead }).state).toBe('starting')
    expect(see({ container: old, running: { state: 'launching' }, probe: dead }).state).toBe('starting')
  })

  test('a loop is unhealthy even between two of its lives', () => {
    const why = reason('check.restart-loop', { id: 'comfyui-demo', count: 4, line: 'boom' })
    const loop = { id: 'restarts', state: 'failed', asked: '', answered: '4', at: 1, tookMs: 1, reason: why } as const

    expect(see({ container: inside(), probe: dead, checks: [loop] })).toMatchObject({
      state: 'unhealthy',
      problem: 'check.restart-loop',
    })
  })

  test('one that waits for its turn on the GPU says for whom', () => {
    const waiting = reason('vram.waits', { id: 'comfyui-demo', other: 'forge-turbo' })

    expect(see({ probe: dead, waiting })).toMatchObject({ state: 'stopped', problem: 'vram.waits' })
  })
})

describe('the checks that the backend and the gallery tell', () => {
  const ladder = (model: string | null, problem?: ProblemId) => ({
    ...probeOf(listening, step('ready', problem ? 'failed' : 'proven', '200', problem)),
    model,
  })
  const generation = (state: 'succeeded' | 'failed', finishedAt: number): Generation => ({
    id: 'g',
    by: 'admin',
    serviceId: 'comfyui-demo',
    kind: 'comfyui',
    simulated: false,
    state,
    params: { prompt: 'a lighthouse' },
    progress: { phase: 'done', step: null, steps: null, fraction: null, queuePosition: null },
    images: [],
    timings: { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null },
    cached: false,
    warnings: [],
    createdAt: 1,
    startedAt: finishedAt - 100,
    finishedAt,
    ...(state === 'failed' ? { error: reason('backend.unreachable', { url: 'x' }) } : {}),
  })

  test('a model that is there, that is missing, and one that was not asked for', () => {
    expect(judgeModel('a', ladder('sdxl.safetensors'))).toMatchObject({ state: 'ok', answered: 'sdxl.safetensors' })
    expect(judgeModel('a', ladder(null, 'backend.no-models'))).toMatchObject({ state: 'failed' })
    expect(judgeModel('a', refused)).toMatchObject({ state: 'unknown', reason: { problem: 'check.model-unknown' } })
    expect(judgeModel('a', null)).toMatchObject({ state: 'unknown', at: null })
  })

  test('the last generation that succeeded, unless one failed after it', () => {
    const [old, late] = [generation('succeeded', 1_000), generation('failed', 2_000)]
    expect(judgeLastGeneration('a', { succeeded: old, failed: null })).toMatchObject({
      state: 'ok',
      asked: 'a lighthouse',
      at: 1_000,
      tookMs: 100,
    })
    expect(judgeLastGeneration('a', { succeeded: old, failed: late })).toMatchObject({
      state: 'warning',
      answered: 'backend.unreachable',
    })
    expect(judgeLastGeneration('a', { succeeded: generation('succeeded', 3_000), failed: late }).state).toBe('ok')
    expect(judgeLastGeneration('a', { succeeded: null, failed: null }).state).toBe('unknown')
  })
})
