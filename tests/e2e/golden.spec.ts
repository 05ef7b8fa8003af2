import type { Page } from 'playwright/test'
import { misuses } from '../support/axe'
import { until } from '../support/until'
import { enter } from './pages/app'
import { expectFits, narrow } from './pages/fit'
import { expect, test } from './support/fixtures'

const id = 'comfyui-demo'
const main = (page: Page) => page.getByRole('main')
const checks = (page: Page) => main(page).getByRole('region', { name: 'Table of checks' })

test('a golden check is run, seen over time, accepted, and voided by a restart', async ({ page, panel }) => {
  const { client } = panel
  await client.services.start({ id })
  await until('the service is ready', async () => (await client.services.get({ id })).health.state === 'ready')
  await client.golden.change({ id, params: { steps: 3, width: 64, height: 64 } })
  await enter(page, panel)
  await page.goto(`${panel.url}/#/services/${id}/golden`)

  await test.step('there is none yet: what it is, and the way to begin', async () => {
    await expect(main(page).getByText('No golden check yet')).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'no golden check')
  })

  await test.step('one is run by keyboard, and its image, findings, trend and row are there', async () => {
    await main(page).getByRole('button', { name: 'Run golden check' }).focus()
    await page.keyboard.press('Enter')
    await expect(main(page).getByRole('img', { name: 'Image of the last check' })).toBeVisible({ timeout: 30_000 })
    const found = main(page).getByRole('list', { name: 'What was checked' })
    await expect(found.getByRole('listitem').filter({ hasText: 'Not cached' })).toContainText('3 of 3 steps sampled')
    await expect(found.getByRole('listitem').filter({ hasText: 'Similar to golden image' })).toContainText(
      'Not compared',
    )
    await expect(main(page).getByRole('img', { name: 'Time over 30 days, 1 check' })).toBeVisible()
    await expect(checks(page).getByRole('row')).toHaveCount(2)
    expect(await misuses(page)).toEqual([])
  })

  await test.step('its image becomes the golden one, and the next check is compared with it', async () => {
    await main(page).getByRole('button', { name: 'Set last as golden' }).focus()
    await page.keyboard.press('Enter')
    await expect(main(page).getByRole('img', { name: 'Golden image' })).toBeVisible()
    await expect(main(page).getByRole('button', { name: 'Set last as golden' })).toBeDisabled()
    await main(page).getByRole('button', { name: 'Run golden check' }).click()
    await expect(checks(page).getByRole('row')).toHaveCount(3, { timeout: 30_000 })
    const found = main(page).getByRole('list', { name: 'What was checked' })
    await expect(found.getByRole('listitem').filter({ hasText: 'Similar to golden image' })).toContainText('1, ≥ 0.92')
    await main(page).getByRole('button', { name: 'Difference' }).click()
    await expect(main(page).getByRole('img', { name: 'Difference between' })).toBeVisible()
    await expectFits(page, 'a golden check')
  })

  await test.step('another figure over time is chosen by the arrow keys', async () => {
    await main(page).getByRole('radio', { name: 'Time' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(main(page).getByRole('img', { name: 'Per step over 30 days, 2 checks' })).toBeVisible()
  })

  await test.step('after a restart it says that it is of what ran before, there and in the health', async () => {
    await client.services.restart({ id })
    await expect(main(page).getByText('The service was restarted since: run the check again.')).toBeVisible()
    await page.goto(`${panel.url}/#/services/${id}`)
    const rung = main(page)
      .getByRole('list', { name: 'Health' })
      .getByRole('listitem')
      .filter({ hasText: 'Image verified' })
    await expect(rung).toContainText('before it was restarted')
    await expect(rung).toContainText('not reached')
    expect(await misuses(page)).toEqual([])
    await page.goto(`${panel.url}/#/services/${id}/golden`)
  })

  await test.step('in French on a phone', async () => {
    await client.system.changeSettings({ language: 'fr' })
    await page.setViewportSize(narrow.phone)
    await expect(main(page).getByRole('button', { name: 'Lancer la vérification' })).toBeVisible()
    await expect(main(page).getByText('Le service a été redémarré depuis')).toBeVisible()
    expect(await misuses(page)).toEqual([])
    await expectFits(page, 'a golden check in French')
  })
})
