import path from 'node:path'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { chromiumLaunchOptions } from '../../support/browser.mjs'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let running: RunningPanel
let browser: Browser
let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>

beforeAll(async () => {
  await ensureBuilt()
  bundle = await bundlePanelPrograms()
  const renderer = path.resolve(import.meta.dirname, '../../../dist/renderer')
  running = await startPanel({ programs: { ...bundle.programs, renderer } })
  browser = await chromium.launch(chromiumLaunchOptions())
}, 180_000)

afterAll(async () => {
  await browser.close()
  await running.stop()
  await bundle.remove()
})

test.each(['websocket', 'fetch'])('a page that is closed ends its subscriptions, over %s', async (link) => {
  const { events } = running.panel.parts
  const page = await browser.newPage()
  await page.goto(`${running.url}signin?token=${running.sessions.issueOneTimeToken()}`)
  await page.goto(`${running.url}?link=${link}`)
  await until('the page to subscribe', () => events.subscriberCount() === 1)

  await page.close()

  await until('no subscriber to be left', () => events.subscriberCount() === 0)
  expect(events.subscriberCount()).toBe(0)
})

test('several pages are several subscribers, and each leaves alone', async () => {
  const { events } = running.panel.parts
  const context = await browser.newContext()
  const first = await context.newPage()
  await first.goto(`${running.url}signin?token=${running.sessions.issueOneTimeToken()}`)
  const second = await context.newPage()
  await second.goto(running.url)
  await until('both to subscribe', () => events.subscriberCount() === 2)

  await second.close()
  await until('one to be left', () => events.subscriberCount() === 1)
  await first.goto('about:blank')

  await until('none to be left', () => events.subscriberCount() === 0)
  await context.close()
  expect(events.subscriberCount()).toBe(0)
})
