import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  Credential,
  GpuReport,
  HealthCheck,
  PanelEvent,
  RotationSchedule,
  Service,
  Update,
} from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { neverSleeps } from '../../../shared/service-idle'
import { AttentionList, type AttentionOptions } from '../../../electron/attention'
import { createListeners } from '../../../electron/async/listeners'
import { attentionOf, type Facts } from '../../../electron/attention/items'

const service = (id: string, state: Service['health']['state'], more: Partial<Service> = {}): Service => ({
  id,
  ...{ tags: [], idle: neverSleeps, muted: false },
  kind: 'comfyui',
  runtime: 'compose',
  url: 'http://127.0.0.1:8188',
  credentialId: null,
  health: { state, since: 5, checkedAt: null, rungs: [], checks: [] },
  operation: null,
  adopted: false,
  pid: null,
  model: null,
  queue: null,
  progress: null,
  container: null,
  pending: null,
  ...more,
})

const withHealth = (one: Service, health: Partial<Service['health']>): Service => ({
  ...one,
  health: { ...one.health, ...health },
})

const unseen = (id: string) => withHealth(service(id, 'stopped'), { problem: 'docker.not-running-linux' })

const container = (state: 'running' | 'paused'): Partial<Service> => ({
  container: { id: 'c1', name: 'c', image: 'i', state, startedAt: 0, restartCount: 0, exitCode: null },
})

const failedCheck: HealthCheck = {
  ...{ id: 'gpu', state: 'failed', asked: 'nvidia-smi', answered: '1', at: 9, tookMs: 1 },
  reason: reason('gpu.lost', { gpu: 'GPU 0' }),
}

const credential = (id: string, state: Credential['state'], drifted = 0): Credential => ({
  ...{ id, state, drifted, scheme: 'token', username: null, version: 1, createdAt: 1, changedAt: 2 },
  ...{ fingerprints: {}, sinks: [], serviceIds: [], lastProof: null, previousUntil: null },
})

const schedule = (credentialId: string, state: RotationSchedule['state'], wanted = false): RotationSchedule => ({
  credentialId,
  policy: {
    ...{ mode: 'remind', everyDays: 90, graceHours: 24 },
    window: { from: '02:00', to: '05:00', days: [1] },
  },
  ...{ state, dueAt: 7, nextAt: null, snoozedUntil: null },
  wanted: wanted ? { by: 'ann', at: 1 } : null,
})

const calm: Facts = {
  services: [],
  credentials: [],
  schedules: [],
  invalid: [],
  engine: {
    ...{ state: 'connected', since: 3, attempts: [], triedAt: 3, nextTryAt: null },
    ...{ info: null, compose: null, platform: 'linux', address: null },
  },
  vault: { state: 'open', keeper: 'passphrase' },
  updates: [],
  notices: [],
  cardFaults: [],
  cardWarnings: [],
}

const itemsOf = (change: Partial<Facts>) => attentionOf({ ...calm, ...change }).items
const idsOf = (change: Partial<Facts>) => itemsOf(change).map(({ id }) => id)

