import { describe, expect, it } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import type { IdleTime } from '../../../electron/ledger'
import { createSleeping } from '../../../electron/sleeping'
import type { PanelEvent, Service, ServiceIdle, ServiceLoad, TimelineEntry } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { neverSleeps } from '../../../shared/service-idle'
import { handClock } from '../../support/hand-clock'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Local time, as schedules are. Friday, 27 November 2026. */
const friday = (hours: number, minutes = 0) => new Date(2026, 10, 27, hours, minutes).getTime()

const ready: Service = {
  ...{ id: 'studio', kind: 'comfyui', runtime: 'compose', url: 'http://127.0.0.1:8188', credentialId: 'studio' },
  ...{ tags: [], idle: neverSleeps, muted: false, operation: null, adopted: false, pid: null, model: null },
  ...{ queue: null, progress: null, container: null, pending: null },
  health: { state: 'ready', since: 0, checkedAt: 0, rungs: [], checks: [] },
}
const idleLoad: ServiceLoad = { serviceId: 'studio', state: 'idle', own: 0, running: 0, waiting: 0 }

const startedAt = (at: number): NonNullable<Service['container']> => ({
  ...{ id: 'c1', name: 'studio', image: 'studio', state: 'running', startedAt: at, restartCount: 0, exitCode: null },
})

/** A service that does what it is asked, what is seen of it, and two clocks that are moved by hand. */
function watched(idle: Partial<ServiceIdle>, start = friday(20)) {
  const wall = handClock(start)
  // As the machine's own, it begins anywhere and has fractions.
  let steady = 0.4
  const bus = createListeners<[PanelEvent]>()
  const did: string[] = []
  const kept = new Map<string, IdleTime>()
  const told: Pick<TimelineEntry, 'kind' | 'at' | 'reason'>[] = []
  const state = {
    service: { ...ready, idle: { ...neverSleeps, ...idle } },
    load: idleLoad,
    own: 0,
    rotating: null as string | null,
    claimed: null as Problem | null,
    isOpen: true,
    stopFails: null as Problem | null,
    timeline: told,
    changes: 0,
  }
  const tell = (kind: TimelineEntry['kind'], reason?: TimelineEntry['reason']) =>
    void told.push({ kind, at: wall.now(), ...(reason && { reason }) })
  const be = (health: Service['health']['state']) => {
    state.service = { ...state.service, health: { ...state.service.health, state: health } }
    return Promise.resolve(state.service)
  }
  const open = () =>
    createSleeping({
      services: {
        list: () => [state.service],
        start() {
          did.push('start')
          tell('started')
          return be('ready')
        },
        stop() {
          if (state.stopFails) return Promise.reject(state.stopFails)
          did.push('stop')
          return be('stopped')
        },
        freeMemory() {
          did.push('unload')
          return Promise.resolve(state.service)
        },
        assertFree() {
          if (state.claimed) throw state.claimed
        },
      },
      loadOf: () => Promise.resolve(state.load),
      own: () => state.own,
      rotatingOn: () => state.rotating,
      isOpen: () => state.isOpen,
      timeline: {
        async during(asked, work) {
          const done = await work()
          if (asked.operation === 'stop') tell('stopped', asked.reason)
          return done
        },
        note: ({ kind, why }) => tell(kind, why.reason),
        // As a contract's page: newest first, and with all that this test has no use for.
        list: ({ limit }) => Promise.resolve({ items: (told.toReversed() as TimelineEntry[]).slice(0, limit) }),
      },
      kept: {
        of: (id) => kept.get(id) ?? null,
        note: (id, time) => void kept.set(id, time),
        forget: (id) => void kept.delete(id),
      },
      changed: () => void (state.changes += 1),
      listen: bus.on,
      clock: { ...wall, steady: () => steady },
      reportBug: (error) => {
        throw error
      },
    })
  let sleeping = open()
  sleeping.begin()
  return {
    state,
    did,
    words: () => told.map(({ kind, reason }) => [kind, reason?.problem, reason?.params['minutes']].join(' ').trim()),
    publish: bus.tell,
    work: () => sleeping.work('studio'),
    read: async () => (await sleeping.read())[0],
    reading: () => sleeping.reading('studio'),
    /** Time passes, and Regie looks as often as it wants to. */
    pass: async (minutes: number) => {
      if (!Number.isFinite(wall.next())) await sleeping.look()
      for (let left = minutes * minuteMs; left > 0;) {
        const step = Math.max(1, Math.min(left, wall.next() - wall.now()))
        steady += step
        left -= step
        wall.moveTo(wall.now() + step)
        await sleeping.look()
      }
    },
    /** The wall's clock is set, or the machine has slept: time of one clock only. */
    jump: async ({ wallMs = 0, steadyMs = 0 }) => {
      steady += steadyMs
      wall.moveTo(wall.now() + wallMs)
      await sleeping.look()
    },
    /** Another panel takes over after so long; of the one before nothing is heard any more where it was killed. */
    restart: async ({
      awayMs = 0,
      isKilled = false,
      before,
    }: { awayMs?: number; isKilled?: boolean; before?: () => void } = {}) => {
      const known = new Map(kept)
      await sleeping.close()
      if (isKilled) for (const [id, time] of known) kept.set(id, time)
      wall.moveTo(wall.now() + awayMs)
      before?.()
      sleeping = open()
      sleeping.begin()
      await sleeping.look()
    },
    be,
  }
}

