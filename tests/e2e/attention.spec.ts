import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { misuses, ofColours } from '../support/axe'
import { temporaryFolder } from '../support/programs'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const hourMs = 3_600_000

const journey = 'what needs attention: an empty page that tells what nobody knows, three groups, and what is put aside'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await using folder = await temporaryFolder('regie-attention')
  const main = page.getByRole('main')
  await enter(page, panel)
  await page.goto(`${panel.url}/#/overview?view=attention`)

  await test.step('empty, at every width', async () => {
    await expect(main.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible()
    for (const width of [390, 720, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      await expect(main.getByText(/cannot be checked right now/), `at ${width}`).toBeInViewport()
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await misuses(page)).toEqual([])
  })

  await test.step('in three groups', async () => {
    const place = path.join(folder.path, 'studio.env')
    await writeFile(place, 'STUDIO=password-of-the-studio\n')
    await panel.client.credentials.create({
      ...{ id: 'studio', scheme: 'basic', username: 'ann', password: 'password-of-the-studio' },
      sinks: [{ type: 'env', path: place, key: 'STUDIO', field: 'password', requires: 'nothing' }],
    })
    await writeFile(place, 'STUDIO=somebody-else-was-here\n')
    await panel.client.keys.create({ userId: 'user', name: 'notebook', expiresAt: Date.now() + hourMs })
    await panel.client.services.create({
      ...{ id: 'away', kind: 'comfyui', runtime: 'external', url: 'http://127.0.0.1:9' },
    })
    for (const group of ['Blocks work', 'Soon', 'To decide'])
      await expect(main.getByRole('heading', { name: new RegExp(`^${group}`) })).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'what needs attention')
    await panel.client.system.changeSettings({ theme: 'light', language: 'fr' })
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
    expect(await misuses(page, { only: ofColours })).toEqual([])
    await expectFits(page, 'ce qui est à traiter')
    await panel.client.system.changeSettings({ theme: 'dark', language: 'en' })
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  })

  await test.step('put aside, and over', async () => {
    const [item] = (await panel.client.attention.read()).items.filter(({ kind }) => kind === 'key-ending')
    await panel.client.attention.snooze({ about: item?.id ?? '', length: 'hour' })
    await main.getByText('Snoozed 1', { exact: true }).click()
    await expect(main.getByText(/notebook/).first()).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await main.getByText('Resolved', { exact: true }).click()
    await expect(main.getByRole('heading', { name: 'Nothing was resolved in the last 7 days' })).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'what is over')
  })
})
