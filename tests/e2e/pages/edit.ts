import type { Page } from 'playwright/test'

export const editForm = (page: Page) => page.getByRole('form', { name: 'Edit settings' })
export const sourcePanel = (page: Page) => page.getByRole('region', { name: /^Source/ })
export const resultPanel = (page: Page) => page.getByRole('region', { name: 'Result' })
export const maskStage = (page: Page) => page.getByRole('application', { name: 'Mask over the source' })

/** Draws a line over the source with the mouse, from and to a place in parts of its sides. */
export async function paint(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = await maskStage(page).boundingBox()
  if (!box) throw new Error('there is no source to paint on')
  const at = ([x, y]: [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at(to), { steps: 8 })
  await page.mouse.up()
}
