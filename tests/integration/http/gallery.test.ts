import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery } from '../../../electron/generation'
import { dataPaths } from '../../../electron/storage/paths'
import type { Archive } from '../../../shared/contract'
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
    const { session, page } = await adminPage()
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

/** What an element of an administrator's page shows of its session. */
async function adminPage() {
  const session = running.sessions.signIn(adminToken)
  const headers = pageHeaders(running.url, session)
  const [, view = ''] = session.pageKey.split('.')
  return { session: headers['cookie'] ?? '', page: view }
}
