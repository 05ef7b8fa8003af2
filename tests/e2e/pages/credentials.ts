import { expect, type Page } from 'playwright/test'

/** Opens one credential by its address. */
export async function openCredential(page: Page, id: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/credentials/${id}`)
  await expect(page.getByRole('main').getByRole('heading', { level: 2, name: id })).toBeVisible()
}

const main = (page: Page) => page.getByRole('main')

export const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

/** Starts a rotation through its dialog. */
export async function rotate(page: Page, id: string): Promise<void> {
  await main(page).getByRole('button', { name: 'Rotate', exact: true }).click()
  const asked = dialog(page, `Rotate ${id}`)
  await asked.getByRole('button', { name: 'Rotate', exact: true }).click()
  await expect(asked).toBeHidden()
}

export const steps = (page: Page) => page.getByRole('region', { name: 'Steps' }).getByRole('listitem')
export const proof = (page: Page) => page.getByRole('region', { name: 'Verification', exact: true }).getByRole('table')
export const map = (page: Page) => page.getByRole('region', { name: 'Fingerprint map' })
