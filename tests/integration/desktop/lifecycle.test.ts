import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ensureBuilt } from '../../../electron/build.mjs'
import { openConfig } from '../../../electron/storage/config'
import { readPreferences } from '../../../electron/storage/preferences'
import { startDesktop, type Desktop, type MenuLabel } from '../../support/desktop'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const Service = z.object({ id: z.string(), url: z.string(), health: z.object({ state: z.string() }) })
const Vault = z.object({ state: z.string(), keeper: z.string() })
const About = z.object({ notices: z.array(z.object({ problem: z.string() })) })

beforeAll(ensureBuilt, 120_000)

/** Calls the panel from its own page. */
const call = (page: Page, to: string, method = 'GET', body?: unknown): Promise<unknown> =>
  page.evaluate(
    async ([to, method, body]) => {
      const init: RequestInit = { method }
      if (body !== null) Object.assign(init, { body, headers: { 'content-type': 'application/json' } })
      const response = await fetch(`/api/v1${to}`, init)
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${to} answered ${response.status}: ${text}`)
      return text === '' ? null : (JSON.parse(text) as unknown)
    },
    [to, method, body === undefined ? null : JSON.stringify(body)] as const,
  )

const menuTitles = (menu: MenuLabel[]) => menu.map(({ label }) => label)

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

describe('starting a second time', () => {
  it('brings the first window to the front, and ends', async () => {
    await using folder = await temporaryFolder('regie-desktop')
    await using first = startDesktop({ userData: folder.path })
    await first.window()
    await first.ask('minimize')

    await using second = startDesktop({ userData: folder.path })

    expect(await second.exited).toBe(0)
    await until(
      'the first window to come to the front',
      async () => (await first.ask('recorded', 'focus')).length === 1,
    )
    expect(await first.ask('isMinimized')).toBe(false)
    expect(await first.ask('windows')).toHaveLength(1)
  })
})

describe('the next start', () => {
  const place = { x: 220, y: 120, width: 1300, height: 820 }
  const password = 'kept-by-the-keychain-1'
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let next: Desktop
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('regie-desktop')
    {
      await using first = startDesktop({ userData: folder.path })
      const page = await first.window()
      await first.prove(page)
      await call(page, '/credentials', 'POST', { id: 'forge', scheme: 'basic', username: 'me', password, sinks: [] })
      await call(page, '/settings', 'PATCH', { language: 'fr', welcomed: true })
      await first.ask('setBounds', place)
      await first.ask('maximize')
      await first.ask('quit')
      expect(await first.exited).toBe(0)
    }
    next = startDesktop({ userData: folder.path })
    page = await next.window()
  }, 120_000)
  afterAll(async () => {
    await next.end()
    await folder[Symbol.asyncDispose]()
  })

  it('puts the window where it was, as large as it was', async () => {
    expect((await next.ask('windows'))[0]).toMatchObject({ bounds: place, maximized: true })
  })

  it('opens the vault with the key that the system’s keychain kept', async () => {
    expect(Vault.parse(await call(page, '/vault'))).toEqual({ state: 'open', keeper: 'keychain' })
    await next.prove(page)
    expect(await call(page, '/credentials/forge/reveal', 'POST')).toMatchObject({ password })
    expect(await readFile(path.join(folder.path, 'vault.json'), 'utf8')).not.toContain(password)
  })

  it('has the settings, in the file that headless mode reads', async () => {
    const settings = { language: 'fr', theme: 'dark', welcomed: true }
    expect(await call(page, '/me/preferences')).toEqual(settings)
    expect(await call(page, '/settings')).toEqual({ ...settings, galleryShared: false })
    expect(readPreferences(openConfig(folder.path), 'admin')).toEqual(settings)
    expect(menuTitles(await next.ask('menu'))).toContain('&Fichier')
  })

  it('tells of a rotation’s end in the reader’s language, but only to somebody who looks elsewhere', async () => {
    await call(page, '/credentials/forge/rotate', 'POST')
    expect(await next.ask('recorded', 'notification')).toEqual([])

    await next.ask('blur')
    await call(page, '/credentials/forge/rotate', 'POST')

    expect(await next.ask('recorded', 'notification')).toMatchObject([{ title: 'forge a été renouvelé' }])
  })

  it('finds the two simulated services that the first start added', async () => {
    const services = Service.array().parse(await call(page, '/services'))

    expect(services.map(({ id, health }) => [id, health.state])).toEqual([
      ['comfyui-demo', 'stopped'],
      ['forge-demo', 'stopped'],
    ])
  })

  it.skipIf(process.platform === 'win32')('finds its files readable by their owner only', async () => {
    expect((await stat(folder.path)).mode & 0o077).toBe(0)
    for (const name of ['config.json', 'window.json', 'vault.json', 'panel.log']) {
      expect((await stat(path.join(folder.path, name))).mode & 0o077, name).toBe(0)
    }
  })
})

describe('ending', () => {
  const stopsAll = async (how: 'closing the window' | 'SIGTERM') => {
    await using folder = await temporaryFolder('regie-desktop')
    await using desktop = startDesktop({ userData: folder.path, args: ['--demo'] })
    const page = await desktop.window()
    await desktop.prove(page)
    // A port of its own: other tests start panels at the same time.
    await call(page, '/services/comfyui-demo', 'PATCH', { url: `http://127.0.0.1:${await freePort()}` })
    await call(page, '/services/comfyui-demo/start', 'POST')
    const service = await until('the service to be ready', async () => {
      const now = Service.parse(await call(page, '/services/comfyui-demo'))
      return now.health.state === 'ready' ? now : null
    })
    expect(await answers(service.url)).toBe(true)

    if (how === 'SIGTERM') desktop.kill('SIGTERM')
    else {
      // Not to stay in the tray.
      await desktop.ask('answerQuestions', 'no')
      await desktop.ask('closeWindow')
    }

    expect(await desktop.exited).toBe(0)
    expect(await answers(service.url)).toBe(false)
    expect(await readFile(path.join(folder.path, 'panel.log'), 'utf8')).toContain('the panel has stopped')
  }
  it('by closing the window stops every service that runs', () => stopsAll('closing the window'))
  it('by SIGTERM stops every service that runs', long, () => stopsAll('SIGTERM'))
})

