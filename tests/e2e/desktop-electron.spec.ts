import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { _electron, expect, test, type ElectronApplication, type Page } from 'playwright/test'

const root = path.resolve(import.meta.dirname, '../..')

/** Why the real Electron cannot be driven here, or null. */
function whyNot(): string | null {
  const folder = path.join(root, 'node_modules', 'electron')
  const pathFile = path.join(folder, 'path.txt')
  if (!existsSync(pathFile) || !existsSync(path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()))) {
    return 'Electron’s binary is not installed; `npx install-electron` fetches it.'
  }
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
  return hasDisplay ? null : 'There is no display; run the tests under xvfb-run.'
}

const reason = whyNot()
test.skip(reason !== null, reason ?? '')
test.describe.configure({ mode: 'serial' })

let data: string
let application: ElectronApplication
let page: Page

test.beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'regie-electron-'))
  // Chromium's sandbox refuses to run as root, which is what containers are.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  application = await _electron.launch({ args: [...asRoot, root, '--data', data, '--demo'], cwd: root })
  page = await application.firstWindow()
  await page.waitForLoadState('load')
})

test.afterAll(async () => {
  await application.close()
  await rm(data, { recursive: true, force: true, maxRetries: 5 })
})

test('the window shows the panel over its own scheme', async () => {
  expect(page.url()).toMatch(/^regie:\/\/panel\//)
  await expect(page).toHaveTitle(/Regie/)
  const session: unknown = await page.evaluate(async () => (await fetch('/api/v1/session')).json() as Promise<unknown>)
  expect(session).toMatchObject({ role: 'admin', door: 'desktop', locked: false })
})

test('the page has nothing of node or Electron', async () => {
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis),
  )
  expect(found).toEqual([])
})

test('answers are streamed, more of them at once than HTTP/1.1 allows', async () => {
  const firsts = await page.evaluate(async () => {
    const stop = new AbortController()
    const read = async () => {
      const { body } = await fetch('/api/v1/events', { signal: stop.signal })
      const { value } = (await body?.getReader().read()) ?? {}
      return value?.length ?? 0
    }
    const lengths = await Promise.all(Array.from({ length: 10 }, read))
    stop.abort()
    return lengths
  })
  expect(Math.min(...firsts)).toBeGreaterThan(0)
})

test('the page cannot leave, open windows or ask for permissions', async () => {
  const address = page.url()
  await page.evaluate(() => {
    location.href = 'https://example.com/'
    window.open('https://example.com/')
  })
  const states = await page.evaluate(async () => {
    const asked = await Promise.all(
      (['geolocation', 'notifications', 'camera'] as const).map((name) => navigator.permissions.query({ name })),
    )
    return asked.map(({ state }) => state)
  })
  expect(states).toEqual(['denied', 'denied', 'denied'])
  expect(page.url()).toBe(address)
  expect(application.windows()).toHaveLength(1)
  await expect.poll(() => readFile(path.join(data, 'panel.log'), 'utf8')).toContain('"what":"navigation"')
})

test('closing the window ends the program in order', async () => {
  const ended = new Promise<number | null>((resolve) => application.process().once('exit', resolve))
  // The answer may be lost with the program.
  await application.evaluate(({ app }) => app.quit()).catch(() => undefined)
  expect(await ended).toBe(0)
  expect(await readFile(path.join(data, 'panel.log'), 'utf8')).toContain('the panel has stopped')
})
