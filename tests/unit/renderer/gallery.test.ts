import { describe, expect, it } from 'vitest'
import { boundsOf } from '../../../renderer/features/gallery/days'
import { askedOf, isFiltering, itemsOf, neighbour, noFilter, pageInput } from '../../../renderer/features/gallery/pages'
import { byDay, columnsFor, dayWord, daysLeft, toRows } from '../../../renderer/features/gallery/rows'
import {
  extended,
  nothingSelected,
  ownOf,
  selected,
  toggled,
  without,
} from '../../../renderer/features/gallery/selection'
import type { Generation } from '../../../shared/contract'

const at = (day: number, hour: number) => new Date(2026, 2, day, hour).getTime()

const generation = (id: string, createdAt: number, part: Partial<Generation> = {}): Generation => ({
  id,
  by: 'admin',
  serviceId: 'forge',
  kind: 'forge',
  simulated: true,
  state: 'succeeded',
  params: { prompt: 'a lake', seed: 4 },
  progress: { phase: 'done', fraction: 1, step: null, steps: null, queuePosition: null },
  images: [{ id: `${id}-0`, width: 512, height: 512, bytes: 1, mime: 'image/png' }],
  timings: { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null },
  cached: false,
  warnings: [],
  createdAt,
  startedAt: null,
  finishedAt: null,
  ...part,
})

describe('lines of the gallery', () => {
  const items = [
    generation('e', at(10, 15)),
    generation('d', at(10, 14)),
    generation('c', at(10, 1)),
    generation('b', at(9, 23)),
  ]

  const byDays = (columns: number, hasMore = false) => toRows(items, columns, { hasMore, group: byDay })

  it('stand under their day, as many side by side as there are columns', () => {
    const rows = byDays(2)
    expect(rows.map((row) => (row.type === 'head' ? row.count : row.items.map(({ id }) => id)))).toEqual([
      3,
      ['e', 'd'],
      ['c'],
      1,
      ['b'],
    ])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })

  it('have no heads where the order is not that of days', () => {
    expect(toRows(items, 3, { hasMore: false, group: null }).map(({ type }) => type)).toEqual(['pictures', 'pictures'])
  })

  it('do not claim to know the number of the last day while more can be loaded', () => {
    const complete = (hasMore: boolean) =>
      byDays(2, hasMore).flatMap((row) => (row.type === 'head' ? [row.complete] : []))
    expect(complete(true)).toEqual([true, false])
    expect(complete(false)).toEqual([true, true])
  })

  it('are empty without pictures', () => {
    expect(toRows([], 4, { hasMore: false, group: byDay })).toEqual([])
  })

  it('always have a column, and count the gaps', () => {
    expect(columnsFor(0, 148, 12)).toBe(1)
    expect(columnsFor(307, 148, 12)).toBe(1)
    expect(columnsFor(308, 148, 12)).toBe(2)
  })
})

describe('the word for a day', () => {
  it('follows the calendar, also where the clocks change in between', () => {
    const noon = new Date(2026, 2, 30, 0, 30).getTime()
    expect(dayWord(new Date(2026, 2, 30, 0, 1).getTime(), noon)).toBe('today')
    expect(dayWord(new Date(2026, 2, 29, 0, 1).getTime(), noon)).toBe('yesterday')
    expect(dayWord(new Date(2026, 2, 28, 23, 59).getTime(), noon)).toBe('earlier')
  })
})

