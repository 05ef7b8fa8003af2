import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test as base } from 'playwright/test'
import { freePort } from '../support/ports'
import { startDesktop, type Desktop } from '../support/desktop'
import { card, open } from './pages/app'
import { openCredential, proof, rotate } from './pages/credentials'
import { expectPicture, generate } from './pages/studio'
import { leaveToNight } from './support/fixtures'

/** The built desktop program in the stand-in host, with the two simulated services. */
const test = base.extend<{ desktop: Desktop }>({
  async desktop({}, use, testInfo) {
    leaveToNight(testInfo)
    const data = await mkdtemp(path.join(os.tmpdir(), 'regie-desktop-'))
    const desktop = startDesktop({ userData: data, args: ['--demo'] })
    await use(desktop)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('desktop-output.txt', { body: desktop.output(), contentType: 'text/plain' })
    }
    await desktop.end()
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  },
})

test(
  'in the desktop window: start both services, rotate a credential, generate on both, look at the images',
  { tag: '@long' },
  async ({ desktop }) => {
    const page = await desktop.window()
    await desktop.prove(page)
    // Ports of its own: other journeys start panels at the same time.
    for (const id of ['comfyui-demo', 'forge-demo']) {
      await page.evaluate(
        async ([id, port]) => {
          const headers = { 'content-type': 'application/json' }
          const body = JSON.stringify({ url: `http://127.0.0.1:${port}` })
          await fetch(`/api/v1/services/${id}`, { method: 'PATCH', headers, body })
          await fetch('/api/v1/settings', { method: 'PATCH', headers, body: JSON.stringify({ welcomed: true }) })
        },
        [id, await freePort()] as const,
      )
    }
    await page.reload()

    await open(page, 'Overview')
    for (const id of ['comfyui-demo', 'forge-demo']) {
      await card(page, id)
        .getByRole('button', { name: `Start ${id}` })
        .click()
    }
    for (const id of ['comfyui-demo', 'forge-demo']) {
      await expect(card(page, id).getByText('Ready', { exact: true }).first()).toBeVisible({ timeout: 30_000 })
    }

    await openCredential(page, 'comfyui-demo')
    await rotate(page, 'comfyui-demo')
    await expect(page.getByText('The new secret is in effect and verified')).toBeVisible({ timeout: 30_000 })
    await expect(proof(page)).toBeVisible()

    await open(page, 'Studio')
    const prompt = 'a lighthouse at dawn'
    await generate(page, prompt)
    for (const id of ['comfyui-demo', 'forge-demo']) {
      const result = page.getByRole('main').getByLabel(`Result of ${id}`, { exact: true })
      await expectPicture(result.getByRole('img', { name: prompt, exact: true }))
    }
    const first = page.getByRole('main').getByLabel('Result of comfyui-demo', { exact: true })
    await first.getByRole('link', { name: 'Download' }).click()
    await expect.poll(() => desktop.ask('recorded', 'download')).toEqual([expect.objectContaining({ allowed: true })])

    await open(page, 'Gallery')
    const pictures = page.getByRole('main').getByRole('img', { name: prompt })
    await expect(pictures).toHaveCount(2)
    await expectPicture(pictures.first())
    await expectPicture(pictures.last())
    expect(await desktop.ask('recorded', 'request-refused')).toEqual([])

    await test.step('a service’s own page opens in the system’s browser', async () => {
      await page.evaluate(() => {
        window.open('http://127.0.0.1:8188/')
      })
      await expect.poll(() => desktop.ask('recorded', 'open-external')).toHaveLength(1)
    })
  },
)
