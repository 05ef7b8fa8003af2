import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRounds, inFairOrder } from '../../../electron/cards/fair'
import { decide, usualPatience, type Decision, type Sight, type Waiting } from '../../../electron/cards/plan'
import { isWorking, type Tenant } from '../../../electron/cards/room'

const tenant = (id: string, change: Partial<Tenant> = {}): Tenant => ({
  id,
  needMiB: 16_000,
  heldMiB: 0,
  work: 'none',
  isUp: 'up',
  isEmpty: true,
  mayStop: false,
  isLeaving: false,
  turnSince: null,
  lastEndAt: null,
  ...change,
})
const loaded = (id: string, change: Partial<Tenant> = {}) => tenant(id, { heldMiB: 16_000, isEmpty: false, ...change })

const asks = (id: number, serviceId: string, change: Partial<Waiting> = {}): Waiting => ({
  ...{ id, serviceId, person: `person ${id}`, lane: null },
  ...change,
})

const card = (tenants: Tenant[], waiting: Waiting[], change: Partial<Sight> = {}): Decision =>
  decide({
    now: 1_000_000,
    memory: { totalMiB: 24_000, freeMiB: null, othersMiB: 0 },
    ...{ tenants, waiting, working: [], isHeld: () => false, patience: usualPatience },
    ...change,
  })

const why = ({ waits }: Decision) => waits.map(({ because }) => because.why)

