import { enter } from './pages/app'
import { expect, test } from './support/fixtures'

test('the API page describes every path without asking anybody else', async ({ page, panel }) => {
  await enter(page, panel)
  await page.goto(`${panel.url}/api/v1/docs`)
  await expect(page.getByRole('heading', { name: /Regie/ }).first()).toBeVisible({ timeout: 60_000 })
  for (const path of ['/services/{id}/start', '/credentials/{id}/rotate', '/generations', '/gpus/stream']) {
    await expect(page.getByText(path, { exact: true }).first()).toBeVisible()
  }
})
