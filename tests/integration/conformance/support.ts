import { describe, expect, test } from 'vitest'
import { skipReason, runRow } from '../../conformance/play'
import type { Table, World } from '../../conformance/row'
import { long } from '../../support/long'

/** Starts a simulator in one state, and looks at it as at a real installation. It ends with the test that started it. */
export interface State<W extends World> {
  name: string
  start: () => Promise<W>
  /** Its rows are asked in other states as well, which have their turn in every run. */
  atNight?: true
}

const options = { allowChanges: true, timeoutMs: 30_000 }

/**
 * Asks a simulator in each of its states every row that fits, one installation a table, as the real ones are asked.
 * A row that fits no state tests nothing, and fails.
 */
export function describeConformance<W extends World>(tables: readonly Table<W>[], states: readonly State<W>[]) {
  const asked = new Set<string>()
  for (const state of states)
    describe(state.name, state.atNight ? long : {}, () => {
      for (const { title, rows } of tables)
        test(title, async () => {
          const world = await state.start()
          const differing: string[] = []
          for (const row of rows) {
            if (skipReason(row, world, true) !== null) continue
            asked.add(`${title}: ${row.what}`)
            const result = await runRow(row, world, options)
            if (result.is === 'differs') differing.push(`${row.what}\n    ${result.differences.join('\n    ')}`)
          }
          expect(differing).toEqual([])
        })
    })
  test('every row was asked in some state', () => {
    const all = tables.flatMap(({ title, rows }) => rows.map(({ what }) => `${title}: ${what}`))
    expect(all.filter((row) => !asked.has(row))).toEqual([])
    expect(new Set(all).size).toBe(all.length)
  })
}
