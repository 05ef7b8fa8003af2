import type { Page } from 'playwright/test'
import sharp from 'sharp'
import type { HeadlessPanel } from '../support/headless'
import { generateOn } from '../support/simulated'
import { enter } from './pages/app'
import { misuses } from '../support/axe'
import { expectFits, narrow } from './pages/fit'
import { editForm, maskStage, paint, resultPanel, sourcePanel } from './pages/edit'
import { expectPicture } from './pages/studio'
import { expect, test } from './support/fixtures'

const service = 'forge-demo'

async function ready(panel: HeadlessPanel) {
  await panel.client.services.start({ id: service })
  await expect.poll(async () => (await panel.client.services.get({ id: service })).health.state).toBe('ready')
}

const prompt = (page: Page) => editForm(page).getByRole('textbox', { name: 'Prompt', exact: true })

/** The generation that was asked for last, once it is over. */
async function last(panel: HeadlessPanel) {
  const newest = async () => (await panel.client.generations.list({ limit: 1 })).items[0]
  await expect.poll(async () => (await newest())?.state).toBe('succeeded')
  const generation = await newest()
  if (!generation) throw new Error('nothing was generated')
  return generation
}

/** How bright a picture that was given is at a place, in parts of its sides. */
async function brightness(panel: HeadlessPanel, id: string, [x, y]: [number, number]) {
  const bytes = Buffer.from(await (await panel.rest(`/inputs/${id}`)).arrayBuffer())
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true })
  return data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels] ?? -1
}

const covers = (page: Page) => sourcePanel(page).getByText(/^Mask covers/)

const journey = 'an image of the gallery is edited within a mask, with a LoRA, and is there again to run once more'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await ready(panel)
  await generateOn(panel, service, 'two vases on a table')
  await enter(page, panel)
  await page.goto(`${panel.url}/#/gallery`)
  await page.getByRole('list', { name: 'Images, newest first' }).getByRole('img').first().click()
  await page.getByRole('button', { name: 'Full size' }).first().click()
  await page.getByRole('button', { name: 'Edit this image' }).click()

  await expect(maskStage(page)).toBeVisible()
  await expect(sourcePanel(page)).toContainText('No mask: everything may change')
  await expect(editForm(page).getByRole('radio', { name: 'SDXL', exact: false }).first()).toBeVisible()

  await test.step('what is painted may change, and nothing else', async () => {
    await paint(page, [0.25, 0.25], [0.45, 0.25])
    await expect(covers(page)).toBeVisible()
    await prompt(page).fill('a green vase')
    await editForm(page).getByRole('textbox', { name: 'Add to LoRAs' }).click()
    await page.getByRole('option', { name: 'add-detail-xl' }).click()
    await editForm(page).getByRole('textbox', { name: 'Weight of add-detail-xl', exact: true }).fill('0.35')
    await editForm(page)
      .getByRole('button', { name: /^Generate/ })
      .click()
    await expectPicture(resultPanel(page).getByRole('img', { name: 'a green vase' }))
    const { params, simulated } = await last(panel)
    expect(params).toMatchObject({ task: 'inpaint', loras: [{ name: 'add-detail-xl', weight: 0.35 }], strength: 0.75 })
    expect(params.images).toHaveLength(1)
    expect(await brightness(panel, params.mask ?? '', [0.35, 0.25])).toBe(255)
    expect(await brightness(panel, params.mask ?? '', [0.35, 0.75])).toBe(0)
    if (simulated) await expect(resultPanel(page).getByText('SIMULATED')).toBeVisible()
  })

  await test.step('all of it is accessible, and fits a phone, 200 % and the narrowest window, source and result', async () => {
    const wide = page.viewportSize()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'the result')
    await page.setViewportSize(narrow.zoomed)
    await page.getByRole('radiogroup', { name: 'Source or result' }).getByText('Source').click()
    await expect(maskStage(page)).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'the source')
    if (wide) await page.setViewportSize(wide)
  })

  await test.step('before and after are compared by keys', async () => {
    const divider = resultPanel(page).getByRole('slider', { name: /^Divider/ })
    await divider.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowLeft')
    await expect(divider).toHaveAttribute('aria-valuenow', '41')
    await page.keyboard.press('x')
    await expect(resultPanel(page).getByText('After', { exact: true }).last()).toBeVisible()
  })

  await test.step('source and mask are there after the window was closed', async () => {
    await page.reload()
    await expect(covers(page)).toBeVisible()
    await expect(prompt(page)).toHaveValue('a green vase')
  })

  await test.step('its parameters lead back to this mode, with image, mask and LoRA', async () => {
    await page.evaluate(() => localStorage.removeItem('regie.studio.form'))
    await page.goto(`${panel.url}/#/gallery`)
    await page.reload()
    await page.getByRole('list', { name: 'Images, newest first' }).getByRole('img').first().click()
    await page.getByRole('button', { name: 'Use these parameters' }).click()
    await expect(page).toHaveURL(/mode=edit/)
    await expect(covers(page)).toBeVisible()
    await expect(editForm(page).getByText('add-detail-xl')).toBeVisible()
  })

  await test.step('a result becomes the next source, without a mask', async () => {
    await resultPanel(page).getByRole('button', { name: 'Use as source' }).click()
    await expect(sourcePanel(page)).toContainText('No mask: everything may change')
    await prompt(page).press('Control+Enter')
    await expect.poll(async () => (await panel.client.generations.list({ limit: 9 })).items.length).toBe(3)
    expect((await last(panel)).params).toMatchObject({ task: 'image' })
  })
})

