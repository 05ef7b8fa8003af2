import { misuses, ofColours } from '../support/axe'
import { freePort } from '../support/ports'
import { addSimulatedProgram } from '../support/simulated'
import { until } from '../support/until'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const small = 'GPU-1a2b3c4d-0000-1111-2222-333344445555'

test('a card’s identity: its numbers, who means it, what is held, and what freeing gave back', async ({
  page,
  panel,
}) => {
  test.slow()
  const { client } = panel
  const [, large] = await client.gpus.list()
  const cards = { small, large: large?.uuid ?? '' }
  // The simulator says that it works on an RTX 3090.
  for (const [id, gpuUuid] of [
    ['comfyui-right', cards.large],
    ['comfyui-wrong', cards.small],
  ] as const) {
    const behaviour = { stepMs: 20, loadMs: 20, preview: 'none' }
    await addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour })
    await client.services.update({ id, gpuUuid })
    await client.services.start({ id })
  }
  await until('both are ready', async () =>
    (await client.services.list())
      .filter(({ runtime }) => runtime === 'process')
      .every(({ health }) => health.state === 'ready'),
  )
  await enter(page, panel)

  await test.step('from the list of cards to one of them', async () => {
    await page.goto(`${panel.url}/#/gpus`)
    await page.getByRole('link', { name: 'Identity of NVIDIA GeForce RTX 3080 Ti' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'GPU 0, RTX 3080 Ti' })).toBeVisible()
  })

  await test.step('its number in each order, beside the other card', async () => {
    const orders = page.getByRole('table').first()
    await expect(orders.getByRole('row', { name: /CUDA, FASTEST_FIRST/ })).toContainText('not 0')
    await expect(orders.getByRole('columnheader', { name: /this card/ })).toContainText('RTX 3080 Ti')
  })

  await test.step('who means it, what it reports instead, and what to do', async () => {
    await expect(page.getByText('1 contradiction')).toBeVisible()
    const row = page.getByRole('row', { name: /comfyui-wrong/ })
    await expect(row).toContainText(`CUDA_VISIBLE_DEVICES=${small}`)
    await expect(row).toContainText('RTX 3090')
    await expect(row).toContainText('Contradicts')
    await expect(page.getByRole('region', { name: 'Fix' })).toContainText('is meant for NVIDIA GeForce RTX 3080 Ti')
    await page.getByRole('button', { name: 'All 2 services' }).click()
    await expect(page.getByRole('row', { name: /comfyui-right/ })).toContainText('Agrees')
  })

  await test.step('without a misuse, in both themes, at every width', async () => {
    for (const theme of ['dark', 'light'] as const) {
      await client.system.changeSettings({ theme })
      await expect(page.locator(`html[data-mantine-color-scheme="${theme}"]`)).toBeVisible()
      expect(await misuses(page, theme === 'dark' ? {} : { only: ofColours })).toEqual([])
      for (const width of [1440, 390, 720, 1024, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: test.info().outputPath(`identity-${theme}-${width}.png`), fullPage: true })
      }
    }
    await expectFits(page, 'a card’s identity', ['phone', 'zoomed', 'least'])
    await client.system.changeSettings({ theme: 'dark', language: 'fr' })
    await expect(page.getByText('Pourquoi les numéros diffèrent')).toBeVisible()
    await page.screenshot({ path: test.info().outputPath('identity-fr-1440.png'), fullPage: true })
    await client.system.changeSettings({ language: 'en' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  await test.step('the same from the card that is worked on', async () => {
    const { services, cards: all } = await client.gpus.identity({ uuid: cards.large })
    expect(all.map(({ smi, fastestFirst }) => [smi, fastestFirst])).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(services.find(({ serviceId }) => serviceId === 'comfyui-right')).toMatchObject({
      state: 'agrees',
      onCard: true,
    })
    await expect(client.gpus.identity({ uuid: 'GPU-none' })).rejects.toMatchObject({ data: { problem: 'gpu.unknown' } })
  })

  await test.step('what it holds has its name, and freeing says what was given back', async () => {
    await client.generations.create({ serviceId: 'comfyui-right', params: { prompt: 'x', width: 256, height: 256 } })
    await page.goto(`${panel.url}/#/services/comfyui-right`)
    await until('its own figure is known', async () => {
      const [, card] = (await client.gpus.report()).gpus
      return card?.holders?.some(({ kind, id }) => kind === 'service' && id === 'comfyui-right') ?? false
    })
    await page.getByRole('button', { name: 'Free GPU memory of comfyui-right' }).first().click()
    await expect(page.locator('[data-freed]')).toContainText(/comfyui-right freed \d+(\.\d)? GiB/)
    const { items } = await client.audit.list({ topic: 'service', limit: 10 })
    expect(items.find(({ action }) => action === 'service.memory-freed')).toMatchObject({ target: 'comfyui-right' })
  })
})