describe('what needs a person', () => {
  it('is nothing while all is well', () => {
    expect(
      attentionOf({ ...calm, services: [service('a', 'ready')], credentials: [credential('k', 'in-sync')] }),
    ).toEqual({ items: [], services: null, credentials: null, gpus: null, unknown: { kinds: [], services: [] } })
  })

  it('comes worst first: what blocks work, then what differs, then what should be known', () => {
    const facts: Partial<Facts> = {
      services: [
        { ...service('pending', 'ready', container('running')), pending: { action: 'restart', reason: failedReason } },
        withHealth(service('checked', 'ready'), { checks: [failedCheck] }),
        service('ill', 'unhealthy'),
        unseen('hidden'),
      ],
      credentials: [credential('old', 'drifted', 2)],
      schedules: [schedule('grown', 'due')],
      invalid: [{ position: 0, id: null, issues: ['x'] }],
      vault: { state: 'locked', keeper: 'passphrase' },
      notices: [reason('audit.cut', { line: 3, known: 5 })],
      cardFaults: [failedReason],
    }
    expect(idsOf(facts)).toEqual([
      ...['docker', 'service ill', `gpu ${failedReason.message}`, 'vault'],
      ...['invalid', 'notice audit.cut', 'pending pending', 'check checked gpu', 'credential old', 'due grown'],
    ])
    expect(itemsOf(facts).filter(({ urgent }) => urgent)).toHaveLength(4)
  })

  it.each<[string, Service, object]>([
    [
      'one that refuses its credential leads to the doctor',
      service('a', 'locked-out'),
      { kind: 'service-locked-out', leadsTo: { page: 'services', id: 'a', tab: 'doctor' }, since: 5 },
    ],
    [
      'one that is paused says so',
      service('a', 'unhealthy', container('paused')),
      { kind: 'service-paused', leadsTo: { page: 'services', id: 'a' } },
    ],
    [
      'one that is unhealthy says why',
      withHealth(service('a', 'unhealthy'), { reason: 'Why.', hint: 'Do.', problem: 'p', params: { n: 1 } }),
      { kind: 'service-unhealthy', reason: { message: 'Why.', hint: 'Do.', problem: 'p', params: { n: 1 } } },
    ],
    [
      'one that cannot be reached says why',
      withHealth(service('a', 'unreachable'), { reason: 'Off.', problem: 'p' }),
      { kind: 'service-unreachable', reason: { message: 'Off.' }, since: 5 },
    ],
  ])('of services: %s', (_name, one, expected) => {
    expect(itemsOf({ services: [one] })).toMatchObject([{ subject: 'a', urgent: true, ...expected }])
  })

  it('of a failed update, where it is the newest of a service that is there', () => {
    const update = (serviceId: string, state: Update['state'], from = '1'): Update => ({
      ...{ id: `${serviceId}-${from}`, serviceId, stackId: 'forge-turbo', from, to: '2', state, startedBy: 'ann' },
      ...{ startedAt: 1, finishedAt: 9, answering: null, besidePort: null, steps: [], parts: [], checks: [] },
      ...{ pictures: { old: null, new: null }, sampling: null, withoutAnswerMs: null, keptUntil: null },
      ...{ keptBytes: null, lastUndo: null, notBack: failedReason },
    })
    const services = ['a', 'b'].map((id) => service(id, 'ready'))
    const updates = [
      update('a', 'failed'),
      update('b', 'rolled-back', '2'),
      update('b', 'failed'),
      update('gone', 'failed'),
    ]
    expect(itemsOf({ services, updates })).toMatchObject([
      {
        ...{ id: 'update a', kind: 'update-failed', subject: 'a', reason: failedReason, since: 9, urgent: true },
        leadsTo: { page: 'services', id: 'a', tab: 'update' },
      },
    ])
  })

  it('names the services that are on a card at its limit', () => {
    const gpu = { uuid: 'GPU-1' }
    const hot = { kind: 'gpu-hot', uuid: 'GPU-1', reason: failedReason, services: ['seen'], since: 8 } as const
    const services = [service('up', 'ready', { gpu }), service('off', 'stopped', { gpu }), service('seen', 'ready')]
    const full = { ...hot, kind: 'gpu-full' } as const
    expect(attentionOf({ ...calm, cardWarnings: [full, hot] }).gpus).toEqual({ count: 1, worst: 'hot' })
    expect(itemsOf({ services, cardWarnings: [hot] })).toMatchObject([
      { kind: 'gpu-hot', services: ['up', 'seen'], since: 8, leadsTo: { page: 'gpus', id: 'GPU-1' } },
    ])
  })

  it('leaves out a muted service, and counts it nowhere', () => {
    const muted = { muted: true, gpu: { uuid: 'GPU-1' } }
    const services = [
      service('a', 'unreachable', muted),
      { ...withHealth(service('b', 'ready', muted), { checks: [failedCheck] }), ...container('running') },
    ]
    const none = { items: [], services: null, credentials: null, gpus: null }
    expect(attentionOf({ ...calm, services })).toEqual({ ...none, unknown: { kinds: [], services: [] } })
    const loud = services.map((one) => ({ ...one, muted: false }))
    expect(idsOf({ services: loud })).toEqual(['service a', 'check b gpu'])
  })

  it('leaves alone a service to which something is being done, but counts it', () => {
    const { items, services } = attentionOf({
      ...calm,
      services: [service('a', 'unhealthy', { operation: 'restart' })],
    })
    expect({ items, services }).toEqual({ items: [], services: { count: 1, worst: 'unhealthy' } })
  })

  it('says once that Docker is silent, of how many services, and since when', () => {
    const silent = { ...calm.engine, state: 'unreachable', reason: failedReason } as const
    expect(itemsOf({ services: [unseen('a'), unseen('b')], engine: silent })).toMatchObject([
      { id: 'docker', count: 2, since: 3, reason: failedReason },
    ])
  })

  it('does not say of a credential what its service, which is locked out, says already', () => {
    const refused = [credential('k', 'refused'), credential('l', 'refused')]
    const services = [service('a', 'locked-out', { credentialId: 'k' })]
    const { items, credentials } = attentionOf({ ...calm, services, credentials: refused })
    expect(items.map(({ id }) => id)).toEqual(['service a', 'credential l'])
    expect(credentials).toEqual({ count: 2, worst: 'refused' })
  })

  it.each<[RotationSchedule['state'], boolean, string[]]>([
    ['due', false, ['due k']],
    ['postponed', false, ['due k']],
    ['postponed', true, []],
    ['waiting', false, []],
    ['later', false, []],
  ])('of a rotation that is %s (asked for: %s) tells %j', (state, wanted, ids) => {
    expect(idsOf({ schedules: [schedule('k', state, wanted)] })).toEqual(ids)
  })

  it.each<[Facts['vault'], object]>([
    [
      { state: 'unreadable', keeper: 'keychain', reason: reason('vault.gone', { file: 'f', vault: 'v' }) },
      { kind: 'vault-waiting', leadsTo: { page: 'settings' } },
    ],
    [
      { state: 'unreadable', keeper: 'keychain' },
      { kind: 'vault-unreadable', leadsTo: { page: 'settings' } },
    ],
    [
      { state: 'locked', keeper: 'passphrase' },
      { kind: 'vault-locked', leadsTo: { page: 'credentials' } },
    ],
  ])('of the vault %o says %o', (vault, expected) => {
    expect(itemsOf({ vault })).toMatchObject([expected])
  })

  it('is each thing that a notice is about: one that is put aside hides no other', () => {
    const waiting = (id: string) => reason('rotation.waiting', { id, service: 'comfyui' })
    expect(idsOf({ notices: [waiting('one'), waiting('two')] })).toEqual([
      'notice rotation.waiting one',
      'notice rotation.waiting two',
    ])
  })

  it('is not the standing notice of a demo', () => {
    expect(idsOf({ notices: [reason('demo.key-file')] })).toEqual([])
  })
})

