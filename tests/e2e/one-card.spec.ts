import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { until } from '../support/until'
import { enter, open } from './pages/app'
import { misuses, ofColours } from '../support/axe'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const ids = ['comfyui-demo', 'forge-demo'] as const

const journey = 'one card, two services: who has it, who waits and why, and the turns'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  test.slow()
  const { client } = panel
  const { uuid = '', name = '' } = (await client.gpus.report()).gpus[0] ?? {}
  await enter(page, panel)
  await open(page, 'GPUs')
  const card = page.getByRole('region', { name: `Turns on ${name}` })
  await expect(page.getByRole('article', { name }).first()).toBeVisible()
  await expect(card).toHaveCount(0)

  await test.step('with two services on it the card tells of turns, none yet', async () => {
    for (const id of ids) {
      const own = path.join(panel.data, 'services', id)
      await mkdir(own, { recursive: true })
      await writeFile(path.join(own, 'behaviour.json'), JSON.stringify({ stepMs: 400, loadMs: 50, preview: 'none' }))
      await client.services.update({ id, gpuUuid: uuid, vramLimitMiB: 12_000 })
      await client.services.start({ id })
    }
    await until('both are ready', async () =>
      (await client.services.list()).every(({ health }) => health.state === 'ready'),
    )
    await expect(card.getByText('Nobody waits.').first()).toBeVisible()
    await expect(card.getByText('No turn in the last 24 hours.')).toBeVisible()
    await expect(card.getByText('Needs 12,000 MiB, set by hand')).toHaveCount(2)
  })

  await test.step('jobs for both: one works, the other stands in line with what it waits for', async () => {
    const params = { prompt: 'x', width: 256, height: 256, steps: 20 }
    for (const serviceId of [...ids, ids[1]]) await client.generations.create({ serviceId, params })
    const line = card.getByRole('list', { name: 'Waiting line' })
    await expect(line.getByRole('listitem')).toHaveCount(2)
    await expect(line.getByRole('listitem').first()).toContainText('The GPU has no room beside comfyui-demo')
    await expect(card.getByText('Working, for').first()).toBeVisible()
    await expect(card.getByRole('table').first()).toContainText('comfyui-demo')
  })

  await test.step('once a job has ended it tells how long the others take, and when the next begins', async () => {
    const line = card.getByRole('list', { name: 'Waiting line' })
    await expect(line.getByRole('listitem')).toHaveCount(1, { timeout: 40_000 })
    await expect(card.getByText('Working, for').first()).toBeVisible()
    await expect(line.getByRole('listitem')).toHaveCount(0, { timeout: 40_000 })
    const params = { prompt: 'x', width: 256, height: 256, steps: 20 }
    for (const serviceId of [ids[1], ids[0]]) await client.generations.create({ serviceId, params })
    await expect(card.getByText(/about \d+ s left/)).toBeVisible()
    await expect(card.getByText(/^Next, in about \d+ s$/)).toBeVisible()
    await page.setViewportSize({ width: 720, height: 900 })
    await card.screenshot({ path: test.info().outputPath('one-card-720.png') })
    await page.setViewportSize({ width: 1440, height: 900 })
    await card.screenshot({ path: test.info().outputPath('one-card-1440.png') })
  })

  await test.step('the memory that a service is counted with is set by hand, and kept', async () => {
    await card.getByRole('button', { name: `Set the memory that ${ids[0]} needs` }).click()
    const asked = dialog(page, `Memory needed by ${ids[0]}`)
    await asked.getByLabel('Memory limit').fill('9000')
    await page.screenshot({ path: test.info().outputPath('memory-limit.png') })
    expect(await misuses(page, { within: '[role="dialog"]' })).toEqual([])
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect(asked).toHaveCount(0)
    const lane = card.getByText('Needs 9,000 MiB, set by hand')
    await expect(lane).toBeVisible()
    await page.reload()
    await expect(lane).toBeVisible()
    const { lanes } = await client.gpus.turns({ uuid })
    expect(lanes.find(({ serviceId }) => serviceId === ids[0])).toMatchObject({ needMiB: 9000, needFrom: 'limit' })
  })

  await test.step('by keyboard, in both themes, and on a phone', async () => {
    const minutes = card.getByRole('radiogroup', { name: 'Shown' })
    await minutes.getByRole('radio', { name: '30 min' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(minutes.getByRole('radio', { name: '1 h' })).toBeChecked()
    expect(await misuses(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await misuses(page, { only: ofColours })).toEqual([])
    await expectFits(page, 'the turns of a card')
  })
})
