import { enter, open, thumbnails, title } from './pages/app'
import { expect, test } from './support/fixtures'
import { generateOn } from '../support/simulated'

test('images are chosen, tagged, compared, deleted and taken back', { tag: '@long' }, async ({ page, panel }) => {
  await panel.client.services.startAll()
  for (const id of ['comfyui-demo', 'forge-demo'])
    await expect
      .poll(async () => (await panel.client.services.get({ id })).health.state, { timeout: 30_000 })
      .toBe('ready')
  await Promise.all(['comfyui-demo', 'forge-demo'].map((id) => generateOn(panel, id, 'a paper boat')))
  await enter(page, panel)
  await open(page, 'Gallery')
  await expect(thumbnails(page, 'a paper boat')).toHaveCount(2)

  await title(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  const bar = page.getByRole('toolbar', { name: 'Selected images' })
  await expect(bar).toContainText('2 selected')
  await bar.getByRole('button', { name: 'Tag…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tags', { exact: true }).fill('print')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Save tags' }).click()
  await expect.poll(async () => panel.client.gallery.tags()).toEqual([{ tag: 'print', count: 2 }])

  await bar.getByRole('button', { name: 'Compare' }).click()
  await expect(title(page)).toHaveText('Compare')
  await expect(page.getByRole('complementary', { name: 'Parameters' })).toContainText('comfyui-demo')
  await page.getByText('Slider', { exact: true }).click()
  await page.getByRole('slider').press('Shift+ArrowRight')
  await expect(page.getByRole('slider')).toHaveAttribute('aria-valuenow', '60')

  await open(page, 'Gallery')
  await title(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await expect(thumbnails(page, 'a paper boat')).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(thumbnails(page, 'a paper boat')).toHaveCount(2)
})
