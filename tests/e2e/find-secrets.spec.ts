import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cutToken, places, secrets, stateOf, writeDeployment } from '../support/deployment'
import { freePort } from '../support/ports'
import { temporaryFolder } from '../support/programs'
import { enter, open, title } from './pages/app'
import { map } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const journey = 'a deployment is searched, reviewed and imported, and what drifts is put right from the map'
test(journey, { tag: '@long' }, async ({ page, launch }) => {
  await using folder = await temporaryFolder('deployment')
  const site = path.join(folder.path, 'site')
  const empty = path.join(folder.path, 'empty')
  await mkdir(empty)
  await writeDeployment(site, { comfyui: await freePort(), forge: await freePort() })
  const panel = await launch({ demo: false, env: { REGIE_PASSPHRASE: 'correct horse battery' } })
  await enter(page, panel)
  const before = await stateOf(site)
  const main = page.getByRole('main')

  await test.step('from the empty Credentials page, a folder that holds nothing', async () => {
    await open(page, 'Credentials')
    await main.getByRole('link', { name: 'Find in folder…' }).click()
    await expect(title(page)).toHaveText('Find in folder')
    await main.getByLabel('Folder', { exact: true }).fill(path.join(folder.path, 'nowhere'))
    await page.keyboard.press('Enter')
    await expect(main.getByRole('alert')).toContainText('is not a folder on this machine')
    await main.getByLabel('Folder', { exact: true }).fill(empty)
    await page.keyboard.press('Enter')
    await expect(main.getByRole('heading', { name: 'No credentials found' })).toBeVisible()
    await expect(main).toContainText('ComfyUI-Login’s PASSWORD files')
    await main.getByRole('button', { name: 'Choose another folder' }).click()
  })

  const comfyui = main.getByRole('region', { name: 'comfyui-qwen', exact: true })
  await test.step('what was found, with what differs and why', async () => {
    await main.getByLabel('Folder', { exact: true }).fill(site)
    await main.getByRole('button', { name: 'Search' }).click()
    await expect(comfyui).toContainText('Mismatch')
    await expect(comfyui).toContainText('Compose took what follows a $ for a variable')
    const login = comfyui.getByRole('row').filter({ hasText: 'login/PASSWORD' })
    await expect(login).toContainText('Reference')
    await expect(comfyui.getByRole('row').filter({ hasText: places.old })).toContainText('Differs')
    const text = await page.locator('body').innerText()
    for (const secret of [...Object.values(secrets), cutToken]) expect(text).not.toContain(secret)
    await expectFits(page, 'what was found')
  })

  await test.step('another source, and back; one place less; a name', async () => {
    await comfyui.getByRole('radio', { name: `${places.old} COMFYUI_BEARER_TOKEN has the correct value` }).check()
    await expect(comfyui.getByRole('row').filter({ hasText: 'login/PASSWORD' })).toContainText('Differs')
    await comfyui.getByRole('radio', { name: 'login/PASSWORD' }).check()
    await comfyui.getByRole('checkbox', { name: `Keep ${places.notebooks} COMFYUI_API_TOKEN in sync` }).uncheck()
    await comfyui.getByLabel('Name in the vault').fill('Not good')
    await expect(main.getByRole('button', { name: /^Import/ })).toBeDisabled()
    await main.getByRole('textbox', { name: 'Name in the vault' }).first().fill('qwen')
  })

  const qwen = main.getByRole('region', { name: 'qwen', exact: true })
  await test.step('a file that changes meanwhile is refused', async () => {
    await qwen.getByRole('combobox', { name: 'Service comfyui-qwen' }).click()
    await page.getByRole('option', { name: 'managed externally' }).click()
    await writeFile(path.join(site, places.notebooks), 'LOCAL_MODE=false\n')
    await main.getByRole('button', { name: /^Import/ }).click()
    await expect(main.getByRole('alert').first()).toContainText('has changed since it was read')
    expect(await panel.client.credentials.list()).toEqual([])
  })

  await test.step('searched again and imported: the vault alone is written', async () => {
    await main.getByRole('button', { name: 'Choose another folder' }).click()
    await main.getByRole('button', { name: 'Search' }).click()
    await main.getByRole('button', { name: /^Import/ }).click()
    await expect(main).toContainText('Import complete. No files were changed.')
    const after = await stateOf(site)
    const touched = Object.keys(after).filter((file) => after[file] !== before[file])
    expect(touched).toEqual([path.normalize(places.notebooks)])
  })

  await test.step('the map shows the drift and puts it right', async () => {
    await main.getByRole('link', { name: 'comfyui-qwen' }).first().click()
    const old = map(page)
      .getByRole('row')
      .filter({ hasText: 'comfyui-qwen/.env' })
      .filter({ hasText: 'COMFYUI_BEARER_TOKEN' })
    await expect(old.filter({ hasText: 'Drifted' })).toHaveCount(2)
    await old
      .filter({ hasText: 'Drifted' })
      .first()
      .getByRole('button', { name: /Write vault’s value/ })
      .click()
    await expect(old.filter({ hasText: 'Drifted' })).toHaveCount(1)
  })
})
