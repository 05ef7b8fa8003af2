import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Page } from 'playwright'
import { chromiumLaunchOptions } from '../support/browser.mjs'
import { startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { median, quantile, repeat, type Measure } from './measure'

const serviceCount = 14
const rounds = 5
const pages = ['services', 'credentials', 'studio', 'gallery', 'gpus', 'settings', 'overview']

/** From the change of the address to the frame after the page's own heading stands there, in ms. */
const switchTo = (page: Page, id: string) =>
  page.evaluate(
    (to) =>
      new Promise<number>((resolve) => {
        const before = document.querySelector('main h1')
        const begun = performance.now()
        location.hash = `#/${to}`
        const look = () => {
          const heading = document.querySelector('main h1')
          if (heading && heading !== before) requestAnimationFrame(() => resolve(performance.now() - begun))
          else requestAnimationFrame(look)
        }
        look()
      }),
    id,
  )

/** From each key to the frame after it, in ms, as somebody types a prompt. */
async function typing(page: Page): Promise<number[]> {
  await switchTo(page, 'studio')
  const prompt = page.locator('main textarea').first()
  await prompt.click()
  await page.evaluate(() => {
    const seen: number[] = []
    addEventListener(
      'keydown',
      (event) => requestAnimationFrame(() => setTimeout(() => seen.push(performance.now() - event.timeStamp))),
      true,
    )
    Object.assign(globalThis, { regieKeys: seen })
  })
  await prompt.pressSequentially('a lighthouse on a cliff at dusk, long exposure, the sea like milk', { delay: 40 })
  return page.evaluate(() => (globalThis as unknown as { regieKeys: number[] }).regieKeys)
}

/** How the page feels with many services: switching between pages, and typing. */
export async function measureUse(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench')
  const services = Array.from({ length: serviceCount }, (_, index) => ({
    ...{ id: `service-${index}`, kind: index % 2 ? 'forge' : 'comfyui', runtime: 'external' },
    url: `http://127.0.0.1:${9 + index}`,
  }))
  await writeFile(path.join(folder.path, 'config.json'), JSON.stringify({ settings: { welcomed: true }, services }))
  const panel = await startHeadless({ data: folder.path, demo: false })
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(panel.signInLink)
    await page.locator('main h1').first().waitFor()
    for (const id of pages) await switchTo(page, id) // fetches their code, which is done once
    const switches = (await repeat(rounds, () => repeat(pages.length, (at) => switchTo(page, pages[at] ?? '')))).flat()
    const keys = await typing(page)
    return [
      {
        what: `Page switch with ${serviceCount} services, p95`,
        value: quantile(switches, 0.95),
        unit: 'ms',
        budget: budgets.pageSwitchMs,
        note: `${switches.length} switches, median ${median(switches).toFixed(1)} ms; from the address to the frame with the new heading`,
      },
      {
        what: `Typing a prompt with ${serviceCount} services, p95`,
        value: quantile(keys, 0.95),
        unit: 'ms',
        budget: budgets.typingMs,
        note: `${keys.length} keys, median ${median(keys).toFixed(1)} ms; from the key to the end of the frame after it`,
      },
    ]
  } finally {
    await browser.close()
    await panel.stop()
  }
}
