import type { Page } from 'playwright/test'
import { replayedGpus, type HeadlessPanel } from '../support/headless'
import { enter, open, rail } from './pages/app'
import { expect, test } from './support/fixtures'

const gpu = (index: number) => `GPU-0000000${index}-0000-1111-2222-333344445555`

/** Two simulators, and so many services that do not run: native programs, and others that nothing answers for. */
async function addServices(panel: HeadlessPanel, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const isExternal = at % 10 === 0
    await panel.client.services.create({
      id: `service-${String(at).padStart(2, '0')}`,
      kind: at % 2 ? 'forge' : 'comfyui',
      runtime: isExternal ? 'external' : 'process',
      url: `http://127.0.0.1:${isExternal ? 9 : 26_000 + at}`,
      tags: [['lab', 'classroom', 'production'][at % 3] ?? ''],
      ...(isExternal
        ? {}
        : { gpuUuid: gpu(at % 8), process: { command: process.execPath, args: ['-e', 'process.exit(3)'], env: {} } }),
    })
  }
}

const row = (page: Page, id: string) => page.getByRole('main').locator(`[data-row-of="${id}"]`)

const rowLink = (page: Page, id: string) => row(page, id).locator('[data-row]')

const journey = '30 services and 8 cards: what needs somebody, what is free, and every service within reach'
test(journey, { tag: '@long' }, async ({ page, launch }) => {
  const panel = await launch({ env: replayedGpus('eight') })
  await addServices(panel, 28)
  await panel.client.services.start({ id: 'comfyui-demo' })
  await enter(page, panel)
  const main = page.getByRole('main')

  // What needs somebody stands first: no answer from others' services, a hot card and a full one.
  const attention = main.getByRole('region', { name: /^Needs attention/ })
  await expect(attention.getByRole('heading', { name: 'service-00 is unreachable' })).toBeVisible()
  await expect(attention.getByRole('heading', { name: 'RTX 3090 (GPU 5) reached 95 °C.' })).toBeVisible()
  await expect(attention.getByText('3', { exact: true })).toBeHidden()
  await expect(rail(page).getByRole('link', { name: 'GPUs' })).toHaveAttribute(
    'aria-description',
    '1 GPU needs attention',
  )

  // Eight cards in two lines; warm from 88 °C on.
  const cards = main.getByRole('region', { name: 'GPUs' }).getByRole('listitem')
  await expect(cards).toHaveCount(8)
  await expect(cards.nth(1)).toContainText('Hot')
  await expect(cards.nth(3)).toContainText('15.7 GiB free')

  // By card, folded and remembered.
  const list = main.getByRole('region', { name: 'Services' })
  await expect(list.getByRole('link')).toHaveCount(30)
  await list.getByRole('button', { name: /^RTX A4000/ }).click()
  await expect(row(page, 'service-03')).toBeHidden()
  await page.reload()
  await expect(list.getByRole('button', { name: /^RTX A4000/ })).toHaveAttribute('aria-expanded', 'false')
  await list.getByRole('button', { name: /^RTX A4000/ }).click()

  // A slash leads to the filter, the arrows from row to row, Tab into a row's tools, Enter to its page.
  await page.keyboard.press('/')
  await page.keyboard.type('service-1')
  await expect(list.getByRole('link')).toHaveCount(10)
  await rowLink(page, 'service-11').focus()
  await page.keyboard.press('ArrowDown')
  await expect(row(page, 'service-12').or(row(page, 'service-19')).locator(':focus')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toHaveAccessibleName(/^Start service-1/)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /^service-1/ })).toBeVisible()

  // Muted, it is gone from what needs somebody; its state stays.
  await open(page, 'Overview')
  await attention.getByRole('button', { name: 'More actions: service-00 is unreachable' }).click()
  await page.getByRole('menuitem', { name: 'Mute service-00' }).click()
  await expect(attention.getByRole('heading', { name: 'service-00 is unreachable' })).toBeHidden()
  await expect(row(page, 'service-00')).toContainText('Unreachable')

  await test.step('at 320 px Overview and list stand in one column, and nothing scrolls sideways', () =>
    expectOneColumn(page, panel, 320))
})

