import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import sharp from 'sharp'
import type { HeadlessPanel } from './headless'
import { until } from './until'

const root = path.resolve(import.meta.dirname, '../..')

/** Where all pictures go: git does not keep them. */
export const folder = path.join(root, 'test-results', 'screenshots')

/** The pictures that a document shows go there too: git keeps those, and no others. */
const shownFolder = path.join(root, 'docs', 'screenshots')

/** The names of the pictures that the documents show. */
const shown = new Set(
  ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(path.join(root, name), 'utf8').matchAll(/screenshots\/([\w.-]+\.png)/g)])
    .map(([, name = '']) => name),
)

export const sizes = { 1440: { width: 1440, height: 900 }, 1024: { width: 1024, height: 700 } } as const

export interface Look {
  theme: 'dark' | 'light'
  size: keyof typeof sizes
  language: 'en' | 'fr'
}

export const usual: Look = { theme: 'dark', size: 1440, language: 'en' }

/** Every page is seen in all of these; a state that is no page of its own only in the first. */
export const looks: Look[] = [
  usual,
  { ...usual, theme: 'light' },
  { ...usual, size: 1024 },
  { ...usual, theme: 'light', language: 'fr' },
]

const nameOf = (what: string, { theme, size, language }: Look) =>
  `${what}-${theme}-${size}${language === 'fr' ? '-fr' : ''}.png`

/** Keeps a picture of the window as it is, with a palette: a third of the size, and nobody sees the difference. */
export async function keep(page: Page, what: string, look: Look = usual): Promise<void> {
  await page.mouse.move(0, 0)
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const small = await sharp(png).png({ palette: true, quality: 92, effort: 8, compressionLevel: 9 }).toBuffer()
  const name = nameOf(what, look)
  await writeFile(path.join(folder, name), small)
  if (shown.has(name)) await writeFile(path.join(shownFolder, name), small)
  process.stderr.write(`${name}\n`)
}

/** Waits until nothing on the page is still being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await until(
    'everything to be there',
    async () => (await page.locator('main [role="status"][aria-label]').count()) === 0,
  )
  await page.evaluate(() => document.fonts.ready)
  // An image below the window may be lazy: then it is never decoded.
  await page.evaluate(() =>
    Promise.all(
      [...document.images]
        .filter((image) => image.getBoundingClientRect().top < innerHeight)
        .map((image) =>
          Promise.race([image.decode().catch(() => undefined), new Promise((r) => setTimeout(r, 5_000))]),
        ),
    ),
  )
}

export async function closeDialog(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog')
  if ((await dialog.count()) === 0) return
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
}

export async function goTo(page: Page, panel: HeadlessPanel, hash: string): Promise<void> {
  await closeDialog(page)
  await page.goto(`${panel.url}/#/${hash}`)
  await settled(page)
}

/** Opens a signed-in page on a panel. */
export async function signIn(browser: Browser, panel: HeadlessPanel, link = panel.signInLink): Promise<Page> {
  const page = await browser.newPage({ viewport: sizes[1440], colorScheme: 'dark', locale: 'en-GB' })
  page.setDefaultTimeout(20_000)
  await page.goto(link)
  await page.locator('h1').first().waitFor()
  return page
}

/** Shows that it is still the owner, before what asks for that: a whole run of pictures takes longer than a proof lasts. */
export async function prove(page: Page, panel: HeadlessPanel): Promise<void> {
  const status = await page.evaluate(async (token) => {
    const [half = ''] = (localStorage.getItem('regie-session') ?? '').split('.')
    const headers = { 'content-type': 'application/json', 'x-regie-page': half }
    return (await fetch('/api/v1/session/proof', { method: 'POST', headers, body: JSON.stringify({ token }) })).status
  }, panel.adminToken)
  if (status !== 200) throw new Error(`the proof was answered ${status}`)
}

export async function wear(page: Page, panel: HeadlessPanel, look: Look): Promise<void> {
  await panel.client.system.changeSettings({ theme: look.theme, language: look.language })
  await page.setViewportSize(sizes[look.size])
  await until(
    'the look to be worn',
    async () =>
      (await page.locator('html').getAttribute('lang')) === look.language &&
      (await page.locator('html').getAttribute('data-mantine-color-scheme')) === look.theme,
  )
}
