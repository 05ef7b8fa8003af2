import { buffer } from 'node:stream/consumers'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createArchives } from '../../../electron/generation/archive'
import { createImages } from '../../../electron/generation/images'
import { dataPaths } from '../../../electron/storage/paths'
import type { Generation } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'
import { readZip } from '../../support/zip'
import { filled } from './filled'

const fileOf = (folder: string, image: string) => path.join(folder, 'images', image.slice(0, 2), `${image}.png`)
const imagesOf = (generations: Generation[]) => generations.flatMap(({ images }) => images)
const problem = (id: string) => expect.objectContaining({ id }) as Error

async function setUp() {
  const folder = await temporaryFolder()
  let time = 1_760_000_000_000
  const images = createImages(dataPaths(folder.path), (text) => text)
  const archives = createArchives({ images, now: () => time })
  const wait = (ms: number) => (time += ms)
  return { folder, images, archives, wait, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe('an archive', () => {
  it('has each image once, to the byte, under the name it is saved under, and is as long as it says', async () => {
    await using all = await setUp()
    const generations = [
      await filled(all.folder.path, 2, { prompt: '灯台, 夜明け', count: 2 }),
      await filled(all.folder.path, 1, { prompt: 'Fox', seed: 7 }),
      await filled(all.folder.path, 3, { prompt: 'fox', seed: 7 }),
    ]
    const order = await all.archives.order(generations, 'admin')
    expect(order).toMatchObject({ images: 4, name: expect.stringMatching(/^regie_.*_4-images\.zip$/) as string })
    const file = all.archives.open(order.id, 'admin')
    const zip = await buffer(file.stream)
    expect(zip.length).toBe(order.bytes)
    const entries = readZip(zip)
    expect(entries.map(({ name }) => name.slice(11))).toEqual([
      'fox_one_seed7.png',
      '灯台_one_seed2_1.png',
      '灯台_one_seed2_2.png',
      'fox_one_seed7_(2).png',
    ])
    expect(entries.every(({ isUtf8 }) => isUtf8)).toBe(true)
    const inOrder = imagesOf(generations.toSorted((a, b) => a.createdAt - b.createdAt))
    for (const [index, { bytes }] of entries.entries())
      expect(Buffer.compare(bytes, await readFile(fileOf(all.folder.path, inOrder[index]?.id ?? '')))).toBe(0)
  })

  it('is its orderer’s alone, can be fetched again, and is forgotten after ten minutes', async () => {
    await using all = await setUp()
    const order = await all.archives.order([await filled(all.folder.path, 1)], 'admin')
    expect(() => all.archives.open(order.id, 'user')).toThrow(problem('archive.not-found'))
    expect((await buffer(all.archives.open(order.id, 'admin').stream)).length).toBe(order.bytes)
    all.wait(10 * 60_000)
    expect((await buffer(all.archives.open(order.id, 'admin').stream)).length).toBe(order.bytes)
    all.wait(1)
    expect(() => all.archives.open(order.id, 'admin')).toThrow(problem('archive.not-found'))
  })

  it('leaves out an image whose file is gone, and is refused where none is there', async () => {
    await using all = await setUp()
    const [kept, lost] = [await filled(all.folder.path, 1), await filled(all.folder.path, 2)]
    await rm(fileOf(all.folder.path, lost.images[0]?.id ?? ''))
    expect(await all.archives.order([kept, lost], 'admin')).toMatchObject({ images: 1 })
    await expect(all.archives.order([lost], 'admin')).rejects.toThrow(problem('generation.nothing-to-archive'))
  })

  it('is whole also where its images are deleted while it is read; they go when its reader has gone', async () => {
    await using all = await setUp()
    const generations = [await filled(all.folder.path, 1), await filled(all.folder.path, 2)]
    const order = await all.archives.order(generations, 'admin')
    const [first, second] = [all.archives.open(order.id, 'admin'), all.archives.open(order.id, 'admin')].map(
      ({ stream }) => stream.getReader(),
    )
    const begin = await first?.read()
    await second?.read()
    for (const image of imagesOf(generations)) await all.images.erase(image)
    await second?.cancel()
    const parts = [begin?.value ?? new Uint8Array()]
    for (let next = await first?.read(); next?.value; next = await first?.read()) parts.push(next.value)
    expect(readZip(Buffer.concat(parts))).toHaveLength(2)
    await all.images.settled()
    for (const { id } of imagesOf(generations)) expect(existsSync(fileOf(all.folder.path, id))).toBe(false)
  })
})