describe('one card, several tenants', () => {
  it('lets those begin who fit beside each other', () => {
    const both = [loaded('a', { needMiB: 10_000, heldMiB: 10_000, work: 'some' }), tenant('b', { needMiB: 14_000 })]
    expect(card(both, [asks(1, 'b')]).begin).toHaveLength(1)
  })

  it('begins no job of a service whose secret is being rotated, and lets others go on and take no room for it', () => {
    const decision = card([tenant('a'), loaded('b')], [asks(1, 'a'), asks(2, 'b')], { isHeld: (id) => id === 'a' })
    expect(decision.begin).toMatchObject([{ id: 2 }])
    expect([why(decision), decision.remove]).toEqual([['rotation'], []])
    // A service that has a card alone, or none, likewise.
    expect(why(card([], [asks(1, 'a')], { isHeld: () => true }))).toEqual(['rotation'])
  })

  it('waits for one that works, and touches nothing', () => {
    const decision = card([loaded('a', { work: 'some' }), tenant('b')], [asks(1, 'b')])
    expect(decision).toMatchObject({ begin: [], remove: [], waits: [{ because: { why: 'busy', services: ['a'] } }] })
  })

  it('unloads an idle one that holds what is needed', () => {
    const decision = card([loaded('a'), tenant('b')], [asks(1, 'b')])
    expect(decision.remove).toMatchObject([{ serviceId: 'a', how: 'unload' }])
    expect(why(decision)).toEqual(['change'])
  })

  it('unloads no more than is needed, who worked last going last', () => {
    const small = { needMiB: 8_000, heldMiB: 8_000 }
    const all = [loaded('a', { ...small, lastEndAt: 5 }), loaded('b', { ...small, lastEndAt: 3 }), tenant('c')]
    expect(card(all, [asks(1, 'c')]).remove.map(({ serviceId }) => serviceId)).toEqual(['b'])
  })

  it('stops one only where unloading left too much, its keeper allows it and nobody waits for it', () => {
    const left = tenant('a', { heldMiB: 9_000 })
    const b = tenant('b')
    // What is left cannot be had: it is tried all the same.
    expect(card([left, b], [asks(1, 'b')]).begin).toHaveLength(1)
    const may = { ...left, mayStop: true }
    expect(card([may, b], [asks(1, 'b')]).remove).toMatchObject([{ serviceId: 'a', how: 'stop' }])
    const wanted = card([may, b], [asks(1, 'b'), asks(2, 'a')])
    expect(wanted.remove).toEqual([])
    expect(wanted.begin.map(({ serviceId }) => serviceId)).toEqual(['b'])
  })

  it('stops one where the card alone tells that too little came back', () => {
    const silent = tenant('a', { heldMiB: null, mayStop: true })
    const memory = { totalMiB: 24_000, freeMiB: 12_000, othersMiB: null }
    expect(card([silent, tenant('b')], [asks(1, 'b')], { memory }).remove).toMatchObject([{ how: 'stop' }])
    const enough = card([silent, tenant('b')], [asks(1, 'b')], { memory: { ...memory, freeMiB: 17_000 } })
    expect(enough.begin).toHaveLength(1)
  })

  it.each<[what: string, change: Partial<Tenant>]>([
    ['whose work cannot be told', { work: 'unknown' }],
    ['of which nobody knows whether it runs', { isUp: 'unknown' }],
  ])('neither unloads nor stops one %s, and keeps nobody else from working meanwhile', (_, change) => {
    const unknown = loaded('a', { ...change, mayStop: true })
    const third = tenant('c', { needMiB: 6_000 })
    const decision = card([unknown, tenant('b'), third], [asks(1, 'b'), asks(2, 'c'), asks(3, 'a')])
    expect(decision.remove).toEqual([])
    expect(decision.begin.map(({ serviceId }) => serviceId)).toEqual(['c', 'a'])
    expect(why(decision)).toEqual(['unknown'])
  })

  it('counts one as the whole card while nobody knows what it takes', () => {
    const unknown = tenant('a', { needMiB: null, work: 'some', heldMiB: 4_000 })
    const tiny = tenant('b', { needMiB: 100 })
    expect(why(card([unknown, tiny], [asks(1, 'b')]))).toEqual(['busy'])
    const asked = card([tenant('a', { needMiB: null }), loaded('b')], [asks(1, 'a')])
    expect(asked.remove).toMatchObject([{ serviceId: 'b', how: 'unload' }])
    // A context of some hundred MiB stays: that is no reason to stop it.
    const rest = tenant('b', { heldMiB: 300, mayStop: true })
    expect(card([tenant('a', { needMiB: null }), rest], [asks(1, 'a')]).begin).toHaveLength(1)
  })

  it('lets one who is alone begin whatever is known, and one that lies nowhere', () => {
    const memory = { totalMiB: null, freeMiB: null, othersMiB: null }
    expect(card([tenant('a', { needMiB: null })], [asks(1, 'a'), asks(2, 'b')], { memory }).begin).toHaveLength(2)
  })

  it('takes one of a lane at a time, and says how many go before', () => {
    const lane = { lane: 'a' }
    const waiting = [asks(2, 'a', lane), asks(3, 'a', lane)]
    const decision = card([loaded('a')], waiting, { working: [asks(1, 'a', lane)] })
    expect(decision.begin).toEqual([])
    expect(decision.waits.map(({ ahead }) => ahead)).toEqual([1, 2])
    expect(why(decision)).toEqual(['line', 'line'])
  })

  it('closes the line of one that has had the card for long, for whoever goes first', () => {
    const a = loaded('a', { turnSince: 0 })
    const decision = card([a, tenant('b')], [asks(2, 'b'), asks(3, 'a')], { working: [asks(1, 'a')] })
    expect(decision.begin).toEqual([])
    expect(why(decision)).toEqual(['busy', 'behind'])
  })

  it('keeps the card for jobs that follow on each other, and only for so long', () => {
    const now = 1_000_000
    const { holdMs } = usualPatience
    const a = loaded('a', { turnSince: now - holdMs / 2, lastEndAt: now })
    const held = card([a, tenant('b')], [asks(2, 'b'), asks(3, 'a')])
    expect(held).toMatchObject({ begin: [{ serviceId: 'a' }], remove: [] })
    expect(why(held)).toEqual(['hold'])
    const idle = card([a, tenant('b')], [asks(2, 'b')])
    expect(idle.lookAt).toBe(now + 300)
    const over = card([{ ...a, turnSince: now - holdMs }, tenant('b')], [asks(2, 'b'), asks(3, 'a')])
    expect(over).toMatchObject({ begin: [], remove: [{ serviceId: 'a' }] })
    const quiet = card([{ ...a, lastEndAt: now - 600 }, tenant('b')], [asks(2, 'b')])
    expect(quiet.remove).toHaveLength(1)
  })
})

