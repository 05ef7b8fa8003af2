import type { Page } from 'playwright/test'
import { fillPanel, longId } from '../../support/full-panel'
import type { HeadlessPanel } from '../../support/headless'
import { enter, title } from '../pages/app'
import { misuses, ofColours } from '../../support/axe'
import { expectFits, narrow } from '../pages/fit'
import { expect, test } from './fixtures'

type Theme = 'dark' | 'light'

/** How a page is looked at. Where it was asked all rules in one theme, only colours differ in the other. */
interface Look {
  at: 'desk' | 'phone'
  theme: Theme
  rules: 'all' | 'colours'
}

/** What is looked at of every page, and at which sizes it must fit. */
export interface Walk {
  looks: readonly Look[]
  sizes: readonly (keyof typeof narrow)[]
  /** Whether each tab and view is looked at, or one of each page. */
  addresses: 'each' | 'one of each page'
  /** Whether pages are looked at again with other content. */
  allContent: boolean
  /** Whether all is looked at once more in French, whose words are longer, at the least width. */
  inFrench: boolean
}

/** Looks at the page as it is, and leaves it wide. */
async function look(page: Page, name: string, looks: readonly Look[], butFor: readonly string[] = []): Promise<void> {
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toHaveCount(0)
  const wide = page.viewportSize()
  for (const { at, theme, rules } of looks) {
    const size = at === 'phone' ? narrow.phone : wide
    if (size) await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: theme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)
    const found = await misuses(page, {
      serious: true,
      without: butFor,
      ...(rules === 'colours' && { only: ofColours }),
    })
    expect.soft(found, `${name}, ${theme}, ${size?.width}`).toEqual([])
  }
  if (wide) await page.setViewportSize(wide)
}

/** Pages again with other content: a service in each of its states, names as long as may be. */
const again = [
  `services/${longId}`,
  'services/forge-away',
  'services/forge-slow',
  'services/comfyui-qwen',
  `credentials/${longId}`,
]

/** Every page with each of its tabs; the last three are tabs that a user has no use for. */
const addresses = (generationId: string) => [
  'overview',
  'services',
  'services?view=logs',
  'services/comfyui-demo',
  ...['logs', 'timeline', 'gateway', 'exposure'].map((tab) => `services/forge-demo/${tab}`),
  `services/${longId}/doctor`,
  ...['stats', 'compose', 'container', 'shell'].map((tab) => `services/comfyui-qwen/${tab}`),
  'credentials',
  'credentials/comfyui-demo',
  'credentials?view=leaks',
  'credentials?view=find',
  'studio',
  'studio?mode=edit',
  'gallery',
  'gallery?view=bin',
  `studio?view=compare&a=${generationId}&b=${generationId}`,
  `gallery/${generationId}`,
  'models',
  'gpus',
  'people',
  'people/admin',
  'me',
  ...['', '/docker', '/access', '/audit'].map((part) => `settings${part}`),
]

/** The page at an address, whatever it shows: its name, and whether it is of one thing or of a tab of that. */
const pageOf = (address: string) => {
  const [name = '', ...more] = (address.split('?')[0] ?? '').split('/')
  return `${name}, ${more.length}`
}

/** Walks through every page of a panel that is full of data, and looks at each. */
export async function walk(
  page: Page,
  panel: HeadlessPanel,
  { looks, sizes, addresses: which, allContent, inFrench }: Walk,
): Promise<void> {
  const { generationId } = await fillPanel(panel)
  await panel.client.system.changeSettings({ theme: 'system' })
  await enter(page, panel)
  const pages = new Set<string>()
  for (const address of [...addresses(generationId), ...(allContent ? again : [])]) {
    const of = pageOf(address)
    if (which === 'one of each page' && pages.has(of)) continue
    pages.add(of)
    await test.step(address, async () => {
      await page.goto(`${panel.url}/#/${address}`)
      await expect(title(page)).toBeVisible()
      await look(page, address, looks)
      await expectFits(page, address, sizes)
    })
  }
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  // Its list is scrolled by the arrow keys, while the search box keeps the focus.
  await look(page, 'the command palette', looks, ['scrollable-region-focusable'])
  await expectFits(page, 'the command palette', sizes)
  await page.keyboard.press('Escape')

  if (!inFrench) return
  await test.step('in French, where words are longer, at the least width', async () => {
    await panel.client.system.changeSettings({ language: 'fr' })
    for (const address of [...addresses(generationId), ...again]) {
      await page.goto(`${panel.url}/#/${address}`)
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
      await expect(title(page)).toBeVisible()
      await expectFits(page, `${address}, French`, ['least'])
    }
  })
}
