import type { Page } from 'playwright/test'
import type { HeadlessPanel } from '../support/headless'
import { enter, open, rail, title } from './pages/app'
import { dialog } from './pages/credentials'
import { expectFits, narrow } from './pages/fit'
import { expectPicture, generate, result } from './pages/studio'
import { expect, test } from './support/fixtures'

const id = 'forge-demo'
const main = (page: Page) => page.getByRole('main')
const bar = rail

/** From the sign-in to a rotated credential, as somebody does who has only a small window. */
async function journey(page: Page, panel: HeadlessPanel): Promise<void> {
  await test.step('sign in', async () => {
    await panel.client.system.changeSettings({ welcomed: true })
    await page.goto(panel.url)
    await page.getByRole('textbox', { name: /token/i }).fill(panel.adminToken)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(title(page)).toHaveText('Overview')
  })

  await test.step('start a service', async () => {
    await open(page, 'Services')
    await page.goto(`${panel.url}/#/services/${id}`)
    await main(page)
      .getByRole('button', { name: `Start ${id}` })
      .click()
    await expect(main(page).getByRole('link', { name: 'New generation' })).toBeVisible()
    await expect(main(page).getByRole('button', { name: `Stop ${id}` })).toBeVisible()
  })

  await test.step('look at its log', async () => {
    await main(page).getByRole('tab', { name: 'Logs' }).click()
    await expect(
      main(page)
        .getByRole('log')
        .getByText(/Running on local URL/),
    ).toBeVisible()
    await main(page).getByRole('link', { name: 'Back to Services' }).click()
    await expect(title(page)).toHaveText('Services')
  })

  await test.step('generate', async () => {
    await open(page, 'Studio')
    await generate(page, 'A boat on a quiet lake')
    await expectPicture(result(page, id).getByRole('img').first())
  })

  await test.step('rotate its credential, and come back to the list', async () => {
    await open(page, 'Credentials')
    const list = page.getByRole('list', { name: 'Credentials in the vault' })
    await list.getByRole('link', { name: new RegExp(`^${id}`) }).click()
    await expect(title(page)).toHaveText(id)
    await main(page).getByRole('button', { name: 'Rotate', exact: true }).click()
    await dialog(page, `Rotate ${id}`).getByRole('button', { name: 'Rotate', exact: true }).click()
    await expect(page.getByRole('heading', { name: `Rotation of ${id}` })).toBeVisible({ timeout: 30_000 })
    await expectFits(page, 'a rotation')
    await main(page).getByRole('link', { name: 'Back to Credentials' }).click()
    await expect(list.getByRole('link', { name: new RegExp(`^${id}`) })).toBeFocused()
  })
}

for (const name of ['phone', 'zoomed'] as const) {
  const { width, height } = narrow[name]
  test.describe(`at ${width} × ${height}`, () => {
    test.use({ viewport: narrow[name] })
    test('sign in, start, log, generate, rotate', { tag: '@long' }, ({ page, panel }) => journey(page, panel))
  })
}

/** A browser has no keyboard on screen in tests: its room is told as a phone tells it. */
function fakeKeyboard() {
  const view = Object.assign(new EventTarget(), { height: innerHeight, scale: 1 })
  Object.defineProperty(window, 'visualViewport', { value: view })
  Object.assign(window, {
    showKeyboard: (height: number) => {
      view.height = height
      view.dispatchEvent(new Event('resize'))
    },
  })
}

const showKeyboard = (page: Page, height: number) =>
  page.evaluate((left) => (window as unknown as { showKeyboard: (height: number) => void }).showKeyboard(left), height)

