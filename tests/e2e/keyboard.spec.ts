import type { Locator, Page } from 'playwright/test'
import { card, enter, title } from './pages/app'
import { expectPicture, form, result } from './pages/studio'
import { expect, test } from './support/fixtures'

/** Presses Tab until something has the focus, as far as a person would. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('it cannot be reached with the Tab key')
}

async function run(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
}

const alone = 'with the keyboard alone, a service is started from the palette and makes a picture'
test(alone, { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  await run(page, 'start forge-demo')
  await expect(card(page, 'forge-demo')).toContainText('Ready', { timeout: 30_000 })

  await page.keyboard.press('n')
  await expect(title(page)).toHaveText('Studio')
  await tabTo(page, form(page).getByRole('textbox', { name: 'Prompt', exact: true }))
  await page.keyboard.type('a paper boat')
  await page.keyboard.press('ControlOrMeta+Enter')

  await expect(result(page, 'forge-demo')).toContainText('Saved to the gallery', { timeout: 40_000 })
  await expectPicture(result(page, 'forge-demo').getByRole('img', { name: 'a paper boat' }).first())
})

test('the first Tab leads past the rail, G with a letter to every page, and words come to who rests', async ({
  page,
  panel,
}) => {
  await enter(page, panel)
  await test.step('what a mouse rests on says its words, and Escape takes them away', async () => {
    const role = page.getByText('Admin', { exact: true })
    const words = page.getByRole('tooltip')
    await role.hover()
    await expect(words).toHaveText('Signed in as administrator: full access')
    await page.keyboard.press('Escape')
    await expect(words).toBeHidden()
    await title(page).hover()
    await role.hover()
    await expect(words).toBeVisible()
    await title(page).hover()
    await expect(words).toBeHidden()
  })
  for (const [keys, name] of [
    ['gs', 'Services'],
    ['gc', 'Credentials'],
    ['gt', 'Studio'],
    ['gg', 'Gallery'],
    ['gp', 'GPUs'],
    ['go', 'Overview'],
  ] as const) {
    await page.keyboard.type(keys)
    await expect(title(page)).toHaveText(name)
  }
  await page.addInitScript(() => {
    const most = { mains: 0 }
    Object.assign(globalThis, { regieMost: most })
    new MutationObserver(() => {
      most.mains = Math.max(most.mains, document.querySelectorAll('main').length)
    }).observe(document, { childList: true, subtree: true })
  })
  await page.reload()
  // Whatever of the page comes later, it is one page from the first on, and who reads it stays where they are.
  await expect(card(page, 'forge-demo')).toBeVisible()
  await expect(title(page)).toBeFocused()
  expect(await page.evaluate(() => (globalThis as unknown as { regieMost: { mains: number } }).regieMost.mains)).toBe(1)
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(title(page)).toBeVisible()
  await skip.focus()
  await page.keyboard.press('Enter')
  await expect(title(page)).toBeFocused()
})

test(
  'words whose code does not arrive are missing by themselves, and come at the next time',
  { tag: '@long' },
  async ({ page, panel, misdeeds }) => {
    const isRefused = page.waitForEvent('requestfailed', (request) => request.url().includes('TooltipBox'))
    await page.route(/\/TooltipBox-/, (route) => route.abort())
    await enter(page, panel)
    const role = page.getByText('Admin', { exact: true })
    await role.hover()
    await isRefused
    await page.unroute(/\/TooltipBox-/)
    await title(page).hover()
    await role.hover()
    await expect(page.getByRole('tooltip')).toHaveText('Signed in as administrator: full access')
    misdeeds.forgive()
  },
)
