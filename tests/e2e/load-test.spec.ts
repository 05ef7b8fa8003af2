import { readFile } from 'node:fs/promises'
import { LoadTestReport } from '../../shared/contract'
import { misuses } from '../support/axe'
import { until } from '../support/until'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

test('a load test is run from the keyboard, cancelled or followed to its report, and saved; at 390 px too', async ({
  page,
  panel,
}) => {
  const { client } = panel
  await client.services.start({ id: 'comfyui-demo' })
  const isReady = async () => (await client.services.get({ id: 'comfyui-demo' })).health.state === 'ready'
  await until('the service is ready', isReady)
  await enter(page, panel, { link: 'fetch' })
  const main = page.getByRole('main')
  await page.goto(`${panel.url}/?link=fetch#/services/comfyui-demo/load-test`)
  const seen = async (name: string) => {
    await expectFits(page, name)
    expect.soft(await misuses(page, { serious: true })).toEqual([])
  }
  const order = async (count: string, concurrency: string) => {
    const dialog = page.getByRole('dialog', { name: 'Run load test' })
    await expect(dialog.getByLabel('Images', { exact: true })).toBeFocused()
    for (const [label, value] of [
      ['Images', count],
      ['At a time', concurrency],
      ['Steps', '2'],
      ['Width', '64'],
      ['Height', '64'],
    ] as const)
      await dialog.getByLabel(label, { exact: true }).fill(value)
    return dialog
  }

  await test.step('nothing was measured yet; how long it takes is unknown', async () => {
    await expect(main.getByRole('heading', { name: 'No load test yet' })).toBeVisible()
    await main.getByRole('button', { name: 'Run load test…' }).focus()
    await page.keyboard.press('Enter')
    const dialog = await order('6', '2')
    await expect(dialog.getByText('How long it takes is unknown')).toBeVisible()
    await seen('the order')
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
  })

  await test.step('its report says what the API says', async () => {
    await expect(main.getByText('Completed', { exact: true })).toBeVisible({ timeout: 30_000 })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await main.getByRole('button', { name: 'JSON, CSV' }).click()
        await page.getByRole('menuitem', { name: 'Report as JSON' }).click()
      })(),
    ])
    const report = LoadTestReport.parse(JSON.parse(await readFile(await download.path(), 'utf8')))
    expect(report.figures).toMatchObject({ done: 6, errors: 0 })
    const shown = (value: number) =>
      new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
    const figures = main.locator('dl').first()
    await expect(figures).toContainText(`${shown(report.figures.perMinute ?? 0)} images per minute`)
    for (const name of ['p50', 'p95', 'p99'] as const)
      await expect(figures).toContainText(`${name}${shown((report.figures[name]?.ms ?? 0) / 1000)} s`)
    await expect(figures).toContainText('Errors0 of 6')
    await expect(main.getByRole('img', { name: /^Throughput over/ })).toBeVisible()
    await seen('the report')
    // On paper: the figures and charts, and nothing that can only be pressed.
    await page.emulateMedia({ media: 'print' })
    await expect(figures).toContainText(`${shown(report.figures.perMinute ?? 0)} images per minute`)
    await expect(figures).toBeVisible()
    await expect(main.getByRole('img', { name: /^Throughput over/ })).toBeVisible()
    await expect(main.getByRole('heading', { name: 'Load test of comfyui-demo' })).toBeVisible()
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
    await expect(main.getByRole('button', { name: 'Run again…' })).toBeHidden()
    await page.emulateMedia({ media: null })
  })

  await test.step('one that runs is there after the page is loaded anew, and is cancelled', async () => {
    await main.getByRole('button', { name: 'Run again…' }).click()
    const dialog = await order('200', '2')
    await expect(dialog.getByText(/Should take about/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Run load test' }).click()
    await expect(dialog).toBeHidden()
    await page.reload()
    await expect(main.getByRole('progressbar', { name: 'Progress of the test' })).toBeVisible()
    await main.getByRole('button', { name: 'Cancel test' }).click()
    await expect(main.getByText('The test was cancelled.')).toBeVisible()
  })

  await test.step('the earlier one is compared with it, and a report is deleted', async () => {
    const reports = main.getByRole('region', { name: 'Reports' }).last()
    await expect(reports.getByRole('row')).toHaveCount(3)
    await reports
      .getByRole('button', { name: /^Actions/ })
      .last()
      .click()
    await page.getByRole('menuitem', { name: 'Compare with the open one' }).click()
    await expect(reports.getByText('compared')).toBeVisible()
    await page.setViewportSize({ width: 390, height: 844 })
    await seen('at 390 px')
    await reports
      .getByRole('button', { name: /^Actions/ })
      .last()
      .click()
    await page.getByRole('menuitem', { name: 'Delete report' }).click()
    await expect(reports.getByRole('row')).toHaveCount(2)
  })
})
