import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import { generateOn } from '../support/simulated'
import { enter, open, pageNames, title } from './pages/app'
import { expect, test } from './support/fixtures'

/** What axe finds serious or critical on the page as it is, in words; in the light theme, where only colours differ, those. */
async function violations(page: Page, theme: 'dark' | 'light', butFor: string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (
    theme === 'dark' ? axe.disableRules(butFor) : axe.withRules(['color-contrast', 'link-in-text-block'])
  ).analyze()
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`))
}

test('no page has a serious accessibility violation, dark or light', async ({ page, panel }) => {
  test.slow()
  const wear = async (theme: 'dark' | 'light') => {
    await panel.client.system.changeSettings({ theme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)
  }
  /** Looks at the page in both themes, and leaves it dark. */
  const look = async (name: string, butFor?: string[]) => {
    await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toHaveCount(0)
    for (const theme of ['dark', 'light'] as const) {
      await wear(theme)
      expect.soft(await violations(page, theme, butFor), `${name}, ${theme}`).toEqual([])
    }
    await wear('dark')
  }
  await panel.client.system.changeSettings({ theme: 'dark', welcomed: true })
  await panel.client.services.startAll()
  const { id } = await generateOn(panel, 'forge-demo', 'a fox in the rain')
  await enter(page, panel)

  for (const name of pageNames) {
    await open(page, name)
    await look(name)
  }
  for (const [hash, heading] of [
    ['services/comfyui-demo', 'comfyui-demo'],
    ['services/comfyui-demo/doctor', 'comfyui-demo'],
    [`gallery/${id}`, 'Gallery'],
    ['credentials?view=leaks', 'Leak scan'],
  ] as const) {
    await page.goto(`${panel.url}/#/${hash}`)
    await expect(title(page)).toHaveText(heading)
    await look(hash)
  }
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  // Its list is scrolled by the arrow keys, while the search box keeps the focus.
  await look('the command palette', ['scrollable-region-focusable'])
})
