import { link, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright/test'
import { certified, httpServer } from '../support/alerts'
import { misuses } from '../support/axe'
import { fillModels, halfFetch, hashModels } from '../support/full-models'
import type { HeadlessPanel } from '../support/headless'
import { putModel, safetensors, shapesOf } from '../support/model-files'
import { temporaryFolder } from '../support/programs'
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

test('a page with everything on it: downloads, duplicates, what is missing and what runs code', async ({
  page,
  launch,
}) => {
  await using folder = await temporaryFolder()
  const authority = await certified('localhost')
  const ca = path.join(folder.path, 'ca.pem')
  await writeFile(ca, authority.ca)
  await using hub = await httpServer(authority)
  const panel = await launch({ env: { NODE_EXTRA_CA_CERTS: ca } })
  await panel.client.services.startAll()
  await fillModels(panel, { behind: 100_000 })
  await hashModels(panel)
  await halfFetch(panel, hub)
  await enter(page, panel)
  await open(page, 'Models')

  await test.step('what can be won back, and two downloads, of which one is paused', async () => {
    await expect(main(page).getByText(/ in 3 duplicates$/)).toBeVisible()
    await expect(main(page).getByText(/ unused for 90 days, 2 files$/)).toBeVisible()
    await expect(main(page).getByRole('progressbar', { name: /umt5/ })).toHaveAttribute('aria-valuenow', '50')
    await expect(main(page).getByRole('button', { name: /^Resume.*clip_l/ })).toBeVisible()
  })

  await test.step('missing files are told in their families, with who wants them, and the download where one is known', async () => {
    for (const family of ['FLUX.1', 'SDXL']) {
      const head = row(page, family)
      await expect(head).toContainText('1 missing')
      await head.getByRole('button', { name: family }).click()
    }
    const wanted = row(page, 'flux1-dev-kontext_fp8_scaled')
    await expect(wanted).toContainText('Missing')
    await expect(wanted).toContainText('Workflow Portrait in two passes')
    const named = row(page, 'sd_xl_turbo_1.0_fp16')
    await expect(named).toContainText('Preset Product shots')
    await expect(named.getByRole('button')).toHaveCount(0)
    await expect(row(page, 'film-grain-1.safetensors').first()).toContainText('2 more copies')
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'models with everything')
    await wanted.getByRole('button', { name: /^Download flux1-dev/ }).click()
    const asked = dialog(page, 'Download a model')
    await expect(asked.getByRole('textbox', { name: 'Address' })).toHaveValue(/^https:\/\/huggingface\.co\/.*kontext/)
    await page.keyboard.press('Escape')
  })

  await test.step('a copy may be left away by a folder in common: the lines to copy', async () => {
    await main(page).getByRole('textbox', { name: 'Find a model, file or hash' }).fill('juggernaut')
    await row(page, 'juggernautXL_v9').first().getByRole('button').click()
    const shown = dialog(page, 'juggernautXL_v9.safetensors')
    await shown.getByRole('button', { name: 'Share copies…' }).click()
    await shown.getByText('Shared folder', { exact: true }).click()
    const lines = shown.getByRole('region', { name: 'Add to the arguments of forge-turbo, one per line' })
    const folders = `${panel.data}/machine/comfyui-qwen/models`
    await expect(lines).toHaveText(new RegExp(`^--ckpt-dir\n${folders}/checkpoints\n`))
    await expect(shown.getByRole('button', { name: 'Copy the lines' })).toBeVisible()
    await expect(shown).toContainText(`--ckpt-dir takes one folder, which is ${folders}/checkpoints.`)
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'a folder in common')
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
