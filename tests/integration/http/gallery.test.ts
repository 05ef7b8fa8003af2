import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery } from '../../../electron/generation'
import { sampleKinds } from '../../../electron/simulator/media/samples'
import { dataPaths } from '../../../electron/storage/paths'
import type { Archive, BinPage, GalleryChanged, GenerationPage, InputImage } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { readZip } from '../../support/zip'
import { filled, idOf } from '../generation/filled'
import { ended, openGallery as openWith } from '../generation/gallery'
import { comfyui } from '../kinds/simulators'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
let folder: string
let made: Awaited<ReturnType<typeof generateAll>>
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-gallery-'))
  const gallery = await openGallery(dataPaths(folder).database)
  for (const prompt of ['Lighthouse at dusk, oil', 'Fox', '灯台'])
    gallery.store.add(await filled(folder, gallery.store.page({ limit: 50 }).items.length + 1, { prompt, count: 2 }))
  gallery.close()
  made = await generateAll(folder)
  running = await startPanel({ ...programs, demo: false, dataFolder: folder })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
  await rm(folder, { recursive: true, force: true })
})

/** A REST call that must succeed; the contract says what it answers. */
async function call<T>(method: string, at: string, body?: unknown): Promise<T> {
  const answer = await running.rest(method, at, body)
  if (answer.status >= 300) throw new Error(`${method} ${at}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as T
}
const get = (at: string, headers: Record<string, string> = { authorization: `Bearer ${adminToken}` }) =>
  fetch(new URL(`api/v1/${at}`, running.url), { headers })

describe('a download', () => {
  it('has its name in both spellings, for browsers and for scripts', async () => {
    const names = async (n: number) => (await get(`images/${idOf(n)}-1`)).headers.get('content-disposition')
    expect(await names(1)).toContain('_lighthouse-at-dusk_one_seed1_2.png"')
    expect(await names(3)).toMatch(
      /filename="[\d-]+____one_seed3_2\.png"; filename\*=utf-8''[\d-]+_%E7%81%AF%E5%8F%B0_one/,
    )
  })

  it('of several is one ZIP that says how long it is, and that a page may link to', async () => {
    const order = await call<Archive>('POST', 'gallery/archives', { ids: [1, 2, 3, 9].map(idOf) })
    const { session, page } = adminPage()
    const answer = await get(`gallery/archives/${order.id}?view=${page}`, { cookie: session })
    expect(answer.headers.get('content-type')).toBe('application/zip')
    expect(answer.headers.get('content-length')).toBe(String(order.bytes))
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${order.name}"`)
    expect(readZip(Buffer.from(await answer.arrayBuffer()))).toHaveLength(6)
    expect((await get(`gallery/archives/${order.id}`, {})).status).toBe(401)
    expect((await running.rest('GET', `gallery/archives/${idOf(1)}`)).status).toBe(404)
    expect((await running.rest('POST', 'gallery/archives', { ids: [idOf(9)] })).status).toBe(404)
  })
})