test('the frame of a narrow page: bar, More, keyboard, zoom, and back to the rail', async ({
  page,
  panel,
  misdeeds,
}) => {
  await page.setViewportSize(narrow.phone)
  await page.addInitScript(fakeKeyboard)
  await enter(page, panel)

  await test.step('five pages and More, which has the others, the session and the connection', async () => {
    await expect(bar(page).getByRole('link')).toHaveText(['Overview', 'Services', 'Credentials', 'Studio', 'Gallery'])
    await bar(page).getByRole('button', { name: 'More' }).click()
    const more = dialog(page, 'More')
    await expect(more.getByRole('button', { name: 'Sign out' })).toBeVisible()
    await expect(more).toContainText('Connected')
    await expectFits(page, 'More')
    await more.getByRole('link', { name: 'GPUs' }).click()
    await expect(more).toBeHidden()
    await expect(title(page)).toHaveText('GPUs')
    await expect(bar(page).getByRole('button', { name: 'More' })).toHaveAttribute('aria-current', 'true')
  })

  await test.step('an open keyboard takes bar and foot away, and the page ends above it', async () => {
    await open(page, 'Credentials')
    await page.getByLabel('Search credentials').focus()
    await showKeyboard(page, 480)
    await expect(bar(page)).toBeHidden()
    await expect(main(page).getByRole('button', { name: /^Rotate several/ })).toBeHidden()
    expect((await main(page).boundingBox())?.height).toBeLessThanOrEqual(480)
    await showKeyboard(page, narrow.phone.height)
    await expect(bar(page)).toBeVisible()
  })

  await test.step('a question lies at the foot, a form is a page', async () => {
    await page.goto(`${panel.url}/#/credentials/${id}`)
    await main(page).getByRole('button', { name: 'Reveal' }).click()
    const form = dialog(page, `Reveal ${id}`)
    await expect.poll(async () => (await form.boundingBox())?.height).toBe(narrow.phone.height)
    await expectFits(page, 'a dialog')
    await page.keyboard.press('Escape')
    await main(page).getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: /^Delete/ }).click()
    const question = dialog(page, /Delete/)
    await expect(question).toBeVisible()
    const box = await question.boundingBox()
    expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(narrow.phone.height)
    expect(box?.height).toBeLessThan(narrow.phone.height / 2)
    await page.keyboard.press('Escape')
  })

  await test.step('what a phone covers at its edges, the bar leaves free', async () => {
    const session = await page.context().newCDPSession(page)
    const height = async () => (await bar(page).boundingBox())?.height ?? 0
    const before = await height()
    await session.send('Emulation.setSafeAreaInsetsOverride', { insets: { bottom: 34 } })
    await expect.poll(height).toBe(before + 34)
    const link = await bar(page).getByRole('link').first().boundingBox()
    expect((link?.y ?? 0) + (link?.height ?? 0)).toBeLessThanOrEqual(narrow.phone.height - 34)
    await session.send('Emulation.setSafeAreaInsetsOverride', { insets: {} })
    await expect.poll(height).toBe(before)
  })

  await test.step('text may be spaced out as WCAG 1.4.12 says', async () => {
    const spacing =
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }'
    // Style elements need the page's nonce; a constructed sheet does not.
    await page.evaluate((text) => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(text)
      document.adoptedStyleSheets = [sheet]
    }, spacing)
    for (const address of ['services/comfyui-demo', 'credentials', 'settings', 'settings/audit']) {
      await page.goto(`${panel.url}/#/${address}`)
      await expect(title(page)).toBeVisible()
      await expectFits(page, `${address}, spaced out`, ['phone', 'least'])
    }
  })

  await test.step('wide again, the rail is back and the page stays', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await expect(rail(page).getByRole('link', { name: 'GPUs' })).toBeVisible()
    await expect(title(page)).toHaveText('Audit log')
    await page.setViewportSize(narrow.phone)
  })

  await test.step('a lost connection is said below the header', async () => {
    await panel.kill()
    const lost = main(page).getByRole('status').filter({ hasText: 'Connection lost' })
    await expect(lost).toBeVisible()
    expect((await lost.boundingBox())?.y).toBe(52)
    misdeeds.forgive()
  })
})

test(
  'in forced colours marks, switches, charts and the focus still tell',
  { tag: '@long' },
  async ({ page, panel }) => {
    await panel.client.services.start({ id })
    await page.emulateMedia({ forcedColors: 'active' })
    await page.setViewportSize(narrow.phone)
    await enter(page, panel)
    const colour = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)

    await page.goto(`${panel.url}/#/services/${id}`)
    await expect(main(page).getByRole('button', { name: `Stop ${id}` })).toBeVisible()
    const rungs = main(page).getByRole('list', { name: 'Health' })
    const reached = rungs.locator('[data-state="current"] svg')
    await expect(reached).toHaveCSS('color', 'rgb(46, 139, 87)')

    const track = main(page).locator('.mantine-Switch-track').first()
    const on = await track.evaluate((element) => getComputedStyle(element).backgroundColor)
    await main(page).getByText('Follow').click()
    await expect(track).not.toHaveCSS('background-color', on)

    await page.keyboard.press('Tab')
    expect(await colour(':focus-visible', 'outline-style')).toBe('solid')
    expect(await colour(':focus-visible', 'outline-color')).not.toBe(ground)

    await page.goto(`${panel.url}/#/gpus`)
    await expect(main(page).locator('canvas').first()).toBeVisible()
    const shares = main(page).locator('li > [data-series]')
    const looks = await shares.evaluateAll((all) => all.map((one) => getComputedStyle(one).background))
    expect(new Set(looks).size).toBeGreaterThan(1)
    // The line of a chart is drawn in a colour that holds on either ground.
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--data-1'))).toBe(
      '#3b78ff',
    )
  },
)
