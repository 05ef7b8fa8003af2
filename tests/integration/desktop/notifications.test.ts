import { beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { ensureBuilt } from '../../../electron/build.mjs'
import { Attention } from '../../../shared/contract'
import { startDesktop } from '../../support/desktop'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { long } from '../../support/long'

beforeAll(ensureBuilt, 120_000)

const call = async (page: Page, method: string, to: string, body?: object): Promise<unknown> =>
  page.evaluate(
    async ([method, to, body]) => {
      const init: RequestInit = {
        method,
        ...(body !== '' && { body, headers: { 'content-type': 'application/json' } }),
      }
      return (await fetch(`/api/v1${to}`, init)).json() as Promise<unknown>
    },
    [method, to, body === undefined ? '' : JSON.stringify(body)] as const,
  )

/** A desktop with a service that nobody answers for, and a notification of it on screen. */
async function notified(system: 'darwin' | 'win32' | 'linux', work: (at: Notified) => Promise<void>) {
  await using folder = await temporaryFolder('regie-notified')
  await using desktop = startDesktop({ userData: folder.path, args: ['--demo'], env: { HOST_NOTIFICATIONS: system } })
  const page = await desktop.window()
  await desktop.prove(page)
  await call(page, 'PATCH', '/alerts/rules/service-down', { forSec: 0 })
  await desktop.ask('blur')
  const url = `http://127.0.0.1:${await freePort()}`
  await call(page, 'POST', '/services', { id: 'away', kind: 'comfyui', runtime: 'external', url })
  const shown = await until('the notification', async () =>
    (await desktop.ask('recorded', 'notification')).find(({ title }) => String(title).endsWith('away')),
  )
  const attention = async () => Attention.parse(await call(page, 'GET', '/attention'))
  await work({ desktop, page, buttons: shown['buttons'], attention })
}

interface Notified {
  desktop: ReturnType<typeof startDesktop>
  page: Page
  buttons: unknown
  attention: () => Promise<Attention>
}

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id)

describe.each(['darwin', 'win32'] as const)('a notification on %s', (system) => {
  const at = system === 'darwin' ? {} : long
  it('puts what it tells of aside by a button, as the page does', { ...at, timeout: 120_000 }, async () => {
    await notified(system, async ({ desktop, page, buttons, attention }) => {
      expect(buttons).toEqual(['Open', 'Snooze 1 h'])
      expect(ids((await attention()).items)).toContain('service away')
      await desktop.ask('pressNotification', 'Snooze 1 h')
      await until('it to be put aside', async () => ids((await attention()).snoozed).includes('service away'))
      expect(ids((await attention()).items)).not.toContain('service away')
      await until('the badge', async () => {
        const left = (await attention()).items.length
        return (await desktop.ask('recorded', 'badge')).at(-1)?.['count'] === left
      })
      await desktop.ask('pressNotification', 'Open')
      await until('its place', async () => (await page.evaluate(() => location.hash)) === '#/services/away')
    })
  })
})

it('has no buttons on Linux, where a click opens its place', { ...long, timeout: 120_000 }, async () => {
  await notified('linux', async ({ desktop, page, buttons }) => {
    expect(buttons).toEqual([])
    await desktop.ask('clickNotification')
    await until('its place', async () => (await page.evaluate(() => location.hash)) === '#/services/away')
  })
})
