import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newMemory, readChange, readHappening } from '../../../electron/timeline/happenings'
import { missedHappening, readTimes } from '../../../electron/timeline/past'
import { keptPerService, openTimelineStore } from '../../../electron/timeline/store'
import { createClock, createDeeds, judgeActor } from '../../../electron/timeline/who'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'

/** What a series of events of one container means. */
function tell(
  events: [action: string, attributes?: Record<string, string>][],
  context = { hasSibling: false, restarts: null as number | null },
) {
  let memory = newMemory()
  return events.flatMap(([action, attributes = {}], i) => {
    const event = { containerId: 'c', name: 'n', action, at: 1000 + i, attributes }
    const read = readHappening(event, memory, context)
    memory = read.memory
    if (!read.happening) return []
    const { kind, otherwise, exitCode, signal } = read.happening
    return [[kind, otherwise, exitCode ?? signal ?? null].join(' ').trim()]
  })
}

describe('what a container’s events mean', () => {
  test.each([
    ['docker stop', [['kill', { signal: '15' }], ['die', { exitCode: '0' }], ['stop']], ['stopped outside 0']],
    [
      'docker kill',
      [
        ['kill', { signal: '9' }],
        ['die', { exitCode: '137' }],
      ],
      ['stopped outside 137'],
    ],
    [
      'docker restart',
      [['kill', { signal: '15' }], ['die', { exitCode: '0' }], ['stop'], ['start'], ['restart']],
      ['stopped outside 0', 'started outside'],
    ],
    ['a crash', [['die', { exitCode: '3' }]], ['crashed program 3']],
    ['a clean end', [['die', { exitCode: '0' }]], ['ended program 0']],
    ['out of memory', [['oom'], ['die', { exitCode: '137' }]], ['oom system', 'crashed system 137']],
    [
      'a stop long ago is no cause',
      [['kill', { signal: '15' }], ['start'], ['die', { exitCode: '1' }]],
      ['started outside', 'crashed program 1'],
    ],
    ['pause and on', [['pause'], ['unpause']], ['paused outside', 'resumed outside']],
    [
      'Docker’s check',
      [['health_status: unhealthy'], ['health_status: healthy']],
      ['check-unhealthy program', 'check-healthy program'],
    ],
    ['made and removed', [['create'], ['destroy']], ['created outside', 'removed outside']],
    ['what says nothing', [['rename'], ['update'], ['top']], []],
  ] as [string, [string, Record<string, string>?][], string[]][])('%s', (_, events, told) => {
    expect(tell(events)).toEqual(told)
  })
  test('made anew beside its forerunner, which goes without a word', () => {
    expect(tell([['create'], ['destroy']], { hasSibling: true, restarts: null })).toEqual(['recreated outside'])
  })
  test('started by Docker’s restart policy', () => {
    expect(tell([['start']], { hasSibling: false, restarts: 2 })).toEqual(['started docker'])
    expect(tell([['start']], { hasSibling: false, restarts: 0 })).toEqual(['started outside'])
    expect(tell([['create'], ['start']], { hasSibling: false, restarts: 1 })).toEqual([
      'created outside',
      'started outside',
    ])
  })
})

describe('who did it', () => {
  test('an operation explains what happens while it goes on and shortly after, for its own service', () => {
    let now = 1000
    const deeds = createDeeds(() => now)
    const end = deeds.begin({ serviceId: 'a', operation: 'stop', name: 'admin' })
    expect(deeds.at(['a'], 1500)).toMatchObject({ name: 'admin', operation: 'stop' })
    expect(deeds.at(['b'], 1500)).toBeNull()
    expect(deeds.at(['a'], 500)).toBeNull()
    now = 2000
    end()
    expect(deeds.current('a')).toBeNull()
    expect(deeds.at(['a'], 4000)).not.toBeNull()
    expect(deeds.at(['a'], 6000)).toBeNull()
  })
  test('an engine whose clock is behind is heard at the right time', () => {
    const clock = createClock()
    expect(clock(1000, 61_005)).toBe(61_005)
    expect(clock(2000, 62_300)).toBe(62_005)
    expect(clock(3000, 63_001)).toBe(63_001)
  })
  test('a crash stays the program’s; the past is nobody’s', () => {
    const deed = { operation: 'restart', name: 'rotation' } as const
    const asked = { otherwise: 'outside', isOwn: false } as const
    expect(judgeActor(deed, asked, false)).toEqual({ actor: 'regie', name: 'rotation', operation: 'restart' })
    expect(judgeActor(null, asked, false).actor).toBe('outside')
    expect(judgeActor(null, asked, true).actor).toBe('unknown')
    expect(judgeActor(deed, { otherwise: 'program', isOwn: true }, false)).toMatchObject({
      actor: 'program',
      name: null,
    })
  })
})

