import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sizeOf } from '../../../electron/generation/media/size'
import { tileOf, tileSvg } from '../../../electron/generation/media/tile'
import { createThumbnails } from '../../../electron/generation/thumbnails'
import { sniffMedia, tellingBytes } from '../../../electron/kinds/image-type'
import { mediaMimes, mediaOf, saysMedia, type MediaMime } from '../../../shared/media'

const cases = path.resolve(import.meta.dirname, '../../cases/media')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-media-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function measured(bytes: Uint8Array, mime: MediaMime) {
  const file = path.join(folder, crypto.randomUUID())
  await writeFile(file, bytes)
  return sizeOf(file, mime)
}

const real: [string, MediaMime, { width: number; height: number }][] = [
  ['clip.mp4', 'video/mp4', { width: 48, height: 32 }],
  ['turned.mp4', 'video/mp4', { width: 32, height: 48 }],
  ['pieces.mp4', 'video/mp4', { width: 48, height: 32 }],
  ['clip.mov', 'video/quicktime', { width: 48, height: 32 }],
  ['clip.mkv', 'video/x-matroska', { width: 48, height: 32 }],
  ['clip.webm', 'video/webm', { width: 48, height: 32 }],
  ['clip.gif', 'image/gif', { width: 24, height: 16 }],
  ['picture.avif', 'image/avif', { width: 48, height: 32 }],
  ['turned.avif', 'image/avif', { width: 32, height: 48 }],
  ['grid.avif', 'image/avif', { width: 192, height: 64 }],
  ['picture.exr', 'image/x-exr', { width: 48, height: 32 }],
  ['deep.png', 'image/png', { width: 48, height: 32 }],
]

const box = (type: string, ...parts: (Uint8Array | number[])[]) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}
const brands = (...names: string[]) =>
  box('ftyp', Buffer.from(`${names[0]}\0\0\0\0${names.slice(1).join('')}`, 'latin1'))

/** An EXR header with these attributes. */
function exr(...attributes: [name: string, type: string, value: Buffer][]) {
  const parts = attributes.map(([name, type, value]) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(value.length)
    return Buffer.concat([Buffer.from(`${name}\0${type}\0`), length, value])
  })
  return Buffer.concat([Buffer.from('762f310102000000', 'hex'), ...parts, Buffer.from([0])])
}
const corners = (...values: number[]) => {
  const bytes = Buffer.alloc(16)
  values.forEach((value, n) => bytes.writeInt32LE(value, n * 4))
  return bytes
}