describe('a service that nobody works with', () => {
  it('has its models unloaded once, is stopped, and the timeline says why', async () => {
    const { did, words, pass } = watched({ unloadAfterMin: 10, stopAfterMin: 45 })
    await pass(44)
    expect(did).toEqual(['unload'])
    await pass(120)
    expect(did).toEqual(['unload', 'stop'])
    expect(words()).toEqual(['unloaded sleeping.unloaded 10', 'stopped sleeping.stopped 45'])
  })

  it('is worked with while a request goes on, and its time begins anew when that ends', async () => {
    const { did, pass, work } = watched({ stopAfterMin: 45 })
    await pass(40)
    const end = work()
    await pass(90)
    end()
    await pass(44)
    expect(did).toEqual([])
    await pass(1)
    expect(did).toEqual(['stop'])
  })

  it('is not stopped in the middle of a file that is fetched, and no longer for it', async () => {
    const { did, words, pass, reading } = watched({ stopAfterMin: 45 })
    const end = reading()
    await pass(60)
    expect([did, words()]).toEqual([[], []])
    end()
    await pass(1)
    expect(did).toEqual(['stop'])
  })

  it('of which somebody else asks something is not stopped', async () => {
    const { state, did, words, pass } = watched({ stopAfterMin: 45 })
    await pass(44)
    state.load = { ...idleLoad, state: 'busy', running: 1 }
    await pass(1)
    state.load = idleLoad
    await pass(44)
    expect(did).toEqual([])
    expect(words()).toEqual(['not-stopped sleeping.busy 45'])
    await pass(1)
    expect(did).toEqual(['stop'])
  })

  it('is never stopped while it is not known whether something runs, which is told once, by the next panel too', async () => {
    const { state, did, words, pass, restart } = watched({ stopAfterMin: 45 })
    state.load = {
      ...idleLoad,
      state: 'unknown',
      reason: new Problem('service.silent', { id: 'studio', url: '' }).reason,
    }
    await pass(200)
    await restart()
    await pass(200)
    expect(did).toEqual([])
    expect(words()).toEqual(['not-stopped sleeping.unknown 45'])
    // The time in which nothing was seen counts for nothing.
    state.load = idleLoad
    await pass(44)
    expect(did).toEqual([])
    await pass(2)
    expect(did).toEqual(['stop'])
  })

  it.each([
    ['a rotation', { rotating: 'studio' }, 'sleeping.rotating'],
    ['an update', { claimed: new Problem('updates.running', { id: 'studio' }) }, 'sleeping.refused'],
    ['a generation of Regie', { own: 1 }, 'sleeping.busy'],
  ])('is left alone during %s', async (_, during, why) => {
    const { state, did, words, pass } = watched({ stopAfterMin: 45 })
    Object.assign(state, during)
    await pass(60)
    expect(did).toEqual([])
    expect(words()).toEqual([`not-stopped ${why} 45`])
    Object.assign(state, { rotating: null, claimed: null, own: 0 })
    await pass(46)
    expect(did).toEqual(['stop'])
  })

  it('and that could not be stopped is left alone for as long again', async () => {
    const { state, did, pass } = watched({ stopAfterMin: 45 })
    state.stopFails = new Problem('service.silent', { id: 'studio', url: '' })
    await pass(45)
    state.stopFails = null
    await pass(44)
    expect(did).toEqual([])
    await pass(1)
    expect(did).toEqual(['stop'])
  })

  it('and that somebody else runs is left alone for good', async () => {
    const { state, did, pass } = watched({ unloadAfterMin: 1, stopAfterMin: 1 })
    state.service = { ...state.service, runtime: 'external' }
    await pass(60)
    expect(did).toEqual([])
  })

  it('is worked with while something is done to it', async () => {
    const { state, did, pass } = watched({ stopAfterMin: 10 })
    await pass(9)
    state.service = { ...state.service, operation: 'restart' }
    await pass(30)
    state.service = { ...state.service, operation: null }
    await pass(9)
    expect(did).toEqual([])
    await pass(1)
    expect(did).toEqual(['stop'])
  })

  it('is not stopped because a clock was set, or because the machine slept', async () => {
    const { did, pass, jump } = watched({ stopAfterMin: 45 })
    await pass(10)
    await jump({ wallMs: 5 * hourMs })
    await jump({ wallMs: -9 * hourMs })
    // Some systems let the steady clock go on while the machine sleeps.
    await jump({ wallMs: 8 * hourMs, steadyMs: 8 * hourMs })
    await pass(30)
    expect(did).toEqual([])
    await pass(5)
    expect(did).toEqual(['stop'])
  })

  it('goes on with its time after a restart of the panel, to which the time in between is none', async () => {
    const { did, pass, restart } = watched({ unloadAfterMin: 10, stopAfterMin: 45 })
    await pass(40)
    await restart({ awayMs: 4 * minuteMs })
    await pass(4)
    expect(did).toEqual(['unload'])
    await pass(1)
    expect(did).toEqual(['unload', 'stop'])
  })

  interface Restarted {
    awayMs: number
    isKilled?: boolean
    isUsed?: boolean
    isStarted?: boolean
  }
  it.each<[string, Restarted]>([
    ['was away for longer', { awayMs: 6 * minuteMs }],
    ['comes up under a clock that was set back', { awayMs: -hourMs }],
    ['was killed just after somebody had worked with it', { awayMs: 1000, isKilled: true, isUsed: true }],
    ['finds a container that somebody has started meanwhile', { awayMs: 1000, isStarted: true }],
  ])('has its time anew where the panel %s', async (_, how) => {
    const { state, did, pass, work, restart } = watched({ stopAfterMin: 45 })
    await pass(40)
    if (how.isUsed) work()()
    await restart({
      ...how,
      before: () => {
        if (how.isStarted) state.service = { ...state.service, container: startedAt(friday(20, 40) + 500) }
      },
    })
    await pass(44)
    expect(did).toEqual([])
    await pass(1)
    expect(did).toEqual(['stop'])
  })
})

