import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig, type ReporterDescription } from 'playwright/test'
import { chromiumLaunchOptions } from '../support/browser.mjs'

const reporter: ReporterDescription[] = [['list']]
// Set by tests/support/test.mjs, which counts.
if (process.env['REGIE_RESULTS']) {
  reporter.push([path.join(import.meta.dirname, '..', 'support', 'reporters', 'playwright.mjs')])
}

const withContainers = ['containers.spec.ts', 'add-service.spec.ts', 'close-port.spec.ts', 'bypass.spec.ts']

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  globalSetup: './support/prepare.ts',
  fullyParallel: true,
  // One more than cores: a journey waits for its page and its panel now and then.
  workers: availableParallelism() + 1,
  // As in vite.config.ts: what passed at the second try is listed at the end.
  retries: 1,
  forbidOnly: Boolean(process.env['CI']),
  // The longest journey needs more than 90 s on two busy cores.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter,
  // Where containers come and go, Chromium drops requests: no other journey runs beside those.
  projects: [
    { name: 'pages', testIgnore: withContainers },
    { name: 'containers', testMatch: withContainers, dependencies: ['pages'], workers: 1 },
  ],
  use: {
    browserName: 'chromium',
    launchOptions: chromiumLaunchOptions(),
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: 'dark',
    // Without a GPU, each frame of an animation costs the tests that run beside it.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 20_000,
    // Without its film, which costs more than the test on a machine without a GPU.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
  },
})
