import { test as base, expect, type Page } from 'playwright/test'
import { panelLog, replayedGpus, startHeadless, type HeadlessPanel, type HeadlessOptions } from '../../support/headless'
import { freePort as freePortFrom } from '../../../electron/services/free-port'

/** What a page did that it must not: errors on its console, and requests to anywhere but its own panel. */
interface Misdeeds {
  errors: string[]
  outside: string[]
  /** Forgets errors that the test caused on purpose, e.g. by killing the panel. */
  forgive: () => void
}

interface Fixtures {
  /** Starts a panel for this test; it ends with the test, and its output is attached when the test fails. */
  launch: (options?: HeadlessOptions) => Promise<HeadlessPanel>
  /** A demo panel with a simulated GPU. */
  panel: HeadlessPanel
  misdeeds: Misdeeds
}

const isOwn = (url: string) => /^(?:https?|wss?):\/\/127\.0\.0\.1:\d+\//.test(url) || /^(?:data|blob|about):/.test(url)

function watch(page: Page): Misdeeds {
  const misdeeds: Misdeeds = {
    errors: [],
    outside: [],
    forgive: () => {
      misdeeds.errors.length = 0
    },
  }
  page.on('console', (message) => {
    if (message.type() === 'error') misdeeds.errors.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => misdeeds.errors.push(String(error)))
  page.on('request', (request) => {
    if (!isOwn(request.url())) misdeeds.outside.push(request.url())
  })
  page.on('websocket', (socket) => {
    if (!isOwn(socket.url())) misdeeds.outside.push(socket.url())
  })
  return misdeeds
}

/**
 * Two panels that start at the same moment would choose the same ports for their simulators, which are not open yet:
 * every worker has ports of its own.
 */
async function givePorts(panel: HeadlessPanel, worker: number): Promise<void> {
  const simulators = (await panel.client.services.list()).filter((service) => service.runtime === 'simulator')
  let port = 21_000 + worker * 100
  for (const { id } of simulators) {
    port = await freePortFrom(port + 1)
    await panel.client.services.update({ id, url: `http://127.0.0.1:${port}` })
  }
}

export const test = base.extend<Fixtures>({
  async launch({}, use, testInfo) {
    const panels: HeadlessPanel[] = []
    await use(async (options = {}) => {
      const panel = await startHeadless({ ...options, env: { ...replayedGpus(), ...options.env } })
      panels.push(panel)
      await givePorts(panel, testInfo.parallelIndex)
      return panel
    })
    for (const [index, panel] of panels.entries()) {
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach(`panel-${index}-output.txt`, { body: panel.output(), contentType: 'text/plain' })
        await testInfo.attach(`panel-${index}.log`, { body: await panelLog(panel), contentType: 'text/plain' })
      }
      await panel.stop()
    }
  },

  async panel({ launch }, use) {
    await use(await launch())
  },

  // Every journey also shows that the content security policy holds and that nothing leaves the machine.
  misdeeds: [
    async ({ page, launch }, use) => {
      // Only asked for, so that the page is judged before its panel is stopped.
      void launch
      const misdeeds = watch(page)
      await use(misdeeds)
      expect(misdeeds.outside, 'requests that left the panel').toEqual([])
      expect(misdeeds.errors, 'errors on the console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
