import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { startHeadless, type HeadlessPanel } from '../../support/headless'
import { generateOn } from '../../support/simulated'
import type { Asker } from './excluded'

/** A demo panel in a temporary folder, with something to be asked about. */
export interface World {
  panel: HeadlessPanel
  /** Where every path that a request names is put. */
  folder: string
  /** Ids of what there is, by the first part of a path. */
  ids: Record<string, string[]>
  /** What each asker sends beside the request. */
  headers: Record<Asker, Record<string, string>>
}

const password = 'the password of a fuzzed user'

/** Signs in as a user, and answers the two halves of the session. */
async function signIn(panel: HeadlessPanel): Promise<Record<string, string>> {
  await panel.client.access.setPassword({ role: 'user', password })
  const response = await fetch(`${panel.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'user', password }),
  })
  const { pageKey } = z.object({ pageKey: z.string() }).parse(await response.json())
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';')
  return { cookie, 'x-regie-page': pageKey.split('.')[0] ?? '' }
}

/** Starts the panel, makes a picture, and opens the sessions of those who ask. */
export async function openWorld(): Promise<World> {
  const panel = await startHeadless()
  try {
    const folder = path.join(panel.data, 'fuzz')
    await mkdir(folder)
    await panel.client.services.start({ id: 'comfyui-demo' })
    const { id, images } = await generateOn(panel, 'comfyui-demo', 'a lighthouse')
    // So that a user finds something, too.
    await panel.client.system.changeSettings({ galleryShared: true })
    await panel.client.services.update({ id: 'comfyui-demo', idle: { wake: true } })
    const demo = ['comfyui-demo', 'forge-demo']
    return {
      panel,
      folder,
      ids: { services: demo, credentials: demo, generations: [id], images: images.map((image) => image.id) },
      headers: {
        stranger: {},
        user: await signIn(panel),
        admin: { authorization: `Bearer ${panel.adminToken}` },
      },
    }
  } catch (error) {
    await panel.stop()
    throw error
  }
}