describe('a service with hours', () => {
  const schedule = { windows: [{ from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] }], start: true }

  it('is started when they begin, kept until they end, and then put to sleep', async () => {
    const { did, pass, be } = watched({ stopAfterMin: 45, schedule }, friday(7))
    await be('stopped')
    await pass(59)
    expect(did).toEqual([])
    await pass(1)
    expect(did).toEqual(['start'])
    await pass(11 * 60 - 1)
    expect(did).toEqual(['start'])
    await pass(2)
    expect(did).toEqual(['start', 'stop'])
    await pass(10 * 60)
    expect(did).toEqual(['start', 'stop'])
  })

  it('is started once, though a person stops it and the panel is restarted', async () => {
    const { state, did, pass, be, restart } = watched({ schedule }, friday(8))
    await be('stopped')
    await pass(1)
    state.timeline.push({ kind: 'stopped', at: friday(8, 1) })
    await be('stopped')
    await pass(30)
    await restart()
    await pass(30)
    expect(did).toEqual(['start'])
  })

  it('waits with its start until the vault is open', async () => {
    const { state, did, pass, be } = watched({ schedule }, friday(8))
    state.isOpen = false
    await be('stopped')
    await pass(20)
    expect(did).toEqual([])
    state.isOpen = true
    await pass(1)
    expect(did).toEqual(['start'])
  })
})

