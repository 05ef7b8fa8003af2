import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright/test'
import { freePort } from '../../electron/services/free-port'
import { misuses, ofColours } from '../support/axe'
import type { HeadlessPanel } from '../support/headless'
import { until } from '../support/until'
import { expect, test } from './support/fixtures'

const id = 'comfyui-demo'
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

/** A sleeping service of a demo panel behind the gateway, which requests may wake; how long that takes is told by hand. */
async function sleeper({ client, data }: HeadlessPanel, from: number) {
  const port = await freePort(from)
  const own = path.join(data, 'services', id)
  await mkdir(own, { recursive: true })
  // Hours of another day: within them nobody's giving up stops it.
  const windows = [{ from: '08:00', to: '09:00', days: [((new Date().getDay() + 2) % 7) + 1] }]
  await client.services.update({
    id,
    gateway: { enabled: true, host: '127.0.0.1', port },
    idle: { wake: true, schedule: { windows, start: false } },
  })
  const state = async () => (await client.services.get({ id })).health.state
  return {
    address: `http://127.0.0.1:${port}`,
    state,
    isStopped: () => until('it is stopped', async () => (await state()) === 'stopped'),
    slow: (slowStartMs: number) => writeFile(path.join(own, 'behaviour.json'), JSON.stringify({ slowStartMs })),
    /** Somebody with a key. */
    async person(name: string): Promise<string> {
      await client.users.create({ id: name.toLowerCase(), name, role: 'user' })
      return (await client.keys.create({ userId: name.toLowerCase(), name: 'laptop' })).key
    },
  }
}

