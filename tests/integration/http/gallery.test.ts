import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery } from '../../../electron/generation'
import { dataPaths } from '../../../electron/storage/paths'
import type { Archive, BinPage, GalleryChanged, GenerationPage, InputImage } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { readZip } from '../../support/zip'
import { filled, idOf } from '../generation/filled'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
let folder: string
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-gallery-'))
  const gallery = await openGallery(dataPaths(folder).database)
  for (const prompt of ['Lighthouse at dusk, oil', 'Fox', '灯台'])
    gallery.store.add(await filled(folder, gallery.store.page({ limit: 50 }).items.length + 1, { prompt, count: 2 }))
  gallery.close()
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
      all: { generations: 2, images: 4 },
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

/** What an element of an administrator's page shows of its session. */
function adminPage() {
  const session = running.sessions.signIn(adminToken)
  const headers = pageHeaders(running.url, session)
  const [, view = ''] = session.pageKey.split('.')
  return { session: headers['cookie'] ?? '', page: view }
}
