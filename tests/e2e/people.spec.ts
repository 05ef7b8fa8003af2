import type { Page } from 'playwright/test'
import { until } from '../support/until'
import { enter, open, rail, title } from './pages/app'
import { misuses } from '../support/axe'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const password = 'a password of one’s own'
const main = (page: Page) => page.getByRole('main')
const people = (page: Page) => main(page).getByRole('region', { name: 'Accounts' })

test('a person is invited, comes by the link, and is managed', async ({ page, panel, browser, misdeeds }) => {
  await enter(page, panel)
  let link = ''

  await test.step('nobody is there yet: the page says what it is for, and makes a link', async () => {
    await open(page, 'People')
    await expect(main(page).getByRole('heading', { name: 'Invite your team' })).toBeVisible()
    await expectFits(page, 'nobody but oneself')
    await page.keyboard.press('i')
    const asked = dialog(page, 'Invite person')
    await asked.getByRole('textbox', { name: 'Name' }).fill('Élodie Dupré')
    await expect(asked.getByRole('textbox', { name: 'Signs in as' })).toHaveValue('elodie-dupre')
    await asked.getByRole('button', { name: 'Create link' }).click()
    const shown = dialog(page, 'Invitation for Élodie Dupré')
    link = (await shown.getByLabel('Invitation link').textContent()) ?? ''
    expect(link).toMatch(/#invitation=[\w-]{20,}$/)
    await expectFits(page, 'an invitation')
    await shown.getByRole('button', { name: 'Done' }).click()
    await expect(people(page).getByRole('link', { name: /Élodie Dupré/ })).toContainText('Link ends')
  })

  await test.step('the link leads to a door with a password and a first key, and on into the Studio', async () => {
    const other = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
    const theirs = await other.newPage()
    await theirs.goto(link)
    await expect(theirs.getByRole('heading', { name: 'Join Regie' })).toBeVisible()
    expect(await misuses(theirs)).toEqual([])
    await theirs.getByRole('button', { name: 'Join' }).click()
    await expect(theirs.getByText('At least 8 characters.', { exact: true })).toBeVisible()
    await theirs.getByLabel('New password').fill(password)
    await theirs.getByLabel('Confirm password').fill(password)
    await expectFits(theirs, 'the invitation')
    await theirs.getByRole('button', { name: 'Join' }).click()
    await expect(theirs.getByRole('heading', { name: 'Welcome, Élodie Dupré' })).toBeVisible()
    await expect(theirs.getByLabel('Key', { exact: true })).toHaveText(/^rk_[0-9A-Za-z]{36}$/)
    await theirs.getByRole('button', { name: 'Open Studio' }).click()
    await expect(title(theirs)).toHaveText('Studio')
    await expect(rail(theirs).getByRole('link')).toHaveText(['Overview', 'Studio', 'Gallery', 'My access'])
    await theirs.goto(link)
    await theirs.reload()
    await expect(theirs.getByRole('heading', { name: 'This invitation is no longer valid' })).toBeVisible()
    await other.close()
  })

  await test.step('the list is found and walked by keyboard', async () => {
    const row = (name: RegExp) => people(page).getByRole('link', { name })
    await expect(row(/Élodie Dupré/)).toContainText('1 key')
    await page.keyboard.press('/')
    await page.keyboard.type('elod')
    await expect(people(page).getByRole('link')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect(row(/^Admin/)).toHaveAttribute('aria-current', 'true')
    await page.keyboard.press('ArrowDown')
    await expect(row(/Élodie Dupré/)).toHaveAttribute('aria-current', 'true')
    await page.keyboard.press('Enter')
    await expect(main(page).getByRole('heading', { level: 2, name: 'Élodie Dupré' })).toBeFocused()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'a person')
  })

  const keys = main(page).getByRole('list', { name: 'Keys of Élodie Dupré' })
  await test.step('a key is made, shown once, and waits for its first request', async () => {
    await page.keyboard.press('n')
    const asked = dialog(page, 'New key for Élodie Dupré')
    await asked.getByRole('button', { name: 'Create key' }).click()
    await expect(asked.getByText('Enter a name.')).toBeVisible()
    await asked.getByRole('textbox', { name: 'Name' }).fill('notebook')
    await asked.getByText('Only these services').click()
    await asked.getByText('forge-demo').click()
    await expectFits(page, 'a new key')
    await asked.getByRole('button', { name: 'Create key' }).click()
    const shown = dialog(page, /Key “notebook” created for Élodie Dupré/)
    const key = (await shown.getByLabel('Key', { exact: true }).textContent()) ?? ''
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'a fresh key')
    await expect(shown.getByText('Waiting for the first request with this key')).toBeVisible()
    const answer = await fetch(`${panel.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } })
    expect(answer.status).toBe(200)
    await expect(shown.getByText(/First used just now from 127\.0\.0\.1 with node/)).toBeVisible()
    await shown.getByRole('button', { name: 'Done' }).click()
    const unsaved = dialog(page, 'You have not copied the key')
    await unsaved.getByRole('button', { name: 'Back to the key' }).click()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await shown.getByRole('button', { name: 'Copy key' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key)
    await shown.getByRole('button', { name: 'Done' }).click()
    await expect(shown).toBeHidden()
    await expect(keys.getByRole('listitem').filter({ hasText: 'notebook' })).toContainText('from 127.0.0.1')
  })

  await test.step('it is rotated with a grace, which is ended early', async () => {
    await keys.getByRole('button', { name: 'Actions for notebook' }).click()
    await page.getByRole('menuitem', { name: 'Rotate…' }).click()
    const asked = dialog(page, 'Rotate key notebook')
    await asked.getByText('1 hour').click()
    await asked.getByRole('button', { name: 'Rotate key' }).click()
    const shown = dialog(page, /Key “notebook” created/)
    await shown.getByRole('button', { name: 'Copy key' }).click()
    await shown.getByRole('button', { name: 'Done' }).click()
    await expect(keys).toContainText('Old key not used since the rotation.')
    await keys.getByRole('button', { name: 'End the old key of notebook now' }).click()
    await dialog(page, /End the old key/)
      .getByRole('button', { name: 'End key' })
      .click()
    await expect(keys).not.toContainText('Old key')
  })

  await test.step('limits, and what is done to an account', async () => {
    const id = 'elodie-dupre'
    const user = async () => (await panel.client.users.list()).find((one) => one.id === id)
    const act = async (name: string) => {
      await main(page).getByRole('button', { name: 'Actions for Élodie Dupré' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await main(page).getByRole('button', { name: 'Limits of Élodie Dupré' }).click()
    const limits = dialog(page, 'Limits of Élodie Dupré')
    await limits.getByLabel('Jobs at once').fill('2')
    await limits.getByLabel('GPU minutes a day').fill('90')
    await limits.getByRole('button', { name: 'Save' }).click()
    await expect(limits).toBeHidden()
    expect((await user())?.limits).toEqual({ concurrentJobs: 2, jobsPerDay: null, gpuSecondsPerDay: 5400 })
    await expect(main(page).getByText('0 min of 1 h 30 min').first()).toBeVisible()

    await act('Suspend…')
    await dialog(page, 'Suspend Élodie Dupré?').getByRole('button', { name: 'Suspend' }).click()
    await expect(people(page).getByRole('link', { name: /Élodie Dupré/ })).toContainText('Suspended')
    await act('Reactivate')
    await until('active again', async () => (await user())?.suspended === false)
    await act('Make administrator…')
    await dialog(page, /administrator\?$/)
      .getByRole('button', { name: 'Make administrator' })
      .click()
    await until('an administrator', async () => (await user())?.role === 'admin')
    await act('Remove…')
    await dialog(page, 'Remove Élodie Dupré?').getByRole('button', { name: 'Remove' }).click()
    await until('gone', async () => (await user()) === undefined)
    await expect(people(page).getByRole('link', { name: /Élodie Dupré/ })).toHaveCount(0)
  })
  misdeeds.forgive()
})
