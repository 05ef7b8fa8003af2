import { createServer } from 'node:net'
import { freePort } from '../../electron/services/free-port'
import { until } from '../support/until'
import { enter } from './pages/app'
import { misuses, ofColours } from '../support/axe'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const id = 'forge-demo'

const journey = 'the gateway of a service: on, off, a port that is taken, and when it sleeps'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await enter(page, panel)
  await page.goto(`${panel.url}/#/services/${id}/gateway`)
  const main = page.getByRole('main')
  const service = () => panel.client.services.get({ id })

  await test.step('off, it says what it would bring; it is turned on at a port', async () => {
    await main.getByRole('button', { name: 'Turn on' }).click()
    const asked = dialog(page, `Gateway address of ${id}`)
    const port = await freePort(24_000)
    await asked.getByLabel('Port').fill(String(port))
    await asked.getByRole('button', { name: 'Turn on' }).click()
    await expect(main.getByText(`http://127.0.0.1:${port}`)).toBeVisible()
    await expect(main.getByText('Listening')).toBeVisible()
    await expect(main.getByText('Nobody is inside.')).toBeVisible()
    const strange = await fetch(`http://127.0.0.1:${port}/sdapi/v1/options`)
    expect(strange.ok).toBe(false)
    await expectFits(page, 'the gateway')
  })

  await test.step('a port that something else holds is told, and the next free one offered', async () => {
    const holder = createServer()
    const port = await freePort(24_100)
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve))
    await main.getByRole('button', { name: 'Edit address…' }).click()
    const asked = dialog(page, `Gateway address of ${id}`)
    await asked.getByLabel('Port').fill(String(port))
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect(asked.getByRole('alert')).toContainText(`Port ${port} is in use by another program`)
    // What worked still does.
    await expect(main.getByText('Listening')).toBeVisible()
    await asked.getByRole('button', { name: /^Use port \d+/ }).click()
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect(asked).toHaveCount(0)
    await expect(main.getByText('Listening')).toBeVisible()
    holder.close()
  })

  await test.step('sleep and wake: two numbers, a switch, and a week painted by keyboard and pointer', async () => {
    await main.getByLabel('Unload models after').fill('10')
    await main.getByLabel('Stop after').fill('45')
    await main.getByRole('switch', { name: 'Wake on request' }).click()
    const week = main.getByRole('grid', { name: 'Kept awake, by hour of the week' })
    const hour = (name: string) => week.getByRole('gridcell', { name, exact: true })
    await hour('Monday 8:00').focus()
    await page.keyboard.press('Space')
    for (let step = 0; step < 10; step++) await page.keyboard.press('Shift+ArrowRight')
    await expect(hour('Monday 18:00')).toHaveAttribute('aria-selected', 'true')
    await expect(main.getByText('Mon 8–19')).toBeVisible()
    await hour('Tuesday 8:00').hover()
    await page.mouse.down()
    await hour('Tuesday 18:00').hover({ force: true })
    for (let at = 9; at <= 18; at++) await hour(`Tuesday ${at}:00`).hover({ force: true })
    await page.mouse.up()
    await expect(main.getByText('Mon, Tue 8–19')).toBeVisible()
    await main.getByRole('button', { name: 'Save changes' }).click()
    await until('what was saved', async () => (await service()).idle.stopAfterMin === 45)
    const { idle } = await service()
    expect(idle).toMatchObject({ wake: true, unloadAfterMin: 10 })
    expect(idle.schedule?.windows).toEqual([{ from: '08:00', to: '19:00', days: [1, 2] }])
    await expect(main.getByRole('button', { name: 'Save changes' })).toHaveCount(0)
  })

  await test.step('put to sleep: asked first, with who works there; nothing happens without the answer', async () => {
    await expect(main.getByRole('button', { name: 'Put to sleep…' })).toBeDisabled()
    await panel.client.services.start({ id })
    await until('it is ready', async () => (await service()).health.state === 'ready')
    const params = { prompt: 'x', width: 256, height: 256, steps: 150 }
    await panel.client.generations.create({ serviceId: id, params })
    const line = main.getByRole('list', { name: 'Waiting line' })
    await expect(line.getByRole('listitem')).toContainText('The service has it')
    const keeps = main.getByRole('list', { name: 'Keeps it awake now' })
    await expect(keeps.getByRole('listitem').filter({ hasText: '1 job at work' })).toBeVisible()
    await page.screenshot({ path: test.info().outputPath('keeps-awake.png'), fullPage: true })
    await main.getByRole('button', { name: 'Put to sleep…' }).click()
    const asked = dialog(page, `Put ${id} to sleep?`)
    await expect(asked).toContainText(/has work there; it is lost\./)
    await expect(asked).toContainText('The next request wakes it.')
    await page.keyboard.press('Escape')
    await expect(asked).toHaveCount(0)
    expect((await service()).health.state).toBe('ready')
    await main.getByRole('button', { name: 'Put to sleep…' }).click()
    await asked.getByRole('button', { name: 'Put to sleep' }).click()
    await expect(asked).toHaveCount(0)
    await until('it sleeps', async () => (await service()).health.state === 'stopped')
    await expect(main.getByText('Nobody waits.')).toBeVisible()
  })

  await test.step('accessible at both themes, and it fits a phone', async () => {
    expect(await misuses(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await misuses(page, { only: ofColours })).toEqual([])
    await expectFits(page, 'sleep and wake')
  })

  await test.step('turned off, nothing listens', async () => {
    const url = (await panel.client.gateway.read()).listeners.find(({ serviceId }) => serviceId === id)?.url ?? ''
    await main.getByRole('switch', { name: 'Enabled' }).click()
    await expect(main.getByRole('button', { name: 'Turn on' })).toBeVisible()
    await until('nothing listens', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    )
  })
})

test(
  'a service that Regie put to sleep is called asleep on its page, with why, and is woken there',
  { tag: '@long' },
  async ({ page, panel }) => {
    test.slow()
    const { client } = panel
    const service = () => client.services.get({ id })
    await client.services.start({ id })
    await until('it is ready', async () => (await service()).health.state === 'ready')
    await client.services.update({ id, idle: { wake: true, stopAfterMin: 1 } })
    await enter(page, panel)
    await page.goto(`${panel.url}/#/services/${id}/gateway`)
    const main = page.getByRole('main')
    await expect(main.getByText('Nothing keeps it awake now.')).toBeVisible()
    await until('it sleeps', async () => (await service()).health.state === 'stopped', 150_000)
    await expect(page.getByText(/^Asleep/).first()).toBeVisible()
    await expect(page.getByText('Wakes when asked')).toBeVisible()
    await expect(main.getByText('1 min without work.')).toBeVisible()
    await expectFits(page, 'a service that sleeps')
    await page.screenshot({ path: test.info().outputPath('asleep.png') })
    const wake = page.getByRole('button', { name: `Wake ${id}` })
    await wake.click()
    await until('it is ready', async () => (await service()).health.state === 'ready')
    await expect(wake).toHaveCount(0)
    await expect(page.getByText(/^Ready/).first()).toBeVisible()
  },
)
