import { readdir } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackendEvent, BackendImage, ImageBackend } from '../../../electron/kinds'
import { download } from '../../../electron/kinds/http'
import { usualBounds } from '../../../electron/generation/taking'
import { asItIs } from '../../../electron/logs/cutting'
import { Problem } from '../../../shared/problems'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { ended, openGallery } from './gallery'

let picture: Buffer
beforeAll(async () => {
  picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
})

const params = { prompt: 'x', seed: 1, steps: 1, cfg: 1, width: 64, height: 64, sampler: 'e', scheduler: 'n', batch: 1 }

/** A service that makes these files, and says so of each that was fetched. */
function making(pieces: (() => AsyncIterable<Uint8Array>)[], place: string | null = 'output/regie', name = 'a.png') {
  const fetched: number[] = []
  const images = pieces.map((made, index): BackendImage => ({
    pieces: () => {
      fetched.push(index)
      return made()
    },
    place,
    name,
  }))
  const never = () => Promise.reject(new Error('not asked for'))
  const backend: ImageBackend = {
    ...{
      probe: never,
      capabilities: never,
      queueState: never,
      freeMemory: never,
      devices: never,
      interrupt: never,
      takeOff: never,
    },
    resolve: () => Promise.resolve(params),
    recover: () => Promise.resolve({ state: 'succeeded', images, cached: false }),
    async *generate(): AsyncGenerator<BackendEvent, void, undefined> {
      yield await Promise.resolve({ type: 'running' })
      for (const image of images) yield { type: 'image', image }
      yield { type: 'done', cached: false, warnings: [] }
    },
  }
  return { backend, fetched }
}

async function* whole(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(picture)
}
async function* text(content: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(content))
}
const times = (count: number) => Array.from({ length: count }, () => whole)

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

async function run(backend: ImageBackend, bounds: { files: number; bytes: number }) {
  await using folder = await temporaryFolder()
  await using gallery = await openGallery(folder.path, { comfy: backend }, { bounds })
  const { id } = await gallery.generations.create({ by: 'admin', serviceId: 'comfy', params })
  const generation = await ended(gallery.generations, id)
  expect(gallery.bugs).toEqual([])
  return { generation, files: await filesIn(path.join(folder.path, 'images')) }
}

describe('the files of a generation', () => {
  it('are taken up to a number; the others are counted, with the folder where the service keeps them', async () => {
    const { backend, fetched } = making(times(5))
    const { generation, files } = await run(backend, { files: 3, bytes: 2 ** 30 })

    expect(generation).toMatchObject({ state: 'succeeded', left: { count: 2, why: 'files', place: 'output/regie' } })
    expect(generation.images).toHaveLength(3)
    expect(files).toHaveLength(3)
    expect(fetched).toEqual([0, 1, 2])
  })

  it('are taken up to so many bytes; what was taken stays, and nothing partial does', async () => {
    const { backend, fetched } = making(times(5))
    const { generation, files } = await run(backend, { files: 256, bytes: picture.length * 2 + 10 })

    expect(generation).toMatchObject({ state: 'succeeded', left: { count: 3, why: 'bytes' } })
    expect(generation.images).toHaveLength(2)
    expect(files).toHaveLength(2)
    expect(fetched).toEqual([0, 1, 2])
  })

  it('stay where a later one cannot be had', async () => {
    // eslint-disable-next-line require-yield -- it breaks off before its first piece
    async function* gone(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      throw new Problem('backend.image-gone', { file: 'c.png' })
    }
    const { generation, files } = await run(making([whole, whole, gone]).backend, { files: 256, bytes: 2 ** 30 })

    expect(generation).toMatchObject({ state: 'failed', error: { problem: 'backend.image-gone' } })
    expect(generation.images).toHaveLength(2)
    expect(files).toHaveLength(2)
  })

  it.each([
    ['an image by its name, and a page', 'a.png', '<!doctype html>', 'no type that Regie keeps'],
    ['a video by its name, and SVG', 'a.mp4', '<svg/>', 'no type that Regie keeps'],
    ['a video of nothing', 'a.webm', '', '0 bytes'],
  ])('fail where one is %s', async (_name, name, content, detail) => {
    const { generation, files } = await run(making([whole, () => text(content)], 'output', name).backend, usualBounds)

    expect(generation).toMatchObject({ state: 'failed', error: { problem: 'generation.bad-image', detail } })
    expect(generation.images).toHaveLength(1)
    expect(files).toHaveLength(1)
  })

  it('that are no images and no videos are named, a few of them, and fail nothing', async () => {
    const { backend } = making([...Array.from({ length: 7 }, () => () => text('glTF')), whole], 'output/3d', 'a.glb')
    const { generation, files } = await run(backend, usualBounds)

    expect(generation).toMatchObject({ state: 'succeeded', images: [{ mime: 'image/png' }] })
    expect(generation.warnings).toMatchObject([
      { problem: 'generation.not-kept', params: { files: 'a.glb, a.glb, a.glb, a.glb, a.glb, …', place: 'output/3d' } },
    ])
    expect(files).toHaveLength(1)
  })

  it('are all there where no bound is reached, and none is told', async () => {
    const { generation } = await run(making(times(3)).backend, { files: 3, bytes: picture.length * 3 })

    expect(generation.images).toHaveLength(3)
    expect(generation).not.toHaveProperty('left')
  })

  it('have numbers of three digits too', { ...long, timeout: 60_000 }, async () => {
    const { generation } = await run(making(times(102)).backend, { files: 256, bytes: 2 ** 30 })

    expect(generation.images).toHaveLength(102)
  })
})