/** A file of the computer is the source; what is no image was refused before. */
async function giveFile(page: Page, panel: HeadlessPanel): Promise<void> {
  await enter(page, panel)
  await page.goto(`${panel.url}/#/studio?mode=edit`)
  await editForm(page)
    .getByRole('button', { name: `Start ${service}` })
    .press('Enter')
  await expect(editForm(page).getByRole('radio').first()).toBeVisible()
  await expect(sourcePanel(page)).toContainText('No image yet')
  await expect(editForm(page).getByRole('button', { name: /^Generate/ })).toBeDisabled()

  const file = sourcePanel(page).getByLabel('Choose a file…')
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') })
  const told = page.getByRole('alert').filter({ hasText: 'notes.txt' }).first()
  await expect(told).toBeVisible()
  await told.getByRole('button', { name: 'Close' }).click()
  const buffer = await sharp({ create: { width: 640, height: 320, channels: 3, background: '#7a5a3a' } })
    .png()
    .toBuffer()
  await file.setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer })
  await expect(maskStage(page)).toBeVisible()
}

const maskHalf = (page: Page) =>
  test.step('a rectangle is masked by numbers', async () => {
    await page.getByRole('button', { name: 'Rectangle by numbers' }).press('Enter')
    const numbers = page.getByRole('dialog', { name: 'Rectangle by numbers' })
    for (const [name, value] of Object.entries({ Left: '0', Top: '0', Width: '320', Height: '320' }))
      await numbers.getByRole('textbox', { name }).fill(value)
    await numbers.getByRole('button', { name: 'Add to mask' }).press('Enter')
    await expect(covers(page)).toHaveText('Mask covers 50.0 %')
  })

test(
  'a file is edited by keyboard alone, and what is no image is refused',
  { tag: '@long' },
  async ({ page, panel }) => {
    await giveFile(page, panel)
    await maskHalf(page)

    await test.step('and it runs', async () => {
      await prompt(page).fill('a painted wall')
      await prompt(page).press('Control+Enter')
      await expectPicture(resultPanel(page).getByRole('img', { name: 'a painted wall' }))
      const { params } = await last(panel)
      expect(params.task).toBe('inpaint')
      expect([
        await brightness(panel, params.mask ?? '', [0.2, 0.5]),
        await brightness(panel, params.mask ?? '', [0.8, 0.5]),
      ]).toEqual([255, 0])
      // The source's form at about the family's own size.
      expect((params.width ?? 0) / (params.height ?? 1)).toBeCloseTo(2, 1)
    })
  },
)

test('every tool has its key, and a mask outlives the window', { tag: '@long' }, async ({ page, panel }) => {
  await giveFile(page, panel)
  const percent = async () => Number(/[\d.]+/.exec((await covers(page).textContent()) ?? '')?.[0])
  await test.step('arrows move the brush, Space paints, and every tool has its key', async () => {
    await maskStage(page).focus()
    await page.keyboard.down('Space')
    for (let n = 0; n < 6; n += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.up('Space')
    await expect(covers(page)).toBeVisible()
    const first = await percent()
    await page.keyboard.press('i')
    await expect.poll(percent).toBeCloseTo(100 - first, 0)
    await page.keyboard.press('Control+z')
    await expect.poll(percent).toBe(first)
    await page.keyboard.press('e')
    await expect(page.getByRole('button', { name: 'Eraser' })).toHaveAttribute('aria-pressed', 'true')
    for (let n = 0; n < 4; n += 1) await page.keyboard.press(']')
    await page.keyboard.press('Space')
    await expect.poll(percent).toBeLessThan(first)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect(sourcePanel(page)).toContainText('No mask: everything may change')
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(percent).toBe(first)
    await page.getByRole('button', { name: 'Clear mask' }).press('Enter')
  })

  await maskHalf(page)

  await test.step('a mask that was not sent yet outlives the window, and a source that is removed comes back with it', async () => {
    await page.reload()
    await expect(covers(page)).toHaveText('Mask covers 50.0 %')
    await editForm(page).getByRole('button', { name: 'Remove image 1' }).press('Enter')
    await expect(sourcePanel(page)).toContainText('No image yet')
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    await expect(covers(page)).toHaveText('Mask covers 50.0 %')
  })

  await test.step('of several files that are dropped at once each is taken, as long as there is room', async () => {
    const colours = ['#224488', '#338855', '#884422']
    const dropped = await Promise.all(
      colours.map((background) =>
        sharp({ create: { width: 64, height: 64, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const images = editForm(page).getByRole('group', { name: 'Images' })
    await images.evaluate(
      (target, files) => {
        const transfer = new DataTransfer()
        for (const [index, base64] of files.entries()) {
          const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
          transfer.items.add(new File([data], `${index}.png`, { type: 'image/png' }))
        }
        target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      },
      dropped.map((bytes) => bytes.toString('base64')),
    )
    await expect(page.getByRole('alert').filter({ hasText: 'At most 3 images' })).toBeVisible()
    await expect(images.getByRole('img')).toHaveCount(3)
    for (const n of [3, 2]) await images.getByRole('button', { name: `Remove image ${n}` }).press('Enter')
    await expect(covers(page)).toHaveText('Mask covers 50.0 %')
  })
})
