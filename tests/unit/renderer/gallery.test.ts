import { describe, expect, it } from 'vitest'
import { isFiltering, itemsOf, neighbour, noFilter, pageInput } from '../../../renderer/features/gallery/pages'
import { columnsFor, dayWord, toRows } from '../../../renderer/features/gallery/rows'
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

  it('stand under their day, as many side by side as there are columns', () => {
    const rows = toRows(items, 2, false)
    expect(rows.map((row) => (row.type === 'day' ? row.count : row.items.map(({ id }) => id)))).toEqual([
      3,
      ['e', 'd'],
      ['c'],
      1,
      ['b'],
    ])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })

  it('do not claim to know the number of the last day while more can be loaded', () => {
    const complete = (hasMore: boolean) =>
      toRows(items, 2, hasMore).flatMap((row) => (row.type === 'day' ? [row.complete] : []))
    expect(complete(true)).toEqual([true, false])
    expect(complete(false)).toEqual([true, true])
  })

  it('are empty without pictures', () => {
    expect(toRows([], 4, false)).toEqual([])
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
    expect(pageInput(noFilter, undefined)).toEqual({ limit: 100 })
    expect(pageInput({ search: ' lake ', serviceId: 'forge', state: 'failed' }, 'next')).toEqual({
      limit: 100,
      cursor: 'next',
      search: 'lake',
      serviceId: 'forge',
      state: 'failed',
    })
    expect(isFiltering({ ...noFilter, search: '  ' })).toBe(false)
    expect(isFiltering({ ...noFilter, state: 'failed' })).toBe(true)
  })

  it('has neighbours, and none beyond its ends', () => {
    const items = [generation('a', 3), generation('b', 2)]
    expect(neighbour(items, 'a', 1)?.id).toBe('b')
    expect(neighbour(items, 'a', -1)).toBeUndefined()
    expect(neighbour(items, 'b', 4)).toBeUndefined()
    expect(neighbour(items, 'gone', 1)).toBeUndefined()
  })
})
