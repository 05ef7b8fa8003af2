import { enter, open } from './pages/app'
import { expect, test } from './support/fixtures'

test('French and the light theme are kept over a reload, for errors too; another page styles nothing anew', async ({
  page,
  panel,
}) => {
  await enter(page, panel)
  const main = page.getByRole('main')
  await test.step('another page does not style the whole document anew', async () => {
    const sheets = await page.evaluateHandle(() => {
      const seen: string[] = []
      const watch = (records: MutationRecord[]) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes) if (node.nodeName === 'STYLE') seen.push(node.textContent ?? '')
      }
      const observer = new MutationObserver(watch)
      observer.observe(document.head, { childList: true })
      return { told: () => (watch(observer.takeRecords()), seen) }
    })
    for (const name of ['Settings', 'Overview', 'Settings'] as const) await open(page, name)
    expect(await sheets.evaluate(({ told }) => told())).toEqual([])
  })
  await main.getByRole('radiogroup', { name: 'Theme' }).getByText('Light').click()
  await main.getByRole('radiogroup', { name: 'Language' }).getByText('Français').click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Réglages')

  await page.reload()

  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Réglages')
  for (const name of ['Aperçu', 'Services', 'Identifiants', 'Studio', 'Galerie', 'GPU', 'Réglages']) {
    await expect(page.getByRole('navigation').getByRole('link', { name, exact: true })).toBeVisible()
  }
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
  const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(Math.min(...(canvas.match(/\d+/g) ?? []).map(Number))).toBeGreaterThan(200)

  await test.step('errors come in the language of the page', async () => {
    await page.goto(`${panel.url}/#/services/no-such-service`)
    await expect(main).toContainText('no-such-service')
    await expect(main.getByRole('link', { name: 'Tous les services' })).toBeVisible()
  })
})

test(
  'who wants no motion sees none, in the page, its menus and its dialogs',
  { tag: '@long' },
  async ({ page, panel }) => {
    await enter(page, panel)
    /** How many elements would move when they change, or move now. */
    const moving = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('*')].filter((element) => {
            const { transitionDuration, animationName } = getComputedStyle(element)
            return /[1-9]/.test(transitionDuration) || animationName !== 'none'
          }).length,
      )
    await open(page, 'Settings')
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
    expect(await moving()).toBe(0)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await moving()).toBeGreaterThan(0)
  },
)
