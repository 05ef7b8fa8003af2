import { readFile } from 'node:fs/promises'
import { misuses, ofColours } from '../support/axe'
import { writeGpuPast } from '../support/gpu-past'
import { replayedGpus } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const hour = 3_600_000
const uuids = Array.from({ length: 8 }, (_, index) => `GPU-0000000${index}-0000-1111-2222-333344445555`)

test('eight cards in lines, and what one of them did', async ({ page, launch }) => {
  test.slow()
  await using folder = await temporaryFolder('regie-gpu-past')
  await writeGpuPast({
    ...{ data: folder.path, uuids, forMs: 30 * hour },
    gone: { from: 4 * hour, to: 3 * hour },
  })
  const panel = await launch({ data: folder.path, env: replayedGpus('eight') })
  await enter(page, panel)

  await test.step('a line a card, what they come to together, and the hot one stands out', async () => {
    await page.goto(`${panel.url}/#/gpus`)
    await expect(page.getByText('Load, mean of 8')).toBeVisible()
    await expect(page.getByRole('listitem').filter({ hasText: 'of 350 W' })).toHaveCount(8)
    await expect(page.getByRole('listitem').filter({ hasText: '95 °C' })).toContainText('Hot')
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'eight cards', ['phone', 'zoomed', 'least'])
    await page.getByText('Detailed', { exact: true }).click()
    await expect(page.getByRole('article')).toHaveCount(8)
    await page.getByText('Compact', { exact: true }).click()
  })

  await test.step('from a line to the card, and to what it did', async () => {
    await page.getByRole('link', { name: 'GPU 1, RTX 3090' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'GPU 1, RTX 3090' })).toBeVisible()
    await page.getByRole('tab', { name: 'History' }).click()
    await expect(page.getByText('Highest temperature')).toBeVisible()
    await expect(page.getByRole('img', { name: 'Temperature' }).locator('canvas')).toBeVisible()
  })

  const crosshair = page.getByRole('slider', { name: 'Crosshair of the charts' })
  await test.step('the crosshair by keys: each point is said in words, and Home takes it away', async () => {
    await expect(crosshair).toHaveAttribute('aria-valuetext', 'Not set. Arrow keys move it.')
    await crosshair.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowLeft')
    await expect(crosshair).toHaveAttribute('aria-valuetext', /Load \d+ %, Memory/)
    const before = await crosshair.getAttribute('aria-valuenow')
    await page.keyboard.press('ArrowLeft')
    await expect(crosshair).toHaveAttribute('aria-valuenow', String(Number(before) - 1))
    await page.keyboard.press('Home')
    await expect(crosshair).toHaveAttribute('aria-valuetext', 'Not set. Arrow keys move it.')
  })

  await test.step('the same by pointer: what is dragged over is shown alone, and can be left', async () => {
    const charts = await page.getByRole('group', { name: 'Charts: arrow keys move the crosshair' }).boundingBox()
    if (!charts) throw new Error('no charts')
    const y = charts.y + 200
    await page.mouse.move(charts.x + charts.width * 0.3, y)
    await expect(crosshair).toHaveAttribute('aria-valuetext', /Load/)
    await page.mouse.down()
    await page.mouse.move(charts.x + charts.width * 0.6, y, { steps: 4 })
    await page.mouse.up()
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await expect(page.getByRole('button', { name: 'Zoom out' })).toHaveCount(0)
  })

  await test.step('a lane a service, by the name that people gave it', async () => {
    await panel.client.services.update({ id: 'comfyui-demo', name: 'Atelier', gpuUuid: uuids[1] ?? null })
    await page.reload()
    await expect(page.getByTitle('Atelier', { exact: true })).toBeVisible()
    await expect(page.getByTitle('comfyui-demo', { exact: true })).toHaveCount(0)
  })

  await test.step('why there is nothing, what slowed the card, and the same as a file', async () => {
    await page.getByText('24 h', { exact: true }).click()
    const events = page.getByRole('list', { name: 'Events' })
    await expect(events.getByText('No reading of this card')).toBeVisible()
    await expect(events.getByText('Slowed down').first()).toBeVisible()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    expect(lines[0]).toContain('time,load_mean_pct')
    expect(lines.length).toBeGreaterThan(300)
  })

  await test.step('without a misuse, in both themes, at every width, in French', async () => {
    for (const theme of ['dark', 'light'] as const) {
      await panel.client.system.changeSettings({ theme })
      await expect(page.locator(`html[data-mantine-color-scheme="${theme}"]`)).toBeVisible()
      expect(await misuses(page, theme === 'dark' ? {} : { only: ofColours })).toEqual([])
    }
    await expectFits(page, 'a card’s history', ['phone', 'zoomed', 'least'])
    await panel.client.system.changeSettings({ theme: 'dark', language: 'fr' })
    await expect(page.getByText('Température maximale')).toBeVisible()
  })
})