describe('the page of the REST API', () => {
  it('gets one window, as guarded as the first, which goes with it', async () => {
    await using folder = await temporaryFolder('regie-desktop')
    await using desktop = startDesktop({ userData: folder.path })
    const page = await desktop.window()
    const follow = () =>
      page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: '/api/v1/docs', target: '_blank' })
        document.body.append(link)
        link.click()
        link.remove()
      })
    await follow()
    const shown = async () => (await desktop.ask('windows')).filter(({ visible }) => visible)
    // Swagger UI is large, and a busy machine takes its time with it.
    await until('the second window', async () => (await shown()).length === 2, 45_000)

    await follow()
    await until(
      'the second window to come to the front',
      async () => (await desktop.ask('recorded', 'focus')).length === 1,
    )

    const [first, second, ...others] = await shown()
    expect(others).toEqual([])
    expect(second?.url).toMatch(/^regie:\/\/panel\/api\/v1\/docs/)
    expect(second?.preferences).toEqual(first?.preferences)
    await desktop.ask('closeWindow')
    expect(await desktop.exited).toBe(0)
  })
})

describe('on another machine', () => {
  it('a keychain that protects nothing is refused: a passphrase is asked for', async () => {
    await using folder = await temporaryFolder('regie-desktop')
    await using desktop = startDesktop({ userData: folder.path, env: { HOST_KEYRING: 'basic_text' } })
    const page = await desktop.window()

    expect(Vault.parse(await call(page, '/vault'))).toMatchObject({ keeper: 'passphrase' })
  })

  it(
    'the menu speaks the system’s language and the colours are dark, then both are as chosen; the menu opens the data folder',
    long,
    async () => {
      await using folder = await temporaryFolder('regie-desktop')
      await using desktop = startDesktop({ userData: folder.path, env: { HOST_LOCALE: 'fr-CA' } })
      const page = await desktop.window()
      expect(menuTitles(await desktop.ask('menu'))).toContain('&Fichier')
      expect(await desktop.ask('theme')).toBe('dark')

      await call(page, '/settings', 'PATCH', { language: 'en', theme: 'light' })

      expect(menuTitles(await desktop.ask('menu'))).toContain('&File')
      expect(await desktop.ask('theme')).toBe('light')
      await desktop.ask('clickMenu', '&File', 'Open data folder')
      expect(await call(page, '/data-folder/open', 'POST')).toEqual({ opened: true })
      const opened = { what: 'open-path', path: folder.path }
      expect(await desktop.ask('recorded', 'open-path')).toEqual([opened, opened])
    },
  )

  it('a broken configuration is set aside and told of, and a place off the screen is forgotten', async () => {
    await using folder = await temporaryFolder('regie-desktop')
    await writeFile(path.join(folder.path, 'config.json'), '{"services": [{"id": "mine"')
    const elsewhere = { bounds: { x: 5000, y: 100, width: 1300, height: 820 }, maximized: false }
    await writeFile(path.join(folder.path, 'window.json'), JSON.stringify({ main: elsewhere }))
    await using desktop = startDesktop({ userData: folder.path })
    const page = await desktop.window()

    const { notices } = About.parse(await call(page, '/about'))

    expect(notices.map(({ problem }) => problem)).toContain('config.unreadable')
    const kept = (await readdir(folder.path)).find((name) => name.startsWith('config.json.unreadable'))
    expect(await readFile(path.join(folder.path, kept ?? ''), 'utf8')).toContain('"mine"')
    const [window] = await desktop.ask('windows')
    expect(window?.options).toMatchObject({ width: 1300, height: 820 })
    expect(window?.options).not.toHaveProperty('x')
  })
})

describe('the stand-in host', () => {
  it('does not let an entry pass that waits for `ready` at its top level', long, async () => {
    await using folder = await temporaryFolder('regie-desktop')
    const entry = path.join(folder.path, 'main.mjs')
    await writeFile(entry, "import { app } from 'electron'\nawait app.whenReady()\n")
    await using desktop = startDesktop({ entry, userData: folder.path, env: { HOST_PATIENCE_MS: '1000' } })

    expect(await desktop.exited).toBe(86)
    expect(desktop.output()).toContain('electron#40719')
  })
})