/** A card that is played step by step, as a room with effects would: what is decided is done, and the jobs end in time. */
class Played {
  #asked = 0
  now = 0
  tenants: Tenant[]
  waiting: (Waiting & { since: number; takes: number })[] = []
  working: (Waiting & { ends: number })[] = []
  leaving: { id: string; how: 'unload' | 'stop'; ends: number }[] = []
  waited: { asked: Waiting; ms: number }[] = []
  readonly rounds = createRounds()
  readonly totalMiB = 24_000

  constructor(
    tenants: Tenant[],
    readonly patience = { holdMs: 40, lingerMs: 4, lingerShare: 0.05 },
  ) {
    this.tenants = tenants
  }

  change(id: string, change: Partial<Tenant>) {
    this.tenants = this.tenants.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  of(id: string): Tenant {
    const found = this.tenants.find((one) => one.id === id)
    if (!found) throw new Error(`no tenant ${id}`)
    return found
  }

  ask(asked: Omit<Waiting, 'id'>, takes: number) {
    this.rounds.enter(asked.person)
    this.waiting.push({ ...asked, id: (this.#asked += 1), since: this.now, takes })
  }

  step() {
    this.now += 1
    for (const job of this.working.filter(({ ends }) => ends <= this.now)) {
      this.working = this.working.filter((one) => one !== job)
      this.change(job.serviceId, { lastEndAt: this.now })
    }
    for (const { id, how } of this.leaving.filter(({ ends }) => ends <= this.now))
      this.change(id, {
        ...{ isLeaving: false, isEmpty: true, turnSince: null, heldMiB: how === 'stop' ? 0 : 300 },
        ...(how === 'stop' && { isUp: 'down' }),
      })
    this.leaving = this.leaving.filter(({ ends }) => ends > this.now)
    this.settle(
      decide({
        now: this.now,
        memory: { totalMiB: this.totalMiB, freeMiB: null, othersMiB: 500 },
        tenants: this.tenants,
        waiting: inFairOrder(this.waiting, this.rounds),
        working: this.working,
        isHeld: () => false,
        patience: this.patience,
      }),
    )
  }

  settle({ begin, remove }: Decision) {
    for (const { serviceId, how } of remove) {
      const now = this.of(serviceId)
      // No service with work, or of which nobody knows, is ever unloaded or stopped; nor one while it begins something.
      expect(isWorking(now) || now.isLeaving).toBe(false)
      expect([...this.working, ...begin].some((job) => job.serviceId === serviceId)).toBe(false)
      if (how === 'stop') expect(now).toMatchObject({ isEmpty: true, mayStop: true })
      this.change(serviceId, { isLeaving: true })
      this.leaving.push({ id: serviceId, how, ends: this.now + 3 })
    }
    for (const asked of begin) {
      const found = this.waiting.find(({ id }) => id === asked.id)
      if (!found) throw new Error('nobody asked')
      this.waiting = this.waiting.filter((one) => one !== found)
      this.working.push({ ...asked, ends: this.now + found.takes })
      this.waited.push({ asked, ms: this.now - found.since })
      this.rounds.serve(asked.person)
      const { turnSince, needMiB } = this.of(asked.serviceId)
      const change = { isUp: 'up' as const, isEmpty: false, heldMiB: needMiB ?? 5_000 }
      this.change(asked.serviceId, { ...change, turnSince: turnSince ?? this.now })
      this.assertRoom(asked.serviceId)
    }
  }

  /** Whoever works has what it needs beside what all the others hold, but for what is left of unloaded ones. */
  assertRoom(serviceId: string) {
    const own = this.of(serviceId)
    const others = this.tenants.filter(({ id, isUp, isEmpty }) => id !== serviceId && isUp === 'up' && !isEmpty)
    if (own.needMiB === null) expect(others).toEqual([])
    const held = others.reduce((sum, { heldMiB }) => sum + (heldMiB ?? 0), 0)
    const working = others.filter(({ id }) => this.working.some((job) => job.serviceId === id))
    for (const one of working) expect(one.needMiB).not.toBeNull()
    if (others.length > 0) expect((own.needMiB ?? 0) + held).toBeLessThanOrEqual(this.totalMiB - 500)
  }
}

const ids = ['a', 'b', 'c', 'd']
const played = fc.record({
  needs: fc.array(fc.option(fc.integer({ min: 2_000, max: 23_000 }), { freq: 6 }), { minLength: 4, maxLength: 4 }),
  mayStop: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  arrivals: fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 120 }),
      service: fc.integer({ min: 0, max: 3 }),
      person: fc.integer({ min: 0, max: 3 }),
      takes: fc.integer({ min: 1, max: 12 }),
      inLane: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  /** What others do to the services, and what nobody can tell for a while. */
  troubles: fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 120 }),
      for: fc.integer({ min: 1, max: 20 }),
      service: fc.integer({ min: 0, max: 3 }),
      work: fc.constantFrom<Tenant['work']>('some', 'unknown'),
    }),
    { maxLength: 4 },
  ),
})