describe('what is loaded', () => {
  it('names each picture once, though pages overlap', () => {
    const [a, b, c] = [generation('a', 3), generation('b', 2), generation('c', 1)]
    const pages = [
      { items: [a, b], nextCursor: 'x' },
      { items: [b, c], nextCursor: null },
    ]
    expect(itemsOf({ pages, pageParams: [undefined, 'x'] }).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(itemsOf(undefined)).toEqual([])
  })

  it('is asked for with what the filter says and nothing else', () => {
    const now = new Date(2026, 10, 29, 12).getTime()
    expect(askedOf(noFilter, now)).toEqual({ show: 'images' })
    const filter = { ...noFilter, search: ' lake ', serviceId: 'forge', model: 'm', tag: 'print', favourite: true }
    expect(pageInput(askedOf(filter, now), 'oldest', 'next')).toEqual({
      limit: 100,
      cursor: 'next',
      order: 'oldest',
      show: 'images',
      search: 'lake',
      serviceId: 'forge',
      model: 'm',
      tag: 'print',
      favourite: true,
    })
    expect(isFiltering({ ...noFilter, search: '  ' })).toBe(false)
    expect(isFiltering({ ...noFilter, tag: 'print' })).toBe(true)
    expect(isFiltering({ ...noFilter, show: 'ended' })).toBe(false)
  })

  it('is of calendar days: the last ones, or from one to another', () => {
    const now = new Date(2026, 10, 29, 12).getTime()
    const day = (month: number, date: number) => new Date(2026, month, date).getTime()
    expect(boundsOf({ kind: 'today' }, now)).toEqual({ from: day(10, 29) })
    expect(boundsOf({ kind: 'week' }, now)).toEqual({ from: day(10, 23) })
    expect(boundsOf({ kind: 'month' }, now)).toEqual({ from: day(9, 31) })
    const custom = (first: string, last: string) => boundsOf({ kind: 'custom', first, last }, now)
    // The last day counts whole, also where the clocks change on it.
    expect(custom('2026-10-25', '2026-10-25')).toEqual({ from: day(9, 25), to: day(9, 26) })
    expect(custom('', '2026-11-01')).toEqual({ to: day(10, 2) })
    expect(custom('soon', '')).toEqual({})
  })

  it('has neighbours, and none beyond its ends', () => {
    const items = [generation('a', 3), generation('b', 2)]
    expect(neighbour(items, 'a', 1)?.id).toBe('b')
    expect(neighbour(items, 'a', -1)).toBeUndefined()
    expect(neighbour(items, 'b', 4)).toBeUndefined()
    expect(neighbour(items, 'gone', 1)).toBeUndefined()
  })
})

describe('what is chosen', () => {
  const order = ['a', 'b', 'c', 'd', 'e']
  const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join('')

  it('grows and shrinks one by one', () => {
    const two = toggled(toggled(nothingSelected, 'b'), 'd')
    expect(ids(two)).toBe('bd')
    expect(ids(toggled(two, 'b'))).toBe('d')
  })

  it('is a range from the last one that was touched, in both directions, and keeps what was chosen before', () => {
    const from = toggled(toggled(nothingSelected, 'a'), 'c')
    expect(ids(extended(from, 'e', order))).toBe('acde')
    expect(ids(extended(extended(from, 'e', order), 'b', order))).toBe('abcde')
    expect(ids(extended(nothingSelected, 'c', order))).toBe('c')
    // What the range began with has gone meanwhile.
    expect(ids(extended(toggled(nothingSelected, 'gone'), 'b', order))).toBe('bgone')
  })

  it('is all, and loses what is taken away', () => {
    const all = selected(order)
    expect(ids(all)).toBe('abcde')
    expect(without(all, ['a', 'c'])).toEqual({ ids: new Set(['b', 'd', 'e']), anchor: null })
  })
})

describe('the days that something in the bin has left', () => {
  it('are whole days, begun ones too, and never less than none', () => {
    const day = 24 * 60 * 60_000
    expect([30 * day, 29 * day + 1, day, 1, 0, -day].map((ms) => daysLeft(1e12 + ms, 1e12))).toEqual([
      30, 30, 1, 1, 0, 0,
    ])
  })
})

describe('what a user may delete of what he chose', () => {
  it('is his own: as it is loaded, or else as the panel names it', () => {
    const loaded = [generation('a', 1, { by: 'user' }), generation('b', 2)]
    const own = ownOf(['a', 'b', 'c', 'd'], loaded, ['b', 'c'], ({ by }) => by === 'user')
    expect(own).toEqual(['a', 'c'])
    expect(ownOf(['b'], loaded, [], ({ by }) => by === 'user')).toEqual([])
  })
})