/** Somebody's browser: the gateway is no page of the panel. What its pages complain of fails the test. */
async function visitor(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({
    ...{ locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  // That it is not there yet is what the page is about.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('503')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { context, page, complaints }
}

async function signIn(page: Page, address: string, key: string) {
  await page.goto(address)
  await page.locator('label[for="by-key"]').click()
  await page.getByRole('textbox', { name: 'Access key' }).fill(key)
  await page.getByRole('button', { name: /^Sign in/ }).click()
}

/** A picture of the page, taken without a style of Playwright's own, which the page's policy refuses. */
const picture = (page: Page, name: string) =>
  page.screenshot({ path: test.info().outputPath(`${name}.png`), caret: 'initial' })

/** Counts how often a page is loaded anew. */
function loads(page: Page) {
  let count = 0
  page.on('load', () => (count += 1))
  return () => count
}

async function looksRight(page: Page) {
  for (const colorScheme of ['dark', 'light'] as const)
    for (const size of sizes) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(size)
      await expect(page.getByRole('button', { name: /^(Cancel|Annuler)/ })).toBeInViewport()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width)
      await picture(page, `waking-${colorScheme}-${size.width}`)
      expect(await misuses(page, size.width === 390 && colorScheme === 'light' ? { only: ofColours } : {})).toEqual([])
    }
}

/** The same person in another language, signed in by the same cookie. */
async function inFrench(browser: Browser, context: BrowserContext, address: string) {
  const french = await visitor(browser, { locale: 'fr-FR' })
  await french.context.addCookies(await context.cookies())
  await french.page.goto(address)
  await expect(french.page.getByRole('button', { name: 'Annuler et revenir' })).toBeVisible()
  await expect(french.page.locator('html')).toHaveAttribute('lang', 'fr')
  await looksRight(french.page)
  await french.context.close()
}

const journey =
  'who opens a sleeping service sees it wake, can give that up, and comes to its page without loading anew'
test(journey, { tag: '@long' }, async ({ browser, panel }) => {
  const service = await sleeper(panel, 24_300)
  const key = await service.person('Jonas')
  await service.isStopped()
  await service.slow(60_000)
  const { context, page, complaints } = await visitor(browser)
  const cancel = page.getByRole('button', { name: 'Cancel and go back' })

  await test.step('signed in with a key, the page tells what starts, what is asked of it, and its hours', async () => {
    await signIn(page, service.address, key)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${id} is starting`)
    await expect(page.getByRole('list', { name: 'Health ladder' })).toBeVisible()
    await expect(page.getByText('Signed in as Jonas')).toBeVisible()
    await expect(page.getByText(/Its hours begin/)).toBeVisible()
  })

  await test.step('it stays the same page while time goes on, and keeps the focus where it is', async () => {
    const loaded = loads(page)
    const time = page.locator('[data-part="time"] b')
    await cancel.focus()
    const before = (await time.textContent()) ?? ''
    await expect(time).not.toHaveText(before)
    await expect(page.getByRole('status')).toHaveText('Listening, in progress')
    await expect(cancel).toBeFocused()
    expect(loaded()).toBe(0)
    await looksRight(page)
  })

  await test.step('another who waits for it is told their place in line', async () => {
    const maya = await visitor(browser)
    await signIn(maya.page, service.address, await service.person('Maya'))
    await expect(maya.page.getByText('You are 2nd in line')).toBeVisible()
    await expect(page.getByText('You are 1st in line')).toBeVisible()
    await picture(maya.page, 'waking-second')
    // One of two who give up keeps it going for the other.
    await maya.page.getByRole('button', { name: 'Cancel and go back' }).click()
    await expect(maya.page.getByText(/goes on/)).toBeVisible()
    await expect(page.getByText('You are 1st in line')).toHaveCount(0)
    expect(maya.complaints).toEqual([])
    await maya.context.close()
  })

  await test.step('in French for whoever reads French', () => inFrench(browser, context, service.address))

  await test.step('given up by keyboard, nothing goes on; woken again, and given up by mouse', async () => {
    await cancel.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByText('Nobody else does either: it is stopped again.')).toBeVisible()
    await service.isStopped()
    expect(await misuses(page)).toEqual([])
    await picture(page, 'waking-given-up')
    await page.goto(service.address)
    await cancel.click()
    await expect(page.getByText('Nobody else does either: it is stopped again.')).toBeVisible()
    await service.isStopped()
  })

  await test.step('who has given up twice is told how long the next start waits for them, and nobody else does', async () => {
    await page.goto(service.address)
    await expect(page.getByRole('alert')).toContainText(/starts for you again in \d+ s/)
    await picture(page, 'waking-in-vain')
    expect(await misuses(page)).toEqual([])
  })

  await test.step('waited for, it leads to the service’s own page', async () => {
    await service.slow(1500)
    const oskar = await visitor(browser)
    await signIn(oskar.page, service.address, await service.person('Oskar'))
    await expect(oskar.page.getByRole('heading', { level: 1 })).toHaveText(`${id} is starting`)
    await until('the service’s own page', async () => (await oskar.page.title()).includes('ComfyUI') || null)
    expect(await service.state()).toBe('ready')
    // What the service's own page misses is its affair.
    expect(oskar.complaints.filter((words) => words.includes('Content Security'))).toEqual([])
    await oskar.context.close()
  })
  expect(complaints).toEqual([])
  await context.close()
})

test('without scripts the waking page goes on by itself too, and its button works', async ({ browser, panel }) => {
  const service = await sleeper(panel, 24_350)
  const key = await service.person('Jonas')
  await service.isStopped()
  await service.slow(60_000)
  const { context, page } = await visitor(browser, { javaScriptEnabled: false })
  await signIn(page, service.address, key)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${id} is starting`)
  await page.getByRole('button', { name: 'Cancel and go back' }).click()
  await expect(page.getByText('Nobody else does either: it is stopped again.')).toBeVisible()
  await service.isStopped()
  await service.slow(1500)
  await page.goto(service.address)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${id} is starting`)
  await until('the service’s own page', async () => (await page.title()).includes('ComfyUI') || null)
  await context.close()
})
