import { test as base, expect, type Page, type TestInfo } from 'playwright/test'
import { freePort as freePortFrom } from '../../../electron/services/free-port'
import { quickHeadless } from '../../support/quick-build'
import { panelLog, replayedGpus, startHeadless, type HeadlessOptions, type HeadlessPanel } from '../../support/headless'

/** What a page did that it must not. */
interface Misdeeds {
  /** Forgets the errors so far, which the test caused on purpose, e.g. by killing the panel. */
  forgive: () => void
}

interface Fixtures {
  /**
   * Whether the page fetches all its parts ahead, as it does for whoever does not save data. It costs a second and a half
   * of a processor for each page that is loaded, so only journeys about it do.
   */
  fetchesAhead: boolean
  /** Leaves a journey that is marked `@long` to the night: `npm run test:long`. */
  night: null
  /** Every panel that this test started; they end with it, and what they printed is attached when it fails. */
  panels: HeadlessPanel[]
  launch: (options?: HeadlessOptions) => Promise<HeadlessPanel>
  /** A demo panel with a replayed workstation's GPUs. */
  panel: HeadlessPanel
  misdeeds: Misdeeds
}

/** Collects errors of the console, broken content security policy among them, and every address that is asked for. */
function watch(page: Page) {
  const errors: string[] = []
  const addresses: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => addresses.push(request.url()))
  page.on('websocket', (socket) => addresses.push(socket.url().replace(/^ws/, 'http')))
  return { errors, addresses }
}

/**
 * Two panels that start at the same moment would choose the same ports for their simulators, which are not open yet:
 * every worker has ports of its own, and so has that of another run on this machine.
 */
async function givePorts(panel: HeadlessPanel): Promise<void> {
  const simulators = (await panel.client.services.list()).filter((service) => service.runtime === 'simulator')
  let port = 20_000 + ((process.pid * 100) % 12_000)
  for (const { id } of simulators) {
    port = await freePortFrom(port + 1)
    await panel.client.services.update({ id, url: `http://127.0.0.1:${port}` })
  }
}

/** Skips a journey that is marked `@long`, unless it is night or that was asked for. */
export function leaveToNight(journey: TestInfo): void {
  journey.skip(process.env['REGIE_TESTS'] === 'short' && journey.tags.includes('@long'), 'runs at night')
}

export const test = base.extend<Fixtures>({
  fetchesAhead: [false, { option: true }],

  async context({ context, fetchesAhead }, use) {
    if (!fetchesAhead)
      await context.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }))
    await use(context)
  },

  // The first: what is left out opens no page and starts no panel.
  night: [
    async ({}, use, testInfo) => {
      leaveToNight(testInfo)
      await use(null)
    },
    { auto: true },
  ],

  async panels({}, use, testInfo) {
    const panels: HeadlessPanel[] = []
    await use(panels)
    // The last first: an earlier one's data folder may be in use by a later one.
    for (const [index, panel] of [...panels.entries()].reverse()) {
      if (testInfo.status !== testInfo.expectedStatus) {
        const printed = panel.output().replace(/token=\S+/g, 'token=…')
        await testInfo.attach(`panel-${index}-output.txt`, { body: printed, contentType: 'text/plain' })
        await testInfo.attach(`panel-${index}.log`, { body: await panelLog(panel), contentType: 'text/plain' })
      }
      await panel.stop()
    }
  },

  async launch({ panels }, use) {
    await use(async (options = {}) => {
      const panel = await startHeadless({
        entry: quickHeadless,
        ...options,
        env: { ...replayedGpus(), ...options.env },
      })
      panels.push(panel)
      await givePorts(panel)
      return panel
    })
  },

  async panel({ launch }, use) {
    await use(await launch())
  },

  // Every journey also shows that the content security policy holds and that nothing leaves the panel.
  misdeeds: [
    async ({ page, panels }, use) => {
      const seen = watch(page)
      await use({ forgive: () => seen.errors.splice(0) })
      const isOwn = (address: string) =>
        /^(?:data|blob|about):/.test(address) || panels.some((panel) => address.startsWith(`${panel.url}/`))
      expect(
        seen.addresses.filter((address) => !isOwn(address)),
        'requests that left the panel',
      ).toEqual([])
      // Where an engine of this machine makes networks, whoever asked it to, Chromium drops what is on its way; the page asks
      // again.
      const errors = seen.errors.filter((error) => !error.includes('net::ERR_NETWORK_CHANGED'))
      expect(errors, 'errors on the console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
