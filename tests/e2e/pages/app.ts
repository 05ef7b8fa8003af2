import { expect, type Page } from 'playwright/test'
import type { HeadlessPanel } from '../../support/headless'

/** How the page speaks to the panel: a WebSocket, as browsers do, or fetch, as the desktop window does. */
export type Link = 'websocket' | 'fetch'

export const pageNames = [
  'Overview',
  'Services',
  'Credentials',
  'Studio',
  'Gallery',
  'Models',
  'GPUs',
  'People',
  'Settings',
] as const
export type PageName = (typeof pageNames)[number]

/** Signs in with the panel's one-time link. The welcome is taken as seen unless it is wanted. */
export async function enter(page: Page, panel: HeadlessPanel, options: { link?: Link; welcome?: boolean } = {}) {
  if (!options.welcome) await panel.client.system.changeSettings({ welcomed: true })
  await page.goto(panel.signInLink)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  if (options.link !== 'fetch') return
  // Not before the page has come in: it would be left before it keeps its half of the session.
  await page.goto(`${panel.url}/?link=fetch`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

export const rail = (page: Page) => page.getByRole('navigation', { name: 'Main' })
export const title = (page: Page) => page.getByRole('main').getByRole('heading', { level: 1 })

/** Goes to a page by the rail, as a mouse user does. */
export async function open(page: Page, name: PageName): Promise<void> {
  await rail(page).getByRole('link', { name, exact: true }).click()
  await expect(title(page)).toHaveText(name)
}

/** The card of a service on the Overview. */
export const card = (page: Page, serviceId: string) =>
  page.getByRole('main').getByRole('article', { name: serviceId, exact: true })

/** The pictures of the Gallery that were made from a prompt. */
export const thumbnails = (page: Page, prompt: string) =>
  page.getByRole('list', { name: 'Images, newest first' }).getByRole('img', { name: prompt })
