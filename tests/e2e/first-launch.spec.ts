import { enter, open, rail } from './pages/app'
import { expectFits } from './pages/fit'
import { replayedGpus } from '../support/headless'
import { expect, test } from './support/fixtures'

const journey = 'an empty panel says on every page what will be there and how to get it, and gets vault and services'
test(journey, { tag: '@long' }, async ({ page, launch }) => {
  const panel = await launch({ demo: false, env: replayedGpus('no-driver') })
  await enter(page, panel, { welcome: true })
  await expectFits(page, 'the welcome')
  await page.getByRole('button', { name: 'Skip welcome' }).click()
  const main = page.getByRole('main')

  await expect(main.getByRole('heading', { name: 'No services yet' })).toBeVisible()
  await expect(main.getByRole('button', { name: 'Add simulated services' })).toBeVisible()
  await open(page, 'Services')
  await expect(main.getByRole('heading', { name: 'No services yet' })).toBeVisible()
  await open(page, 'Credentials')
  await expect(main.getByRole('heading', { name: 'Choose a passphrase for the vault' })).toBeVisible()
  await expectFits(page, 'the vault’s door')
  await open(page, 'Studio')
  await expect(main.getByRole('heading', { name: 'No services yet' })).toBeVisible()
  await open(page, 'Gallery')
  await expect(main.getByRole('heading', { name: 'No images yet' })).toBeVisible()
  await open(page, 'GPUs')
  await expect(main.getByRole('heading', { name: 'No NVIDIA driver on this machine' })).toBeVisible()

  await test.step('a passphrase creates the vault, and the simulated services can then be added', async () => {
    await open(page, 'Credentials')
    await main.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
    await main.getByLabel('Confirm passphrase').fill('correct horse staple')
    await main.getByRole('button', { name: 'Create vault' }).click()
    await expect(main.getByText('Passphrases do not match.')).toBeVisible()

    await main.getByLabel('Confirm passphrase').fill('correct horse battery')
    await main.getByRole('button', { name: 'Create vault' }).click()
    await expect(main.getByRole('heading', { name: 'No credentials yet' })).toBeVisible()
    await open(page, 'Overview')
    await main.getByRole('button', { name: 'Add simulated services' }).click()

    await expect(main).toContainText('2 of 2 services ready', { timeout: 30_000 })
    await panel.client.services.stopAll()
  })
})

test('a stranger is asked to sign in, a wrong token is refused with what to do, and a link works once', async ({
  page,
  panel,
  browser,
  misdeeds,
}) => {
  await page.goto(`${panel.url}/#/credentials`)
  await expect(page.getByRole('heading', { name: 'Sign in to Regie' })).toBeVisible()
  await expect(rail(page)).toBeHidden()

  await page.getByRole('textbox', { name: 'Link or token' }).fill('not-the-token')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('This link, token or code is not accepted.')).toBeVisible()
  // The browser itself notes the answer 401.
  misdeeds.forgive()

  await panel.client.system.changeSettings({ welcomed: true })
  await page.getByRole('textbox', { name: 'Link or token' }).fill(panel.signInLink)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Credentials' })).toBeVisible()

  await test.step('a sign-in link works once', async () => {
    const stranger = await browser.newContext()
    const answer = await stranger.request.get(panel.signInLink, { maxRedirects: 0 })
    expect(answer.status()).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'UNAUTHORIZED', data: { problem: 'session.bad-token' } })
    await stranger.close()
  })
})