describe('a file that is no common image', () => {
  const imageOf = (mime: string) =>
    made.generation.images.find((image) => image.mime === mime) ?? made.generation.images[0]
  const saved = (ending: string) => [...made.bytes].find(([name]) => name.endsWith(ending))?.[1]
  const at = (mime: string) => `images/${imageOf(mime)?.id ?? ''}`

  it.each([
    ['mp4.mp4', 'video/mp4', 48, 32],
    ['webm.webm', 'video/webm', 48, 32],
    ['avif.avif', 'image/avif', 48, 32],
    ['exr.exr', 'image/x-exr', 48, 32],
  ])('%s is kept byte for byte, and sent as what it is', async (ending, mime, width, height) => {
    expect(imageOf(mime)).toMatchObject({ mime, width, height, bytes: saved(ending)?.length })
    const answer = await get(at(mime))
    expect(answer.headers.get('content-type')).toBe(mime)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('accept-ranges')).toBe('bytes')
    expect(answer.headers.get('content-disposition')).toMatch(
      new RegExp(`harbour_comfyui_seed\\d+_\\d\\.${ending.split('.')[1] ?? ''}"`),
    )
    expect(Buffer.from(await answer.bytes())).toEqual(saved(ending))
    const { format, width: side } = await sharp(await (await get(`${at(mime)}/thumbnail`)).bytes()).metadata()
    expect([format, side]).toEqual(['webp', mime === 'image/avif' ? 48 : 384])
    expect(await call('GET', `${at(mime)}/metadata`)).toEqual({})
  })

  it('has all its 16 bits', async () => {
    const deep = made.generation.images.findLast(({ mime }) => mime === 'image/png')
    const bytes = await (await get(`images/${deep?.id ?? ''}`)).bytes()
    expect(Buffer.from(bytes)).toEqual(saved('png16.png'))
    expect((await sharp(bytes).metadata()).depth).toBe('ushort')
  })

  it('is sent in the parts that a player asks for', async () => {
    const whole = saved('mp4.mp4') ?? Buffer.alloc(0)
    const ask = async (range: string) => {
      const answer = await get(at('video/mp4'), { authorization: `Bearer ${adminToken}`, range })
      const { status, headers } = answer
      return [status, headers.get('content-range'), headers.get('content-type'), Buffer.from(await answer.bytes())]
    }
    expect(await ask('bytes=0-')).toEqual([206, `bytes 0-1151/1152`, 'video/mp4', whole])
    expect(await ask('bytes=100-199')).toEqual([206, `bytes 100-199/1152`, 'video/mp4', whole.subarray(100, 200)])
    expect((await ask('bytes=1152-')).slice(0, 2)).toEqual([416, 'bytes */1152'])
    const etag = (await get(at('video/mp4'))).headers.get('etag') ?? ''
    expect((await get(at('video/mp4'), { authorization: `Bearer ${adminToken}`, 'if-none-match': etag })).status).toBe(
      304,
    )
  })

  it('is named where it is not kept, and takes nothing from the others', () => {
    expect(made.generation).toMatchObject({ state: 'succeeded' })
    expect(made.generation.images).toHaveLength(6)
    const [warning] = made.generation.warnings.filter(({ problem }) => problem === 'generation.not-kept')
    expect(warning?.params['files']).toMatch(/^\S+glb\.glb, \S+flac\.flac, \S+svg\.svg, \S+txt\.txt$/)
    expect(warning?.params['place']).toBe('output/regie')
  })

  it('lies in a ZIP under its own name, and is generated from only where that can be', async () => {
    const order = await call<Archive>('POST', 'gallery/archives', { ids: [made.generation.id] })
    const entries = readZip(Buffer.from(await (await get(`gallery/archives/${order.id}`)).bytes()))
    expect(entries.map(({ name }) => path.extname(name))).toEqual(['.png', '.mp4', '.webm', '.avif', '.exr', '.png'])
    expect(await call('POST', `${at('image/avif')}/as-input`)).toMatchObject({
      mime: 'image/png',
      width: 48,
      height: 32,
    })
    for (const mime of ['video/mp4', 'image/x-exr']) {
      const refused = await running.rest('POST', `${at(mime)}/as-input`)
      expect([refused.status, JSON.stringify(refused.body)]).toEqual([
        422,
        expect.stringContaining('picture.not-usable'),
      ])
    }
  })
})

describe('a picture to generate from', () => {
  const admin = { authorization: `Bearer ${adminToken}` }
  const give = (bytes: Uint8Array<ArrayBuffer>) => {
    const body = new FormData()
    body.set('file', new File([bytes], 'source.png', { type: 'image/png' }))
    return fetch(new URL('api/v1/inputs', running.url), { method: 'POST', headers: admin, body })
  }

  it('is uploaded, or taken from the gallery, and read back as a picture', async () => {
    const bytes = await (await get(`images/${idOf(1)}-0`)).bytes()
    const given = await give(bytes)
    expect(given.status).toBe(201)
    const { id, imageId } = (await given.json()) as InputImage
    expect(imageId).toBeNull()
    expect((await get(`inputs/${id}`)).headers.get('content-type')).toBe('image/png')
    expect(await call('POST', `images/${idOf(1)}-0/as-input`)).toMatchObject({ imageId: `${idOf(1)}-0` })
  })

  it('that is none is refused', async () => {
    const refused = await give(new TextEncoder().encode('<svg onload="alert(1)"/>'))
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('picture.unreadable')])
  })
})