describe('how a service stands', () => {
  const schedule = { windows: [{ from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] }], start: true }
  const minute = (after: number) => friday(20) + after * minuteMs

  it('is told with its next step, which is put off by whoever works with it, and with why it slept', async () => {
    const { state, pass, jump, read, work, publish } = watched({ unloadAfterMin: 10, stopAfterMin: 45, schedule })
    await pass(4)
    await jump({ steadyMs: 0.3 })
    expect(Number.isInteger((await read())?.next?.at)).toBe(true)
    expect(await read()).toMatchObject({
      ...{ state: 'awake', since: null, why: null, isUnloaded: false, held: null, keeps: [] },
      next: { step: 'unload', at: minute(10) },
    })
    const end = work()
    expect((await read())?.next).toBeNull()
    end()
    expect((await read())?.next).toEqual({ step: 'unload', at: minute(14) })
    await pass(11)
    expect(await read()).toMatchObject({ isUnloaded: true, next: { step: 'stop', at: minute(49) } })
    const before = state.changes
    await pass(35)
    publish({ type: 'service', service: state.service })
    expect(state.changes).toBeGreaterThan(before)
    // Its hours begin on Monday.
    expect(await read()).toMatchObject({
      ...{ state: 'asleep', since: minute(50), why: { problem: 'sleeping.stopped', params: { minutes: 45 } } },
      next: { step: 'start', at: friday(8) + 3 * 24 * hourMs },
    })
  })

  it('says why a step that is due is not done, and nothing of a step then', async () => {
    const { state, pass, read } = watched({ stopAfterMin: 45 })
    state.rotating = 'studio'
    await pass(46)
    expect(await read()).toMatchObject({ state: 'awake', next: null, held: { problem: 'sleeping.rotating' } })
  })

  it('names what keeps it awake now: jobs of whomever, requests, answers, its hours, a rotation, and what is not seen', async () => {
    const { state, pass, read, work, reading, be } = watched({ stopAfterMin: 45, schedule }, friday(12))
    const keeps = async () => (await read())?.keeps
    const hours = { by: 'hours', until: friday(19) }
    expect(await keeps()).toEqual([hours])
    const end = work()
    expect(await keeps()).toEqual([{ by: 'requests', count: 1 }, hours])
    end()
    const read1 = reading()
    state.service = { ...state.service, queue: { running: 1, waiting: 2 } }
    state.own = 4
    expect(await keeps()).toEqual([{ by: 'jobs', running: 1, waiting: 3 }, { by: 'answers', count: 1 }, hours])
    read1()
    state.own = 0
    state.service = { ...state.service, queue: { running: 0, waiting: 0 } }
    state.rotating = 'studio'
    state.load = { ...idleLoad, state: 'unknown' }
    const before = state.changes
    await pass(1)
    expect(state.changes).toBeGreaterThan(before)
    expect(await keeps()).toEqual([hours, { by: 'rotation', credentialId: 'studio' }, { by: 'unseen' }])
    await be('stopped')
    expect(await keeps()).toEqual([])
  })

  it('that nothing puts to sleep has nothing that keeps it awake', async () => {
    const { state, read, work } = watched({})
    state.service = { ...state.service, queue: { running: 1, waiting: 0 } }
    work()
    expect((await read())?.keeps).toEqual([])
  })

  it('is unknown where it cannot be seen, and since when is told of what was seen to change', async () => {
    const { state, pass, read, publish } = watched({ stopAfterMin: 45 })
    const tell = (change: Partial<Service>) => {
      state.service = { ...state.service, ...change }
      publish({ type: 'service', service: state.service })
    }
    const unseen = { ...ready.health, state: 'stopped', problem: 'docker.unreachable' } as const
    tell({ health: unseen })
    expect(await read()).toMatchObject({ state: 'unknown', since: null })
    tell({ health: ready.health })
    expect(await read()).toMatchObject({ state: 'awake', since: null })
    await pass(2)
    tell({ operation: 'stop' })
    expect(await read()).toMatchObject({ state: 'stopping', since: minute(2), next: null })
    tell({ operation: 'start' })
    expect(await read()).toMatchObject({ state: 'waking', next: null })
  })
})
