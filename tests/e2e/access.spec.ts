import type { Page } from 'playwright/test'
import { enter, open, rail } from './pages/app'
import { dialog, openCredential } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'
import { generateOn } from '../support/simulated'
import { until } from '../support/until'

const passwords = { admin: 'an admin’s password', user: 'everybody’s password' }

/** Sets the first password of a role on the Access page. */
async function setPassword(page: Page, role: 'admin' | 'user') {
  await page.getByRole('button', { name: `Set ${role} password` }).click()
  const asked = dialog(page, `Set ${role} password`)
  await asked.getByLabel('New password').fill(passwords[role])
  await asked.getByLabel('Confirm password').fill(passwords[role])
  await asked.getByRole('button', { name: 'Save' }).click()
  await expect(asked).toBeHidden()
}

/** By the id of an account. */
async function signIn(page: Page, account: string, password: string) {
  await page.getByLabel('Name').fill(account)
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('passwords of two roles: what a user may not, what is asked again, and the lock', async ({
  page,
  panel,
  misdeeds,
}) => {
  await enter(page, panel)
  const openAccess = async () => {
    await open(page, 'Settings')
    await page.getByRole('link', { name: 'Passwords and lock' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Access' })).toBeVisible()
  }

  await test.step('both are set; nothing can be locked before', async () => {
    await openAccess()
    await expect(page.getByRole('main').getByRole('button', { name: 'Lock now' })).toBeDisabled()
    await setPassword(page, 'admin')
    await setPassword(page, 'user')
    await expect(page.getByRole('main').getByText('Set', { exact: true })).toHaveCount(2)
  })

  await test.step('locked, the page shows nothing else, and the panel answers nothing', async () => {
    await page.keyboard.press('ControlOrMeta+Shift+L')
    await expect(page.getByRole('heading', { name: 'Regie is locked' })).toBeVisible()
    await expectFits(page, 'the lock')
    await expect(rail(page)).toHaveCount(0)
    expect(await page.evaluate(async () => (await fetch('/api/v1/services')).status)).toBe(401)

    await page.getByLabel('Admin password').fill('not the password')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await expect(page.getByText('This password is not accepted.')).toBeVisible()
    await page.getByLabel('Admin password').fill(passwords.admin)
    await page.getByRole('button', { name: 'Unlock' }).click()
    await expect(rail(page)).toBeVisible()
    misdeeds.forgive()
  })

  await test.step('a user looks and generates; the rest is closed, and says why', async () => {
    await open(page, 'Settings')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await signIn(page, 'user', 'not the password')
    await expect(page.getByText('This password is not accepted.')).toBeVisible()
    await signIn(page, 'user', passwords.user)
    await expect(rail(page).getByText('User', { exact: true })).toBeVisible()
    misdeeds.forgive()

    await expect(rail(page).getByRole('listitem').getByRole('link')).toHaveText([
      'Overview',
      'Studio',
      'Gallery',
      'My access',
    ])
    for (const hidden of ['credentials/forge-demo', 'services/forge-demo/logs', 'settings/access', 'gpus']) {
      await page.goto(`${panel.url}/#/${hidden}`)
      await expect(page.getByRole('main').getByText('Your account does not include this page.')).toBeVisible()
    }
    await open(page, 'Studio')
    await expect(page.getByRole('button', { name: /^Generate/ })).toBeVisible()
  })

  await test.step('a user starts what may be started by users, as soon as it may, and has no way to stop it', async () => {
    await open(page, 'Overview')
    const card = page.getByRole('article', { name: 'forge-demo' })
    await expect(card.getByText('Stopped')).toBeVisible()
    await expect(card.getByRole('button')).toHaveCount(0)
    await panel.client.services.update({ id: 'forge-demo', idle: { wake: true } })
    await card.getByRole('button', { name: 'Start forge-demo' }).click()
    await expect(card.getByRole('link', { name: /forge-demo/ })).toBeVisible()
    await expect(card.getByRole('button')).toHaveCount(0)
  })

  await test.step('a user’s gallery holds his own alone, and others’ while it is shared: those he cannot delete', async () => {
    await generateOn(panel, 'forge-demo', 'a picture of the administrator')
    await open(page, 'Gallery')
    const pictures = page.getByRole('main').getByRole('img', { name: 'a picture of the administrator' })
    await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toBeVisible()
    await expect(pictures).toHaveCount(0)
    await panel.client.system.changeSettings({ galleryShared: true })
    await pictures.first().click()
    await expect(page.getByRole('link', { name: /Download/ })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Delete' })).toHaveCount(0)
    await panel.client.system.changeSettings({ galleryShared: false })
    await expect(pictures).toHaveCount(0)
    misdeeds.forgive() // the picture that is on screen is not found any more
  })

  await test.step('whoever came by a printed link is asked for the password before a secret leaves', async () => {
    await panel.client.session.printCode()
    const code = await until('the code', () => /One-time code to confirm with: (\S+)/.exec(panel.output())?.[1])
    await page.goto(`${panel.url}/signin?token=${code}`)
    await expect(rail(page).getByText('Admin', { exact: true })).toBeVisible()
    await openCredential(page, 'forge-demo')
    await page.getByRole('main').getByRole('button', { name: 'Reveal' }).click()
    const revealing = dialog(page, 'Reveal forge-demo')
    await revealing.getByRole('button', { name: 'Reveal' }).click()

    const proof = dialog(page, 'Confirm your identity')
    await proof.getByLabel('Admin password').press('Escape')
    await expect(proof).toBeHidden()
    await expect(revealing).toContainText('Confirm your identity first.')
    await revealing.getByRole('button', { name: 'Reveal' }).click()
    await proof.getByLabel('Admin password').fill(passwords.admin)
    await proof.getByRole('button', { name: 'Confirm' }).click()

    const { password = '' } = await panel.client.credentials.reveal({ id: 'forge-demo' })
    await expect(revealing.getByText(password)).toBeVisible()
  })

  await test.step('what is copied of it leaves the clipboard again', async () => {
    const { password = '' } = await panel.client.credentials.reveal({ id: 'forge-demo' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
    await dialog(page, 'Reveal forge-demo').getByRole('button', { name: 'Copy password' }).click()
    await expect(page.getByText(/The clipboard is cleared in \d+ s/)).toBeVisible()
    expect((await clipboard()) === password).toBe(true)

    await page.getByRole('button', { name: 'Clear now' }).click()

    await expect(page.getByText('Clipboard cleared')).toBeVisible()
    expect(await clipboard()).toBe('')
  })
})

test('without a password the page asks once for a code that Regie prints, and says where it is', async ({
  page,
  panel,
  launch,
  misdeeds,
}) => {
  await enter(page, panel)
  // A session lives on over a restart; what was shown of who is there does not.
  await page.goto('about:blank')
  await panel.kill()
  const next = await launch({ data: panel.data, port: panel.port })
  await page.goto(`${panel.url}/#/services`)
  const proof = dialog(page, 'Confirm your identity')

  const add = async (id: string) => {
    await page.getByRole('button', { name: 'Add service' }).click()
    await page.getByRole('button', { name: /^Existing service/ }).click()
    await page.getByLabel('Display name').fill(id)
    await page.getByRole('dialog').getByRole('button', { name: 'Add service' }).click()
  }
  await test.step('who cannot read the terminal adds nothing', async () => {
    await add('one')
    await expect(proof.getByText('in the terminal where it runs')).toBeVisible()
    await proof.getByLabel('Code from the terminal').fill('2222-2222-2222')
    await proof.getByRole('button', { name: 'Confirm' }).click()
    await expect(proof.getByText('This link, token or code is not accepted.')).toBeVisible()
    expect((await next.client.services.list()).map(({ id }) => id)).not.toContain('one')
    misdeeds.forgive() // the browser notes the refused code
  })

  await test.step('who can is asked for it once', async () => {
    const code = await until('the code', () => /One-time code to confirm with: (\S+)/.exec(next.output())?.[1])
    await proof.getByLabel('Code from the terminal').fill(` ${code.toLowerCase()} `)
    await proof.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'one' })).toBeVisible()
    for (const id of ['two', 'three']) {
      await page.goto(`${panel.url}/#/services`)
      await add(id)
      await expect(page.getByRole('heading', { level: 1, name: id })).toBeVisible()
    }
  })
})

test('a reverse proxy is trusted once it is listed, and no longer', { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  await page.goto(`${panel.url}/#/settings/access`)
  const field = page.getByLabel('Address of the proxy')
  await field.fill('proxy')
  await field.press('Enter')
  await expect(page.getByText('Enter an IP address or an area')).toBeVisible()
  await field.fill('10.0.0.0/24')
  await field.press('Enter')
  const remove = page.getByRole('button', { name: 'Remove 10.0.0.0/24' })
  await expect(remove).toBeVisible()
  expect((await panel.client.access.proxies()).added).toEqual(['10.0.0.0/24'])
  await remove.click()
  await expect(page.getByText('No proxy is trusted.')).toBeVisible()
})

test(
  'a lock in one tab closes the others, and a changed password signs out',
  { tag: '@long' },
  async ({ page, panel, misdeeds }) => {
    await enter(page, panel)
    await panel.client.access.setPassword({ role: 'user', password: passwords.user })
    const context = await page.context().browser()?.newContext()
    if (!context) throw new Error('there is no browser')
    const first = await context.newPage()
    await first.goto(panel.url)
    await signIn(first, 'user', passwords.user)
    await expect(rail(first)).toBeVisible()
    const second = await context.newPage()
    await second.goto(`${panel.url}/?link=fetch`)
    await expect(rail(second)).toBeVisible()

    await rail(first).getByRole('button', { name: 'Lock now' }).click()
    for (const tab of [first, second]) await expect(tab.getByRole('heading', { name: 'Regie is locked' })).toBeVisible()
    await second.getByLabel('Your password').fill(passwords.user)
    await second.getByRole('button', { name: 'Unlock' }).click()
    await expect(rail(second)).toBeVisible()

    await panel.client.access.setPassword({ role: 'user', password: 'another password' })
    await expect(second.getByRole('heading', { name: 'Sign in to Regie' })).toBeVisible()
    await context.close()
    misdeeds.forgive()
  },
)