const failedReason = reason('gpu.lost', { gpu: 'GPU 1' })

describe('the list', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function listOf(change: Partial<AttentionOptions> = {}) {
    const told: PanelEvent[] = []
    const bugs: unknown[] = []
    const facts = { services: [service('a', 'ready')], credentials: [credential('k', 'in-sync')] }
    let asked = 0
    const events = createListeners<[PanelEvent]>((error) => bugs.push(error))
    const reports = createListeners<[GpuReport]>((error) => bugs.push(error))
    const list = new AttentionList({
      services: { list: () => facts.services, invalid: () => [] },
      engine: { status: () => calm.engine },
      vault: { status: () => calm.vault },
      credentials: {
        list: () => {
          asked++
          return Promise.resolve(facts.credentials)
        },
      },
      policies: { schedules: () => Promise.resolve([]) },
      updates: { list: () => [] },
      notices: () => [],
      publish: (event) => told.push(event),
      listen: events.on,
      onGpus: reports.on,
      reportBug: (error) => bugs.push(error),
      ...change,
    })
    const items = () =>
      told.map((event) => (event.type === 'attention' ? event.attention.items.map(({ id }) => id) : []))
    return { list, happens: events.tell, samples: reports.tell, facts, items, bugs, asked: () => asked }
  }
  const serviceEvent = (one: Service): PanelEvent => ({ type: 'service', service: one })
  const settle = () => vi.advanceTimersByTimeAsync(1_000)

  it('is told when it changes, once for a burst, and not when it stays as it was', async () => {
    const { list, happens, facts, items, asked } = listOf()
    await list.read()
    const ill = service('a', 'unhealthy')
    facts.services = [ill]
    for (let at = 0; at < 20; at++) happens(serviceEvent(ill))
    await settle()
    happens(serviceEvent(ill))
    await settle()
    expect(items()).toEqual([[], ['service a']])
    // What a service says of itself is no reason to look at every sink.
    expect(asked()).toBe(1)
  })

  it('is read by what is known of the sinks for a monitor, and by a look at all of them for a person', async () => {
    const { list, asked } = listOf()
    await list.readKnown()
    await list.readKnown()
    expect(asked()).toBe(1)
    await list.read()
    expect(asked()).toBe(2)
  })

  it('reads credentials again when one has changed, also while they are being read', async () => {
    let answer: (list: Credential[]) => void = () => undefined
    const lists = [
      new Promise<Credential[]>((resolve) => (answer = resolve)),
      Promise.resolve([credential('k', 'refused')]),
    ]
    const { happens, items } = listOf({ credentials: { list: () => lists.shift() ?? Promise.resolve([]) } })
    const changed: PanelEvent = { type: 'credential', credential: credential('k', 'refused') }
    happens(changed)
    await vi.advanceTimersByTimeAsync(0)
    happens(changed)
    answer([credential('k', 'in-sync')])
    await settle()
    expect(items()).toEqual([[], ['credential k']])
  })

  it('is told when a notice was taken away', async () => {
    let notices = [reason('audit.repaired', { line: 1 })]
    const { list, items } = listOf({ notices: () => notices })
    await list.read()
    notices = []
    list.noticesChanged()
    await settle()
    expect(items()).toEqual([['notice audit.repaired'], []])
  })

  it('knows of faults of cards that last, each once, and forgets those that are gone', async () => {
    const { samples, items } = listOf()
    const report: GpuReport = { state: 'stale', sampledAt: 1, gpus: [], reason: failedReason }
    samples(report)
    samples(report)
    await settle()
    samples({ ...report, reason: reason('gpu.reading-error', { gpu: 'x', words: 'w', columns: 'c' }) })
    await settle()
    expect(items()).toEqual([[`gpu ${failedReason.message}`], []])
  })

  it('asks nothing of a closed vault, and takes one that closes meanwhile for no bug', async () => {
    const closing = { list: () => Promise.reject(new Problem('vault.locked')) }
    const open = listOf({ credentials: closing })
    open.happens(serviceEvent(service('a', 'ready')))
    await settle()
    expect({ items: open.items(), bugs: open.bugs }).toEqual({ items: [], bugs: [] })
    const locked = listOf({
      credentials: closing,
      vault: { status: () => ({ state: 'locked', keeper: 'passphrase' }) },
    })
    expect((await locked.list.read()).items).toMatchObject([{ id: 'vault' }])
  })
})