describe('the gallery over REST', () => {
  it('marks, tags, finds and counts, and takes a deletion back', async () => {
    const ids = [1, 2].map(idOf)
    const changed = await call<GalleryChanged>('POST', 'gallery/changes', {
      ids,
      favourite: true,
      addTags: [' Calendar '],
    })
    const undo = [{ ids, addTags: [], removeTags: ['Calendar'] }]
    expect(changed).toEqual({ changed: ids, refused: [], undo })
    const list = (query: string) => call<GenerationPage>('GET', `generations?${query}`)
    const page = await list('favourite=true&tag=calendar&show=images&order=oldest&from=0')
    expect(page.items).toMatchObject(ids.map((id) => ({ id, favourite: true, tags: ['Calendar'] })))
    expect(await call('GET', 'gallery/tags')).toEqual([{ tag: 'Calendar', count: 2 }])
    expect(await call('GET', 'gallery/ids?search=fox')).toEqual({ ids: [idOf(2)] })

    await call('DELETE', `generations/${idOf(2)}`)
    const totals = await call('GET', 'gallery/totals?tag=calendar')
    expect(totals).toMatchObject({
      matching: { generations: 1, images: 2 },
      all: { generations: 3, images: 10 },
      favourites: 1,
      bin: { generations: 1, images: 2 },
    })
    const bin = await call<BinPage>('GET', 'gallery/bin')
    expect(bin.items[0]?.generation).toMatchObject({ id: idOf(2), tags: ['Calendar'] })
    expect((await get(`images/${idOf(2)}-0/thumbnail`)).status).toBe(200)
    expect(await call('POST', 'gallery/bin/restore')).toEqual({ count: 1 })
    expect(await call('POST', 'gallery/bin/empty', {})).toEqual({ count: 0 })
  })

  it('refuses what it does not know', async () => {
    const status = async (at: string, body?: unknown) =>
      (await running.rest(body === undefined ? 'GET' : 'POST', at, body)).status
    expect(await status('generations?order=prettiest')).toBe(400)
    expect(await status('generations?order=largest&cursor=g1')).toBe(400)
    expect(await status('gallery/changes', { ids: [] })).toBe(400)
    expect(await status('gallery/changes', { ids: [idOf(1)], addTags: ['a,b'] })).toBe(400)
    expect(await status('gallery/changes', { ids: [idOf(1)], addTags: ['\u202eab'] })).toBe(400)
    expect(await status('gallery/changes', { ids: [idOf(1)], hide: true })).toBe(400)
  })
})

/** One generation whose service saved a file of each kind: what Regie made of it, and the bytes on the service. */
async function generateAll(data: string) {
  await using service = await comfyui({ behaviour: { alsoSaves: [...sampleKinds] } })
  await using gallery = await openWith(data, { comfyui: service.backend })
  const params = { prompt: 'Harbour', width: 64, height: 64, steps: 1 }
  const { id } = await gallery.generations.create({ by: 'admin', serviceId: 'comfyui', params })
  const generation = await ended(gallery.generations, id)
  const output = path.join(service.folder, 'output', 'regie')
  const names = (await readdir(output)).sort()
  const bytes = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(output, name))] as const)),
  )
  return { generation, bytes }
}

/** What an element of an administrator's page shows of its session. */
function adminPage() {
  const session = running.sessions.signIn(adminToken)
  const headers = pageHeaders(running.url, session)
  const [, view = ''] = session.pageKey.split('.')
  return { session: headers['cookie'] ?? '', page: view }
}
