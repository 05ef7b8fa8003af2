import type { Page } from 'playwright/test'
import type { HeadlessPanel } from '../support/headless'
import { apiFile, appFile, editorFile, imageFile, refusedFile } from '../support/workflow-files'
import { enter, open, thumbnails } from './pages/app'
import { misuses, ofColours } from '../support/axe'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const form = (page: Page) => page.getByRole('form', { name: 'Workflow inputs' })
const file = (name: string, content: unknown) => ({
  name,
  mimeType: name.endsWith('.png') ? 'image/png' : 'application/json',
  buffer: Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content)),
})

/** Signs in with a ComfyUI that is ready, and goes to the workflows. */
async function begin(page: Page, panel: HeadlessPanel) {
  await panel.client.services.start({ id: 'comfyui-demo' })
  await expect.poll(async () => (await panel.client.services.get({ id: 'comfyui-demo' })).health.state).toBe('ready')
  await enter(page, panel)
  await page.evaluate(() => (location.hash = '#/studio?mode=workflow'))
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Import workflows/ })

async function choose(page: Page, ...files: ReturnType<typeof file>[]) {
  await dialogOf(page).locator('..').locator('input[type=file]').setInputFiles(files)
}

const journey = 'workflows of every format are read and imported, run, and kept with their versions'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await begin(page, panel)
  const dialog = dialogOf(page)

  await test.step('each file is read first, and what is refused says why, by node', async () => {
    await page.getByRole('button', { name: 'Import a workflow' }).click()
    const files = [
      file('Fox.json', apiFile()),
      file('Fox at dusk.json', editorFile()),
      file('Fox app.json', appFile()),
      file('Fox image.png', await imageFile()),
      file('Everywhere.json', refusedFile()),
    ]
    await choose(page, ...files)
    const list = dialog.getByRole('list', { name: 'Files' }).locator('> li')
    await expect(list).toHaveCount(5)
    await expect(list.first()).toContainText('Everywhere.json')
    await expect(list.first()).toContainText('1 of 8 nodes cannot be converted')
    await expect(list.first()).toContainText('does not know the class KSamplerEverywhere')
    await expect(list.filter({ hasText: 'Recognised' })).toHaveCount(4)
    for (const [name, format] of [
      ['Fox.json', 'API format'],
      ['Fox at dusk.json', 'Editor format 0.4'],
      ['Fox app.json', 'App Mode 1'],
      ['Fox image.png', 'Image with a workflow'],
    ] as const)
      await expect(list.filter({ hasText: name })).toContainText(format)
    await expect(list.filter({ hasText: 'comfyui-demo accepts the converted graph' })).toHaveCount(4)
    await expectFits(page, 'the import')
    expect(await misuses(page, { serious: true })).toEqual([])
    await dialog.getByRole('button', { name: 'Import 4 workflows' }).click()
    await expect(dialog).toBeHidden()
    expect((await panel.client.workflows.list()).map(({ name, format }) => [name, format])).toEqual([
      ['Fox', 'api'],
      ['Fox app', 'app'],
      ['Fox at dusk', 'editor'],
      ['Fox image', 'image'],
    ])
  })

  await test.step('an input that is pinned has another place, for everyone', async () => {
    await form(page).getByRole('combobox', { name: 'Workflow' }).click()
    await page.getByRole('option', { name: 'Fox', exact: true }).click()
    const pinned = form(page).getByRole('list', { name: 'Pinned' })
    await pinned.getByRole('button', { name: 'Move Steps' }).press('ArrowUp')
    await expect(form(page).getByRole('status')).toContainText('Steps is now')
    await expect(page.getByRole('region', { name: 'Versions' }).getByText('v2', { exact: true })).toBeVisible()
  })

  await test.step('what was filled in stays after a reload, runs, and its image stands in the gallery', async () => {
    await form(page).getByRole('textbox', { name: 'Prompt', exact: true }).fill('a hare in the snow')
    await form(page).getByRole('textbox', { name: 'Steps' }).fill('1')
    await form(page).getByRole('button', { name: 'Reset' }).click()
    await expect(form(page).getByRole('textbox', { name: 'Steps' })).toHaveValue('2')
    await page.getByRole('button', { name: 'Undo' }).click()
    await form(page).getByRole('textbox', { name: 'Steps' }).fill('')
    await form(page).getByRole('textbox', { name: 'Steps' }).press('Tab')
    await expect(form(page).getByRole('textbox', { name: 'Steps' })).toHaveValue('1')
    await page.reload()
    await expect(form(page).getByRole('textbox', { name: 'Steps' })).toHaveValue('1')
    await form(page).getByRole('textbox', { name: 'Prompt', exact: true }).press('Control+Enter')
    const result = page.getByRole('region', { name: 'Result of comfyui-demo' })
    await expect(result.getByRole('img', { name: 'a hare in the snow' })).toBeVisible()
    const [made] = (await panel.client.generations.list({ search: 'fox' })).items
    expect(made).toMatchObject({ workflowName: 'Fox', params: { steps: 1, workflowVersion: 2 } })

    await open(page, 'Gallery')
    await thumbnails(page, 'a hare in the snow').first().click()
    await expect(page.getByRole('definition').filter({ hasText: 'Fox v2' })).toBeVisible()
    await page.getByRole('button', { name: 'Use these parameters' }).click()
    await expect(form(page).getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('a hare in the snow')
    await expect(form(page).getByRole('textbox', { name: 'Seed' })).toHaveValue(String(made?.params.seed))
  })

  await test.step('another file of its name becomes its next version, and the same is told', async () => {
    await page.evaluate(
      (files) => {
        const transfer = new DataTransfer()
        for (const [name, text] of files) transfer.items.add(new File([text], name, { type: 'application/json' }))
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      },
      [
        ['fox.json', JSON.stringify(apiFile('other'))],
        ['Fox at dusk.json', JSON.stringify(editorFile())],
      ] as const,
    )
    const list = dialog.getByRole('list', { name: 'Files' }).locator('> li')
    await expect(list.filter({ hasText: 'fox.json' })).toContainText('replaces v2 as v3')
    await expect(list.filter({ hasText: 'Fox at dusk' })).toContainText('Already there')
    await expect(dialog.getByRole('button', { name: 'Import 1 workflow' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await page.getByRole('button', { name: 'Restore v1' }).click()
    await expect(page.getByRole('region', { name: 'Versions' }).getByText('v4', { exact: true })).toBeVisible()
  })

  await test.step('one that was removed comes back', async () => {
    await page.getByRole('button', { name: 'More actions for Fox', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.poll(async () => (await panel.client.workflows.list()).length).toBe(3)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await panel.client.workflows.list()).length).toBe(4)
    await expect(form(page).getByRole('combobox', { name: 'Workflow' })).toHaveValue('Fox')
  })
})

test(
  'what is missing cannot be run, says what is missing, and the page fits every window',
  { tag: '@long' },
  async ({ page, panel }) => {
    await begin(page, panel)
    const lacking = {
      ...apiFile(),
      '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'nowhere.safetensors' } },
      '20': { class_type: 'FaceDetailer', inputs: { image: ['8', 0] } },
      '21': { class_type: 'SaveImage', inputs: { images: ['20', 0], filename_prefix: 'face' } },
    }
    await page.getByRole('button', { name: 'Import a workflow' }).click()
    await choose(page, file('Portrait.json', lacking))
    await expect(dialogOf(page).getByRole('list', { name: 'Files' })).toContainText(
      'nowhere.safetensors in models/checkpoints',
    )
    await dialogOf(page).getByRole('button', { name: 'Import 1 workflow' }).click()

    await expect(form(page).getByRole('button', { name: 'Generate', exact: true })).toBeDisabled()
    await expect(form(page)).toContainText('2 requirements missing on comfyui-demo')
    const map = page.getByRole('group', { name: 'Graph of 9 nodes' })
    await expect(map.getByRole('button', { name: 'FaceDetailer, #20, Missing' })).toBeVisible()
    await expectFits(page, 'a workflow')
    expect(await misuses(page, { serious: true })).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await misuses(page, { serious: true, only: ofColours })).toEqual([])
  },
)
