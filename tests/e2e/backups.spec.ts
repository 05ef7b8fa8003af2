import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright/test'
import { misuses } from '../support/axe'
import { temporaryFolder } from '../support/programs'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const passphrase = 'one passphrase for all backups'
const main = (page: Page) => page.getByRole('main')
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

const journey = 'backups are set up, made, looked into, checked and restored, by keyboard too, and tell what they lack'
test(journey, { tag: '@long' }, async ({ page, panel, misdeeds }) => {
  await using temporary = await temporaryFolder('regie-backups')
  const folder = temporary.path
  const kept = path.join(folder, 'kept')
  await enter(page, panel)
  const place = path.join(folder, 'studio.env')
  await writeFile(place, 'STUDIO=password-of-the-studio\n')
  const sinks = [{ type: 'env', path: place, key: 'STUDIO', field: 'password', requires: 'nothing' }] as const
  await panel.client.credentials.create({
    ...{ id: 'studio', scheme: 'basic', username: 'ann', password: 'password-of-the-studio' },
    sinks: [...sinks],
  })
  await page.goto(`${panel.url}/#/settings/backups`)

  await test.step('set up from the empty page, by keyboard', async () => {
    await main(page).getByRole('button', { name: 'Set up backups' }).focus()
    await page.keyboard.press('Enter')
    const form = dialog(page, 'Edit backups')
    await form.getByLabel('Folder').fill(kept)
    await form.getByLabel('Make one every day').uncheck()
    await form.getByLabel('Passphrase of the backups').fill(passphrase)
    await form.getByLabel('Confirm passphrase').fill(passphrase)
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'the form of the backups')
    await page.keyboard.press('Enter')
    await expect(form).toBeHidden()
  })

  const list = main(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button') })
  await test.step('made and checked', async () => {
    await main(page).getByRole('button', { name: 'Back up now' }).click()
    await expect(list.getByText('Checked when it was made')).toBeVisible({ timeout: 30_000 })
    await expect(list.getByText(/Incomplete/)).toBeHidden()
  })

  await test.step('another passphrase opens nothing; its own does, by keyboard', async () => {
    await list.getByRole('button', { name: /^Check the backup/ }).focus()
    await page.keyboard.press('Enter')
    const asked = dialog(page, /^Check the backup/)
    await expect(asked.getByLabel('Passphrase of the backup')).toBeFocused()
    await page.keyboard.type('another passphrase')
    await page.keyboard.press('Enter')
    await expect(asked.getByText('This does not open the backup.')).toBeVisible()
    expect(await misuses(page)).toEqual([])
    misdeeds.forgive()
    await asked.getByLabel('Passphrase of the backup').fill(passphrase)
    await page.keyboard.press('Enter')
    await expect(asked).toBeHidden()
    await expect(list.getByText('Opened and checked')).toBeVisible()
    await expect(list.getByRole('button', { name: /^Check the backup/ })).toBeFocused()
  })

  await test.step('looked into before it is restored: what was ended since is told, and stays so', async () => {
    const { id } = await panel.client.keys.create({ userId: 'user', name: 'notebook' })
    const newest = async () => (await panel.client.backups.read()).list[0]?.name
    const before = await newest()
    await main(page).getByRole('button', { name: 'Back up now' }).click()
    await expect.poll(newest).not.toBe(before)
    // Of one day the newest is kept.
    await expect(list.getByText('Checked when it was made')).toBeVisible()
    await panel.client.keys.end({ id })
    await list
      .first()
      .getByRole('button', { name: /^Restore the backup/ })
      .click()
    const asked = dialog(page, /^Restore the backup/)
    await asked.getByLabel('Passphrase of the backup').fill('another passphrase')
    await asked.getByRole('button', { name: 'Show what changes' }).click()
    await expect(asked.getByText('This does not open the backup.')).toBeVisible()
    misdeeds.forgive()
    await asked.getByLabel('Passphrase of the backup').fill(passphrase)
    await asked.getByRole('button', { name: 'Show what changes' }).click()
    await expect(asked.getByRole('list', { name: 'Ended since the backup' })).toContainText('notebook of User')
    await expect(asked.getByRole('list', { name: 'Files outside the data folder' })).toContainText('as in the backup')
    await expect(asked.getByLabel('Keep it ended')).toBeChecked()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'what a restoring changes')
    await asked.getByRole('button', { name: 'Restore at next start' }).click()
    const ready = main(page).getByRole('region', { name: 'A restoring is ready' })
    await expect(ready).toContainText('Restart it as it was started', { timeout: 30_000 })
    await expect(ready.getByRole('button', { name: 'Restart Regie' })).toBeHidden()
    expect(await misuses(page)).toEqual([])
    await ready.getByRole('button', { name: 'Give it up' }).click()
    await expect(ready).toBeHidden()
  })

  await test.step('one that lacks a file says which, and the complete one before it stays', async () => {
    await rm(place)
    await mkdir(place)
    await main(page).getByRole('button', { name: 'Back up now' }).click()
    await expect(list).toHaveCount(2)
    await expect(list.first()).toContainText('Incomplete: 1 file is missing')
    await expect(list.first().getByRole('list')).toContainText(place)
    expect(await misuses(page)).toEqual([])
    await expect
      .poll(async () => (await panel.client.attention.read()).items.map(({ kind }) => kind))
      .toContain('backup-incomplete')
  })

  await test.step('in French, at 390 px', async () => {
    await panel.client.system.changeSettings({ language: 'fr' })
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(list.first()).toContainText('Incomplète : 1 fichier absent')
    await expectFits(page, 'les sauvegardes')
    expect(await misuses(page)).toEqual([])
  })
})