describe('a card at work', () => {
  it('never takes room from one that works or is unknown, overfills nothing, and serves everybody in the end', () => {
    fc.assert(
      fc.property(played, ({ needs, mayStop, arrivals, troubles }) => {
        const world = new Played(
          ids.map((id, i) => tenant(id, { needMiB: needs[i] ?? null, mayStop: mayStop[i] ?? false })),
        )
        for (let at = 1; at <= 120 || (world.waiting.length > 0 && at < 3_000); at += 1) {
          for (const trouble of troubles) {
            const id = ids[trouble.service] ?? 'a'
            if (trouble.at === at) world.change(id, { work: trouble.work })
            if (trouble.at + trouble.for === at) world.change(id, { work: 'none' })
          }
          for (const { service, person, takes, inLane } of arrivals.filter((one) => one.at === at)) {
            const serviceId = ids[service] ?? 'a'
            const lane = inLane ? serviceId : null
            world.ask({ serviceId, person: `person ${person}`, lane }, takes)
          }
          world.step()
        }
        expect(world.waiting).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('lets nobody wait longer than everybody else’s turn, though two services never run out of jobs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 60 }), (takes, holdMs) => {
        const patience = { holdMs, lingerMs: 2, lingerShare: 0.05 }
        const world = new Played(
          ids.slice(0, 3).map((id) => tenant(id)),
          patience,
        )
        const ask = (serviceId: string, person: string) => world.ask({ serviceId, person, lane: serviceId }, takes)
        for (let at = 0; at < 600; at += 1) {
          for (const [service, person] of [
            ['a', 'amina'],
            ['b', 'jonas'],
          ] as const)
            while (world.waiting.filter((one) => one.person === person).length < 5) ask(service, person)
          if (at === 300) ask('c', 'maya')
          world.step()
        }
        const maya = world.waited.find(({ asked }) => asked.person === 'maya')
        // A turn of each of the two, with its hold, its last job and the change.
        expect(maya?.ms ?? Infinity).toBeLessThanOrEqual(2 * (holdMs + takes + 8) + 8)
      }),
      { numRuns: 15 },
    )
  })

  it('does not thrash: of two that both have jobs, each keeps the card as long as it may', () => {
    const world = new Played([tenant('a'), tenant('b')], { holdMs: 50, lingerMs: 5, lingerShare: 0.05 })
    for (let at = 0; at < 1_000; at += 1) {
      for (const service of ['a', 'b'])
        if (!world.waiting.some(({ serviceId }) => serviceId === service))
          world.ask({ serviceId: service, person: service, lane: service }, 5)
      world.step()
    }
    const changes = world.waited.filter(
      ({ asked }, i) => i > 0 && world.waited[i - 1]?.asked.serviceId !== asked.serviceId,
    )
    expect(changes.length).toBeGreaterThan(8)
    expect(changes.length).toBeLessThanOrEqual(1_000 / 50)
  })
})
