import { afterEach, describe, expect, it } from 'vitest'
import { createCards, type Cards, type Measured, type Sharing } from '../../../electron/cards'
import { Problem } from '../../../shared/problems'
import { until } from '../../support/until'

const totalMiB = 24_000

/** A card with services that load on their first job and hold what they loaded. */
class World {
  readonly services = new Map<string, Sharing & { needMiB: number | null }>()
  readonly held = new Map<string, number>()
  readonly foreign = new Set<string>()
  readonly unknown = new Set<string>()
  readonly down = new Set<string>()
  readonly acts: string[] = []
  /** What unloading leaves, in MiB. */
  restMiB = 300
  refuses = false
  readonly cards: Cards

  constructor(needs: Record<string, number | null>, change: Partial<Sharing> = {}) {
    for (const id of Object.keys(needs)) this.held.set(id, 0)
    for (const [id, needMiB] of Object.entries(needs))
      this.services.set(id, { id, card: 'GPU-1', limitMiB: null, mayStop: false, needMiB, ...change })
    this.cards = createCards({
      services: () => [...this.services.values()],
      standing: (id) => Promise.resolve(this.standing(id)),
      took: (id) => Promise.resolve(this.services.get(id)?.needMiB ?? null),
      unload: (id) => this.act(`unload ${id}`, id, this.restMiB),
      stop: (id) => this.act(`stop ${id}`, id, 0),
      measure: () => Promise.resolve(this.measured()),
      reportBug(error) {
        throw error
      },
      patience: { holdMs: 0, lingerMs: 0, lingerShare: 0 },
      timing: { freshMs: 0, measuredMs: 0, pollMs: 5, settleMs: 1_000, settleEveryMs: 1, leaveAloneMs: 20 },
    })
  }

  standing(id: string) {
    if (this.unknown.has(id)) return { work: 'unknown' as const, isUp: 'up' as const }
    if (this.down.has(id)) return { work: 'none' as const, isUp: 'down' as const }
    return { work: this.foreign.has(id) ? ('some' as const) : ('none' as const), isUp: 'up' as const }
  }

  measured(): Measured {
    const usedMiB = [...this.held.values()].reduce((sum, one) => sum + one, 0)
    return { totalMiB, usedMiB, freeMiB: totalMiB - usedMiB, othersMiB: 0, held: this.held }
  }

  act(what: string, id: string, restMiB: number): Promise<void> {
    const refusal = new Problem('backend.unreachable', { url: 'http://127.0.0.1:1', detail: 'ECONNREFUSED' })
    if (this.refuses) return Promise.reject(refusal)
    // Whoever is unloaded while it works would lose its job.
    expect(this.working).not.toContain(id)
    this.acts.push(what)
    this.held.set(id, restMiB)
    if (what.startsWith('stop')) this.down.add(id)
    return Promise.resolve()
  }

  readonly working: string[] = []
  readonly began: string[] = []

  /** A job that loads its service's models; what is answered ends it. */
  async job(
    serviceId: string,
    { person = serviceId, lane = serviceId }: { person?: string; lane?: string | null } = {},
  ) {
    const turn = await this.cards.turn({ serviceId, person, lane }, new AbortController().signal)
    this.began.push(`${serviceId} ${person}`)
    this.working.push(serviceId)
    this.held.set(serviceId, this.services.get(serviceId)?.needMiB ?? 5_000)
    expect(this.measured().usedMiB).toBeLessThanOrEqual(totalMiB)
    return () => {
      this.working.splice(this.working.indexOf(serviceId), 1)
      turn.end()
    }
  }
}

const worlds: World[] = []
function newWorld(...given: ConstructorParameters<typeof World>) {
  const world = new World(...given)
  worlds.push(world)
  return world
}
afterEach(() => {
  for (const { cards } of worlds.splice(0)) cards.close()
})

const waitsFor = (world: World, why: string) =>
  until(why, async () => (await world.cards.describe('GPU-1'))?.waiting.some(({ reason }) => reason.problem === why))

