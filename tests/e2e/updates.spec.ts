import { scripted, scriptedService, scriptUpdates, type Script } from '../support/scripted-update'
import { enter, rail, title } from './pages/app'
import { misuses } from '../support/axe'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const journey =
  'a stack is updated: what changes is said first, the way back stands on the first line, and the page may be left'
test(journey, { tag: '@long' }, async ({ page, panel, misdeeds }) => {
  const script: Script = { offer: scripted.offer(), updates: [], asked: [], next: scripted.running }
  await scriptUpdates(page, script)
  await enter(page, panel, { link: 'fetch' })
  const main = page.getByRole('main')
  const address = `${panel.url}/?link=fetch#/services/${scriptedService}`
  const seen = async (name: string) => {
    await expectFits(page, name)
    expect.soft(await misuses(page, { serious: true })).toEqual([])
  }

  await test.step('the service’s page says quietly that there is something newer, and its menu leads there', async () => {
    await page.goto(address)
    await expect(main.getByRole('link', { name: 'Update available: 0.5.0' })).toBeVisible()
    await main.getByRole('button', { name: `More actions for ${scriptedService}` }).click()
    await page.getByRole('menuitem', { name: 'Update…' }).click()
    await expect(title(page)).toHaveText('Update')
    // What belongs to a container is not there: the panel knows the service as a simulated one.
    misdeeds.forgive()
  })

  await test.step('the offer: nothing begins before each changed file and the card were spoken of', async () => {
    await expect(main.getByText('Version 0.5.0 of this stack is available.')).toBeVisible()
    await expect(main.getByRole('link', { name: 'Release notes' })).toHaveAttribute('rel', 'noreferrer')
    await main.getByRole('button', { name: /Show changes.*compose.yaml/ }).click()
    await expect(main.getByRole('list', { name: 'compose.yaml' })).toContainText('CLI_ARGS: --lowvram --listen')
    await seen('the offer')
    await main.getByRole('button', { name: 'Update', exact: true }).click()
    await expect(main.getByText('Choose for each file that you changed.')).toHaveCount(2)
    expect(script.asked).toEqual([])
    const choice = (path: string) => main.getByRole('radiogroup', { name: `${path}: which version?` })
    await choice('compose.yaml').getByRole('radio', { name: 'Keep yours' }).check()
    await choice('serve.py').getByRole('radio', { name: 'Use the new one' }).check()
    await main.getByRole('checkbox', { name: /may stop while the new one is tried/ }).check()
    await main.getByRole('button', { name: 'Update', exact: true }).click()
    await expect
      .poll(() => script.asked)
      .toEqual([
        {
          call: 'begin',
          input: {
            ...{ id: scriptedService, to: '0.5.0', mayStopOld: true },
            files: { 'compose.yaml': 'keep', 'serve.py': 'replace' },
          },
        },
      ])
  })

  await test.step('running: the first line is the way back, and no button is filled', async () => {
    await expect(main.getByRole('status').filter({ hasText: 'Version 0.4.0 still answers' })).toBeVisible()
    await expect(main.getByText('Step 4 of 6: Verify with an image, running')).toBeAttached()
    await expect(main.getByRole('listitem').filter({ hasText: 'Verify with an image' })).toHaveAttribute(
      'aria-current',
      'step',
    )
    await expect(main.locator('[data-variant="filled"]')).toHaveCount(0)
    await seen('a running update')
    await page.goto(`${panel.url}/?link=fetch#/gallery`)
    await rail(page)
      .getByRole('link', { name: `Updating ${scriptedService}` })
      .click()
    await expect(title(page)).toHaveText('Update')
  })

  await test.step('done: the former version comes back on one word, which the service’s menu has too', async () => {
    script.updates = [scripted.differing()]
    script.next = scripted.rolledBack
    await page.goto(`${address}/update?ask=undo`)
    await page.reload()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Version 0.4.0 returns with its files and settings.')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await main.getByRole('button', { name: 'Show difference' }).click()
    await expect(main.getByRole('img', { name: /differs from the golden image/ })).toBeVisible()
    await seen('an update whose image differs')
    await main.getByRole('button', { name: 'Undo update' }).click()
    await dialog.getByRole('button', { name: 'Undo update' }).click()
    await expect(main.getByRole('alert')).toContainText('Rolled back in 38.0 s, version 0.4.0 answers.')
    await expect(main.getByText('ImportError: libcudart.so.13')).toBeVisible()
    await seen('a failed update')
    expect(script.asked.map(({ call }) => call)).toEqual(['begin', 'rollBack'])
  })
})
