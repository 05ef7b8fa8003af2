import type { Browser } from 'playwright'
import { freePort } from '../../electron/services/free-port'
import { replayedGpus, startHeadless } from './headless'
import { goTo, keep, looks, settled, signIn, usual, wear } from './pictures'

const password = 'a password for pictures'
const guests = [
  ['maya', 'Maya', 'admin'],
  ['amina', 'Amina', 'user'],
  ['jonas', 'Jonas', 'user'],
  ['render-bot', 'render-bot', 'user'],
  ['lucas', 'Lucas', 'user'],
] as const

/** A team with keys and limits, a key that was just made, and what each of them sees. */
export async function picturesOfPeople(browser: Browser): Promise<void> {
  const panel = await startHeadless({ env: replayedGpus() })
  const { client } = panel
  try {
    await client.system.changeSettings({ welcomed: true })
    for (const id of ['comfyui-demo', 'forge-demo']) {
      await client.services.start({ id })
      const gateway = { enabled: true, host: '127.0.0.1', port: await freePort(id === 'forge-demo' ? 9860 : 9188) }
      await client.services.update({ id, gateway })
    }
    const limits = { concurrentJobs: 2, jobsPerDay: 200, gpuSecondsPerDay: 7200 }
    for (const [id, name, role] of guests) await client.users.create({ id, name, role, password, limits })
    await client.users.create({ id: 'theo', name: 'Theo', role: 'user' })
    await client.users.invite({ id: 'theo', days: 7 })
    await client.users.change({ id: 'lucas', suspended: true })
    const userId = 'jonas'
    await client.keys.create({
      userId,
      name: 'phone',
      services: ['comfyui-demo'],
      expiresAt: Date.now() + 3 * 86_400_000,
    })
    const old = await client.keys.create({ userId, name: 'blender-addon', services: ['forge-demo'] })
    await client.keys.rotate({ id: old.id, graceS: 86_400 })
    await client.keys.create({ userId: 'amina', name: 'comfy-cli' })
    const page = await signIn(browser, panel)
    for (const look of looks) {
      await wear(page, panel, look)
      for (const [what, hash] of [
        ['people', 'people/jonas'],
        ['my-access', 'me'],
        ['gateway', 'services/forge-demo/gateway'],
      ] as const) {
        await goTo(page, panel, hash)
        await settled(page)
        await keep(page, what, look)
      }
    }
    await wear(page, panel, usual)
    await goTo(page, panel, 'people/jonas')
    await page.getByRole('button', { name: 'New key for Jonas' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('laptop')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Waiting for the first request').waitFor()
    await keep(page, 'key-new')
    await page.close()
  } finally {
    await panel.stop()
  }
}
