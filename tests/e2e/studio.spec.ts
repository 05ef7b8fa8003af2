import { freePort } from '../support/ports'
import { addSimulatedProgram } from '../support/simulated'
import { enter } from './pages/app'
import { form } from './pages/studio'
import { expect, test } from './support/fixtures'

test('a service that sends no previews says so before anything runs, in both languages', async ({ page, panel }) => {
  const id = 'comfyui-silent'
  await addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour: { preview: 'none' } })
  for (const one of ['comfyui-demo', id]) await panel.client.services.start({ id: one })
  for (const one of ['comfyui-demo', id]) {
    await expect.poll(async () => (await panel.client.services.get({ id: one })).health.state).toBe('ready')
  }
  await enter(page, panel)
  await page.goto(`${panel.url}/#/studio`)

  // One note: the other service sends them.
  const note = form(page).getByText('No live previews: started without --preview-method.')
  await expect(note).toHaveCount(1)
  await form(page).getByRole('checkbox', { name: id }).uncheck()
  await expect(note).toBeHidden()
  await form(page).getByRole('checkbox', { name: id }).check()

  await panel.client.system.changeSettings({ language: 'fr' })
  await expect(page.getByText('Pas d’aperçu en direct : lancé sans --preview-method.')).toHaveCount(1)
})
