import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../support/browser.mjs'
import { startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { startLeast } from './least'
import { median, repeat, type Measure } from './measure'

const runs = 5

/** From the start of the process to its first answer over HTTP, and to an Overview that can be used. */
export async function measureStart(): Promise<Measure[]> {
  await using data = await temporaryFolder('regie-bench')
  // The first start makes the demo's services and vault; every later one only reads them.
  const first = await answered(data.path)
  // By turns with a server of node's alone, which tells what this machine takes for any.
  const pairs = await repeat(runs, async () => ({ bare: await bareAnswered(), panel: await answered(data.path) }))
  const later = pairs.map(({ panel }) => panel)

  const browser = await chromium.launch(chromiumLaunchOptions())
  const interactive: number[] = []
  try {
    await repeat(runs, async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
      const page = await context.newPage()
      const startedAt = performance.now()
      const panel = await startHeadless({ data: data.path })
      try {
        await page.goto(panel.signInLink)
        await page.locator('main').getByText('comfyui-demo').first().waitFor()
        interactive.push(performance.now() - startedAt)
      } finally {
        await context.close()
        await panel.stop()
      }
    })
  } finally {
    await browser.close()
  }
  return [
    {
      what: 'Headless start to the first answered request',
      value: median(later),
      unit: 'ms',
      budget: budgets.headlessStartMs,
      note: `median of ${runs}; the very first start, which makes the demo: ${Math.round(first)} ms`,
    },
    {
      what: 'Headless start, in times of a server of node’s alone',
      value: median(pairs.map(({ bare, panel }) => panel / bare)),
      unit: '×',
      budget: null,
      note: `which answers first after ${Math.round(median(pairs.map(({ bare }) => bare)))} ms, measured by turns`,
    },
    {
      what: 'Headless start to an Overview in Chromium that shows its services',
      value: median(interactive),
      unit: 'ms',
      budget: budgets.interactiveMs,
      note: `median of ${runs}; the browser runs already, its cache is empty`,
    },
  ]
}

async function bareAnswered(): Promise<number> {
  const startedAt = performance.now()
  await using least = await startLeast()
  await least.ask('/health')
  return performance.now() - startedAt
}

async function answered(data: string): Promise<number> {
  const startedAt = performance.now()
  const panel = await startHeadless({ data })
  const response = await panel.rest('/health')
  const took = performance.now() - startedAt
  await panel.client.system.changeSettings({ welcomed: true })
  await panel.stop()
  if (!response.ok) throw new Error(`health answered ${response.status}`)
  return took
}
