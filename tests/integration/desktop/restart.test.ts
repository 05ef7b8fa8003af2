// @module-tag long
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright'
import { beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { ensureBuilt } from '../../../electron/build.mjs'
import { Backups } from '../../../shared/contract'
import { startDesktop } from '../../support/desktop'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

beforeAll(ensureBuilt, 240_000)

const passphrase = 'one passphrase for all backups'
const Relaunch = z.object({ args: z.array(z.string()), execPath: z.string() })

async function call(page: Page, method: string, to: string, body: object | null = null): Promise<string> {
  return page.evaluate(
    async ([method, to, body]) => {
      const init: RequestInit = {
        method,
        ...(body !== '' && { body, headers: { 'content-type': 'application/json' } }),
      }
      const answer = await fetch(`/api/v1/${to}`, init)
      return `${answer.status} ${await answer.text()}`
    },
    [method, to, body === null ? '' : JSON.stringify(body)] as const,
  )
}

const backupsOf = async (page: Page) => Backups.parse(JSON.parse((await call(page, 'GET', 'backups')).slice(4)))

it('a restoring that is ready is done by a button: Regie ends in order and starts again with it', async () => {
  await using folder = await temporaryFolder('regie-restart')
  const at = (name: string) => path.join(folder.path, name)
  await mkdir(at('kept'))
  let relaunched: z.infer<typeof Relaunch> | undefined
  {
    await using desktop = startDesktop({ userData: at('data'), args: ['--demo'] })
    const page = await desktop.window()
    await call(page, 'PATCH', 'settings', { welcomed: true })
    expect(await call(page, 'POST', 'restart')).toContain('session.reauth')
    await desktop.prove(page)
    await call(page, 'PATCH', 'backups/settings', { folder: at('kept'), seal: { passphrase } })
    await call(page, 'POST', 'backups')
    await until('the backup', async () => (await backupsOf(page)).list.length === 1, 60_000)
    await call(page, 'POST', 'users', { id: 'zoe', name: 'Zoe', role: 'user' })

    await page.evaluate(() => (location.hash = '#/settings/backups'))
    await page.getByRole('button', { name: /^Restore the backup/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Passphrase of the backup').fill(passphrase)
    await dialog.getByRole('button', { name: 'Show what changes' }).click()
    await dialog.getByRole('button', { name: 'Restore at next start' }).click()
    // What it says is there before its answer is, which closes the dialog.
    await dialog.waitFor({ state: 'hidden', timeout: 120_000 })
    await page.getByRole('button', { name: 'Restart Regie' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restart Regie' }).click()
    await until('the restart', async () => {
      const [record] = await desktop.ask('recorded', 'relaunch').catch(() => [])
      relaunched ??= record && Relaunch.parse(record)
      return relaunched !== undefined
    })
    expect(await desktop.exited).toBe(0)
  }
  // The first one is the entry, which the host is given by itself.
  await using next = startDesktop({ userData: at('data'), args: relaunched?.args.slice(1) ?? [] })
  const page = await next.window()
  expect(await call(page, 'GET', 'about')).toContain('backup.restored')
  expect(await call(page, 'GET', 'users')).not.toContain('Zoe')
  expect((await backupsOf(page)).restoring).toBeNull()
}, 240_000)
