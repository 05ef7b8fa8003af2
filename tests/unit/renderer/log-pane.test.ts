import { describe, expect, test } from 'vitest'
import { packLines, type LogEvent, type LogLine } from '../../../shared/contract'
import { toText } from '../../../renderer/features/logs/files'
import { createRows, keptRows } from '../../../renderer/features/logs/rows'
import { lookOf, segmentsOf } from '../../../renderer/features/logs/segments'
import { createSelector, indexOfRow, toExpression, type Wanted } from '../../../renderer/features/logs/selection'
import { addReading, seriesOf } from '../../../renderer/features/service-page/stats/points'

const line = (seq: number, more: Partial<LogLine> = {}): LogLine => ({
  seq,
  at: seq * 10,
  stream: 'stdout',
  level: 'info',
  text: `line ${seq}`,
  ...more,
})
const lines = (service: string, ...all: LogLine[]): LogEvent => ({ type: 'lines', service, lines: packLines(all) })
const texts = (rows: readonly { text: string }[]) => rows.map(({ text }) => text)

describe('the lines of a page', () => {
  test('of several services stand in the order of their times, however late they come', () => {
    const rows = createRows()
    rows.take([lines('a', line(1), line(3)), lines('b', line(2, { text: 'b' }))])
    rows.take([lines('b', line(4, { at: 15, text: 'late' }))])

    expect(texts(rows.rows())).toEqual(['line 1', 'late', 'b', 'line 3'])
    expect(rows.rows().map(({ place }) => place)).toEqual([0, 1, 2, 3])
  })

  test('a line that comes again under its number takes the place of the former', () => {
    const rows = createRows()
    rows.take([lines('a', line(1), line(2, { text: '10 %', styles: [[0, '31']] }))])
    rows.take([lines('a', line(3))])

    rows.take([lines('a', line(2, { text: '20 %' }))])

    expect(texts(rows.rows())).toEqual(['line 1', '20 %', 'line 3'])
    expect(rows.rows()[1]?.styles).toBeUndefined()
  })

  test('are bounded, and say how many are gone', () => {
    const rows = createRows()
    rows.take([lines('a', ...Array.from({ length: keptRows + 5 }, (_, n) => line(n)))])

    expect([rows.rows().length, rows.removed(), rows.rows()[0]?.place]).toEqual([keptRows, 5, 5])
  })

  test('know whether more can come', () => {
    const rows = createRows()
    rows.take([{ type: 'source', service: 'a', source: { state: 'stopped' } }])

    expect(rows.source('a')).toEqual({ state: 'stopped' })
  })
})

