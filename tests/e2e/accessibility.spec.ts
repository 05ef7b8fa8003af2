import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import { generateOn } from '../support/simulated'
import { enter, open, pageNames, title } from './pages/app'
import { expect, test } from './support/fixtures'

/** What axe finds serious or critical on the page as it is, in words; of the light theme, where only colours differ, those. */
async function violations(page: Page, theme: 'dark' | 'light', butFor: string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (
    theme === 'dark' ? axe.disableRules(butFor) : axe.withRules(['color-contrast', 'link-in-text-block'])
  ).analyze()
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`))
}

for (const theme of ['dark', 'light'] as const) {
  test(`no page has a serious accessibility violation, ${theme}`, async ({ page, panel }) => {
    await panel.client.system.changeSettings({ theme, welcomed: true })
    await panel.client.services.startAll()
    const { id } = await generateOn(panel, 'forge-demo', 'a fox in the rain')
    await enter(page, panel)
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)

    for (const name of pageNames) {
      await open(page, name)
      await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toHaveCount(0)
      expect.soft(await violations(page, theme), name).toEqual([])
    }
    for (const [hash, heading] of [
      ['services/comfyui-demo', 'comfyui-demo'],
      ['services/comfyui-demo/doctor', 'comfyui-demo'],
      [`gallery/${id}`, 'Gallery'],
      ['credentials?view=leaks', 'Leak scan'],
    ] as const) {
      await page.goto(`${panel.url}/#/${hash}`)
      await expect(title(page)).toHaveText(heading)
      await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toHaveCount(0)
      expect.soft(await violations(page, theme), hash).toEqual([])
    }
    await page.keyboard.press('ControlOrMeta+k')
    await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
    // Its list is scrolled by the arrow keys, while the search box keeps the focus.
    expect.soft(await violations(page, theme, ['scrollable-region-focusable']), 'the command palette').toEqual([])
  })
}
