import type { Page } from 'playwright/test'
import type { HeadlessPanel } from '../support/headless'
import { enter } from './pages/app'
import { expect, test } from './support/fixtures'

async function openDocs(page: Page, panel: HeadlessPanel): Promise<void> {
  await page.goto(`${panel.url}/api/v1/docs`)
  await expect(page.getByRole('heading', { name: /Regie/ }).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('/about', { exact: true })).toBeVisible()
}

test('the API page describes the paths without asking anybody else', { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(...(request.resourceType() === 'script' ? [request.url()] : [])))
  await openDocs(page, panel)
  // It is a page of its own: none of the panel's code runs in it.
  expect(scripts.length).toBeGreaterThan(0)
  expect(scripts.filter((url) => url.includes('/assets/first-'))).toEqual([])
})

test('the API page describes the paths to the last', { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  await openDocs(page, panel)
  // Swagger UI draws only what is near the window, and each of its lines costs what a page of the panel's does.
  await expect(async () => {
    await page.mouse.wheel(0, 400)
    await expect(page.getByText('/services/{id}/start', { exact: true })).toBeVisible({ timeout: 200 })
  }).toPass({ timeout: 30_000 })
})
