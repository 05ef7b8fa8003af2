import type { Browser } from 'playwright'
import { replayedGpus, startHeadless } from './headless'
import { goTo, keep, looks, settled, sizes } from './pictures'
import { generateOn } from './simulated'
import { until } from './until'

/** What a user sees: one service that they may start, one that works, their own images, and a page that is not theirs. */
export async function picturesOfUser(browser: Browser): Promise<void> {
  const panel = await startHeadless({ env: replayedGpus() })
  try {
    const password = 'a password for pictures'
    await panel.client.system.changeSettings({ welcomed: true })
    await panel.client.access.setPassword({ role: 'user', password })
    await panel.client.services.update({ id: 'forge-demo', idle: { wake: true } })
    await panel.client.services.start({ id: 'comfyui-demo' })
    await generateOn(panel, 'comfyui-demo', 'An image of the administrator')
    const page = await browser.newPage({ viewport: sizes[1440], colorScheme: 'dark', locale: 'en-GB' })
    await page.goto(panel.url)
    await page.getByLabel('Name').fill('user')
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await goTo(page, panel, 'studio')
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('A lighthouse at dusk, seen from the sea')
    await page.getByRole('button', { name: /^Generate/ }).click()
    await until('the image', async () => (await page.getByText('Saved to the gallery').count()) > 0, 40_000)
    for (const look of looks) {
      // As a user, whose own preferences these are.
      await page.evaluate(async ({ theme, language }) => {
        const [half = ''] = (localStorage.getItem('regie-session') ?? '').split('.')
        const headers = { 'content-type': 'application/json', 'x-regie-page': half }
        await fetch('/api/v1/me/preferences', { method: 'PATCH', headers, body: JSON.stringify({ theme, language }) })
      }, look)
      await page.setViewportSize(sizes[look.size])
      await until('the language', async () => (await page.locator('html').getAttribute('lang')) === look.language)
      for (const [what, hash] of [
        ['user-overview', 'overview'],
        ['user-studio', 'studio'],
        ['user-gallery', 'gallery'],
        ['user-my-access', 'me'],
        ['user-hidden', 'credentials'],
      ] as const) {
        await goTo(page, panel, hash)
        await settled(page)
        await keep(page, what, look)
      }
    }
    await page.close()
  } finally {
    await panel.stop()
  }
}
