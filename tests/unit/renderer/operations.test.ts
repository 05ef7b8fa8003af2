import { describe, expect, it } from 'vitest'
import type { OperationStep, Service } from '../../../shared/contract'
import { endOperation, followOperation } from '../../../renderer/features/services/operation'
import { projectStateOf } from '../../../renderer/features/services/project'
import { projectMates, roomOf, startOrder } from '../../../renderer/features/services/room'
import { canStart, isManaged, statusOf } from '../../../renderer/features/services/state'
import { isUnseen, isUp } from '../../../shared/service-state'
import { neverSleeps } from '../../../shared/service-idle'

const service = (change: Partial<Service> = {}): Service => ({
  id: 'comfyui-qwen',
  ...{ tags: [], idle: neverSleeps, muted: false },
  kind: 'comfyui',
  runtime: 'compose',
  url: 'http://127.0.0.1:8188',
  credentialId: null,
  health: { state: 'stopped', since: 0, checkedAt: null, rungs: [], checks: [] },
  operation: null,
  adopted: false,
  pid: null,
  model: null,
  queue: null,
  compose: { file: '/stacks/qwen/compose.yaml', service: 'comfyui' },
  progress: null,
  container: null,
  pending: null,
  ...change,
})

const health = (change: Partial<Service['health']>): Partial<Service> => ({
  health: { ...service().health, ...change },
})

const container = (state: NonNullable<Service['container']>['state']): Partial<Service> => ({
  container: { id: 'c1', name: 'comfyui-qwen', image: 'i', state, startedAt: 0, restartCount: 0, exitCode: null },
})

const doing = (operation: Service['operation'], steps: OperationStep[] = []): Service =>
  service({ operation, progress: { startedAt: 100, cancellable: true, steps } })

const step = (id: string, state: OperationStep['state'] = 'running'): OperationStep => ({
  id,
  title: `Container ${id}`,
  state,
  detail: null,
})

describe('an operation that a page follows', () => {
  it('keeps when each step began and ended', () => {
    const first = followOperation(null, doing('recreate', [step('a')]), 110)
    const second = followOperation(first, doing('recreate', [step('a', 'done'), step('b')]), 150)
    expect(second).toMatchObject({
      outcome: 'running',
      startedAt: 100,
      steps: [
        { id: 'a', from: 110, to: 150 },
        { id: 'b', from: 150, to: null },
      ],
    })
  })

  it('keeps a step that is no longer told', () => {
    const first = followOperation(null, doing('start', [step('pull', 'done')]), 110)
    const second = followOperation(first, doing('start', [step('up')]), 150)
    expect(second?.steps.map(({ id }) => id)).toEqual(['pull', 'up'])
  })

  it('is done when the service has none any more', () => {
    const running = followOperation(null, doing('stop', [step('a')]), 110)
    expect(followOperation(running, service(), 200)).toMatchObject({ outcome: 'done', endedAt: 200 })
  })

  it('has failed when a step has', () => {
    const running = followOperation(null, doing('recreate', [step('a', 'failed')]), 110)
    expect(followOperation(running, service(), 200)).toMatchObject({ outcome: 'failed' })
  })

  it('has failed when it should have started the service, and that is unhealthy', () => {
    const running = followOperation(null, doing('start'), 110)
    expect(followOperation(running, service(health({ state: 'unhealthy' })), 200)).toMatchObject({ outcome: 'failed' })
  })

  it('gives way to the next one', () => {
    const stopped = followOperation(followOperation(null, doing('stop', [step('a')]), 110), service(), 200)
    const next = followOperation(stopped, { ...doing('start'), progress: null }, 300)
    expect(next).toMatchObject({ operation: 'start', startedAt: 300, outcome: 'running', steps: [] })
  })

  it('keeps why its call failed, whether that comes before or after the end', () => {
    const error = new Error('port taken')
    const running = followOperation(null, doing('start', [step('a')]), 110)
    const failed = endOperation(running, 'start', { error, problem: 'compose.failed' }, 200)
    expect(followOperation(failed, service(), 210)).toMatchObject({ outcome: 'failed', error, endedAt: 200 })
  })

  it('is cancelled, not failed, when somebody cancelled it', () => {
    const running = followOperation(null, doing('pull', [step('a')]), 110)
    const ended = endOperation(running, 'pull', { error: new Error(), problem: 'compose.cancelled' }, 200)
    expect(ended).toMatchObject({ outcome: 'cancelled', steps: [{ id: 'a', to: 200 }] })
  })
})

