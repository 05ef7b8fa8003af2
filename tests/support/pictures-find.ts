import path from 'node:path'
import type { Page } from 'playwright'
import { writeDeployment } from './deployment'
import type { HeadlessPanel } from './headless'
import { goTo, keep, looks, prove, usual, wear } from './pictures'
import { freePort } from './ports'
import { temporaryFolder } from './programs'

/** A deployment whose places disagree, as it is found and imported. */
export async function findPictures(page: Page, panel: HeadlessPanel): Promise<void> {
  await using folder = await temporaryFolder('deployment')
  const site = path.join(folder.path, 'CoursIA')
  await writeDeployment(site, { comfyui: await freePort(), forge: await freePort() })
  await wear(page, panel, usual)
  await goTo(page, panel, 'credentials?view=find')
  await page.getByLabel('Folder', { exact: true }).fill(site)
  await keep(page, 'find-choose')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByRole('region', { name: 'comfyui-qwen', exact: true }).waitFor()
  for (const look of looks) {
    await wear(page, panel, look)
    await keep(page, 'find-review', look)
  }
  await wear(page, panel, usual)
  await prove(page, panel)
  await page.getByRole('button', { name: /^Import/ }).click()
  await page.getByText('No file was written').waitFor()
  await keep(page, 'find-done')
}