describe('what nobody listened to', () => {
  const times = readTimes({
    RestartCount: 0,
    State: { StartedAt: '2026-01-01T10:00:00.5Z', FinishedAt: '2026-01-01T11:00:00Z', ExitCode: 3, OOMKilled: false },
  })
  const started = Date.parse('2026-01-01T10:00:00.5Z')
  const finished = Date.parse('2026-01-01T11:00:00Z')
  test('is told from how the container is', () => {
    if (!times) throw new Error('unread')
    expect(missedHappening(null, 'running', times)).toMatchObject({
      kind: 'started',
      at: started,
      otherwise: 'unknown',
    })
    expect(missedHappening({ kind: 'started', at: started }, 'running', times)).toBeNull()
    expect(missedHappening({ kind: 'started', at: started - 60_000 }, 'running', times)).toMatchObject({ at: started })
    expect(missedHappening({ kind: 'started', at: started }, 'exited', times)).toMatchObject({
      kind: 'crashed',
      exitCode: 3,
      at: finished,
    })
    expect(missedHappening({ kind: 'stopped', at: finished }, 'exited', times)).toBeNull()
    expect(missedHappening(null, 'exited', { ...times, exitCode: 143 })).toMatchObject({ kind: 'stopped' })
    expect(missedHappening(null, 'exited', { ...times, oomKilled: true })).toMatchObject({
      kind: 'crashed',
      otherwise: 'system',
    })
    expect(missedHappening(null, 'created', { ...times, startedAt: null, finishedAt: null })).toBeNull()
  })
  test('a container that never ran has no times', () => {
    expect(readTimes({ State: { StartedAt: '0001-01-01T00:00:00Z' } })).toMatchObject({
      startedAt: null,
      finishedAt: null,
    })
    expect(readTimes({ message: 'no such container' })).toBeNull()
  })
})

describe('what a service’s own changes mean', () => {
  const service = (more: Partial<Service> & { state?: Service['health']['state']; problem?: string }): Service => {
    const { state = 'ready', problem, ...rest } = more
    return {
      ...{ id: 'a', kind: 'forge', runtime: 'process', url: 'http://127.0.0.1:1', credentialId: null, operation: null },
      ...{ tags: [], idle: neverSleeps, muted: false },
      ...{ adopted: false, pid: 1, model: null, queue: null, progress: null, container: null, pending: null },
      health: {
        ...{ state, since: 0, checkedAt: null, rungs: [], checks: [] },
        ...(problem === undefined ? {} : { problem, reason: 'why', hint: '', params: { code: 3 } }),
      },
      ...rest,
    }
  }
  const kinds = (before: Service | null, now: Service, told: 'ready' | null = null) =>
    readChange(before, now, told).happenings.map(({ kind }) => kind)

  test('a program that starts, gets ready, is stopped, crashes', () => {
    const stopped = service({ pid: null, state: 'stopped' })
    expect(kinds(stopped, service({ state: 'starting' }))).toEqual(['started'])
    expect(kinds(service({ state: 'starting' }), service({}))).toEqual(['ready'])
    expect(kinds(service({}), service({}), 'ready')).toEqual([])
    expect(kinds(service({}), stopped, 'ready')).toEqual(['stopped'])
    expect(
      kinds(service({}), service({ pid: null, state: 'unhealthy', problem: 'service.exit-code' }), 'ready'),
    ).toEqual(['crashed'])
  })
  test('one that was running already was not started now', () => {
    expect(kinds(service({ pid: null, state: 'stopped' }), service({ adopted: true, state: 'starting' }))).toEqual([])
  })
  test('a service of somebody else is told by its health alone', () => {
    const external = (state: Service['health']['state']) => service({ runtime: 'external', pid: null, state })
    expect(kinds(external('ready'), external('unhealthy'), 'ready')).toEqual(['unhealthy'])
    expect(kinds(external('ready'), external('locked-out'), 'ready')).toEqual(['locked-out'])
    expect(kinds(external('stopped'), external('ready'))).toEqual(['ready'])
  })
})

describe('the file that keeps it', () => {
  let folder: string
  const file = () => path.join(folder, 'timeline.jsonl')
  const entry = (at: number, serviceId = 'a'): Omit<TimelineEntry, 'id'> => ({
    ...{ serviceId, at, kind: 'started', actor: 'outside', name: null, operation: null },
    ...{ exitCode: null, signal: null, image: null },
  })
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-timeline-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('survives a restart, in the order of time, though a crash tore its last line', async () => {
    const first = openTimelineStore(file())
    for (const at of [3, 1, 2]) await first.add(entry(at))
    await first.close()
    await appendFile(file(), '{"id":"4","servi')
    const second = openTimelineStore(file())
    expect((await second.of('a')).map(({ at }) => at)).toEqual([1, 2, 3])
    expect((await second.add(entry(9))).id).toBe('4')
    const third = openTimelineStore(file())
    expect((await third.of('a')).map(({ at }) => at)).toEqual([1, 2, 3, 9])
  })
  test('stays bounded, in memory and on disk', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => JSON.stringify({ ...entry(i), id: String(i + 1) }))
    await writeFile(file(), `${lines.join('\n')}\n`)
    const store = openTimelineStore(file())
    await store.add(entry(9000))
    expect(await store.of('a')).toHaveLength(keptPerService)
    expect((await readFile(file(), 'utf8')).trim().split('\n')).toHaveLength(keptPerService)
  })
  test('forgets a service that was removed', async () => {
    const store = openTimelineStore(file())
    await store.add(entry(1))
    await store.add(entry(2, 'b'))
    await store.forget('a')
    expect(await readFile(file(), 'utf8')).not.toContain('"serviceId":"a"')
    expect(await store.of('b')).toHaveLength(1)
  })
})
