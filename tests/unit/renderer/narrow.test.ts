import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { worstOf } from '../../../renderer/app/narrow/worst'
import { narrowBelow } from '../../../renderer/ui/narrow'

const renderer = path.resolve(import.meta.dirname, '../../../renderer')

/** Every condition on the window's size in the style sheets, as `file: (width < 768px)`. */
const conditions = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.css'))
  .flatMap((file) =>
    [...readFileSync(path.join(renderer, file), 'utf8').matchAll(/@media ([^{]+)\{/g)].flatMap(([, query = '']) =>
      [...query.matchAll(/\([^)]*(?:width|height)[^)]*\)/g)].map(([condition]) => ({ file, condition })),
    ),
  )

/** Widths of the middle are other steps of the same layout. */
const middleFrom = 1000

describe('narrow', () => {
  test('is the same width in the style sheets as in the code, and nothing else is called so', () => {
    const narrow = conditions
      .filter(({ condition }) => condition.includes('width'))
      .filter(({ condition }) => [...condition.matchAll(/(\d+)px/g)].some(([, px]) => Number(px) < middleFrom))
    expect(narrow.length).toBeGreaterThan(10)
    const allowed = [`(width < ${narrowBelow}px)`, `(${narrowBelow}px <= width`]
    expect(narrow.filter(({ condition }) => !allowed.some((start) => condition.startsWith(start)))).toEqual([])
  })

  test('short is one height in all style sheets', () => {
    const short = conditions.filter(({ condition }) => condition.includes('height <'))
    expect(new Set(short.map(({ condition }) => condition))).toEqual(new Set(['(height < 520px)']))
  })

  test('what stands behind More is counted together, under the sign of the worst', () => {
    expect(worstOf([])).toBeUndefined()
    expect(
      worstOf([
        { of: 'due', count: 2, text: 'two are due' },
        { of: 'unhealthy', count: 1, text: 'one is unhealthy' },
      ]),
    ).toEqual({ of: 'unhealthy', count: 3, text: 'two are due, one is unhealthy' })
  })
})
