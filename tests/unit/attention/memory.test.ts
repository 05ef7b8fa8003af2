import { describe, expect, it } from 'vitest'
import { told } from '../../../electron/attention/items'
import { emptyState, take, untilOf, weightOf, type AttentionState } from '../../../electron/attention/memory'
import type { AttentionItem } from '../../../shared/contract'

const ill = (more: Partial<AttentionItem> = {}): AttentionItem => ({
  ...told({
    id: 'service a',
    kind: 'service-unhealthy',
    subject: 'a',
    urgent: true,
    leadsTo: { page: 'services', id: 'a' },
  }),
  ...more,
})
const due = told({ id: 'due k', kind: 'rotation-due', subject: 'k', leadsTo: { page: 'credentials', id: 'k' } })

interface Asked {
  unknown?: { kinds: AttentionItem['kind'][]; services: string[] }
  muted?: string[]
  isSettled?: boolean
}

/** A memory that is looked at again and again. */
function remembering(state: AttentionState = emptyState) {
  let now = state
  return {
    look(at: number, items: AttentionItem[], { unknown, muted = [], isSettled = true }: Asked = {}) {
      const found = { items, unknown: unknown ?? { kinds: [], services: [] } }
      const taken = take(now, { found, muted: new Set(muted), now: at, isSettled })
      now = taken.state
      return { ...taken, ids: taken.items.map(({ id }) => id), aside: taken.snoozed.map(({ id }) => id) }
    },
    snooze(item: AttentionItem, until: number | null, since = 0) {
      const snooze = { id: 's', about: item.id, since, until, as: weightOf(item) }
      now = { ...now, snoozes: [...now.snoozes, snooze] }
    },
    state: () => now,
  }
}

describe('what the panel remembers of what needs attention', () => {
  it('is since when it was seen, in the group of what is asked', () => {
    const memory = remembering()
    expect(memory.look(10, [ill()])).toMatchObject({ isNews: true, items: [{ seenAt: 10, group: 'blocks' }] })
    const next = memory.look(20, [ill(), due])
    expect(next.items.map(({ seenAt, group }) => [seenAt, group])).toEqual([
      [10, 'blocks'],
      [20, 'soon'],
    ])
    expect(memory.look(30, [ill(), due]).isNews).toBe(false)
  })

  it('is when it was over, for how long, and not while that cannot be told', () => {
    const memory = remembering()
    memory.look(10_000, [ill()])
    for (const asked of [
      { unknown: { kinds: [], services: ['a'] } },
      { unknown: { kinds: ['service-unhealthy' as const], services: [] } },
      { isSettled: false },
    ])
      expect(memory.look(20_000, [], asked).state.resolved).toEqual([])
    expect(memory.look(30_000, []).state.resolved).toMatchObject([{ id: 'service a', seenAt: 10_000, overAt: 30_000 }])
    // A muted service is not over, nor is what nobody could see.
    memory.look(40_000, [ill()])
    expect(memory.look(50_000, [], { muted: ['a'] }).state.resolved).toHaveLength(1)
    memory.look(60_000, [ill()])
    expect(memory.look(60_500, []).state.resolved).toHaveLength(1)
  })

  it('is bounded: 200 things, seven days', () => {
    const memory = remembering()
    const many = Array.from({ length: 250 }, (_, n) => ill({ id: `service ${n}` }))
    memory.look(0, many)
    expect(memory.look(10_000, []).state.resolved).toHaveLength(200)
    expect(memory.look(10_000 + 7 * 24 * 3600_000, []).state.resolved).toHaveLength(0)
  })
})

describe('something put aside', () => {
  it('is counted nowhere until its time comes', () => {
    const memory = remembering()
    memory.look(0, [ill(), due])
    memory.snooze(due, 100)
    expect(memory.look(50, [ill(), due])).toMatchObject({ ids: ['service a'], aside: ['due k'] })
    // It goes and comes, and stays aside.
    memory.look(60, [ill()])
    expect(memory.look(70, [ill(), due]).aside).toEqual(['due k'])
    expect(memory.look(100, [ill(), due])).toMatchObject({ ids: ['service a', 'due k'], aside: [], isNews: true })
  })

  it('comes back where the clock by which it was put aside was wrong', () => {
    const memory = remembering()
    const year = 365 * 24 * 3600_000
    memory.look(year, [due])
    memory.snooze(due, year + 3600_000, year)
    expect(memory.look(year - 60_000, [due]).ids).toEqual([])
    expect(memory.look(1000, [due])).toMatchObject({ ids: ['due k'], aside: [], isNews: true })
  })

  it.each<[string, Partial<AttentionItem>]>([
    ['blocks work', { urgent: true }],
    ['is about more', { count: 3 }],
    ['is something else', { kind: 'service-locked-out' }],
  ])('comes back at once when it %s', (_, worse) => {
    const memory = remembering()
    const before = ill({ urgent: false, count: 2 })
    memory.look(0, [before])
    memory.snooze(before, 1000)
    expect(memory.look(1, [ill({ urgent: false, count: 1 })]).ids).toEqual([])
    expect(memory.look(2, [{ ...before, ...worse }]).ids).toEqual(['service a'])
    expect(memory.state().snoozes).toEqual([])
  })

  it('until it is otherwise comes back with any change, and is forgotten when it is over', () => {
    const memory = remembering()
    const two = ill({ urgent: false, count: 2 })
    memory.look(0, [two])
    memory.snooze(two, null)
    expect(memory.look(1, [two]).ids).toEqual([])
    expect(memory.look(2, [ill({ urgent: false, count: 1 })]).ids).toEqual(['service a'])
    memory.look(3, [two])
    memory.snooze(two, null)
    memory.look(4, [], { unknown: { kinds: [], services: ['a'] } })
    expect(memory.state().snoozes).toHaveLength(1)
    memory.look(5000, [])
    expect(memory.state().snoozes).toEqual([])
  })

  it('lasts an hour, until eight the next morning by the machine’s clock, or without an end', () => {
    const at = new Date(2026, 10, 27, 14, 30).getTime()
    expect(untilOf('hour', at)).toBe(at + 3600_000)
    expect(untilOf('tomorrow', at)).toBe(new Date(2026, 10, 28, 8).getTime())
    expect(untilOf('tomorrow', new Date(2026, 10, 30, 0, 5).getTime())).toBe(new Date(2026, 11, 1, 8).getTime())
    expect(untilOf('change', at)).toBeNull()
  })
})
