import { enter, open } from './pages/app'
import { expect, test } from './support/fixtures'

test('a token for the metrics is shown once, reads them, and ends', async ({ page, panel, request }) => {
  await enter(page, panel)
  await open(page, 'Settings')
  const main = page.getByRole('main')
  const read = async (token: string) => {
    const answer = await request.get(`${panel.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    return answer.status()
  }
  const make = async (button: string, confirm: boolean) => {
    await main.getByRole('button', { name: button }).click()
    if (confirm) await page.getByRole('dialog').getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog', { name: 'Token for the metrics' })
    const token = await dialog.getByRole('region', { name: 'Token' }).innerText()
    await expect(dialog.getByRole('region', { name: 'prometheus.yml' })).toContainText(new URL(panel.url).host)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await expect(page.locator('body')).not.toContainText(token)
    return token
  }

  const first = await make('Create token', false)
  expect(await read(first)).toBe(200)
  const second = await make('Replace token', true)
  expect([await read(first), await read(second)]).toEqual([401, 200])

  await main.getByRole('button', { name: 'End token' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End token' }).click()
  await expect(main.getByRole('button', { name: 'Create token' })).toBeVisible()
  expect(await read(second)).toBe(401)
})