test('services are chosen, tagged, ordered and stopped together, with the keyboard and one by one', async ({
  page,
  launch,
}) => {
  const panel = await launch()
  await addServices(panel, 8)
  for (const id of ['comfyui-demo', 'forge-demo']) await panel.client.services.start({ id })
  await enter(page, panel)
  await open(page, 'Services')
  const main = page.getByRole('main')
  await rowLink(page, 'comfyui-demo').focus()
  await page.keyboard.press(' ')
  await page.keyboard.press('Shift+ArrowDown')
  const bar = page.getByRole('toolbar', { name: 'Actions for selected services' })
  await expect(bar).toContainText('2 selected')
  // Each button says to how many it applies.
  await expect(bar.getByRole('button', { name: 'Stop 2…' })).toBeVisible()
  await expect(bar.getByRole('button', { name: /^Start/ })).toBeHidden()

  await bar.getByRole('button', { name: 'Tags' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New tag').fill('demo')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row(page, 'forge-demo')).toContainText('demo')

  await bar.getByRole('button', { name: 'Stop 2…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop 2' }).click()
  await expect(row(page, 'comfyui-demo')).toContainText('Stopped')
  await expect(row(page, 'forge-demo')).toContainText('Stopped')

  // Alt with an arrow moves a row, and the order stays.
  await rowLink(page, 'forge-demo').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(main.locator('[data-row-of]').first()).toHaveAttribute('data-row-of', 'forge-demo')
  await expect.poll(async () => (await panel.client.services.get({ id: 'forge-demo' })).order).toBe(0)

  // So does the mouse.
  const target = main.locator('[data-row-of="service-02"]')
  await main.locator('[data-row-of="forge-demo"]').dragTo(target, { targetPosition: { x: 60, y: 4 } })
  await expect
    .poll(async () => {
      const orders = await Promise.all(
        ['forge-demo', 'service-02'].map(async (id) => (await panel.client.services.get({ id })).order ?? -1),
      )
      return (orders[1] ?? 0) - (orders[0] ?? 0)
    })
    .toBe(1)

  // What somebody else runs is tagged, not started.
  await page.keyboard.press('Escape')
  await row(page, 'service-00').getByRole('checkbox').check()
  await expect(bar.getByRole('button')).toHaveCount(2)
})

test('a service that was never reached claims nothing, and says why', { tag: '@long' }, async ({ page, launch }) => {
  const panel = await launch({ demo: false })
  await panel.client.services.create({ id: 'far', kind: 'comfyui', runtime: 'external', url: 'http://127.0.0.1:9' })
  await panel.client.services.probe({ id: 'far' })
  await enter(page, panel)
  await open(page, 'Services')
  await expect(row(page, 'far')).toContainText('Unreachable')
  await rowLink(page, 'far').click()
  const main = page.getByRole('main')
  const alert = main.getByRole('alert')
  await expect(alert).toContainText('127.0.0.1:9 refuses the connection.')
  await expect(alert).toContainText('nothing listens at this port')
  await expect(alert.getByRole('link', { name: 'Edit service' })).toBeVisible()
  await expect(main).toContainText('Never reached')
  await expect(main).toContainText('Not checked: managed externally')
  await expect(main.getByText('Model', { exact: true })).toBeHidden()
  await alert.getByRole('button', { name: 'Mute' }).click()
  await expect(alert.getByRole('button', { name: 'Unmute' })).toBeVisible()
})

/** On a page that is so narrow Overview and list stand in one column. */
async function expectOneColumn(page: Page, panel: HeadlessPanel, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 844 })
  for (const id of ['overview', 'services']) {
    await page.goto(`${panel.url}/#/${id}`)
    await expect(row(page, 'service-00')).toContainText('Unreachable')
    const sideways = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main, main > div')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    )
    expect(Math.max(...sideways)).toBeLessThanOrEqual(0)
    const [more] = [row(page, 'service-01').getByRole('button', { name: /^More actions/ })]
    expect((await more.boundingBox())?.height).toBeGreaterThanOrEqual(40)
  }
}

test('at 390 px nothing scrolls sideways', { tag: '@long' }, async ({ page, launch }) => {
  const panel = await launch({ env: replayedGpus('eight') })
  await addServices(panel, 12)
  await enter(page, panel)
  await expectOneColumn(page, panel, 390)
})

const moving = 'services are put in an order of their own, by the mouse and by keys, which stays'
test(moving, { tag: '@long' }, async ({ page, launch }) => {
  const panel = await launch()
  await addServices(panel, 8)
  await enter(page, panel)
  await page.goto(`${panel.url}/#/services`)
  const order = () =>
    page
      .getByRole('main')
      .locator('tr[data-row-of]')
      .evaluateAll((rows) => rows.map((one) => one.getAttribute('data-row-of')))
  await page.getByRole('button', { name: /^Sort/ }).click()
  await expect(page.getByRole('menuitemradio', { name: 'Custom' })).toBeChecked()
  await page.getByRole('menuitemradio', { name: 'Name' }).click()
  await expect.poll(async () => (await order())[0]).toBe('comfyui-demo')
  await page.getByRole('button', { name: /^Sort/ }).click()
  await page.getByRole('menuitemradio', { name: 'Custom' }).click()
  await expect.poll(order).toHaveLength(10)
  const before = await order()
  const [first = '', second = '', third = ''] = before.map((id) => id ?? '')

  await row(page, third).dragTo(row(page, first), { targetPosition: { x: 300, y: 3 } })
  await expect.poll(order).toEqual([third, first, second, ...before.slice(3)])

  await rowLink(page, third).focus()
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(order).toEqual([first, third, second, ...before.slice(3)])
  await expect(rowLink(page, third)).toBeFocused()

  await page.reload()
  await expect.poll(order).toEqual([first, third, second, ...before.slice(3)])
})
