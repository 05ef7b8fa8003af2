import type { Locator } from 'playwright/test'
import { freePort } from '../../electron/services/free-port'
import { enter, rail, title } from './pages/app'
import { misuses } from '../support/axe'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const password = 'a password of one’s own'

test('a user signs in by name, connects with a key of their own, and sees what is theirs alone', async ({
  page,
  panel,
}) => {
  const port = await freePort(24_200)
  await panel.client.system.changeSettings({ welcomed: true })
  await panel.client.users.create({
    ...{ id: 'jonas', name: 'Jonas', role: 'user', password, limits: { concurrentJobs: 2, jobsPerDay: 200 } },
  })
  await panel.client.services.start({ id: 'forge-demo' })
  await panel.client.services.update({ id: 'forge-demo', gateway: { enabled: true, host: '127.0.0.1', port } })
  const main = page.getByRole('main')

  await test.step('sign in with name and password', async () => {
    await page.goto(panel.url)
    await page.getByText('Password', { exact: true }).first().click()
    await page.getByLabel('Name').fill('jonas')
    await page.getByLabel('Password', { exact: true }).last().fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(title(page)).toHaveText('Overview')
    await expect(rail(page).getByRole('listitem').getByRole('link')).toHaveText([
      'Overview',
      'Studio',
      'Gallery',
      'My access',
    ])
    await expect(rail(page)).toContainText('Jonas')
  })

  await test.step('the page says where each service is, and how a program uses it', async () => {
    await rail(page).getByRole('listitem').getByRole('link', { name: 'My access' }).click()
    const connect = main.getByRole('list', { name: 'Connect' })
    await expect(connect.getByText(`http://127.0.0.1:${port}`)).toBeVisible()
    await expect(connect.getByRole('link', { name: /forge-demo/ })).toHaveAttribute('href', `http://127.0.0.1:${port}`)
    await expect(connect).toContainText('Not reachable from outside Regie: its gateway is off')
    await main.getByText('webuiapi').click()
    await expect(main.getByRole('region', { name: 'webuiapi' })).toContainText(`port=${port}`)
    await expect(main.getByText('0 of 200')).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'My access')
  })

  await test.step('a key is made here, and opens the gateway at once', async () => {
    await main.getByRole('button', { name: 'New key' }).first().click()
    const asked = dialog(page, 'New key')
    await asked.getByRole('textbox', { name: 'Name' }).fill('laptop')
    await expect(asked.getByText('REST API as administrator')).toHaveCount(0)
    await asked.getByRole('button', { name: 'Create key' }).click()
    const shown = dialog(page, 'Key “laptop” created')
    const key = (await shown.getByLabel('Key', { exact: true }).textContent()) ?? ''
    const asks = (with_: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/sdapi/v1/sd-models`, { headers: with_ })
    expect((await asks({})).status).toBe(401)
    const answer = await asks({ authorization: `Bearer ${key}` })
    expect(answer.status).toBe(200)
    await expect(shown.getByText(/First used just now from 127\.0\.0\.1/)).toBeVisible()
    await expectFits(page, 'a key of one’s own')
    await shown.getByRole('button', { name: 'Done' }).click()
    await dialog(page, 'You have not copied the key').getByRole('button', { name: 'Close without a copy' }).click()
    const keys = main.getByRole('list', { name: 'My keys' })
    await expect(keys.getByRole('listitem')).toContainText('laptop')

    await keys.getByRole('button', { name: 'Actions for laptop' }).click()
    await page.getByRole('menuitem', { name: 'End key…' }).click()
    await dialog(page, 'End key laptop?').getByRole('button', { name: 'End key' }).click()
    await expect(main.getByRole('heading', { name: 'No keys yet' })).toBeVisible()
    expect((await asks({ authorization: `Bearer ${key}` })).status).toBe(401)
  })

  await test.step('the password is changed, which asks for the present one', async () => {
    await main.getByRole('button', { name: 'Change password' }).click()
    const asked = dialog(page, 'Change password')
    await asked.getByLabel('Current password').fill(password)
    await asked.getByLabel('New password').fill(`${password}, another`)
    await asked.getByLabel('Confirm password').fill(`${password}, another`)
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect(asked).toBeHidden()
    await main.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { name: 'Sign in to Regie' })).toBeVisible()
  })
})

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

  const journey = 'one’s own job is ended by touch and by keyboard, and anybody’s from the waiting line'
  test(journey, { tag: '@long' }, async ({ page, panel }) => {
    const id = 'forge-demo'
    const port = await freePort(24_250)
    const { client } = panel
    await client.system.changeSettings({ welcomed: true })
    await client.users.create({ id: 'jonas', name: 'Jonas', role: 'user', password })
    const { key } = await client.keys.create({ userId: 'jonas', name: 'laptop' })
    await client.services.start({ id })
    await client.services.update({ id, gateway: { enabled: true, host: '127.0.0.1', port } })
    const sent: Promise<unknown>[] = []
    const send = () =>
      sent.push(
        fetch(`http://127.0.0.1:${port}/sdapi/v1/txt2img`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ prompt: 'x', steps: 150 }),
        }).catch(() => null),
      )
    const main = page.getByRole('main')
    const large = async (cross: Locator) => {
      const { width = 0, height = 0 } = (await cross.boundingBox()) ?? {}
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
    }

    await test.step('among My jobs', async () => {
      await page.goto(panel.url)
      await page.getByText('Password', { exact: true }).first().click()
      await page.getByLabel('Name').fill('jonas')
      await page.getByLabel('Password', { exact: true }).last().fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(title(page)).toHaveText('Overview')
      await page.goto(`${panel.url}/#/me`)
      send()
      send()
      const jobs = main.getByRole('list', { name: 'My jobs' })
      const crosses = jobs.getByRole('button', { name: `Cancel the job on ${id}` })
      await expect(crosses).toHaveCount(2)
      await large(crosses.first())
      // Beside its job, not below it.
      const tops = [jobs.getByRole('listitem').first(), crosses.first()].map(
        async (one) => (await one.boundingBox())?.y,
      )
      const [rowAt = 0, crossAt = Infinity] = await Promise.all(tops)
      expect(crossAt - rowAt).toBeLessThan(24)
      await page.screenshot({ path: test.info().outputPath('my-jobs-390.png') })
      await expectFits(page, 'My jobs')
      await crosses.last().tap()
      await expect(crosses).toHaveCount(1)
      await crosses.focus()
      await page.keyboard.press('Enter')
      await expect(crosses).toHaveCount(0)
      await expect(jobs.getByRole('listitem').first()).toContainText('Cancelled')
      expect(await misuses(page)).toEqual([])
    })

    await test.step('in the waiting line, asked first; kept by keyboard, and cancelled by touch', async () => {
      await page.context().clearCookies()
      await page.evaluate(() => {
        localStorage.clear()
        sessionStorage.clear()
      })
      await enter(page, panel)
      await page.goto(`${panel.url}/#/services/${id}/gateway`)
      send()
      const line = main.getByRole('list', { name: 'Waiting line' })
      const cross = line.getByRole('button', { name: 'Cancel the job of Jonas' })
      await expect(cross).toBeVisible()
      await cross.scrollIntoViewIfNeeded()
      await large(cross)
      await page.screenshot({ path: test.info().outputPath('line-390.png') })
      const asked = dialog(page, 'Cancel the job of Jonas?')
      await cross.focus()
      await page.keyboard.press('Enter')
      await expect(asked).toContainText('The audit log notes it.')
      await page.keyboard.press('Escape')
      await expect(asked).toHaveCount(0)
      await expect(cross).toBeFocused()
      await cross.tap()
      await asked.getByRole('button', { name: 'Cancel job' }).tap()
      await expect(cross).toHaveCount(0)
      await expect(main.getByText('Nobody waits.')).toBeVisible()
    })
    await Promise.all(sent)
  })
})
