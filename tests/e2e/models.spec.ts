import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright/test'
import sharp from 'sharp'
import type { Generation } from '../../shared/contract'
import type { HeadlessPanel } from '../support/headless'
import { freePort } from '../support/ports'
import { addSimulatedProgram, generateOn } from '../support/simulated'
import { enter } from './pages/app'
import { editForm, maskStage, paint, resultPanel, sourcePanel } from './pages/edit'
import { expectPicture, form, generate, result } from './pages/studio'
import { expect, test } from './support/fixtures'

const quick = { loadMs: 5, stepMs: 1, preview: 'none' }

/** A ComfyUI with a model that nobody knows, one with today's models, and a Forge. */
async function services(panel: HeadlessPanel) {
  const program = async (id: string, behaviour: Record<string, unknown>) =>
    addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour: { ...quick, ...behaviour } })
  await program('comfyui-bare', { models: 'none' })
  await program('comfyui-edit', {})
  const models = path.join(panel.data, 'comfyui-bare', 'models', 'diffusion_models')
  await mkdir(models, { recursive: true })
  await writeFile(path.join(models, 'one-of-my-own.safetensors'), Buffer.alloc(2 ** 20))
  const ids = ['comfyui-bare', 'comfyui-edit', 'forge-demo']
  for (const id of ids) await panel.client.services.start({ id })
  for (const id of ids)
    await expect.poll(async () => (await panel.client.services.get({ id })).health.state).toBe('ready')
}

/** The newest generation of a service, once there are so many and it has succeeded. */
async function made(panel: HeadlessPanel, serviceId: string, count: number): Promise<Generation> {
  const own = async () =>
    (await panel.client.generations.list({ limit: 50 })).items.filter((one) => one.serviceId === serviceId)
  await expect.poll(async () => (await own()).map(({ state }) => state)).toEqual(Array(count).fill('succeeded'))
  const [newest] = await own()
  if (!newest) throw new Error('nothing was generated')
  return newest
}

async function addLora(page: Page, where: string, file: string, weight: string) {
  await form(page)
    .getByRole('textbox', { name: `Add to ${where}` })
    .click()
  await page.getByRole('option', { name: file }).click()
  await form(page)
    .getByRole('group', { name: where })
    .getByRole('textbox', { name: `Weight of ${file}` })
    .fill(weight)
}

/** Chooses a model of comfyui-edit, which may be folded. */
async function choose(page: Page, title: string) {
  const named = page.getByTitle(title, { exact: true })
  const own = editForm(page).locator('label').filter({ has: named, hasText: 'comfyui-edit' })
  const more = editForm(page).getByRole('button', { name: /more/, expanded: false })
  if ((await own.count()) === 0) await more.click()
  await own.click()
  await expect(own.getByRole('radio')).toBeChecked()
}

const picture = (background: string) =>
  sharp({ create: { width: 256, height: 192, channels: 3, background } })
    .png()
    .toBuffer()

/** Gives the page a file as its clipboard or a hand does. */
const giveFile = (page: Page, how: 'paste' | 'drop', bytes: Buffer) =>
  page.evaluate(
    ([kind, base64]) => {
      const transfer = new DataTransfer()
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      transfer.items.add(new File([data], 'given.png', { type: 'image/png' }))
      const target = document.querySelector('form [class*="refs"]') ?? document.body
      const init = { bubbles: true, cancelable: true }
      target.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: transfer })
          : new DragEvent('drop', { ...init, dataTransfer: transfer }),
      )
    },
    [how, bytes.toString('base64')] as const,
  )

