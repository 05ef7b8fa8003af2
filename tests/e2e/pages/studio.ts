import { expect, type Locator, type Page } from 'playwright/test'

export const form = (page: Page) => page.getByRole('form', { name: 'Generation settings' })
export const result = (page: Page, serviceId: string) => page.getByRole('region', { name: `Result of ${serviceId}` })

/** Writes the prompt and generates on the services that are chosen. */
export async function generate(page: Page, prompt: string): Promise<void> {
  await form(page).getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt)
  await form(page)
    .getByRole('button', { name: /^Generate/ })
    .click()
}

/** Waits until a picture has come and is really drawn. */
export async function expectPicture(image: Locator): Promise<void> {
  await expect(image).toBeVisible()
  await expect
    .poll(() => image.evaluate((element) => (element instanceof HTMLImageElement ? element.naturalWidth : 0)))
    .toBeGreaterThan(0)
}
