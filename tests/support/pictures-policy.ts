import type { Page } from 'playwright'
import type { HeadlessPanel } from './headless'
import { goTo, keep, looks, usual, wear } from './pictures'

/** The rotation policy, what a rotation would do, several at once, and snippets; without any secret filled in. */
export async function picturesOfPolicies(page: Page, panel: HeadlessPanel): Promise<void> {
  const id = 'comfyui-demo'
  const dialog = page.getByRole('dialog')
  const policy = {
    mode: 'automatic' as const,
    everyDays: 90,
    window: { from: '22:00', to: '05:00', days: [1, 2, 3, 4] },
    graceHours: 24,
  }
  await panel.client.credentials.setPolicy({ id, policy })
  await panel.client.credentials.setConsumers({
    id,
    consumers: [
      { name: 'Course notebooks', note: 'MyIA.AI.Notebooks/GenAI/.env' },
      { name: 'Idle monitor', note: 'COMFYUI_AUTH_TOKEN in its compose file' },
    ],
  })
  await panel.client.generations.create({
    serviceId: id,
    params: { prompt: 'A lighthouse on a basalt cliff at dusk, long exposure', steps: 150 },
  })
  await panel.client.credentials.rotateWhenIdle({ id })
  for (const look of looks) {
    await wear(page, panel, look)
    await goTo(page, panel, `credentials/${id}`)
    await page.locator('[data-state="postponed"]').waitFor()
    await keep(page, 'policy-postponed', look)
  }
  await wear(page, panel, usual)
  await panel.client.credentials.rotateWhenIdle({ id, wanted: false })
  await page.getByRole('button', { name: 'Rotate', exact: true }).click()
  await dialog.getByText('Wait until idle').waitFor()
  await keep(page, 'policy-before')
  await goTo(page, panel, `credentials/${id}`)
  await page.getByRole('button', { name: 'Edit…' }).click()
  await dialog.getByRole('button', { name: 'Save policy' }).waitFor()
  await keep(page, 'policy-edit')
  await goTo(page, panel, `credentials/${id}`)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Use in a script…' }).click()
  await dialog.getByRole('tab', { name: 'Python' }).click()
  await keep(page, 'policy-snippets')
  await goTo(page, panel, `credentials/${id}`)
  await page.getByRole('button', { name: 'Rotate several…' }).click()
  await dialog.getByRole('button', { name: /^Rotate \d/ }).waitFor()
  await keep(page, 'policy-several')
  await dialog.getByRole('button', { name: /^Rotate \d/ }).click()
  await dialog.getByText('Waiting until idle').waitFor()
  await keep(page, 'policy-several-running')
  await dialog.getByRole('button', { name: 'Stop after this one' }).click()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const { items } = await panel.client.generations.list({ limit: 1, state: 'running' })
  for (const { id: running } of items) await panel.client.generations.cancel({ id: running })
  await panel.client.credentials.setPolicy({ id, policy: { ...policy, mode: 'off' } })
}
