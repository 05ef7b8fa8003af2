import { describe, expect, test } from 'vitest'
import { Automatic } from '../../../electron/golden/automatic'
import type { GoldenSettings, Service, ServiceLoad } from '../../../shared/contract'
import { handClock } from '../../support/hand-clock'
import { until } from '../../support/until'

const dayMs = 24 * 3_600_000

/** One service, and a schedule that acts on it. */
function world(settings: Partial<GoldenSettings>) {
  const clock = handClock(10 * dayMs)
  const state = {
    health: 'ready' as Service['health']['state'],
    operation: null as Service['operation'],
    load: 'idle' as ServiceLoad['state'],
    inLine: 0,
    beside: { all: 0, waiting: 0 },
    lastAt: null as number | null,
    isRunning: false,
  }
  const ran: string[] = []
  const yielded: string[] = []
  let end: (how: 'passed' | 'cancelled') => void = () => undefined
  const service = () => ({ id: 's', operation: state.operation, health: { state: state.health } }) as Service // all that is read
  const automatic = new Automatic({
    services: () => [service()],
    settings: () => ({ afterStart: false, afterUpdate: false, daily: false, params: {}, ...settings }),
    lastAt: () => state.lastAt,
    isRunning: () => state.isRunning,
    run(_id, trigger) {
      ran.push(trigger)
      state.isRunning = true
      return new Promise((resolve) => {
        end = (how) => {
          state.isRunning = false
          if (how === 'passed') state.lastAt = clock.now()
          resolve(how)
        }
      })
    },
    yield: (id) => void yielded.push(id),
    cards: { countOn: () => state.inLine, beside: () => state.beside },
    loadOf: () => Promise.resolve({ state: state.load } as ServiceLoad), // all that is read
    changed: () => undefined,
    clock,
    reportBug(error) {
      throw error
    },
  })
  const hear = (change: Partial<typeof state>) => {
    Object.assign(state, change)
    automatic.hear({ type: 'service', service: service() })
  }
  return { automatic, state, ran, yielded, clock, hear, end: (how: 'passed' | 'cancelled') => end(how) }
}

/** Resolves when all that was begun has had its turn. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a check that nobody asks for', () => {
  test('runs after a start that went well, where that is wished, and only once', async () => {
    const { hear, ran, end } = world({ afterStart: true })
    hear({ operation: 'start', health: 'starting' })
    hear({ operation: null, health: 'ready' })
    await until('it runs', () => ran.length > 0)
    expect(ran).toEqual(['start'])
    end('passed')
    hear({})
    await settled()
    expect(ran).toEqual(['start'])
  })

  test('does not run after a start where that is not wished', async () => {
    const { hear, ran, automatic } = world({})
    hear({ operation: 'start', health: 'starting' })
    hear({ operation: null, health: 'ready' })
    automatic.look()
    await settled()
    expect(ran).toEqual([])
  })

  test('runs daily, a day after the last one', async () => {
    const { automatic, ran, state, clock } = world({ daily: true })
    state.lastAt = clock.now() - dayMs + 1000
    automatic.look()
    await settled()
    expect(ran).toEqual([])
    state.lastAt = clock.now() - dayMs
    automatic.look()
    await until('it runs', () => ran.length > 0)
    expect(ran).toEqual(['daily'])
  })

  test.each([
    ['sleeps', { health: 'stopped' }, 'golden.not-ready'],
    ['is being restarted', { operation: 'restart' }, 'golden.not-ready'],
    ['has a job in line', { inLine: 1 }, 'golden.others-work'],
    ['works for others', { load: 'busy' }, 'golden.others-work'],
    ['does not tell', { load: 'unknown' }, 'golden.others-work'],
  ] as const)('waits while its service %s, and says so', async (_what, change, problem) => {
    const { automatic, ran, state } = world({ daily: true })
    Object.assign(state, change)
    automatic.look()
    await until('it says why', () => automatic.waits('s') !== null)
    expect(automatic.waits('s')?.problem).toBe(problem)
    expect(ran).toEqual([])
  })

  test('makes room for whoever comes behind it, and is due again', async () => {
    const { automatic, ran, yielded, state, clock, end } = world({ daily: true })
    automatic.look()
    await until('it runs', () => ran.length > 0)
    state.inLine = 1
    clock.moveTo(clock.now() + 1_000)
    expect(yielded).toEqual([])
    state.inLine = 2
    clock.moveTo(clock.now() + 1_000)
    expect(yielded).toEqual(['s'])
    end('cancelled')
    state.inLine = 0
    await settled()
    automatic.look()
    await until('it runs again', () => ran.length > 1)
    expect(ran).toEqual(['daily', 'daily'])
  })

  test('neither begins nor goes on before work of another service of its card', async () => {
    const { automatic, ran, yielded, state, clock } = world({ daily: true })
    state.beside = { all: 1, waiting: 0 }
    automatic.look()
    await until('it says why', () => automatic.waits('s')?.problem === 'golden.others-work')
    expect(ran).toEqual([])
    state.beside = { all: 0, waiting: 0 }
    automatic.look()
    await until('it runs', () => ran.length > 0)
    state.beside = { all: 1, waiting: 1 }
    clock.moveTo(clock.now() + 1_000)
    expect(yielded).toEqual(['s'])
  })

  test('begins nothing once it is closed', async () => {
    const { automatic, ran } = world({ daily: true })
    automatic.close()
    automatic.look()
    await settled()
    expect(ran).toEqual([])
  })
})