const journey = 'models are chosen by what they take, with LoRAs and sizes of their own'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  test.setTimeout(180_000)
  await services(panel)
  await enter(page, panel)
  await page.goto(`${panel.url}/#/studio`)
  const only = async (...ids: string[]) => {
    for (const id of ['comfyui-bare', 'comfyui-edit', 'forge-demo'])
      await form(page).getByRole('checkbox', { name: id, exact: true }).setChecked(ids.includes(id))
  }

  await test.step('without a known model it says which file would do, and tests without one only when asked', async () => {
    await only('comfyui-bare')
    const notice = form(page).getByRole('region', { name: 'No known model on comfyui-bare' })
    await expect(notice).toContainText('v1-5-pruned-emaonly-fp16.safetensors in models/checkpoints')
    await generate(page, 'a paper boat')
    await expect(result(page, 'comfyui-bare')).toContainText('Could not be submitted')
    expect((await panel.client.generations.list({ limit: 5 })).items).toEqual([])
    await notice.getByRole('button', { name: 'Test without a model' }).click()
    await expectPicture(result(page, 'comfyui-bare').getByRole('img', { name: 'Test without a model' }))
    expect((await made(panel, 'comfyui-bare', 1)).params).toMatchObject({ workflow: 'smoke' })
    // It was asked for once: the next run is no test again.
    await generate(page, 'a paper boat')
    await expect(result(page, 'comfyui-bare')).toContainText('Could not be submitted')
  })

  await test.step('LoRAs are added on both kinds, several at once, and a negative prompt only where it is read', async () => {
    await only('comfyui-edit', 'forge-demo')
    const negative = form(page).getByRole('textbox', { name: 'Negative prompt' })
    await expect(form(page).getByText('SDXL Turbo and Z-Image-Turbo ignore it.')).toBeVisible()
    await expect(negative).toBeDisabled()
    await form(page).getByRole('textbox', { name: 'CFG scale on forge-demo' }).fill('3')
    await expect(form(page).getByText('Z-Image-Turbo ignores it.')).toBeVisible()
    await negative.fill('text')
    await addLora(page, 'LoRAs on comfyui-edit', 'film_grain.safetensors', '0.6')
    await addLora(page, 'LoRAs on comfyui-edit', 'watercolour.safetensors', '-0.2')
    await addLora(page, 'LoRAs on forge-demo', 'add-detail-xl', '0.35')
    await generate(page, 'two vases on a table')
    const [comfy, forge] = [await made(panel, 'comfyui-edit', 1), await made(panel, 'forge-demo', 1)]
    expect(comfy.params.loras).toEqual([
      { name: 'film_grain.safetensors', weight: 0.6 },
      { name: 'watercolour.safetensors', weight: -0.2 },
    ])
    expect(forge.params.loras).toEqual([{ name: 'add-detail-xl', weight: 0.35 }])
    expect([comfy.params.negativePrompt ?? '', forge.params.negativePrompt]).toEqual(['', 'text'])
  })

  await test.step('a model’s own sizes are offered where it runs alone', async () => {
    const own = form(page).getByRole('button', { name: '768 × 768' })
    await expect(own).toBeHidden()
    await only('forge-demo')
    await own.click()
    await generate(page, 'two vases on a table')
    expect((await made(panel, 'forge-demo', 2)).params).toMatchObject({ width: 768, height: 768 })
  })
})

test('models edit with three images, and within a mask', { tag: '@long' }, async ({ page, panel }) => {
  test.setTimeout(180_000)
  await services(panel)
  await generateOn(panel, 'forge-demo', 'two vases on a table')
  await enter(page, panel)

  await test.step('an edit refers to three images: pasted, dropped and from the gallery', async () => {
    await page.goto(`${panel.url}/#/studio?mode=edit`)
    await expect(sourcePanel(page)).toContainText('No image yet')
    await giveFile(page, 'paste', await picture('#7a5a3a'))
    await expect(maskStage(page)).toBeVisible()
    await giveFile(page, 'drop', await picture('#2a6a4a'))
    const images = editForm(page).getByRole('group', { name: 'Images' })
    await expect(images.getByRole('img')).toHaveCount(2)
    await images.getByRole('button', { name: 'Add, drop or paste' }).click()
    await page.getByRole('menuitem', { name: 'From the gallery…' }).click()
    await page
      .getByRole('dialog', { name: 'Choose an image' })
      .getByRole('button', { name: 'two vases' })
      .first()
      .click()
    await expect(images.getByRole('img')).toHaveCount(3)
    await choose(page, 'Qwen-Image-Edit 2511')
    await editForm(page).getByRole('textbox', { name: 'Prompt', exact: true }).fill('the wall of image 1 in image 2')
    await page.keyboard.press('Control+Enter')
    await expectPicture(resultPanel(page).getByRole('img', { name: 'the wall of image 1 in image 2' }))
    const { params } = await made(panel, 'comfyui-edit', 1)
    expect(params).toMatchObject({ task: 'edit', workflow: 'qwen-image-edit-2511' })
    expect(new Set(params.images)).toHaveProperty('size', 3)
  })

  await test.step('within a mask ComfyUI paints with a model that can', async () => {
    for (const n of [3, 2])
      await editForm(page)
        .getByRole('button', { name: `Remove image ${n}` })
        .click()
    await paint(page, [0.3, 0.5], [0.6, 0.5])
    await choose(page, 'Z-Image-Turbo')
    await expect(sourcePanel(page).getByText(/^Mask covers/)).toBeVisible()
    await editForm(page)
      .getByRole('button', { name: /^Generate/ })
      .click()
    const { params } = await made(panel, 'comfyui-edit', 2)
    expect(params).toMatchObject({ task: 'inpaint', strength: 0.6 })
    expect(params.images).toHaveLength(1)
    expect(params.mask).toMatch(/^[\da-f-]{36}$/)
  })
})
