import { readFile, writeFile } from 'node:fs/promises'
import { card, enter, open } from './pages/app'
import { dialog, map, openCredential } from './pages/credentials'
import { expect, test } from './support/fixtures'

test('a secret is shown when asked for and hidden again, the audit tells, and what drifts is written back', async ({
  page,
  panel,
}) => {
  await enter(page, panel)
  await open(page, 'Credentials')
  await openCredential(page, 'forge-demo')
  const { password = '' } = await panel.client.credentials.reveal({ id: 'forge-demo' })
  await expect(page.getByText(password)).toHaveCount(0)

  await page.getByRole('button', { name: 'Reveal' }).click()
  const shown = dialog(page, 'Reveal forge-demo')
  await expect(shown).toContainText('is recorded in the audit log')
  await shown.getByRole('button', { name: 'Reveal' }).click()
  await expect(shown.getByText(password)).toBeVisible()

  await shown.getByRole('button', { name: 'Hide now' }).click()
  await expect(page.getByText(password)).toHaveCount(0)
  await expect(shown).toContainText('This page no longer holds the secret')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'History' })).toContainText('Revealed by an administrator')

  await test.step('a sink that was changed by hand is shown as drifted and written back with one click', async () => {
    const { sinks } = await panel.client.credentials.get({ id: 'comfyui-demo' })
    const clients = sinks.find((sink) => sink.key === 'COMFYUI_API_TOKEN')?.path ?? ''
    const original = await readFile(clients, 'utf8')
    await openCredential(page, 'comfyui-demo')
    const row = map(page).getByRole('row').filter({ hasText: 'COMFYUI_API_TOKEN' })
    await expect(row).toContainText('In sync')

    await writeFile(clients, "OTHER=kept\nCOMFYUI_API_TOKEN='an-old-value'\n")
    await map(page).getByRole('button', { name: 'Refresh' }).click()
    await expect(row).toContainText('Drifted')
    await expect(page.getByRole('list', { name: 'Credentials in the vault' })).toContainText('1 drifted')

    await row.getByRole('button', { name: /Write vault’s value/ }).click()
    await expect(row).toContainText('In sync')
    const written = await readFile(clients, 'utf8')
    expect(written).toContain('OTHER=kept')
    expect(written.match(/^COMFYUI_API_TOKEN=.*$/m)?.[0]).toBe(original.match(/^COMFYUI_API_TOKEN=.*$/m)?.[0])
  })
})

test(
  'a service that refuses its credential is locked out, and leads to the way out',
  { tag: '@long' },
  async ({ page, panel }) => {
    await panel.client.services.start({ id: 'comfyui-demo' })
    const { sinks } = await panel.client.credentials.get({ id: 'comfyui-demo' })
    const passwordFile = sinks.find((sink) => sink.type === 'comfyui-login')?.path ?? ''
    await enter(page, panel)
    await expect(card(page, 'comfyui-demo')).toContainText('Ready')

    await test.step('another hash in the PASSWORD file takes force with a restart', async () => {
      await writeFile(passwordFile, `$2b$12$${'a'.repeat(53)}\nregie\n`)
      await card(page, 'comfyui-demo').getByRole('button', { name: 'Restart comfyui-demo' }).click()
      await expect(card(page, 'comfyui-demo')).toContainText('Locked out', { timeout: 30_000 })
      await expect(card(page, 'comfyui-demo').getByRole('list', { name: 'Health' })).toContainText('Refused')
    })

    await test.step('the doctor names the cause, with its evidence and its ways out', async () => {
      await card(page, 'comfyui-demo').getByRole('link', { name: 'Why 401?' }).click()
      const named = page.getByRole('alert', { name: 'Secret differs from the vault’s' })
      await expect(named).toContainText('Cause found')
      await expect(named).toContainText('PASSWORD contains a different value, fingerprint')
      await expect(named.getByRole('button', { name: 'Use the service’s value' })).toBeEnabled()
      const ruledOut = page.getByRole('listitem').filter({ hasText: 'CORS allows one origin only' })
      await ruledOut.click()
      await expect(ruledOut).toContainText('Ruled out')
      await expect(ruledOut).toContainText('No response names an allowed origin')

      await named.getByRole('button', { name: 'Write the vault’s value and restart' }).click()
      await expect(page.getByText('Fixed. The cause was: Secret differs from the vault’s.')).toBeVisible({
        timeout: 30_000,
      })
      await expect
        .poll(async () => (await panel.client.services.get({ id: 'comfyui-demo' })).health.state)
        .toBe('ready')
    })
  },
)
