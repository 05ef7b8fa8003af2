import { describe, expect, it } from 'vitest'
import { createLoads, hasEnded } from '../../../electron/services/load'
import { startTimes } from '../../../electron/timeline/start-times'
import type { Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { neverSleeps } from '../../../shared/service-idle'

const service = (more: Partial<Service> & { state?: Service['health']['state']; problem?: string } = {}): Service => {
  const { state = 'ready', problem, ...rest } = more
  return {
    id: 'qwen',
    ...{ tags: [], idle: neverSleeps, muted: false },
    kind: 'comfyui',
    runtime: 'compose',
    url: 'http://127.0.0.1:8188',
    credentialId: 'qwen',
    health: { state, since: 0, checkedAt: null, rungs: [], checks: [], ...(problem ? { problem } : {}) },
    operation: null,
    adopted: false,
    pid: null,
    model: null,
    queue: null,
    progress: null,
    container: null,
    pending: null,
    ...rest,
  }
}

const silent = () => Promise.reject(new Problem('backend.unreachable', { url: 'http://127.0.0.1:8188', detail: 'X' }))
const says = (running: number, waiting: number | null) => () => Promise.resolve({ running, waiting })

const load = (of: {
  service?: Service
  queueState?: () => Promise<{ running: number; waiting: number | null }>
  own?: number
}) =>
  createLoads({
    service: () => of.service ?? service(),
    backendOf: () => ({ queueState: of.queueState ?? says(0, 0) }),
    own: () => of.own ?? 0,
  })('qwen')

describe('whether something runs on a service', () => {
  it('counts other clients’ jobs and Regie’s own that have not reached it yet', async () => {
    expect(await load({})).toMatchObject({ state: 'idle' })
    expect(await load({ queueState: says(0, null) })).toMatchObject({ state: 'idle' })
    expect(await load({ queueState: says(1, 0) })).toMatchObject({ state: 'busy', own: 0, running: 1 })
    expect(await load({ queueState: says(0, 3) })).toMatchObject({ state: 'busy', waiting: 3 })
    expect(await load({ own: 1 })).toMatchObject({ state: 'busy', own: 1, running: 0 })
  })

  it('is unknown where it does not answer, is in the middle of an operation, or cannot be seen', async () => {
    const refused = { state: 'unknown', reason: { problem: 'backend.unreachable' } }
    expect(await load({ queueState: silent })).toMatchObject(refused)
    expect(await load({ service: service({ state: 'unhealthy' }), queueState: silent })).toMatchObject(refused)
    expect(await load({ service: service({ operation: 'restart' }) })).toMatchObject({
      state: 'unknown',
      reason: { problem: 'service.busy' },
    })
    // Docker is silent: what stood still when it was last seen may have been started since.
    const unseen = service({ state: 'stopped', problem: 'docker.unreachable' })
    expect(await load({ service: unseen, queueState: silent })).toMatchObject(refused)
    expect(
      await load({ service: service({ runtime: 'external', state: 'stopped' }), queueState: silent }),
    ).toMatchObject(refused)
  })

  it('is nothing where the port is closed: whoever is busy still listens', async () => {
    const closed = () =>
      Promise.reject(new Problem('backend.unreachable', { url: 'http://127.0.0.1:8188', detail: 'ECONNREFUSED' }))
    expect(await load({ queueState: closed })).toMatchObject({ state: 'stopped' })
    expect(await load({ queueState: closed, own: 1 })).toMatchObject({ state: 'busy' })
  })

  it('is nothing where the program has ended', async () => {
    const asked = () => Promise.reject(new TypeError('asked'))
    const rung = { id: 'running', state: 'failed', asked: '', answered: 'exit code 1', at: 1, tookMs: null } as const
    const crashed = service()
    crashed.health = { ...crashed.health, state: 'unhealthy', rungs: [rung] }
    expect(await load({ service: crashed, queueState: asked })).toMatchObject({ state: 'stopped' })
    expect(hasEnded(crashed)).toBe(true)
    // A paused container keeps its job.
    const made = { id: 'c', name: 'qwen', image: 'i', startedAt: 1, restartCount: 0, exitCode: null }
    const container = { ...made, state: 'paused' as const }
    expect(hasEnded({ ...crashed, container })).toBe(false)
  })

  it('is nothing where it is known to stand still, and asks nobody', async () => {
    const asked = () => Promise.reject(new TypeError('asked'))
    const stopped = service({ state: 'stopped', problem: 'service.stopped' })
    expect(await load({ service: stopped, queueState: asked })).toMatchObject({ state: 'stopped' })
  })

  it('is nothing where it crashed, stopped or cannot be reached, whatever Regie has in line for it', async () => {
    const asked = () => Promise.reject(new TypeError('asked'))
    const rung = { id: 'running', state: 'failed', asked: '', answered: 'exit code 1', at: 1, tookMs: null } as const
    const crashed = service()
    crashed.health = { ...crashed.health, state: 'unhealthy', rungs: [rung] }
    const stopped = service({ state: 'stopped', problem: 'service.stopped' })
    const unreachable = service({ runtime: 'external', state: 'unreachable', problem: 'service.timed-out' })
    for (const one of [crashed, stopped, unreachable])
      expect(await load({ service: one, queueState: asked, own: 2 })).toMatchObject({ state: 'stopped', own: 2 })
    // Its jobs may still run there, and are taken up again when it answers.
    expect(hasEnded(unreachable)).toBe(false)
  })
})

describe('how long starts took', () => {
  const entry = (kind: 'started' | 'ready' | 'stopped' | 'recreated' | 'crashed', at: number) => ({ kind, at })

  it('counts from each start to its ready, newest first, and leaves out starts that came to nothing', () => {
    const listed = [
      entry('ready', 90_000),
      entry('started', 82_000),
      entry('recreated', 80_000),
      entry('crashed', 70_000),
      entry('started', 60_000),
      entry('ready', 30_000),
      entry('ready', 15_000),
      entry('started', 10_000),
    ]
    expect(startTimes(listed, 5)).toEqual([10_000, 5000])
  })

  it('leaves out what nobody looked at in between', () => {
    expect(startTimes([entry('ready', 10 * 60 * 60_000), entry('started', 0)], 5)).toEqual([])
  })
})
