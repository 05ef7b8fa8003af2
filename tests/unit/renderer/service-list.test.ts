import { describe, expect, test } from 'vitest'
import type { AttentionItem, Gpu, Rung, Service } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'
import { sortForStudio } from '../../../renderer/features/services/list/for-studio'
import { groupServices, machinesOf } from '../../../renderer/features/services/list/groups'
import { marksOf } from '../../../renderer/features/services/list/Marks'
import { moveTo } from '../../../renderer/features/services/list/order'
import { changedTags, tagsIn } from '../../../renderer/features/services/list/tags'
import { readView } from '../../../renderer/features/services/list/useListView'
import { rangeOf } from '../../../renderer/features/services/list/useSelection'
import { appliesTo } from '../../../renderer/features/services/list/bulk'
import {
  countChips,
  countTags,
  filterServices,
  servicesOf,
  sortServices,
  type ListFacts,
} from '../../../renderer/features/services/list/view'
import { currentJob, runsOthersJob } from '../../../renderer/features/services/state'

type State = Service['health']['state']

const service = (id: string, state: State = 'ready', more: Partial<Service> = {}): Service => ({
  ...{ id, kind: 'comfyui', runtime: 'process', url: `http://127.0.0.1:8188`, credentialId: null, revision: id },
  ...{ tags: [], idle: neverSleeps, muted: false, operation: null, adopted: false, pid: null, model: null },
  ...{ queue: null, progress: null, container: null, pending: null },
  health: { state, since: 0, checkedAt: null, rungs: [], checks: [] },
  ...more,
})

const generation = (serviceId: string, state: 'running' | 'queued') => ({
  ...{ id: `${serviceId}-${state}`, by: 'admin' as const, serviceId, kind: 'comfyui' as const, simulated: true, state },
  ...{ params: { prompt: 'a lighthouse' }, images: [], cached: false, warnings: [], createdAt: 1 },
  ...{ startedAt: null, finishedAt: null },
  progress: { phase: 'sampling' as const, step: 3, steps: 9, fraction: 0.3, queuePosition: null },
  timings: { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null },
})

const facts = (more: Partial<ListFacts> = {}): ListFacts => ({
  ...{ attention: new Set<string>(), generations: [], latest: new Map<string, number>(), asleep: new Set(['asleep']) },
  ...more,
})

const gpu = (index: number): Gpu => ({
  ...{
    index,
    uuid: `GPU-${index}`,
    name: 'NVIDIA RTX 3090',
    busId: null,
    driverVersion: null,
    computeCapability: null,
    processes: [],
  },
  ...{ utilizationPct: null, memoryUtilizationPct: null, memoryUsedMiB: null, memoryTotalMiB: null },
  ...{ memoryFreeMiB: null, temperatureC: null, powerW: null, powerLimitW: null, fanPct: null, clockSmMHz: null },
  ...{ clockMemMHz: null, pstate: null, computeMode: null, migMode: null },
})

const ids = (services: readonly Service[]) => services.map(({ id }) => id)

const asleep = service('asleep', 'stopped')
asleep.health = { ...asleep.health, problem: 'ending.asleep' }

