import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import { fillPanel, longId } from '../support/full-panel'
import { enter, title } from './pages/app'
import { expectFits, narrow } from './pages/fit'
import { expect, test } from './support/fixtures'

type Theme = 'dark' | 'light'

interface Finding {
  id: string
  help: string
  impact: string | null
  nodes: { html: string }[]
}

interface WithAxe extends Window {
  axe: { run(root: Document, options: object): Promise<{ violations: Finding[] }> }
}

/**
 * What axe finds serious or critical on the page as it is, in words; in the light theme, where only colours differ, those.
 * axe lies in the page already: its builder would put it there anew each time, and open a second page for its end.
 */
async function violations(page: Page, theme: Theme, butFor: string[]): Promise<string[]> {
  const found = await page.evaluate(
    async ({ only, without }) => {
      const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]))
      const options = { resultTypes: ['violations'], rules, ...(only && { runOnly: only }) }
      return (await (window as unknown as WithAxe).axe.run(document, options)).violations
    },
    { only: theme === 'light' ? ['color-contrast', 'link-in-text-block'] : null, without: butFor },
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`))
}

/** Looks at the page in both themes, at a desk and on a phone, and leaves it dark and wide. */
async function look(page: Page, name: string, butFor: string[] = []): Promise<void> {
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toHaveCount(0)
  const wide = page.viewportSize()
  for (const size of [narrow.phone, wide]) {
    if (size) await page.setViewportSize(size)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)
      expect.soft(await violations(page, theme, butFor), `${name}, ${theme}, ${size?.width}`).toEqual([])
    }
  }
}

/** Every page with each of its tabs and kinds of content; the last three are tabs that a user has no use for. */
const addresses = (generationId: string) => [
  'overview',
  'services',
  'services?view=logs',
  'services/comfyui-demo',
  `services/${longId}`,
  'services/forge-away',
  'services/forge-slow',
  'services/comfyui-qwen',
  ...['logs', 'timeline', 'exposure'].map((tab) => `services/forge-demo/${tab}`),
  `services/${longId}/doctor`,
  ...['stats', 'compose', 'container', 'shell'].map((tab) => `services/comfyui-qwen/${tab}`),
  'credentials',
  'credentials/comfyui-demo',
  `credentials/${longId}`,
  'credentials?view=leaks',
  'credentials?view=find',
  'studio',
  'gallery',
  'gallery?view=bin',
  `studio?view=compare&a=${generationId}&b=${generationId}`,
  `gallery/${generationId}`,
  'gpus',
  ...['', '/docker', '/access', '/audit'].map((part) => `settings${part}`),
]

test('every page, full of data, is accessible in both themes, and fits every narrow window', async ({
  page,
  panel,
}) => {
  test.setTimeout(360_000)
  const { generationId } = await fillPanel(panel)
  await panel.client.system.changeSettings({ theme: 'system' })
  await enter(page, panel)
  await new AxeBuilder({ page }).setLegacyMode().analyze()
  for (const address of addresses(generationId)) {
    await test.step(address, async () => {
      await page.goto(`${panel.url}/#/${address}`)
      await expect(title(page)).toBeVisible()
      await look(page, address)
      await expectFits(page, address)
    })
  }
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  // Its list is scrolled by the arrow keys, while the search box keeps the focus.
  await look(page, 'the command palette', ['scrollable-region-focusable'])
  await expectFits(page, 'the command palette')
  await page.keyboard.press('Escape')

  await test.step('in French, where words are longer, at the least width', async () => {
    await panel.client.system.changeSettings({ language: 'fr' })
    for (const address of addresses(generationId)) {
      await page.goto(`${panel.url}/#/${address}`)
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
      await expect(title(page)).toBeVisible()
      await expectFits(page, `${address}, French`, ['least'])
    }
  })
})