describe('choosing lines', () => {
  const everything: Wanted = { level: 'all', hidden: new Set(), find: null, onlyFound: false, version: 0 }

  test('only what is wanted is shown, and what is new is added to it', () => {
    const rows = createRows()
    const select = createSelector(rows)
    rows.take([lines('a', line(1), line(2, { level: 'error' })), lines('b', line(3, { level: 'warn' }))])
    const warnings: Wanted = { ...everything, level: 'warnings' }

    expect(texts(select(warnings).rows)).toEqual(['line 2', 'line 3'])
    rows.take([lines('a', line(5, { level: 'error' }))])
    expect(texts(select({ ...warnings, version: 1 }).rows)).toEqual(['line 2', 'line 3', 'line 5'])
    expect(texts(select({ ...everything, level: 'errors' }).rows)).toEqual(['line 2', 'line 5'])
    expect(texts(select({ ...everything, hidden: new Set(['a']) }).rows)).toEqual(['line 3'])
  })

  test('Regie’s own lines can be shown alone, and what a search finds', () => {
    const rows = createRows()
    const select = createSelector(rows)
    rows.take([lines('a', line(1, { text: 'Low VRAM' }), line(2, { stream: 'panel', text: 'Started' }), line(3))])
    const find = toExpression('vram', false)
    if (!(find instanceof RegExp)) throw new Error('no expression')

    expect(texts(select({ ...everything, level: 'panel' }).rows)).toEqual(['Started'])
    expect(texts(select({ ...everything, find, onlyFound: true }).rows)).toEqual(['Low VRAM'])
    expect(texts(select({ ...everything, onlyFound: true }).rows)).toEqual(['Low VRAM', 'Started', 'line 3'])
    expect(texts(select({ ...everything, find }).rows)).toHaveLength(3)
  })

  test('what is found is found in new lines too, and forgotten with those that are dropped', () => {
    const rows = createRows()
    const select = createSelector(rows)
    const find = toExpression('LINE 1', false)
    if (!(find instanceof RegExp)) throw new Error('no expression')
    const want = { ...everything, find }
    rows.take([lines('a', line(1), line(2), line(10))])

    expect(texts(select(want).found)).toEqual(['line 1', 'line 10'])
    rows.take([lines('a', ...Array.from({ length: keptRows }, (_, n) => line(n + 11, { text: 'x' })))])
    expect(select(want).found).toEqual([])
    expect(select(want).removed).toBe(3)
  })

  test('a line is found again by its place', () => {
    const rows = createRows()
    rows.take([lines('a', line(1), line(2), line(3))])

    expect([0, 2, 7].map((place) => indexOfRow(rows.rows(), place))).toEqual([0, 2, -1])
  })

  test('text is taken literally unless it is an expression, and a bad one is told', () => {
    const literal = toExpression('a.b(', false)

    expect(literal instanceof RegExp && 'xA.B(y'.search(literal)).toBe(1)
    expect(toExpression('step \\d+', true)).toBeInstanceOf(RegExp)
    expect([toExpression('(', true), toExpression(' ', false), toExpression('x*', true)]).toEqual([
      'invalid',
      null,
      null,
    ])
  })
})

describe('a line on screen', () => {
  test('is cut at colours, hits and secrets', () => {
    const segments = segmentsOf(
      {
        text: 'red key [secret 0123456789ab] end',
        styles: [
          [0, '31'],
          [3, ''],
        ],
      },
      /e/giu,
    )

    expect(segments.map(({ kind, text, style }) => [kind, text, style])).toEqual([
      ['text', 'r', '31'],
      ['found', 'e', '31'],
      ['text', 'd', '31'],
      ['text', ' k', ''],
      ['found', 'e', ''],
      ['text', 'y ', ''],
      ['secret', '0123456789ab', ''],
      ['text', ' ', ''],
      ['found', 'e', ''],
      ['text', 'nd', ''],
    ])
  })

  test('colours are the theme’s, of 256, or mixed', () => {
    expect(lookOf('1;31')).toEqual({ marks: ['bold'], colour: 'red' })
    expect(lookOf('38;5;208;48;2;1;2;3')).toEqual({ marks: [], colour: 'rgb(255 135 0)', background: 'rgb(1 2 3)' })
    expect(lookOf('4;97;100')).toEqual({ marks: ['underline'], colour: 'white', background: 'black' })
  })

  test('a file of several services names them', () => {
    const one = { ...line(0), service: 'a' }

    expect(toText([one])).toBe('1970-01-01T00:00:00.000Z stdout info line 0\n')
    expect(toText([one, { ...one, service: 'b' }]).split('\n')[1]).toBe('1970-01-01T00:00:00.000Z b stdout info line 0')
  })
})

describe('charts of what a container uses', () => {
  const reading = (at: number) => ({
    at,
    cpuPct: at,
    memoryBytes: null,
    memoryLimitBytes: null,
    receivedPerS: null,
    sentPerS: null,
    readPerS: null,
    writtenPerS: null,
  })

  test('a live reading is added, or takes the place of its step', () => {
    const once = addReading([], reading(10_200), '2h')
    const twice = addReading(once, reading(11_000), '2h')

    expect(twice).toEqual([{ ...reading(11_000), at: 10_000, spanMs: 10_000 }])
    expect(addReading(twice, reading(20_500), '2h')).toHaveLength(2)
  })

  test('a time in which nothing was measured is a hole', () => {
    const points = [0, 1_000, 9_000].map((at) => ({ ...reading(at), spanMs: 1_000 }))

    expect(seriesOf(points, ['cpuPct'])).toEqual({ times: [0, 1_000, 2_000, 9_000], values: [[0, 1_000, null, 9_000]] })
  })
})
