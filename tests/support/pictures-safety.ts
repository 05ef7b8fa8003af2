import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright'
import { startHeadless } from './headless'
import { goTo, keep, looks, signIn, usual, wear } from './pictures'

/** A vault file put back to an older copy, and an audit log whose end was cut off, as the next start tells them. */
export async function picturesOfSafety(browser: Browser): Promise<void> {
  const data = await mkdtemp(path.join(os.tmpdir(), 'regie-safety-'))
  const at = (name: string) => path.join(data, name)
  try {
    const first = await startHeadless({ data })
    await copyFile(at('vault.json'), at('older.json'))
    await first.client.credentials.create({ id: 'hub-token', scheme: 'token' })
    await first.stop()
    const lines = (await readFile(at('audit.jsonl'), 'utf8')).trimEnd().split('\n')
    await writeFile(at('audit.jsonl'), `${lines.slice(0, -2).join('\n')}\n`)
    await copyFile(at('older.json'), at('vault.json'))

    const panel = await startHeadless({ data })
    const page = await signIn(browser, panel)
    await panel.client.system.changeSettings({ welcomed: true })
    for (const look of looks) {
      await wear(page, panel, look)
      await goTo(page, panel, 'settings/audit')
      await keep(page, 'safety-audit', look)
      await goTo(page, panel, 'settings')
      await keep(page, 'safety-settings', look)
    }
    await wear(page, panel, usual)
    await goTo(page, panel, 'overview')
    await keep(page, 'safety-overview')
    await goTo(page, panel, 'settings')
    await page.getByRole('button', { name: 'Open older state…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Open' }).waitFor()
    await keep(page, 'safety-older')
    await page.close()
    await panel.stop()
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}
