import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../support/browser.mjs'
import { startHeadless } from '../support/headless'
import { budgets } from './budgets'
import type { Measure } from './measure'

/** Runs in the page: timers as long as the one that fetches all other pages never end. */
function keepFromFetchingAhead() {
  const start = window.setTimeout.bind(window)
  const longest = 2_500
  window.setTimeout = ((run: () => void, ms = 0, ...more: unknown[]) =>
    ms > longest ? 0 : start(run, ms, ...more)) as typeof setTimeout // it only ever passes on what it is given
}

/** What a browser with an empty cache fetches to show the Overview, compressed as a server would. */
export async function measureFirstLoad(): Promise<Measure[]> {
  const panel = await startHeadless()
  await panel.client.system.changeSettings({ welcomed: true })
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    const page = await browser.newPage()
    const bodies = new Map<string, Promise<Buffer>>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      const type = response.request().resourceType()
      if (['document', 'script', 'stylesheet', 'font'].includes(type) && response.ok())
        bodies.set(pathname, response.body())
    })
    // What is fetched ahead some seconds later is no part of it, however slow the machine is.
    await page.addInitScript(keepFromFetchingAhead)
    await page.goto(panel.signInLink)
    await page.locator('main').getByText('comfyui-demo').first().waitFor()
    await page.waitForLoadState('networkidle')
    let code = 0
    let fonts = 0
    for (const [pathname, body] of bodies) {
      if (path.extname(pathname) === '.woff2') fonts += (await body).length
      else code += gzipSync(await body, { level: 9 }).length
    }
    return [
      {
        what: 'First load of the renderer (HTML, scripts, styles; gzip)',
        value: code / 1000,
        unit: 'kB',
        budget: budgets.firstLoadKb,
        note: `${bodies.size} files; fonts come on top, ${Math.round(fonts / 1000)} kB that are compressed already`,
      },
    ]
  } finally {
    await browser.close()
    await panel.stop()
  }
}
