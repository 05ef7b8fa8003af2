import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright'
import type { HeadlessPanel } from './headless'
import { goTo, keep, looks, usual, wear } from './pictures'

const id = 'comfyui-demo'

/** The doctor with a demo service that refuses its credential: the named cause, its mending, and a service left open. */
export async function doctorPictures(page: Page, panel: HeadlessPanel): Promise<void> {
  await goTo(page, panel, `services/${id}/doctor`)
  await page.getByRole('alert', { name: 'Secret differs from the vault’s' }).waitFor()
  for (const look of looks) {
    await wear(page, panel, look)
    await keep(page, 'doctor-named', look)
  }
  await wear(page, panel, usual)
  await page.getByRole('button', { name: 'Write the vault’s value and restart' }).click()
  await page.getByText('Fixed.').waitFor()
  await keep(page, 'doctor-mended')

  // A key file of another shape ends the login node's import, and ComfyUI goes on without it.
  const { sinks } = await panel.client.credentials.get({ id })
  const login = sinks.find((sink) => sink.type === 'comfyui-login')?.path ?? ''
  const key = path.resolve(path.dirname(login), '..', 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt')
  await writeFile(key, 'broken')
  await panel.client.services.restart({ id })
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('alert', { name: 'ComfyUI-Login is not loaded' }).waitFor()
  await keep(page, 'doctor-open')
  await rm(key)
  await panel.client.services.restart({ id })
}