describe('a list of services', () => {
  const all = [
    service('working', 'ready', {
      queue: { running: 1, waiting: 0 },
      tags: ['lab'],
      health: { ...service('x').health, checkedAt: 9 },
    }),
    service('idle', 'ready', { tags: ['lab', 'class'], model: 'qwen.safetensors' }),
    asleep,
    service('off', 'stopped', { tags: ['class'] }),
    service('far', 'unreachable', { runtime: 'external', url: 'http://10.0.0.4:8188' }),
    service('new', 'starting'),
  ]
  const known = facts({ attention: new Set(['far', 'idle']) })

  test('counts each state once; what moves or is wrong stands below All alone, and attention overlaps', () => {
    expect(countChips(all, known)).toEqual({ all: 6, attention: 2, working: 1, idle: 1, asleep: 1, stopped: 1 })
    expect(countTags(all)).toEqual([
      ['class', 2],
      ['lab', 2],
    ])
  })

  test('is narrowed by words, state and any of the tags, together', () => {
    const shown = (filter: Partial<Parameters<typeof filterServices>[1]>) =>
      ids(filterServices(all, { text: '', chip: 'all', tags: [], ...filter }, known))
    expect(shown({ text: 'QWEN lab' })).toEqual(['idle'])
    expect(shown({ text: '10.0.0' })).toEqual(['far'])
    expect(shown({ chip: 'attention' })).toEqual(['idle', 'far'])
    expect(shown({ tags: ['lab', 'class'] })).toEqual(['working', 'idle', 'off'])
    expect(shown({ tags: ['class'], chip: 'stopped' })).toEqual(['off'])
    expect(shown({ text: 'nothing' })).toEqual([])
  })

  test('is sorted by place, name, state and last image; equals keep the order of the list', () => {
    const sorted = (by: Parameters<typeof sortServices>[1], more: Partial<ListFacts> = {}) =>
      ids(sortServices(all, by, { ...known, ...more }))
    expect(
      ids(
        sortServices(
          [service('b', 'ready', { order: 2 }), service('c'), service('a', 'ready', { order: 1 })],
          'custom',
          known,
        ),
      ),
    ).toEqual(['a', 'b', 'c'])
    expect(sorted('name')).toEqual(['asleep', 'far', 'idle', 'new', 'off', 'working'])
    expect(sorted('state')).toEqual(['idle', 'far', 'working', 'new', 'asleep', 'off'])
    expect(sorted('latest', { latest: new Map([['off', 9]]) })[0]).toBe('off')
  })

  test('is grouped by card in their order, what has none last; by machine; below each tag', () => {
    const placed = [
      service('second', 'ready', { gpu: { uuid: 'GPU-1' } }),
      service('gone', 'ready', { gpu: { uuid: 'GPU-9' } }),
      service('first', 'ready', { gpu: { uuid: 'GPU-0' } }),
      service('none'),
      service('far', 'unreachable', { runtime: 'external', url: 'http://10.0.0.4:8188' }),
    ]
    const keys = groupServices(placed, 'gpu', [gpu(0), gpu(1)]).map(({ key, services }) => [key, ids(services).join()])
    expect(keys).toEqual([
      ['gpu GPU-0', 'first'],
      ['gpu GPU-1', 'second'],
      ['gpu GPU-9', 'gone'],
      ['no-gpu', 'none'],
      ['other-machines', 'far'],
    ])
    expect(machinesOf(placed)).toEqual(['local', '10.0.0.4'])
    expect(machinesOf([service('a', 'ready', { runtime: 'external', url: 'http://localhost:1' })])).toEqual(['local'])
    expect(groupServices(all, 'tag', []).map(({ key, services }) => [key, services.length])).toEqual([
      ['tag class', 2],
      ['tag lab', 2],
      ['untagged', 3],
    ])
  })

  test('shows the Studio what is ready first, and the rest apart', () => {
    const { ready, others } = sortForStudio([
      ...[service('late', 'ready', { order: 5 }), service('off', 'stopped'), service('early', 'ready', { order: 1 })],
      service('busy', 'ready', { operation: 'restart' }),
    ])
    expect([ids(ready), ids(others)]).toEqual([
      ['early', 'late'],
      ['off', 'busy'],
    ])
  })

  test('knows which services an item is about', () => {
    const item = (page: AttentionItem['leadsTo']['page'], subject: string | null): AttentionItem => ({
      ...{ id: 'x', kind: 'check', subject, count: 1, since: null, urgent: false, leadsTo: { page } },
    })
    const shared = [service('a', 'ready', { credentialId: 'k' }), service('b', 'ready', { credentialId: 'k' })]
    expect(servicesOf(item('services', 'a'), shared)).toEqual(['a'])
    expect(servicesOf(item('credentials', 'k'), shared)).toEqual(['a', 'b'])
    expect(servicesOf(item('gpus', null), shared)).toEqual([])
  })

  test('remembers how it was looked at, and takes no nonsense', () => {
    const usual = { chip: 'all', tags: [], sort: 'custom', group: 'gpu', folded: [] } as const
    const kept = { chip: 'idle', tags: ['lab'], sort: 'name', group: 'tag', folded: ['tag lab'] }
    expect(readView(JSON.stringify(kept), usual)).toEqual(kept)
    expect(readView('{"chip":"x","tags":[1],"sort":7}', usual)).toEqual(usual)
    for (const broken of [null, 'x', '[]', 'null']) expect(readView(broken, usual)).toEqual(usual)
  })
})

