import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import type { HeadlessPanel } from '../support/headless'
import {
  scriptedDetail,
  scriptedNeeds,
  scriptedReports,
  scriptWorkflows,
  type WorkflowScript,
} from '../support/scripted-workflows'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const form = (page: Page) => page.getByRole('form', { name: 'Workflow inputs' })
const files = (...names: string[]) =>
  names.map((name) => ({
    name,
    mimeType: name.endsWith('.png') ? 'image/png' : 'application/json',
    buffer: Buffer.from('{}'),
  }))

async function begin(page: Page, panel: HeadlessPanel, part: Partial<WorkflowScript> = {}): Promise<WorkflowScript> {
  const needs = scriptedNeeds({ 'comfyui-demo': 'complete', 'comfyui-lab': 'lacking' })
  const script: WorkflowScript = { details: [scriptedDetail()], needs, asked: [], ...part }
  await scriptWorkflows(page, script)
  await page.addInitScript(() => localStorage.setItem('regie.preview.workflows', 'on'))
  await panel.client.services.start({ id: 'comfyui-demo' })
  await expect.poll(async () => (await panel.client.services.get({ id: 'comfyui-demo' })).health.state).toBe('ready')
  await enter(page, panel)
  await page.goto(`${panel.url}/?link=fetch#/studio?mode=workflow`)
  await expect(page.getByRole('main')).toContainText(script.details.length > 0 ? 'Requirements' : 'No workflows yet')
  return script
}

test('a workflow is a form: pins, order, values that stay, the map, and a run of the version on screen', async ({
  page,
  panel,
  misdeeds,
}) => {
  const script = await begin(page, panel)
  const created: unknown[] = []
  await page.route(/\/rpc\/generations\/create/, (route) => {
    created.push((route.request().postDataJSON() as { json: unknown }).json)
    return route.abort()
  })
  const pinned = form(page).getByRole('list', { name: 'Pinned' })

  await test.step('a pinned input moves by the arrow keys, another is pinned, both for everyone', async () => {
    await pinned.getByRole('button', { name: 'Move Steps' }).press('ArrowUp')
    await expect(form(page).getByRole('status')).toHaveText('Steps is now 4 of 5.')
    await expect
      .poll(() => script.asked.at(-1))
      .toMatchObject({
        call: 'change',
        input: { pinned: ['4.image', '6.text', '7.text', '3.steps', '3.seed'] },
      })
    await form(page)
      .getByRole('button', { name: /^KSampler/ })
      .click()
    await form(page).getByRole('button', { name: 'Pin CFG scale' }).click()
    await expect(pinned.getByRole('textbox', { name: 'CFG scale' })).toHaveValue('1')
  })

  await test.step('a node of the map opens its inputs, by mouse and by key', async () => {
    const map = page.getByRole('group', { name: 'Graph of 31 nodes' })
    await map.getByRole('button', { name: 'LoraLoader, #12' }).press('Enter')
    await expect(form(page).getByRole('textbox', { name: 'strength_model' })).toBeVisible()
    await expect(map.getByRole('button', { name: 'UltralyticsDetectorProvider, #34, Missing' })).toBeVisible()
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await expect(page.getByRole('list', { name: 'Nodes of the graph' }).getByRole('listitem')).toHaveCount(31)
  })

  await test.step('what was filled in stays after a reload, and runs', async () => {
    await form(page).getByRole('textbox', { name: 'Prompt', exact: true }).fill('a lamp')
    await form(page).getByRole('textbox', { name: 'Steps' }).fill('30')
    await page.reload()
    await expect(form(page).getByRole('textbox', { name: 'Steps' })).toHaveValue('30')
    await form(page).getByRole('button', { name: 'Lock Seed' }).click()
    await form(page).getByRole('textbox', { name: 'Prompt', exact: true }).press('Control+Enter')
    await expect
      .poll(() => created)
      .toEqual([
        {
          serviceId: 'comfyui-demo',
          params: {
            ...{ prompt: 'a lamp', workflow: script.details[0]?.id, workflowVersion: 3 },
            values: { '6.text': 'a lamp', '3.steps': 30 },
          },
        },
      ])
    await expect(page.getByRole('region', { name: 'Result of comfyui-demo' })).toContainText('Could not be submitted')
    misdeeds.forgive()
    await form(page).getByRole('button', { name: 'Reset' }).click()
    await expect(form(page).getByRole('textbox', { name: 'Steps' })).toHaveValue('24')
  })

  await test.step('versions are restored, and a removed workflow offers the way back', async () => {
    await page.getByRole('button', { name: 'Restore v1' }).click()
    await expect.poll(() => script.asked.at(-1)).toMatchObject({ call: 'restore', input: { version: 1 } })
    await page.getByRole('button', { name: 'More actions for Portrait relight and upscale' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect(page.getByRole('heading', { name: 'No workflows yet' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  })
})

test('files are read before anything is imported: recognised, missing, refused and already there', async ({
  page,
  panel,
}) => {
  const script = await begin(page, panel, { details: [] })
  await page.getByRole('button', { name: 'Import a workflow' }).click()
  const dialog = page.getByRole('dialog', { name: /^Import workflows/ })
  await dialog
    .locator('..')
    .locator('input[type=file]')
    .setInputFiles(files(...Object.keys(scriptedReports)))
  const list = dialog.getByRole('list', { name: 'Files' }).locator('> li')
  await expect(list).toHaveCount(4)
  // What is refused stands first, with its nodes, reasons and the fix.
  await expect(list.first()).toContainText('dreamy-interiors-v9.json')
  await expect(list.first()).toContainText('2 of 96 nodes cannot be converted')
  await expect(list.first()).toContainText('Node 44')
  await expect(list.filter({ hasText: 'portrait-relight.json' })).toContainText('replaces v3 as v4')
  await expect(list.filter({ hasText: 'known.json' })).toContainText('Already there')
  await expect(list.filter({ hasText: 'lighthouse.png' })).toContainText('ae.safetensors in models/vae')
  await expectFits(page, 'the import')
  expect((await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === 'serious')).toEqual([])

  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect(script.asked).toEqual([])

  // Dropped on any page; Enter imports what can be.
  script.details = [scriptedDetail()]
  await page.evaluate(() => (location.hash = '#/studio'))
  await page.evaluate(
    (names) => {
      const transfer = new DataTransfer()
      for (const name of names) transfer.items.add(new File(['{}'], name, { type: 'application/json' }))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    },
    ['portrait-relight.json', 'dreamy-interiors-v9.json'],
  )
  await expect(dialog.getByRole('button', { name: 'Import 1 workflow' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  expect(script.asked).toEqual([{ call: 'import', input: 'portrait-relight.json' }])
  await expect(page).toHaveURL(/mode=workflow&workflow=/)
  await expect(form(page)).toBeVisible()
})

test('what is missing everywhere cannot be run, and the page fits every window', async ({ page, panel }) => {
  await begin(page, panel, { needs: scriptedNeeds({ 'comfyui-demo': 'lacking' }) })
  await expect(form(page).getByRole('button', { name: 'Generate', exact: true })).toBeDisabled()
  await expect(form(page)).toContainText('3 requirements missing on comfyui-demo')
  await expectFits(page, 'a workflow')
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(
      (await new AxeBuilder({ page }).analyze()).violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      ),
    ).toEqual([])
  }
})