describe('services that share a card', () => {
  it('take turns: who is asked waits for the other’s work, the other is unloaded, and what that freed is measured', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    const endA = await world.job('a')
    const b = world.job('b')
    await waitsFor(world, 'card.busy')
    expect(world.acts).toEqual([])
    endA()
    const endB = await b
    expect(world.acts).toEqual(['unload a'])
    endB()
    const told = await world.cards.describe('GPU-1')
    expect(told?.turns[0]).toMatchObject({ from: ['a'], to: 'b', how: 'unloaded', freedMiB: 15_700, leftMiB: 300 })
    expect(told?.turns[1]).toMatchObject({ from: [], to: 'a', how: 'fits', freedMiB: null })
    expect(told?.pairs).toEqual([{ one: 'a', other: 'b', leftMiB: -6_000 }])
    expect(told?.lanes.map(({ serviceId, state }) => `${serviceId} ${state}`)).toEqual(['a empty', 'b loaded'])
  })

  it('tell when the one at work should be done and the next begins, once a job of it has ended', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    const first = await world.job('a')
    const unknown = await world.cards.describe('GPU-1')
    expect([unknown?.lanes[0]?.doneAt, unknown?.nextAt]).toEqual([null, null])
    first()
    const endA = await world.job('a')
    const b = world.job('b')
    await waitsFor(world, 'card.busy')
    const told = await world.cards.describe('GPU-1')
    const [a] = told?.lanes ?? []
    expect(a?.doneAt).toBeTypeOf('number')
    // No room has been made yet: how long that takes is not known, and counts as nothing.
    expect(told?.nextAt).toBe(a?.doneAt)
    endA()
    const endB = await b
    endB()
    const after = await world.cards.describe('GPU-1')
    expect([after?.nextAt, ...(after?.lanes.map(({ doneAt }) => doneAt) ?? [])]).toEqual([null, null, null])
  })

  it('work beside each other where both fit, also by a limit set by hand', async () => {
    const world = newWorld({ a: 10_000, b: 14_000, c: null })
    const ends = [await world.job('a'), await world.job('b')]
    for (const end of ends) end()
    world.services.set('c', { id: 'c', card: 'GPU-1', limitMiB: 9_000, mayStop: false, needMiB: 9_000 })
    await world.job('a')
    await world.job('c')
    expect(world.acts).toEqual(['unload b'])
  })

  it('wait for what others do there, however they came to it', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    world.foreign.add('a')
    world.held.set('a', 16_000)
    const b = world.job('b')
    await waitsFor(world, 'card.busy')
    expect(world.acts).toEqual([])
    world.foreign.delete('a')
    await b
    expect(world.acts).toEqual(['unload a'])
  })

  it('never touch one of which nobody can tell whether it works, and go on when that is known', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 }, { mayStop: true })
    world.unknown.add('a')
    world.held.set('a', 16_000)
    const b = world.job('b')
    await waitsFor(world, 'card.unknown')
    expect(world.acts).toEqual([])
    world.unknown.delete('a')
    await b
    expect(world.acts).toEqual(['unload a'])
  })

  it('leave one alone that got work at the last moment', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    world.held.set('a', 16_000)
    // Between the look and the deed somebody goes around the line.
    let looks = 0
    const standing = world.standing.bind(world)
    world.standing = (id) => {
      if (id === 'a' && (looks += 1) === 2) world.foreign.add('a')
      return standing(id)
    }
    const b = world.job('b')
    await waitsFor(world, 'card.busy')
    expect(world.acts).toEqual([])
    world.foreign.delete('a')
    await b
  })

  it('stop one where unloading left too much, if that may be', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 }, { mayStop: true })
    world.restMiB = 12_000
    const endA = await world.job('a')
    endA()
    await world.job('b')
    expect(world.acts).toEqual(['unload a', 'stop a'])
    const told = await world.cards.describe('GPU-1')
    expect(told?.turns[0]).toMatchObject({ how: 'stopped', freedMiB: 16_000, leftMiB: 12_000 })
  })

  it('are left alone for a while where they refuse to be unloaded, and asked again', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    world.refuses = true
    const endA = await world.job('a')
    endA()
    const b = world.job('b')
    await waitsFor(world, 'card.unknown')
    world.refuses = false
    await b
    expect(world.acts).toEqual(['unload a'])
  })

  it('count as the whole card until it was seen what they take', async () => {
    const world = newWorld({ a: null, b: 100 })
    const endA = await world.job('a')
    const b = world.job('b')
    await waitsFor(world, 'card.busy')
    endA()
    const endB = await b
    // What an idle one holds can be seen; what it may come to take cannot.
    expect(world.acts).toEqual([])
    endB()
    await world.job('a')
    expect(world.acts).toEqual(['unload b'])
    const told = await world.cards.describe('GPU-1')
    expect(told?.lanes.map(({ needFrom }) => needFrom)).toEqual(['unknown', 'seen'])
    expect(told?.pairs[0]?.leftMiB).toBeNull()
  })

  it('serve people in turn, and let go of who gives up', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    const endFirst = await world.job('a', { person: 'amina' })
    const gone = new AbortController()
    const given = world.cards.turn({ serviceId: 'b', person: 'oskar', lane: 'b' }, gone.signal)
    const rest = [
      ...['amina', 'amina', 'amina'].map((person) => world.job('a', { person })),
      world.job('b', { person: 'jonas' }),
    ]
    expect(world.cards.beside('b')).toEqual({ all: 4, waiting: 3 })
    gone.abort(new Error('gone'))
    await expect(given).rejects.toThrow('gone')
    endFirst()
    for (const job of rest) void job.then((end) => end())
    await Promise.all(rest)
    expect(world.began).toEqual(['a amina', 'b jonas', 'a amina', 'a amina', 'a amina'])
    expect(world.cards.countOn('a') + world.cards.countOn('b')).toBe(0)
  })

  it('take those in at once that are at work already', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    const begun: string[] = []
    for (const serviceId of ['a', 'b'])
      world.cards.enter(
        { serviceId, person: 'amina', lane: serviceId, isAtWork: true },
        { begin: () => begun.push(serviceId) },
      )
    expect(begun).toEqual(['a', 'b'])
    const next = world.job('a')
    await waitsFor(world, 'card.line')
    world.cards.close()
    expect(world.began).toEqual([])
    void next
  })

  it('take turns where nobody tells who holds what, and wait until the card shows what was given back', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    const measured = world.measured.bind(world)
    world.measured = () => ({ ...measured(), othersMiB: null, held: new Map() })
    // What it is told comes late, as a driver's figures do.
    const act = world.act.bind(world)
    world.act = (...given) => Promise.resolve(void setTimeout(() => void act(...given), 20))
    for (const id of ['a', 'b', 'a']) (await world.job(id))()
    // Of b nobody knows at first whether it has something loaded.
    expect(world.acts).toEqual(['unload b', 'unload a', 'unload b'])
    const told = await world.cards.describe('GPU-1')
    expect(told?.turns[0]).toMatchObject({ freedMiB: 13_700, leftMiB: null })
  })

  it('have nothing to wait for where each has a card of its own, or none', async () => {
    const world = newWorld({ a: 16_000, b: 14_000 })
    world.services.set('b', { id: 'b', card: 'GPU-2', limitMiB: null, mayStop: false, needMiB: 1 })
    await world.job('a')
    await world.job('b')
    await world.job('nowhere')
    expect(world.acts).toEqual([])
    expect(await world.cards.describe('GPU-3')).toBeNull()
  })
})
