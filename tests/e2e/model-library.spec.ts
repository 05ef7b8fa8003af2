import { link, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright/test'
import { misuses } from '../support/axe'
import type { HeadlessPanel } from '../support/headless'
import { putModel, safetensors, shapesOf } from '../support/model-files'
import { enter, open } from './pages/app'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const main = (page: Page) => page.getByRole('main')
const table = (page: Page) => main(page).getByRole('table', { name: 'Files by family' })
const row = (page: Page, name: RegExp | string) => table(page).getByRole('row').filter({ hasText: name })

/** Two native programs that never run, with files of models in their folders. */
async function fill(panel: HeadlessPanel): Promise<string> {
  const root = path.join(panel.data, 'machine')
  const sdxl = safetensors(shapesOf.sdxl)
  await putModel(root, 'comfyui-big/models/checkpoints/juggernautXL.safetensors', sdxl)
  await putModel(
    root,
    'comfyui-big/models/diffusion_models/z_image_turbo_bf16.safetensors',
    safetensors(shapesOf.zImage),
  )
  await putModel(root, 'comfyui-big/models/text_encoders/qwen_3_4b.safetensors', safetensors(shapesOf.qwen3))
  const vae = await putModel(root, 'comfyui-big/models/vae/ae.safetensors', safetensors(shapesOf.vaeFlux))
  for (let at = 0; at < 120; at += 1)
    await putModel(
      root,
      `comfyui-big/models/loras/style-${at}.safetensors`,
      safetensors(shapesOf.loraSdxl, { seed: at }),
    )
  await putModel(root, 'forge-big/models/Stable-diffusion/juggernautXL copy.safetensors', sdxl)
  await putModel(root, 'forge-big/models/Stable-diffusion/old.ckpt', Buffer.from('anything'))
  await putModel(root, 'forge-big/models/VAE/placeholder.txt', Buffer.from(''))
  await link(vae, path.join(root, 'forge-big/models/VAE/ae.safetensors'))
  for (const [id, kind] of [
    ['comfyui-big', 'comfyui'],
    ['forge-big', 'forge'],
  ] as const)
    await panel.client.services.create({
      ...{ id, kind, runtime: 'process', url: 'http://127.0.0.1:1' },
      process: { command: 'python', args: ['main.py'], cwd: path.join(root, id) },
    })
  return root
}

const journey = 'models of all services are found, hashed, shared, removed and put back'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  const root = await fill(panel)
  await enter(page, panel)
  await open(page, 'Models')

  await test.step('families, who can load them, and the disk', async () => {
    await expect(row(page, 'Stable Diffusion').or(row(page, 'SDXL')).first()).toBeVisible()
    await expect(
      main(page)
        .getByRole('status')
        .filter({ hasText: /^12\d files/ }),
    ).toBeVisible()
    await expect(main(page).getByRole('img', { name: /free of/ })).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'families')
  })

  await test.step('a family is unfolded by keyboard, and its 120 files are windowed', async () => {
    const fold = table(page).getByRole('button', { name: 'SDXL' })
    await fold.focus()
    await page.keyboard.press('Enter')
    await expect(fold).toHaveAttribute('aria-expanded', 'true')
    await expect(row(page, 'juggernautXL copy')).toBeVisible()
    expect(await table(page).getByRole('row').count()).toBeLessThan(80)
    expect(await misuses(page)).toEqual([])
  })

  await test.step('found by name, and only what can run code', async () => {
    const find = main(page).getByRole('textbox', { name: 'Find a model, file or hash' })
    await find.fill('style-119')
    await expect(row(page, 'style-119')).toBeVisible()
    await find.fill('nothing like that')
    await expect(main(page).getByRole('heading', { name: 'Nothing matches' })).toBeVisible()
    await main(page).getByRole('button', { name: 'Show all files' }).click()
    await expect(find).toHaveValue('')
  })

  await test.step('hashed; its copies become one file', async () => {
    await main(page).getByRole('button', { name: 'Hash files' }).click()
    await expect(main(page).getByText('All files are hashed')).toBeVisible({ timeout: 60_000 })
    await main(page).getByRole('textbox', { name: 'Find a model, file or hash' }).fill('juggernaut')
    await row(page, 'juggernautXL copy').getByRole('button').click()
    const shown = dialog(page, 'juggernautXL copy.safetensors')
    await expect(shown).toContainText(/[0-9a-f]{64}/)
    expect(await misuses(page)).toEqual([])
    await shown.getByRole('button', { name: 'Share copies…' }).click()
    await expect(shown).toContainText('Becomes a link')
    await expectFits(page, 'copies')
    await shown.getByRole('button', { name: /^Share and free/ }).click()
    await expect(shown).toBeHidden()
    await expect(table(page).getByText('1 more copy')).toHaveCount(0)
  })

  await test.step('removed, and put back', async () => {
    const find = main(page).getByRole('textbox', { name: 'Find a model, file or hash' })
    await find.fill('old.ckpt')
    await expect(row(page, 'old.ckpt')).toContainText('Can run code')
    await row(page, 'old.ckpt').getByRole('button').click()
    await dialog(page, 'old.ckpt').getByRole('button', { name: 'Remove…' }).click()
    await expect(dialog(page, 'old.ckpt')).toContainText('No workflow and no preset names it.')
    await dialog(page, 'old.ckpt').getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(dialog(page, 'old.ckpt')).toBeHidden()
    expect(await readdir(path.join(root, 'forge-big/models/Stable-diffusion'))).toContain('old.ckpt.regie-removed')
    await main(page).getByRole('combobox', { name: 'Which files' }).click()
    await page.getByRole('option', { name: 'Removed' }).click()
    await row(page, 'old.ckpt').getByRole('button').click()
    await dialog(page, 'old.ckpt').getByRole('button', { name: 'Restore' }).click()
    await expect(dialog(page, 'old.ckpt')).toBeHidden()
    expect(await readdir(path.join(root, 'forge-big/models/Stable-diffusion'))).toContain('old.ckpt')
  })

  await test.step('a download that cannot be is refused before anything is fetched', async () => {
    await main(page).getByRole('button', { name: 'Download model…' }).click()
    const asked = dialog(page, 'Download a model')
    await asked.getByRole('textbox', { name: 'Address' }).fill('http://example.test/x.safetensors')
    await asked.getByRole('button', { name: 'Check' }).click()
    await expect(asked).toContainText('without encryption')
    await asked.getByRole('textbox', { name: 'Address' }).fill('https://127.0.0.1:1/x.safetensors')
    await asked.getByRole('button', { name: 'Check' }).click()
    await expect(asked).toContainText('leads to a private address')
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'a download')
    await page.keyboard.press('Escape')
  })
})

test('the page stands on a narrow screen', { tag: '@long' }, async ({ page, panel }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await fill(panel)
  await enter(page, panel)
  await page.goto(`${panel.url}/#/models`)
  await expect(table(page).getByRole('button', { name: 'SDXL' })).toBeVisible()
  await table(page).getByRole('button', { name: 'SDXL' }).click()
  await expect(row(page, 'juggernautXL').first()).toBeVisible()
  expect(await misuses(page)).toEqual([])
  await expectFits(page, 'models')
})
