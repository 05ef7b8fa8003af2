import { generateOn } from '../support/simulated'
import { enter, open } from './pages/app'
import { expect, test } from './support/fixtures'

const journey = 'the palette finds pages, settings, credentials, services and images, a slip or not'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await panel.client.services.start({ id: 'forge-demo' })
  await generateOn(panel, 'forge-demo', 'a lighthouse at dusk')
  await enter(page, panel)
  const field = page.getByRole('dialog').getByRole('textbox')
  const lines = page.getByRole('dialog').locator('[data-action]')
  const find = async (query: string) => {
    await page.keyboard.press('Control+k')
    await field.fill(query)
  }

  await test.step('a slip is understood and said, and what was found is marked', async () => {
    await find('pasphrase')
    await expect(page.getByText('Nothing is called “pasphrase”. Results for passphrase.')).toBeVisible()
    await expect(lines.first().locator('mark')).toHaveText('passphrase')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/#\/settings\?section=vault$/)
    await expect(page.locator('[data-section=vault]')).toBeInViewport()
  })

  await test.step('an image by its prompt', async () => {
    await find('lighthuose')
    await expect(lines).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('complementary', { name: 'Selected image' })).toContainText('a lighthouse at dusk')
    await page.keyboard.press('Escape')
  })

  await test.step('Tab goes to the next group, and more are shown when asked for', async () => {
    await find('forge-demo')
    await expect(lines.filter({ hasText: /\d more/ }).first()).toBeVisible()
    const groups = await page.getByRole('dialog').locator('[data-group]').all()
    expect(groups.length).toBeGreaterThan(1)
    await page.keyboard.press('Tab')
    await expect(page.locator('[data-group]').nth(1).locator('[data-action]').first()).toHaveAttribute('data-selected')
    const before = await lines.count()
    await lines
      .filter({ hasText: /\d more/ })
      .first()
      .click()
    expect(await lines.count()).toBeGreaterThan(before)
  })

  await test.step('nothing found names three actions', async () => {
    await field.fill('qqqqzzzz')
    await expect(page.getByText('No match. These actions come closest.')).toBeVisible()
    await expect(lines).toHaveCount(3)
    await page.keyboard.press('Escape')
  })
})

test('Settings have an index that leads to each section, and a search', { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  await open(page, 'Settings')
  const index = page.getByRole('navigation', { name: 'Sections' })
  await expect(index.getByRole('link').first()).toHaveText('Access')
  const sections = page.locator('[data-section]')
  await expect(index.getByRole('link')).toHaveCount(await sections.count())
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await index.getByRole('link', { name: 'Data folder' }).click()
    await expect(page.getByRole('heading', { name: 'Data folder' })).toBeInViewport()
    await expect(index.getByRole('link', { name: 'Data folder' })).toHaveAttribute('aria-current', 'location')
    await index.getByRole('link', { name: 'Access' }).click()
    await expect(page.getByRole('heading', { name: 'Access' })).toBeInViewport()
  }
  await page.getByLabel('Search settings').fill('langauge')
  await expect(page.getByRole('list', { name: 'Settings found' }).getByRole('link')).toHaveText(/^Language/)
  await page.keyboard.press('Enter')
  await expect(
    page.getByRole('group', { name: 'Language' }).or(page.getByRole('radiogroup', { name: 'Language' })),
  ).toBeInViewport()
})