describe('the type of a file', () => {
  it.each(real)('%s is told by its first bytes, and its size by its header', async (name, mime, size) => {
    const bytes = await readFile(path.join(cases, name))
    expect(sniffMedia(bytes.subarray(0, tellingBytes))).toBe(mime)
    expect(await measured(bytes, mime)).toEqual(size)
  })

  it.each([
    ['MP4 by a brand that it is compatible with', brands('XYZW', 'isom'), 'video/mp4'],
    ['AVIF that calls itself HEIF', brands('mif1', 'avif', 'miaf'), 'image/avif'],
    ['a moving AVIF', brands('avis', 'msf1', 'iso8'), 'image/avif'],
    [
      'an MP4 that is a page behind its first box',
      Buffer.concat([brands('isom'), Buffer.from('<script>')]),
      'video/mp4',
    ],
    ['a song', brands('M4A ', 'isom', 'mp42'), null],
    ['HEIC', brands('heic', 'mif1'), null],
    ['a box without brands', box('ftyp'), null],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), null],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), null],
    ['a 3D model', Buffer.from('glTF\u0002\0\0\0'), null],
    ['a song of another kind', Buffer.from('fLaC\0\0\0"'), null],
    ['text', Buffer.from('a lighthouse'), null],
    ['a Matroska header without a type', Buffer.from('1a45dfa3844286810142f78101', 'hex'), null],
    ['nothing', Buffer.alloc(0), null],
  ])('of %s', (_name, bytes, mime) => {
    expect(sniffMedia(bytes)).toBe(mime)
  })

  it('hangs on nothing behind the first bytes, and on no name', async () => {
    const bytes = await readFile(path.join(cases, 'clip.webm'))
    for (const length of [0, 3, 4, 12, 20]) expect(sniffMedia(bytes.subarray(0, length))).toBeNull()
    expect([saysMedia('a.b/x.MP4'), saysMedia('x.jpeg'), saysMedia('x.svg'), saysMedia('png')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('the size of a file that says nothing of it', () => {
  it.each([
    ['video/mp4', brands('isom')],
    ['video/mp4', Buffer.concat([brands('isom'), box('moov', box('trak', box('tkhd', Buffer.alloc(10))))])],
    ['image/avif', Buffer.concat([brands('avif'), box('meta', [0, 0, 0, 0], box('pitm', [0, 0, 0, 0, 0, 1]))])],
    ['image/x-exr', exr()],
    ['image/x-exr', exr(['dataWindow', 'box2i', corners(5, 5, 1, 1)])],
    ['video/webm', Buffer.from('1a45dfa38442828477656200', 'hex')],
  ] as const)('%s is not known', async (mime, bytes) => {
    expect(await measured(bytes, mime)).toBeNull()
  })

  it('of an EXR is what is to be shown, as far as a header can say', async () => {
    const data: [string, string, Buffer] = ['dataWindow', 'box2i', corners(-8, -8, 71, 55)]
    expect(await measured(exr(data), 'image/x-exr')).toEqual({ width: 80, height: 64 })
    const both = exr(['comments', 'string', Buffer.alloc(300_000, 'x')], data, [
      'displayWindow',
      'box2i',
      corners(0, 0, 63, 47),
    ])
    expect(await measured(both, 'image/x-exr')).toEqual({ width: 64, height: 48 })
    // It is said, and nothing is made of it.
    const huge = exr(['displayWindow', 'box2i', corners(0, 0, 999_999_999, 999_999_999)])
    expect(await measured(huge, 'image/x-exr')).toEqual({ width: 1e9, height: 1e9 })
  })

  it('ends in time, however many parts a file claims to have', async () => {
    const empty = Array.from({ length: 5_000 }, () => box('free'))
    const late = Buffer.concat([brands('isom'), ...empty, box('moov')])
    expect(await measured(late, 'video/mp4')).toBeNull()
    const endless = exr(...Array.from({ length: 2_000 }, (): [string, string, Buffer] => ['a', 'b', Buffer.alloc(0)]))
    expect(await measured(endless, 'image/x-exr')).toBeNull()
    // A Void element of one byte, again and again.
    const voids = Buffer.concat([Buffer.from('1a45dfa380', 'hex'), Buffer.alloc(100_000, Buffer.from('ec80', 'hex'))])
    expect(await measured(voids, 'video/webm')).toBeNull()
  })

  it('is unknown or right of a file that is cut or changed anywhere, and never fails', async () => {
    for (const [name, mime] of real.filter(([, one]) => !['image/png', 'image/gif'].includes(one))) {
      const whole = await readFile(path.join(cases, name))
      const damage = fc.tuple(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255))
      await fc.assert(
        fc.asyncProperty(damage, async ([length, at, value]) => {
          const bytes = Buffer.from(whole.subarray(0, length))
          if (at < length) bytes[at] = value
          const size = await measured(bytes, mime)
          if (size) expect([size.width > 0, size.height > 0]).toEqual([true, true])
        }),
        { numRuns: 40 },
      )
    }
  })
})

describe('the tile of a file that no picture can be made of', () => {
  it('says its type and its size, with lines alone: there may be no font', async () => {
    const tile = tileSvg('video/mp4', { width: 1280, height: 720 })
    expect(tile).not.toMatch(/<text|font/)
    // A letter for each sign: MP4, 1280 × 720.
    expect(tile.match(/<path transform/g)).toHaveLength(3 + 8)
    expect(await sharp(await tileOf('image/x-exr', null)).metadata()).toMatchObject({ format: 'webp', width: 384 })
  })

  it('has a tile where it cannot be unpacked, and none that would be kept', async () => {
    const thumbnails = createThumbnails(path.join(folder, 'thumbnails'))
    const whole = await readFile(path.join(cases, 'picture.avif'))
    const small = async (bytes: Uint8Array) => {
      const file = path.join(folder, crypto.randomUUID())
      await writeFile(file, bytes)
      const image = { id: crypto.randomUUID(), mime: 'image/avif', width: 48, height: 32, bytes: bytes.length }
      const made = await sharp((await thumbnails.of(image, file)).bytes).metadata()
      return [made.width, (await readdir(folder, { recursive: true })).some((name) => name.includes(image.id))]
    }
    expect(await small(whole)).toEqual([48, true])
    expect(await small(whole.subarray(0, 400))).toEqual([384, false])
  })

  it('has a letter for every sign of every type', () => {
    for (const mime of mediaMimes) expect(tileSvg(mime, { width: 1234567890, height: 1 })).not.toContain('d=""')
    expect(mediaOf('application/x-other')).toEqual({ name: 'application/x-other', ending: 'bin', shown: 'nothing' })
  })
})
