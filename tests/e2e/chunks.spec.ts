import type { Page } from 'playwright/test'
import type { HeadlessPanel } from '../support/headless'
import { enter, open } from './pages/app'
import { expect, test } from './support/fixtures'

/** Lets the first request for what matches fail, or every one while `isGone` says so. Returns how many failed. */
async function failing(page: Page, pattern: RegExp, isGone?: () => boolean) {
  let failed = 0
  await page.route(pattern, async (route) => {
    if (isGone?.() ?? failed === 0) {
      failed++
      return isGone ? route.fulfill({ status: 404, body: '' }) : route.abort('connectionreset')
    }
    return route.fallback()
  })
  return () => failed
}

/** How often the page was loaded since. */
function loads(page: Page) {
  let count = 0
  page.on('load', () => count++)
  return () => count
}

const heading = (page: Page) => page.getByRole('main').getByRole('heading', { level: 1 })

/** Whether every stylesheet of the page is there and has its rules. */
const isStyled = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every((link) => link.sheet !== null),
  )

/** Fresh, without what the browser kept of the build. */
async function freshly(page: Page, hash: string) {
  await page.evaluate((to) => (location.hash = to), hash)
  await page.reload()
}

test.use({ fetchesAhead: true })

/** A page whose browser keeps nothing of the build. */
async function forgetful(page: Page, panel: HeadlessPanel): Promise<void> {
  await enter(page, panel)
  await expect(heading(page)).toHaveText('Overview')
  const client = await page.context().newCDPSession(page)
  await client.send('Network.setCacheDisabled', { cacheDisabled: true })
}

/** What the first page needs; each costs a whole load of the page. */
const first = [
  { what: 'the entry', pattern: /\/assets\/index-[^/]+\.js$/ },
  { what: 'the stylesheet of the first page', pattern: /\/assets\/first-[^/]+\.css$/ },
]
const further = [
  { what: 'the script that looks after the first load', pattern: /\/boot\.js$/ },
  { what: 'the code of the first page', pattern: /\/assets\/first-[^/]+\.js$/ },
  { what: 'the first words', pattern: /\/assets\/common-[^/]+\.js$/ },
]

/** Lets each be lost once, and looks whether the page comes all the same. */
async function expectFetchedAgain(page: Page, parts: typeof first): Promise<void> {
  for (const { what, pattern } of parts) {
    await test.step(what, async () => {
      const failed = await failing(page, pattern)
      await freshly(page, '#/overview')
      await expect(heading(page)).toHaveText('Overview')
      await expect.poll(() => isStyled(page)).toBe(true)
      expect(failed()).toBe(1)
      await page.unroute(pattern)
    })
  }
}

test('more that the first page needs is fetched again', { tag: '@long' }, async ({ page, panel, misdeeds }) => {
  await forgetful(page, panel)
  await expectFetchedAgain(page, further)
  misdeeds.forgive()
})

const journey = 'what could not be fetched once is fetched again, whatever it is'
test(journey, { tag: '@long' }, async ({ page, panel, misdeeds }) => {
  await forgetful(page, panel)
  await expectFetchedAgain(page, first)

  await test.step('the code of a page', async () => {
    const pattern = /\/assets\/GalleryPage-[^/]+\.js$/
    const failed = await failing(page, pattern)
    await freshly(page, '#/gallery')
    await expect(heading(page)).toHaveText('Gallery')
    // The header stands before its code is asked for.
    await expect.poll(failed).toBe(1)
    await page.unroute(pattern)
  })

  await test.step('the stylesheet of a page, which comes with it', async () => {
    const pattern = /\/assets\/(?!first)[^/]+\.css$/
    const failed = await failing(page, pattern)
    await freshly(page, '#/gallery')
    await expect(heading(page)).toHaveText('Gallery')
    // The header stands before its code is asked for.
    await expect.poll(failed).toBe(1)
    await page.unroute(pattern)
    await open(page, 'Overview')
    await open(page, 'Gallery')
    const styles = await page.evaluate(() => document.querySelectorAll('link[rel=stylesheet]').length)
    expect(styles).toBeGreaterThan(1)
    await expect.poll(() => isStyled(page)).toBe(true)
  })

  await test.step('what nobody opened, ahead', async () => {
    const pattern = /\/assets\/ServicesPage-[^/]+\.js$/
    const failed = await failing(page, pattern)
    await freshly(page, '#/overview')
    await expect(heading(page)).toHaveText('Overview')
    await expect.poll(failed, { timeout: 60_000 }).toBe(1)
    await page.unroute(pattern)
  })

  await test.step('a dialog', async () => {
    const pattern = /\/assets\/Palette-[^/]+\.js$/
    const failed = await failing(page, pattern)
    await freshly(page, '#/overview')
    await expect(heading(page)).toHaveText('Overview')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(failed()).toBe(1)
    await page.unroute(pattern)
  })
  misdeeds.forgive()
})

test(
  'a part that is gone after an update loads the page again once, and never in a loop',
  { tag: '@long' },
  async ({ page, panel, misdeeds }) => {
    await forgetful(page, panel)
    const pattern = /\/assets\/GpusPage-[^/]+\.js$/

    await test.step('the new page has it', async () => {
      const loaded = loads(page)
      await failing(page, pattern, () => loaded() === 0)
      await open(page, 'GPUs')
      await expect.poll(loaded, { timeout: 20_000 }).toBe(1)
      await expect(heading(page)).toHaveText('GPUs')
      await page.unroute(pattern)
    })

    await test.step('one that stays away is said to be', async () => {
      await page.evaluate(() => sessionStorage.removeItem('regie-reloaded'))
      await failing(page, pattern, () => true)
      await freshly(page, '#/overview')
      await expect(heading(page)).toHaveText('Overview')
      const loaded = loads(page)
      await open(page, 'GPUs')
      await expect(page.getByRole('alert').getByText('Something went wrong on this page')).toBeVisible({
        timeout: 30_000,
      })
      expect(loaded()).toBe(1)
    })
    misdeeds.forgive()
  },
)
