import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createInputs, openGallery, type Gallery, type Inputs } from '../../../electron/generation'
import { newGeneration } from '../../../electron/generation/record'
import { firstAccount } from '../../../shared/contract'
import { handClock } from '../../support/hand-clock'

const day = 24 * 60 * 60_000
let folder: string
let gallery: Gallery
let inputs: Inputs
let clock: ReturnType<typeof handClock>
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-inputs-'))
  gallery = await openGallery(path.join(folder, 'regie.db'))
  clock = handClock(day)
  inputs = createInputs({
    records: gallery.inputs,
    folder: path.join(folder, 'inputs'),
    clock,
    reportBug(error) {
      throw error
    },
  })
})
afterEach(async () => {
  await inputs.close()
  gallery.close()
  await rm(folder, { recursive: true, force: true })
})

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#2a6' } })
const files = async () =>
  (await readdir(path.join(folder, 'inputs'), { recursive: true })).filter((one) => /\./.test(one))

/** A record that names pictures. */
function record(images: string[], id = '00000000-0000-4000-8000-000000000001') {
  const params = {
    prompt: 'p',
    seed: 1,
    steps: 1,
    cfg: 1,
    width: 64,
    height: 64,
    sampler: 's',
    scheduler: 's',
    batch: 1,
    images,
  }
  gallery.store.add(
    newGeneration({ id, by: firstAccount, serviceId: 's', kind: 'comfyui', simulated: true, params, now: 1 }),
  )
  return id
}

describe('a picture that is given', () => {
  it('is turned as its camera says, and says nothing of where it was taken', async () => {
    const photo = await plain(64, 32)
      .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '48/1 51/1 30/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect((await sharp(photo).metadata()).exif?.length).toBeGreaterThan(20)

    const kept = await inputs.keep(firstAccount, photo, null)

    expect(kept).toMatchObject({ width: 32, height: 64, mime: 'image/jpeg', imageId: null })
    const { exif, orientation, width } = await sharp((await inputs.read(kept.id)).bytes).metadata()
    expect([exif, orientation, width]).toEqual([undefined, undefined, 32])
  })

  it.each([
    ['picture.avif', 48, 32],
    ['clip.gif', 24, 16],
    ['deep.png', 48, 32],
  ])('is a PNG of 8 bits where it was %s', async (name, width, height) => {
    const given = await readFile(path.resolve(import.meta.dirname, '../../cases/media', name))
    const kept = await inputs.keep(firstAccount, given, null)
    expect(kept).toMatchObject({ mime: 'image/png', width, height })
    expect(await sharp((await inputs.read(kept.id)).bytes).metadata()).toMatchObject({ format: 'png', depth: 'uchar' })
  })

  it('is never unpacked where it is an AVIF that claims to be many gigabytes', async () => {
    const huge = await readFile(path.resolve(import.meta.dirname, '../../cases/media/picture.avif'))
    const size = huge.indexOf('ispe') + 8
    huge.writeUInt32BE(60_000, size)
    huge.writeUInt32BE(60_000, size + 4)
    await expect(inputs.keep(firstAccount, huge, null)).rejects.toMatchObject({ id: 'picture.too-many-pixels' })
  })

  it.each(['clip.mp4', 'clip.webm', 'picture.exr'])('is refused by its type where it is %s', async (name) => {
    const given = await readFile(path.resolve(import.meta.dirname, '../../cases/media', name))
    await expect(inputs.keep(firstAccount, given, null)).rejects.toMatchObject({ id: 'picture.not-usable' })
  })

  it('is kept once, however often it is given; another account has its own', async () => {
    const png = await plain(64, 64).png().toBuffer()
    const [one, again] = [await inputs.keep(firstAccount, png, null), await inputs.keep(firstAccount, png, null)]
    const other = await inputs.keep('somebody', png, null)

    expect(again.id).toBe(one.id)
    expect(other.id).not.toBe(one.id)
    expect(await files()).toHaveLength(2)
    expect(() => inputs.check(firstAccount, { prompt: 'p', images: [other.id] })).toThrow(/no image/)
  })

  it.each([
    ['a page', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'picture.unreadable'],
    ['half of one', null, 'picture.unreadable'],
    ['one that claims to be many gigabytes', bomb(), 'picture.too-many-pixels'],
  ])('is refused where it is %s, and leaves nothing', async (_name, bytes, id) => {
    const noise = sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 9, sigma: 9 },
      },
    })
    const whole = bytes ?? (await noise.png().toBuffer())
    await expect(inputs.keep(firstAccount, bytes ?? whole.subarray(0, whole.length / 2), null)).rejects.toMatchObject({
      id,
    })
    expect(await readdir(folder)).not.toContain('inputs')
  })

  it('is no mask of a picture of another size, nor without one', async () => {
    const [source, mask] = [
      await inputs.keep(firstAccount, await plain(64, 64).png().toBuffer(), null),
      await inputs.keep(firstAccount, await plain(64, 32).png().toBuffer(), null),
    ]
    const check = (images: string[] | undefined) => () =>
      inputs.check(firstAccount, { prompt: 'p', mask: mask.id, ...(images && { images }) })
    expect(check([source.id])).toThrow(/64×32.*64×64/)
    expect(check(undefined)).toThrow(/without the image/)
    expect(check([mask.id])).not.toThrow()
  })

  it('that cannot be deleted when its time is over is reported, and keeps nothing from starting', async () => {
    const held = await inputs.keep(firstAccount, await plain(32, 32).png().toBuffer(), null)
    await inputs.keep(firstAccount, await plain(16, 16).png().toBuffer(), null)
    // A folder in the place of the file: deleting it fails, as a file does that another program has open.
    const file = path.join(folder, 'inputs', held.id.slice(0, 2), `${held.id}.png`)
    await rm(file)
    await mkdir(path.join(file, 'held'), { recursive: true })
    clock.moveTo(9 * day)
    const reported: unknown[] = []
    const again = createInputs({
      ...{ records: gallery.inputs, folder: path.join(folder, 'inputs'), clock },
      reportBug: (error) => void reported.push(error),
    })
    await again.start()
    await again.close()
    expect(reported).toHaveLength(1)
    await rm(file, { recursive: true })
    expect(await files()).toEqual([])
  })

  it('goes after seven days, and stays as long as a generation names it', async () => {
    const used = await inputs.keep(firstAccount, await plain(64, 64).png().toBuffer(), null)
    const unused = await inputs.keep(firstAccount, await plain(32, 32).png().toBuffer(), null)
    const id = record([used.id])

    clock.moveTo(7 * day)
    await inputs.start()
    expect(await files()).toHaveLength(2)
    clock.moveTo(9 * day)
    await inputs.start()
    expect(await files()).toHaveLength(1)
    await expect(inputs.read(unused.id)).rejects.toMatchObject({ id: 'picture.not-found' })
    expect((await inputs.read(used.id)).width).toBe(64)

    gallery.store.purge(id)
    await inputs.start()
    expect(await files()).toEqual([])
  })
})

/** A small PNG that says that it is 60,000 × 60,000 pixels. */
function bomb(): Buffer {
  const head = Buffer.from('494844520000ea600000ea600802000000', 'hex')
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(head))
  const data = Buffer.from('0000000149444154', 'hex')
  return Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d', 'hex'), head, checksum, data, Buffer.alloc(64)])
}
