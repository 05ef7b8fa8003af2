import { copyFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startDesktop, type Desktop } from '../../support/desktop'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

beforeAll(ensureBuilt, 120_000)

const made = path.join(
  import.meta.dirname,
  '../../cases/data-folders/0.1.0/whole/images/7c/7c31c141-6fe4-4925-847d-56c1ebed513e-0.png',
)

describe('a file that is opened with Regie', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let desktop: Desktop
  let page: Page
  let picture: string

  beforeAll(async () => {
    folder = await temporaryFolder('regie-opened')
    picture = path.join(folder.path, 'made.png')
    copyFileSync(made, picture)
    desktop = startDesktop({ userData: path.join(folder.path, 'data'), args: ['--demo', picture] })
    page = await desktop.window()
  }, 120_000)
  afterAll(async () => {
    await desktop.end()
    await folder[Symbol.asyncDispose]()
  })

  const offered = () => page.getByRole('dialog', { name: 'Parameters of made.png' })
  const close = () => offered().getByRole('button', { name: 'Cancel' }).click()

  it('at the start offers what made it, and names no folder', async () => {
    await offered().waitFor()
    const shown = await page.content()
    expect(shown).not.toContain(folder.path)
    expect(await page.evaluate(() => location.hash)).not.toContain('opened')
    await close()
  })

  it('by a second start, as from the taskbar, opens in the window that is there', async () => {
    await using second = startDesktop({ userData: path.join(folder.path, 'data'), args: [picture] })
    expect(await second.exited).toBe(0)
    await offered().waitFor()
    await close()
  })

  it('dropped on the dock of macOS does the same', async () => {
    await desktop.ask('openFile', picture)
    await offered().waitFor()
    await close()
  })

  it('that is no picture is said to hold nothing, and is not run', async () => {
    const script = path.join(folder.path, 'script.png')
    writeFileSync(script, '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n', { mode: 0o755 })
    await desktop.ask('openFile', script)
    await until('the words', () => page.getByText('script.png').isVisible())
  })
})
