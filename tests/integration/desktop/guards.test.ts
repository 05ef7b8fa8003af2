import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startDesktop, type Desktop } from '../../support/desktop'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const Dialog = z.object({ defaultPath: z.string() })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let desktop: Desktop
let page: Page
let panelAddress: string

beforeAll(async () => {
  await ensureBuilt()
  folder = await temporaryFolder('regie-desktop')
  desktop = startDesktop({ userData: folder.path, args: ['--demo'] })
  page = await desktop.window()
  panelAddress = page.url()
}, 120_000)
afterAll(async () => {
  await desktop.end()
  await folder[Symbol.asyncDispose]()
})

/** What the host has recorded of one kind that is new since `action` began; waits for the first. */
async function recordedBy(what: string, action: () => Promise<unknown>) {
  const before = (await desktop.ask('recorded', what)).length
  await action()
  const [first] = await until(`a ${what} to be recorded`, async () => {
    const fresh = (await desktop.ask('recorded', what)).slice(before)
    return fresh.length > 0 ? fresh : null
  })
  return first
}

describe('the window', () => {
  it('shows the panel over its own scheme, on a session of its own', async () => {
    const [window, ...others] = await desktop.ask('windows')
    const [scheme] = await desktop.ask('recorded', 'scheme')

    expect(others).toEqual([])
    expect(window?.url).toMatch(/^regie:\/\/panel\//)
    expect(window?.title).toBe('Regie')
    expect(window?.preferences['partition']).toBe('persist:regie')
    expect(scheme).toMatchObject({
      scheme: 'regie',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    })
    expect(scheme?.['privileges']).not.toHaveProperty('bypassCSP')
  })

  it('is a sandboxed browser page without preload script and without node', async () => {
    const [window] = await desktop.ask('windows')

    expect(await desktop.ask('recorded', 'sandbox')).toHaveLength(1)
    // Dumps of crashes hold what was in memory: they stay in the data folder.
    const reporters = await desktop.ask('recorded', 'crash-reporter')
    expect(reporters).toMatchObject([{ uploadToServer: false }])
    expect(reporters[0]?.['folder']).toMatch(/[\\/]crashes$/)
    expect(window?.preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
    })
    expect(window?.preferences).not.toHaveProperty('preload')
  })

  it('is shown only when there is something to see, in the theme’s colour', async () => {
    const [window] = await desktop.ask('windows')

    expect(window?.options).toMatchObject({ show: false, backgroundColor: '#141414', minWidth: 1024, minHeight: 700 })
    expect(window?.visible).toBe(true)
  })

  it('is the owner’s: nobody has to sign in', async () => {
    const session = await page.evaluate(async () => (await fetch('/api/v1/session')).json() as Promise<unknown>)

    expect(session).toMatchObject({ role: 'admin', door: 'desktop', locked: false })
  })
})

