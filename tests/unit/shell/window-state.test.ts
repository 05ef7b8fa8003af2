import { describe, expect, it } from 'vitest'
import { restoreWindow } from '../../../electron/shell/window-state'

const primary = { x: 0, y: 0, width: 1920, height: 1040 }
const left = { x: -2560, y: -200, width: 2560, height: 1400 }
const saved = (bounds: Partial<typeof primary>, maximized = false) => ({
  bounds: { x: 200, y: 100, width: 1400, height: 900, ...bounds },
  maximized,
})

describe('the window’s place', () => {
  it('is where it was left', () => {
    expect(restoreWindow(saved({}), [primary])).toEqual({
      bounds: { x: 200, y: 100, width: 1400, height: 900 },
      maximized: false,
    })
  })

  it('is on a second screen left of and above the primary one, while that is there', () => {
    const state = saved({ x: -1800, y: -150 })
    expect(restoreWindow(state, [primary, left]).bounds).toMatchObject({ x: -1800, y: -150 })
    expect(restoreWindow(state, [primary]).bounds).toEqual({ width: 1400, height: 900 })
  })

  it.each([
    ['beside the screen', { x: 5000 }],
    ['with its title bar above the screen', { y: -60 }],
    ['with its title bar below the screen', { y: 1035 }],
    ['with a sliver on the screen', { x: 1900 }],
  ])('is not remembered %s', (_where, bounds) => {
    expect(restoreWindow(saved(bounds), [primary]).bounds).toEqual({ width: 1400, height: 900 })
  })

  it('is full screen again after it was maximised', () => {
    expect(restoreWindow(saved({}, true), [primary]).maximized).toBe(true)
  })

  it('is no larger than the screen and no smaller than the panel can bear', () => {
    expect(restoreWindow(saved({ width: 4000, height: 3000 }), [primary]).bounds).toMatchObject({
      width: 1920,
      height: 1040,
    })
    expect(restoreWindow(saved({ width: 200, height: 90 }), [primary]).bounds).toMatchObject({
      width: 1024,
      height: 700,
    })
  })

  it.each([
    undefined,
    null,
    'wide',
    { bounds: { x: 0, y: 0 } },
    { bounds: { x: Number.NaN, y: 0, width: 1, height: 1 }, maximized: false },
    { bounds: { x: 0, y: 0, width: -5, height: 900 }, maximized: false },
  ])('is the first one when what is stored is %j', (stored) => {
    expect(restoreWindow(stored, [primary])).toEqual({ bounds: { width: 1360, height: 880 }, maximized: false })
  })

  it('is found without any screen', () => {
    expect(restoreWindow(undefined, []).bounds).toEqual({ width: 1360, height: 880 })
  })
})