describe('a file without end', () => {
  const piece = Buffer.alloc(2 ** 16, 7)
  let sent = 0
  const server = http.createServer((_request, response) => {
    response.writeHead(200)
    response.write(picture)
    const more = () => {
      let isTaken = true
      while (isTaken && !response.destroyed) {
        isTaken = response.write(piece)
        sent += piece.length
      }
    }
    response.on('drain', more)
    more()
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  async function* endless(): AsyncGenerator<Uint8Array> {
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const answer = await download({
      method: 'GET',
      url: `http://127.0.0.1:${port}/view`,
      headers: {},
      ...{ timeoutMs: 60_000, kind: 'pictures', redact: asItIs, signal: new AbortController().signal },
    })
    if ('pieces' in answer) yield* answer.pieces
  }

  it('is fetched to the bound and no further, is never held in memory, and leaves nothing', async () => {
    const bound = 160 * 2 ** 20
    let most = 0
    sent = 0
    const before = process.memoryUsage().arrayBuffers
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 5)
    const { generation, files } = await run(making([endless]).backend, { files: 256, bytes: bound })
    clearInterval(timer)

    expect(generation).toMatchObject({
      state: 'failed',
      error: { problem: 'generation.too-large', params: { count: 1, place: 'output/regie', limit: '160 MB' } },
    })
    expect(files).toEqual([])
    expect(sent).toBeGreaterThan(bound)
    expect(sent).toBeLessThan(bound + 32 * 2 ** 20)
    expect(most).toBeLessThan(bound / 2)
  }, 60_000)

  it('does not cost what was taken before it', async () => {
    const { generation, files } = await run(making([whole, endless, whole]).backend, { files: 256, bytes: 2 ** 20 })

    expect(generation).toMatchObject({ state: 'succeeded', left: { count: 2, why: 'bytes', place: 'output/regie' } })
    expect(files).toHaveLength(1)
  })
})

it('what a job made that an earlier panel left there is bounded too', async () => {
  await using folder = await temporaryFolder()
  const { backend } = making(times(4))
  const waiting: ImageBackend = {
    ...backend,
    async *generate() {
      yield await new Promise<never>(() => undefined)
    },
  }
  const bounds = { files: 2, bytes: 2 ** 30 }
  const first = await openGallery(folder.path, { comfy: waiting }, { bounds })
  const { id } = await first.generations.create({ by: 'admin', serviceId: 'comfy', params })
  // As after a kill: the first panel is never closed.
  await using gallery = await openGallery(folder.path, { comfy: backend }, { bounds })

  expect(await ended(gallery.generations, id)).toMatchObject({ state: 'succeeded', left: { count: 2, why: 'files' } })
})