describe('the page', () => {
  it.each(['https://example.com/', 'http://127.0.0.1:9/', 'regie://elsewhere/'])(
    'cannot leave for %s',
    async (address) => {
      const navigation = await recordedBy('navigation', () =>
        page.evaluate(
          (to) => {
            location.href = to
          },
          address.replace('regie://elsewhere', 'https://elsewhere.regie.invalid'),
        ),
      )

      expect(navigation).toMatchObject({ url: address, allowed: false })
      expect(page.url()).toBe(panelAddress)
    },
  )

  it.each(['https://evil.example/?secret=1', 'regie://panel/'])('cannot open a window for %s', async (address) => {
    const opened = await recordedBy('window-open', () =>
      page.evaluate(
        (to) => {
          window.open(to)
        },
        address.replace('regie://panel', 'https://panel.regie.invalid'),
      ),
    )

    expect(opened).toMatchObject({ url: address, action: 'deny' })
    expect(await desktop.ask('recorded', 'open-external')).not.toContainEqual(expect.objectContaining({ url: address }))
    await until('the other page to be closed', () => page.context().pages().length === 1)
  })

  it('opens a service’s own page in the system’s browser', async () => {
    const opened = await recordedBy('open-external', () =>
      page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), {
          href: 'http://127.0.0.1:8188/',
          target: '_blank',
          rel: 'noreferrer',
        })
        document.body.append(link)
        link.click()
        link.remove()
      }),
    )

    expect(opened).toMatchObject({ url: 'http://127.0.0.1:8188/' })
    expect(page.url()).toBe(panelAddress)
  })

  it('may write to the clipboard, and is refused every other permission', async () => {
    const states = await page.evaluate(async () => {
      const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state
      return {
        write: await state('clipboard-write'),
        read: await state('clipboard-read'),
        geolocation: await state('geolocation'),
        notifications: await state('notifications'),
        camera: await state('camera'),
      }
    })

    expect(states).toEqual({
      write: 'granted',
      read: 'denied',
      geolocation: 'denied',
      notifications: 'denied',
      camera: 'denied',
    })
  })

  it.each(['media', 'geolocation', 'hid', 'serial', 'usb', 'display-capture', 'openExternal', 'fileSystem'])(
    'is refused %s when it asks and when it only looks',
    async (permission) => {
      expect(await desktop.ask('permission', permission, 'regie://panel/')).toEqual({
        requested: false,
        checked: false,
      })
    },
  )

  it('reaches nothing but the panel, even without its content security policy', async () => {
    const devTools = await page.context().newCDPSession(page)
    await devTools.send('Page.setBypassCSP', { enabled: true })
    await page.reload()
    const refused = await recordedBy('request-refused', async () => {
      const outcome = await page.evaluate(() =>
        fetch('http://127.0.0.1:9/stolen', { mode: 'no-cors' }).then(
          () => 'sent',
          () => 'failed',
        ),
      )
      expect(outcome).toBe('failed')
    })
    await devTools.send('Page.setBypassCSP', { enabled: false })
    await page.reload()

    expect(refused).toMatchObject({ url: 'http://127.0.0.1:9/stolen' })
  })

  it('saves what the panel made through a save dialog, under a harmless name', async () => {
    const download = await recordedBy('download', () =>
      page.evaluate(() => {
        const link = document.createElement('a')
        link.href = URL.createObjectURL(new Blob(['pixels']))
        link.download = '..\\..\\autostart.bat'
        document.body.append(link)
        link.click()
        link.remove()
      }),
    )

    expect(download?.['url']).toMatch(/^blob:regie:\/\/panel\//)
    expect(download?.['allowed']).toBe(true)
    const { defaultPath } = Dialog.parse(download?.['dialog'])
    expect(path.basename(defaultPath)).toMatch(/^[^\\/]*autostart\.bat$/)
    expect(path.dirname(defaultPath)).toBe(path.join(os.tmpdir(), 'regie-host-downloads'))
  })

  it('cannot save anything else', async () => {
    const download = await recordedBy('download', () =>
      page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'data:text/plain,x', download: 'x.txt' })
        document.body.append(link)
        link.click()
        link.remove()
      }),
    )

    expect(download).toMatchObject({ url: 'data:text/plain,x', allowed: false })
  })

  it('ends its streams when it goes', async () => {
    await page.evaluate(async () => {
      const streams = await Promise.all(Array.from({ length: 8 }, () => fetch('/api/v1/events')))
      for (const { body } of streams) await body?.getReader().read()
    })
    expect(await desktop.ask('openStreams')).toBeGreaterThanOrEqual(8)

    await page.reload()

    // The panel's own page may hold a few.
    await until('the streams to end', async () => (await desktop.ask('openStreams')) < 8)
  })
})

describe('a page whose process has died', () => {
  const mark = () => page.evaluate(() => document.documentElement.setAttribute('data-before', ''))
  const isMarked = () => page.evaluate(() => document.documentElement.hasAttribute('data-before'))

  it('is loaded again, but not a second time at once', async () => {
    await mark()
    await desktop.ask('pageDies', 'crashed')
    await until('the page to be loaded again', async () => !(await isMarked()))

    await mark()
    await desktop.ask('pageDies', 'crashed')

    await page.evaluate(() => fetch('/api/v1/health').then((response) => response.text()))
    expect(await isMarked()).toBe(true)
  })
})

describe('the log', () => {
  it('tells what was refused', async () => {
    const log = await readFile(path.join(folder.path, 'panel.log'), 'utf8')

    for (const what of ['navigation', 'request', 'download']) expect(log).toContain(`"what":"${what}"`)
    expect(log).toContain('a link was not opened')
  })
})
