import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Raster } from '../../../electron/simulator/media/raster'
import { denoise, paintPicture, type PictureRequest } from '../../../electron/simulator/picture'
import { painters, sceneOf } from '../../../electron/simulator/picture/scenes'

const request = (more: Partial<PictureRequest> = {}): PictureRequest => ({
  prompt: 'a lake',
  seed: 1,
  width: 96,
  height: 96,
  ...more,
})

const print = (raster: Raster) => createHash('sha256').update(raster.data).digest('hex')

/** How much the pixels vary: 0 for a flat picture. */
function contrast({ data }: Raster): number {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
}

const difference = (a: Raster, b: Raster) =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length

describe('a picture', () => {
  test('is the same to the byte for the same request', async () => {
    expect(print(await paintPicture(request()))).toBe(print(await paintPicture(request())))
  })

  test.each<[string, Partial<PictureRequest>]>([
    ['seed', { seed: 2 }],
    ['prompt', { prompt: 'a lake in autumn' }],
    ['model', { model: 'turbo' }],
  ])('differs visibly with another %s', async (_what, more) => {
    const [one, other] = await Promise.all([paintPicture(request()), paintPicture(request(more))])
    expect(difference(one, other)).toBeGreaterThan(4)
  })

  test.each(Object.keys(painters))('shows something in the scene %s, at any shape', async (scene) => {
    for (const [width, height] of [
      [64, 64],
      [160, 72],
      [72, 160],
    ] as const) {
      const raster = await paintPicture(request({ prompt: scene, width, height }))
      expect(raster.data).toHaveLength(width * height * 3)
      expect(contrast(raster)).toBeGreaterThan(12)
    }
  })

  test('of one scene looks alike at two sizes', async () => {
    const [large, small] = await Promise.all([
      paintPicture(request({ prompt: 'a lighthouse', width: 256, height: 256 })),
      paintPicture(request({ prompt: 'a lighthouse', width: 128, height: 128 })),
    ])
    const mean = ({ data }: Raster) => data.reduce((sum, value) => sum + value, 0) / data.length
    expect(Math.abs(mean(large) - mean(small))).toBeLessThan(8)
  })

  test('carries a bright word on a dark plate in the lower right corner', async () => {
    const { data, width, height } = await paintPicture(request({ prompt: 'dunes', width: 512, height: 512 }))
    const values: number[] = []
    for (let y = height - 34; y < height - 10; y++) {
      for (let x = width - 105; x < width - 12; x++) values.push(data[(y * width + x) * 3] ?? 0)
    }
    const bright = values.filter((value) => value > 200).length / values.length
    const dark = values.filter((value) => value < 110).length / values.length
    expect([bright > 0.08, bright < 0.45, dark > 0.45]).toEqual([true, true, true])
  })

  test('lets its source show through the more, the less it is denoised', async () => {
    const raster = { width: 96, height: 96, data: new Uint8Array(96 * 96 * 3).fill(200) }
    const [faint, strong] = await Promise.all([
      paintPicture(request({ source: { raster, denoise: 0.2 } })),
      paintPicture(request({ source: { raster, denoise: 0.9 } })),
    ])
    expect(difference(faint, raster)).toBeLessThan(difference(strong, raster))
  })

  test('comes out of noise step by step', async () => {
    const finished = await paintPicture(request())
    const distances = [0.1, 0.5, 0.9, 1].map((fraction) => difference(denoise(finished, fraction, 5), finished))
    expect(distances).toEqual([...distances].sort((a, b) => b - a))
    expect(distances.at(-1)).toBeLessThan(1)
    expect(print(denoise(finished, 0.5, 5))).toBe(print(denoise(finished, 0.5, 5)))
  })

  test('leaves the event loop free while it is painted', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    await paintPicture(request({ width: 512, height: 512 }))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('the scene', () => {
  test.each([
    ['a lighthouse at dawn, watercolour', 'lighthouse'],
    ['Un phare dans la tempête', 'lighthouse'],
    ['Aurora over a frozen fjord, pine silhouettes', 'aurora'],
    ['une aurore boréale', 'aurora'],
    ['Ringed gas giant planet over a rocky moon', 'planet'],
    ['Rainy boulevard at night, neon', 'city'],
    ['une ville sous la pluie', 'city'],
    ['Dunes at dusk with a thin moon', 'dunes'],
    ['Dense conservatory leaves', 'leaves'],
    ['des fleurs dans un jardin', 'leaves'],
    ['Three stoneware vessels', 'ceramics'],
    ['Layered paper landscape', 'paper'],
    ['a red fox in snow, spruce forest', 'forest'],
    ['Alpine lake at first light', 'lake'],
    ['un lac de montagne', 'lake'],
  ])('of "%s" is %s', (prompt, scene) => expect(sceneOf(prompt)).toBe(scene))

  test('of a prompt without such words is drawn from the prompt, and stays', () => {
    const drawn = Array.from({ length: 60 }, (_, i) => sceneOf(`xyzzy ${'q'.repeat(i)}`))
    expect(new Set(drawn).size).toBeGreaterThan(5)
    expect(sceneOf('xyzzy 🦊')).toBe(sceneOf('xyzzy 🦊'))
    expect(sceneOf('')).toBe(sceneOf(''))
  })
})
