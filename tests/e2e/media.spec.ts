import { enter, open, thumbnails } from './pages/app'
import { expect, test } from './support/fixtures'
import { freePort } from '../support/ports'
import { addSimulatedProgram, generateOn } from '../support/simulated'

const id = 'comfyui-media'
const prompt = 'a harbour in the rain'

test('a video plays, an AVIF is shown, an EXR is named and downloaded', { tag: '@long' }, async ({ page, panel }) => {
  const behaviour = { alsoSaves: ['webm', 'avif', 'exr', 'glb'], preview: 'none', stepMs: 5, loadMs: 5 }
  await addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour })
  await panel.client.services.start({ id })
  await expect.poll(async () => (await panel.client.services.get({ id })).health.state).toBe('ready')
  await generateOn(panel, id, prompt)
  await enter(page, panel)
  await open(page, 'Gallery')
  await thumbnails(page, prompt).click()
  const detail = page.getByRole('complementary', { name: 'Selected image' })
  await expect(detail).toContainText('The service made files that Regie does not keep')

  await detail.getByRole('button', { name: 'Image 2 of 4' }).click()
  const video = detail.locator('video')
  await expect(video).toHaveAccessibleName(`WebM: ${prompt}`)
  // Its parts were asked for, and it was read far enough to know its size.
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.readyState)).toBeGreaterThanOrEqual(2)
  expect(await video.evaluate((one: HTMLVideoElement) => [one.videoWidth, one.muted, one.controls])).toEqual([
    48,
    true,
    true,
  ])
  await video.focus()
  await page.keyboard.press('Space')
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0)
  await expect(detail).toContainText('48 × 32, WebM')

  await detail.getByRole('button', { name: 'Image 3 of 4' }).click()
  const shown = detail.getByRole('button', { name: 'Full size' }).getByRole('img', { name: prompt })
  await expect.poll(() => shown.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(48)

  // Enlarged, it has the way to the next one, and nothing that only an image has.
  await shown.click()
  const view = page.getByRole('dialog')
  await expect(view.getByRole('group', { name: 'Zoom' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(view.locator('video')).toBeVisible()
  await expect(view.getByRole('button', { name: 'Edit this image' })).toBeHidden()
  await expect(view.getByRole('group', { name: 'Zoom' })).toBeHidden()
  await page.keyboard.press('z')
  await page.keyboard.press('ArrowRight')
  await expect(view.getByRole('img', { name: prompt })).toBeVisible()
  await page.keyboard.press('Escape')

  await detail.getByRole('button', { name: 'Image 4 of 4' }).click()
  await expect(detail.getByText('Browsers cannot show EXR files.')).toBeVisible()
  await expect(detail.getByText('Only the text in PNG files is read.')).toBeVisible()
  const coming = page.waitForEvent('download')
  await detail.getByRole('link', { name: 'Download EXR' }).click()
  expect((await coming).suggestedFilename()).toMatch(/_a-harbour-in-the-rain_comfyui-media_seed\d+_4\.exr$/)
})