describe('several services', () => {
  test('are chosen from one to another, whichever comes first', () => {
    expect(rangeOf(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c'])
    expect(rangeOf(['a', 'b'], 'gone', 'b')).toEqual(['b'])
    expect(rangeOf(['a', 'b'], null, 'b')).toEqual(['b'])
  })

  test('are counted by what can be done: nothing is done to what somebody else runs', () => {
    const chosen = [
      service('up', 'ready', { pid: 1 }),
      service('off', 'stopped'),
      service('far', 'ready', { runtime: 'external' }),
    ]
    expect(ids(appliesTo('start', chosen))).toEqual(['off'])
    expect(ids(appliesTo('stop', chosen))).toEqual(['up'])
    expect(ids(appliesTo('restart', chosen))).toEqual(['up'])
  })

  test('are moved with as few new places as it takes', () => {
    const placed = ['a', 'b', 'c'].map((id, order) => ({ id, order }))
    expect(moveTo(placed, 'c', 'b', 'before')).toEqual([
      { id: 'c', order: 1 },
      { id: 'b', order: 2 },
    ])
    expect(moveTo([{ id: 'a' }, { id: 'b' }], 'a', 'b', 'after')).toEqual([
      { id: 'b', order: 0 },
      { id: 'a', order: 1 },
    ])
    expect(moveTo(placed, 'a', 'a', 'before')).toEqual([])
    expect(moveTo(placed, 'a', 'gone', 'before')).toEqual([])
  })

  test('are tagged at once, and what is on some stays there', () => {
    const chosen = [service('a', 'ready', { tags: ['x', 'y'] }), service('b', 'ready', { tags: ['y'] })]
    expect([...tagsIn(chosen, [...chosen, service('c', 'ready', { tags: ['z'] })])]).toEqual([
      ['x', 'some'],
      ['y', 'all'],
      ['z', 'none'],
    ])
    expect(
      changedTags(
        chosen,
        new Map([
          ['x', 'some'],
          ['y', 'none'],
          ['new', 'all'],
        ]),
      ),
    ).toEqual([
      { id: 'a', tags: ['x', 'new'] },
      { id: 'b', tags: ['new'] },
    ])
    expect(changedTags(chosen, tagsIn(chosen, chosen))).toEqual([])
  })
})

describe('what a row claims', () => {
  test('a job is alive only on a service that answers', () => {
    const jobs = [generation('a', 'running'), generation('a', 'queued')]
    expect(currentJob(jobs, service('a')).running).toBeDefined()
    for (const state of ['unreachable', 'unhealthy', 'stopped'] as const) {
      expect(currentJob(jobs, service('a', state))).toEqual({ running: undefined, waiting: 1 })
    }
  })

  test('a job of another client is what its queue held beside Regie’s own, however old the look is', () => {
    const looked = service('a', 'ready', { queue: { running: 1, waiting: 0 } })
    looked.health = { ...looked.health, checkedAt: 50_000 }
    const own = (startedAt: number, finishedAt: number | null) => ({
      ...generation('a', 'running'),
      startedAt,
      finishedAt,
    })
    expect(runsOthersJob(looked, [])).toBe(true)
    // It ran when the queue was looked at, and has ended since.
    expect(runsOthersJob(looked, [own(40_000, 55_000)])).toBe(false)
    expect(runsOthersJob(looked, [own(10_000, 20_000), own(60_000, null)])).toBe(true)
    expect(runsOthersJob({ ...looked, queue: { running: 2, waiting: 0 } }, [own(40_000, null)])).toBe(true)
  })

  test('marks tell what was not observed from what was not reached', () => {
    const rungs = (...states: Rung['state'][]): Rung[] =>
      states.map((state) => ({ id: 'present', state, asked: '', answered: '', at: null, tookMs: null }))
    expect(marksOf(rungs('waiting', 'waiting', 'failed', 'waiting', 'waiting'))).toEqual([
      ...['unseen', 'unseen', 'refused', 'ahead', 'ahead'],
    ])
    expect(marksOf(rungs('proven', 'proven', 'probing', 'waiting', 'waiting'))).toEqual([
      ...['passed', 'passed', 'moving', 'ahead', 'ahead'],
    ])
  })
})
