import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDraft } from '../../../renderer/features/studio/edit/mask/draft'
import { applyRuns, createHistory, mostSteps, runsOf } from '../../../renderer/features/studio/edit/mask/history'
import {
  clear,
  coverage,
  createMask,
  fillPolygon,
  fillRectangle,
  invert,
  paintSegment,
  readPixels,
  type Mask,
} from '../../../renderer/features/studio/edit/mask/model'
import { feathered, veilOf } from '../../../renderer/features/studio/edit/mask/pixels'

/** The mask as rows of text. */
const shown = ({ width, height, data }: Mask) =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (data[y * width + x] === 0 ? '.' : '#')).join(''),
  )

const counted = ({ data }: Mask) => data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0)

describe('painting a mask', () => {
  it('draws a round brush where it is put down', () => {
    const mask = createMask(5, 5)
    paintSegment(
      mask,
      [
        { x: 2.5, y: 2.5 },
        { x: 2.5, y: 2.5 },
      ],
      { radius: 2.3, paint: 'add' },
    )
    expect(shown(mask)).toEqual(['.###.', '#####', '#####', '#####', '.###.'])
    expect(mask.set).toBe(21)
  })

  it('leaves no gap in a stroke, however fast it was', () => {
    const mask = createMask(40, 7)
    paintSegment(
      mask,
      [
        { x: 3, y: 3.5 },
        { x: 37, y: 3.5 },
      ],
      { radius: 2, paint: 'add' },
    )
    expect(shown(mask)[3]).toBe(`.${'#'.repeat(38)}.`)
  })

  it('covers what lies within a radius of the line, and nothing else', () => {
    const at = fc.record({ x: fc.integer({ min: -5, max: 35 }), y: fc.integer({ min: -5, max: 35 }) })
    fc.assert(
      fc.property(at, at, fc.integer({ min: 1, max: 9 }), (from, to, radius) => {
        const mask = createMask(30, 30)
        paintSegment(mask, [from, to], { radius, paint: 'add' })
        const length = Math.hypot(to.x - from.x, to.y - from.y)
        const wrong = [...mask.data.entries()].filter(([index, value]) => {
          const [x, y] = [(index % 30) + 0.5, Math.floor(index / 30) + 0.5]
          const along =
            length === 0 ? 0 : ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length ** 2
          const held = Math.min(1, Math.max(0, along))
          const away = Math.hypot(x - from.x - held * (to.x - from.x), y - from.y - held * (to.y - from.y))
          return Math.abs(away - radius) > 1e-6 && (value !== 0) !== away < radius
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('erases as it paints', () => {
    const mask = createMask(9, 9)
    fillRectangle(mask, { left: 0, top: 0, right: 9, bottom: 9 }, 'add')
    paintSegment(
      mask,
      [
        { x: 4.5, y: 4.5 },
        { x: 4.5, y: 4.5 },
      ],
      { radius: 1, paint: 'remove' },
    )
    expect(shown(mask)[4]).toBe('###...###')
    expect(mask.set).toBe(counted(mask))
  })

  it('fills what a lasso goes around, where it crosses itself too, and nothing for a mere line', () => {
    const mask = createMask(6, 4)
    fillPolygon(
      mask,
      [
        { x: 1, y: 1 },
        { x: 5, y: 1 },
        { x: 5, y: 3 },
        { x: 1, y: 3 },
      ],
      'add',
    )
    expect(shown(mask)).toEqual(['......', '.####.', '.####.', '......'])
    const twice = createMask(9, 9)
    const round = [
      { x: 1, y: 1 },
      { x: 8, y: 1 },
      { x: 8, y: 8 },
      { x: 1, y: 8 },
    ]
    fillPolygon(twice, [...round, ...round], 'add')
    expect(twice.set).toBe(49)
    expect(
      fillPolygon(
        mask,
        [
          { x: 0, y: 0 },
          { x: 4, y: 4 },
        ],
        'add',
      ),
    ).toBeNull()
  })

  it('says how much may change, and turns it round', () => {
    const mask = createMask(10, 10)
    fillRectangle(mask, { left: -5, top: 5, right: 99, bottom: 99 }, 'add')
    expect(coverage(mask)).toBe(0.5)
    fillRectangle(mask, { left: 0, top: 5, right: 1, bottom: 10 }, 'remove')
    expect(coverage(mask)).toBe(0.45)
    invert(mask)
    expect(coverage(mask)).toBeCloseTo(0.55)
    expect(counted(mask)).toBe(55)
    clear(mask)
    expect(coverage(mask)).toBe(0)
    expect(fillRectangle(mask, { left: 20, top: 0, right: 30, bottom: 5 }, 'add')).toBeNull()
  })

  it('takes over a mask that was sent: what is bright may change', () => {
    const mask = createMask(2, 1)
    readPixels(mask, Uint8ClampedArray.of(127, 127, 127, 255, 128, 128, 128, 255))
    expect(shown(mask)).toEqual(['.#'])
    expect(mask.set).toBe(1)
  })
})

describe('the steps of a mask', () => {
  const left = { left: 0, top: 0, right: 2, bottom: 4 }

  it('are undone and done again, and forgotten by what is painted instead', () => {
    const mask = createMask(4, 4)
    const history = createHistory(mask)
    expect([history.canUndo, history.undo()]).toEqual([false, null])
    fillRectangle(mask, left, 'add')
    history.keep()
    invert(mask)
    history.keep()
    history.undo()
    expect(shown(mask)[0]).toBe('##..')
    history.undo()
    expect([mask.set, history.canUndo, history.canRedo]).toEqual([0, false, true])
    history.redo()
    history.redo()
    expect(shown(mask)[0]).toBe('..##')
    expect(mask.set).toBe(8)
    history.undo()
    clear(mask)
    history.keep()
    expect([history.canRedo, history.redo()]).toEqual([false, null])
  })

  it('are bounded', () => {
    const mask = createMask(2, 2)
    const history = createHistory(mask)
    for (let n = 0; n < mostSteps + 10; n += 1) {
      invert(mask)
      history.keep()
    }
    let undone = 0
    while (history.undo()) undone += 1
    expect(undone).toBe(mostSteps)
  })

  it('come back as they were, whatever was painted', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 255), { minLength: 12, maxLength: 12 }), (pixels) => {
        const mask = createMask(4, 3)
        mask.data.set(pixels)
        const back = createMask(4, 3)
        applyRuns(back, runsOf(mask))
        expect([...back.data]).toEqual(pixels)
        expect(back.set).toBe(counted(back))
      }),
    )
  })
})

describe('a mask in pixels', () => {
  it('is a veil with a white edge where what may change ends, not where the picture does', () => {
    const mask = createMask(5, 1)
    fillRectangle(mask, { left: 0, top: 0, right: 3, bottom: 1 }, 'add')
    const bytes = veilOf(mask, { left: 0, top: 0, right: 5, bottom: 1 }, 1)
    const alpha = [0, 1, 2, 3, 4].map((x) => bytes[x * 4 + 3])
    expect(alpha).toEqual([150, 150, 255, 0, 0])
  })

  it('is soft to both sides of its edge, and as it was without a feather', () => {
    const mask = createMask(60, 3)
    fillRectangle(mask, { left: 0, top: 0, right: 30, bottom: 3 }, 'add')
    expect(feathered(mask, 0)).toBe(mask.data)
    const row = [...feathered(mask, 12)].slice(60, 120)
    expect([row[0], row[59]]).toEqual([255, 0])
    expect(row.every((value, x) => x === 0 || value <= (row[x - 1] ?? 0))).toBe(true)
    const middle = row[29] ?? 0
    expect(middle).toBeGreaterThan(100)
    expect(middle).toBeLessThan(155)
    expect(row[17]).toBe(255)
    expect(row[42]).toBe(0)
  })
})

describe('a mask that was not sent yet', () => {
  const picture = 'data:image/png;base64,AAAA'
  const draft = JSON.stringify({ source: 'a', sent: 'm', picture })

  it('is read for the source and the mask over which it was painted', () => {
    expect(readDraft(draft, { source: 'a', sent: 'm' })?.picture).toBe(picture)
  })

  it.each([
    ['another source', draft, { source: 'b', sent: 'm' }],
    ['another mask', draft, { source: 'a', sent: null }],
    ['none', null, { source: 'a', sent: 'm' }],
    ['no JSON', '{', { source: 'a', sent: 'm' }],
    ['an address', JSON.stringify({ source: 'a', sent: 'm', picture: '/x.png' }), { source: 'a', sent: 'm' }],
  ])('is left where there is %s', (_, text, of) => {
    expect(readDraft(text, of)).toBeNull()
  })
})
