import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { around, indexOf, placesOf } from '../../../renderer/features/gallery/view/places'
import {
  fit,
  fitScale,
  nextStep,
  panned,
  placed,
  seenPart,
  zoomedTo,
} from '../../../renderer/features/gallery/view/zoom'

const image = { width: 1000, height: 500 }
const stage = { width: 500, height: 500 }
const sizes = { image, stage }

describe('how an image is looked at', () => {
  it('fits whole into its stage at first', () => {
    expect(placed(fit, image, stage)).toEqual({ scale: 0.5, x: 0, y: 0 })
    expect(fitScale({ width: 0, height: 0 }, stage)).toBe(1)
  })

  it('zooms to the pointer: what is under it stays there', () => {
    // An image of the stage's form leaves no gap that it would have to move for.
    const side = fc.integer({ min: 100, max: 3000 })
    const at = fc.integer({ min: -100, max: 100 })
    fc.assert(
      fc.property(side, at, at, fc.double({ min: 2, max: 16, noNaN: true }), (width, x, y, scale) => {
        const both = { image: { width, height: width }, stage: { width: 200, height: 200 } }
        const before = fitScale(both.image, both.stage)
        const after = placed(zoomedTo(fit, Math.max(scale, before), { x, y }, both), both.image, both.stage)
        expect((x - after.x) / after.scale).toBeCloseTo(x / before, 6)
        expect((y - after.y) / after.scale).toBeCloseTo(y / before, 6)
      }),
    )
  })

  it('never leaves a gap beside an image that is larger than its stage, nor loses one out of sight', () => {
    const by = fc.record({ x: fc.integer(), y: fc.integer() })
    fc.assert(
      fc.property(by, fc.double({ min: 0.01, max: 40, noNaN: true }), (way, scale) => {
        const {
          scale: now,
          x,
          y,
        } = placed(panned(zoomedTo(fit, scale, { x: 0, y: 0 }, sizes), way, sizes), image, stage)
        expect(Math.abs(x)).toBeLessThanOrEqual(Math.max(0, (image.width * now - stage.width) / 2))
        expect(Math.abs(y)).toBeLessThanOrEqual(Math.max(0, (image.height * now - stage.height) / 2))
        expect(now).toBeLessThanOrEqual(16)
      }),
    )
  })

  it('goes through round scales', () => {
    expect([nextStep(0.54, 1), nextStep(0.54, -1), nextStep(1, 1), nextStep(16, 1), nextStep(0.1, -1)]).toEqual([
      0.75, 0.5, 1.5, 16, 0.05,
    ])
  })

  it('tells which part is seen', () => {
    expect(seenPart(fit, image, stage)).toEqual({ left: 0, top: 0, width: 1, height: 1 })
    const right = panned(zoomedTo(fit, 1, { x: 0, y: 0 }, sizes), { x: -9999, y: 0 }, sizes)
    expect(seenPart(right, image, stage)).toEqual({ left: 0.5, top: 0, width: 0.5, height: 1 })
  })
})

describe('the images that are gone through', () => {
  const generation = (id: string, images: number) => ({ id, images: Array.from({ length: images }, () => id) })
  const items = [generation('a', 1), generation('b', 0), generation('c', 2)]

  it('are all of all generations, and none of those without', () => {
    const places = placesOf(items)
    expect(places.map(({ id, index }) => `${id}${index}`)).toEqual(['a0', 'c0', 'c1'])
    expect(indexOf(places, { id: 'c', index: 1 })).toBe(2)
    expect(indexOf(places, { id: 'b', index: 0 })).toBe(-1)
  })

  it('stand around the one that is shown, a full strip also at the ends', () => {
    const places = Array.from({ length: 20 }, (_, index) => ({ id: 'x', index }))
    const numbers = (at: number) => around(places, at, 2).map(({ index }) => index)
    expect([numbers(10), numbers(0), numbers(19)]).toEqual([
      [8, 9, 10, 11, 12],
      [0, 1, 2, 3, 4],
      [15, 16, 17, 18, 19],
    ])
  })
})
