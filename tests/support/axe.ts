import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'

interface Finding {
  id: string
  help: string
  impact: string | null
  nodes: { html: string }[]
}

interface WithAxe extends Window {
  axe?: { run(within: Document | string, options: object): Promise<{ violations: Finding[] }> }
}

interface Look {
  /** A part of the page, as a selector; the whole unless said. */
  within?: string
  /** Rules that are asked; all unless said. */
  only?: readonly string[]
  /** Rules that are left out. */
  without?: readonly string[]
  /** Whether only what is serious or critical counts. */
  serious?: boolean
}

/** Where a page was asked all rules in one theme, only these may answer otherwise in the other. */
export const ofColours = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds on the page as it is, in words. Its builder would put it there anew each time, hand over all that it found
 * in order, and open a second page for its end: it only puts it there, once a document.
 */
export async function misuses(page: Page, look: Look = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window)))
    await new AxeBuilder({ page }).setLegacyMode().withRules('document-title').analyze()
  const { within = null, only = null, without = [], serious = false } = look
  const found = await page.evaluate(
    async ({ within, only, without }) => {
      const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]))
      // Only one rule, about a lock of the orientation, would read every stylesheet again, and it is off.
      const preload = { assets: ['media'] }
      const options = { resultTypes: ['violations'], preload, rules, ...(only && { runOnly: only }) }
      const { axe } = window as unknown as WithAxe
      if (!axe) throw new Error('axe is not in the page')
      return (await axe.run(within ?? document, options)).violations
    },
    { within, only, without },
  )
  return found
    .filter(({ impact }) => !serious || impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`))
}