describe('a Compose service', () => {
  it('is managed by Regie', () => {
    expect(isManaged(service())).toBe(true)
  })

  it('is up while its container runs, though nothing answers', () => {
    expect(isUp(service({ ...container('restarting'), ...health({ state: 'unhealthy' }) }))).toBe(true)
    expect(isUp(service(container('exited')))).toBe(false)
  })

  it('is unknown, and not to be started, while Docker does not answer', () => {
    const unseen = service(health({ state: 'absent', problem: 'docker.not-running-linux' }))
    expect([isUnseen(unseen), statusOf(unseen), canStart(unseen)]).toEqual([true, 'unknown', false])
  })

  it('is seen although Docker is silent, when it answers itself', () => {
    expect(statusOf(service(health({ state: 'ready', problem: 'docker.not-running-linux' })))).toBe('ready')
  })

  it('is asleep when something stopped it on purpose', () => {
    const asleep = service(health({ problem: 'ending.asleep' }))
    expect([statusOf(asleep), canStart(asleep)]).toEqual(['asleep', true])
  })
})

describe('the room on a GPU before a start', () => {
  const plan = (freeMiB: number | null, tookLastTimeMiB: number | null) =>
    roomOf({
      action: 'start',
      reasons: [],
      gpu: { uuid: 'GPU-1', name: 'RTX 3090', freeMiB, totalMiB: 24_576 },
      tookLastTimeMiB,
      waitsFor: [],
    })

  it.each([
    [20_000, 17_000, 'enough'],
    [9_000, 17_000, 'short'],
    [null, 17_000, 'unknown'],
    [9_000, null, 'unknown'],
  ] as const)('with %s MiB free and %s MiB taken last time is %s', (free, took, room) => {
    expect(plan(free, took)).toBe(room)
  })
})

describe('the order of a start of all', () => {
  it('puts services of one GPU behind each other', () => {
    const on = (id: string, uuid?: string) => service({ id, ...(uuid !== undefined && { gpu: { uuid } }) })
    expect(startOrder([on('a', 'GPU-1'), on('b', 'GPU-2'), on('c', 'GPU-1'), on('d'), on('e')])).toEqual([
      { gpuUuid: 'GPU-1', ids: ['a', 'c'] },
      { gpuUuid: 'GPU-2', ids: ['b'] },
      { gpuUuid: null, ids: ['d'] },
      { gpuUuid: null, ids: ['e'] },
    ])
  })
})

describe('the project of a service', () => {
  it('holds the other services of Regie’s that stand for a part of it', () => {
    const part = (serviceId: string | null) => ({
      name: 'x',
      serviceId,
      containers: [],
      dependsOn: [],
      canBuild: false,
    })
    const project = { name: 'one', services: [part(service().id), part('monitor'), part(null)], others: [] }
    expect(projectMates(service(), project)).toEqual(['monitor'])
  })
})

describe('a service of a Compose project', () => {
  type Container = Parameters<typeof projectStateOf>[0]['containers'][number]
  const of = (containers: Omit<Container, 'name'>[], serviceId: string | null = null) =>
    projectStateOf({
      name: 'one',
      serviceId,
      containers: containers.map((one, index) => ({ name: `one-${index}`, ...one })),
      dependsOn: [],
      canBuild: false,
    })
  const ended = (code: number) => ({ state: 'exited' as const, status: `Exited (${code}) 2 hours ago` })

  it('that Regie manages and that ended with 0 has stopped; a helper may have done its work', () => {
    expect(of([ended(0)], 'comfyui-qwen')).toBe('stopped')
    expect(of([ended(0)])).toBe('done')
    expect(of([ended(0), ended(137)])).toBe('stopped')
  })

  it('without containers has stopped, and a paused one does not run', () => {
    expect(of([])).toBe('stopped')
    expect(of([{ state: 'paused', status: 'Up 2 hours (Paused)' }])).toBe('paused')
    expect(of([ended(0), { state: 'running', status: 'Up 2 hours' }])).toBe('running')
  })
})
