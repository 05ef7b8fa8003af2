import { expect, test } from './support/fixtures'
import { misuses } from '../support/axe'

const journey = 'the documentation is read and searched without signing in, in both languages, from the panel alone'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(panel.url)) elsewhere.push(request.url())
  })
  await page.goto(`${panel.url}/docs`)
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('User guide')
  const search = page.getByRole('searchbox', { name: 'Search the documentation' })
  await search.fill('rotte credental')
  await search.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(search).toBeFocused()
  await search.fill('vault passphrase')
  await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/docs\/en\/[\w-]+#/)

  await page.goto(`${panel.url}/docs/en/api`)
  await main.getByText('/services/{id}/start', { exact: true }).click()
  await expect(main.getByText('Answers', { exact: true }).filter({ visible: true }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Français' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('API REST')
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Guide d’utilisation' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Guide d’utilisation')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  expect(await misuses(page)).toEqual([])
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
  expect(elsewhere).toEqual([])
})
