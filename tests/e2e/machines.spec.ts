import http from 'node:http'
import { misuses, ofColours } from '../support/axe'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

/** A program that answers as a Docker engine with one Compose project does, on a free port of the loopback. */
async function standInEngine() {
  const container = (name: string, state: string) => ({
    ...{
      Id: name.padEnd(64, '0'),
      Names: [`/${name}`],
      Image: 'comfyui',
      ImageID: 'sha256:1',
      State: state,
      Created: 1,
    },
    ...{
      Status: state,
      Ports: [],
      NetworkSettings: { Networks: {} },
      HostConfig: { NetworkMode: 'default' },
      Mounts: [],
    },
    Labels: { 'com.docker.compose.project': 'video', 'com.docker.compose.service': name },
  })
  const answers: Record<string, object> = {
    version: { Version: '29.1.2', ApiVersion: '1.50', MinAPIVersion: '1.24', Os: 'linux' },
    info: {
      OperatingSystem: 'Ubuntu 24.04',
      ServerVersion: '29.1.2',
      Runtimes: { nvidia: {} },
      CgroupDriver: 'systemd',
    },
    json: [container('comfyui', 'running'), container('forge', 'exited')],
  }
  const server = http.createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname.split('/').at(-1) ?? ''
    response.setHeader('content-type', 'application/json')
    if (name === 'events') response.write('')
    else if (name === '_ping') response.end('OK')
    else response.end(JSON.stringify(answers[name] ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return {
    host: `127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

test('a machine is tested, attached, lost and detached; what was seen of it stays', async ({ page, panel }) => {
  const engine = await standInEngine()
  await enter(page, panel)

  await test.step('one machine alone: what a second one gives', async () => {
    await page.goto(`${panel.url}/#/machines`)
    await expect(page.getByRole('heading', { name: 'Attach another machine' })).toBeVisible()
    await expect(page.getByRole('article')).toHaveCount(1)
    await expect(page.getByRole('article')).toContainText('This machine')
    expect(await misuses(page)).toEqual([])
  })

  await test.step('an address is tested before it is attached, by keyboard', async () => {
    await page.getByRole('button', { name: 'Attach machine' }).first().press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Attach machine' })
    await expect(dialog.getByLabel('Name')).toBeFocused()
    await page.keyboard.type('Atelier')
    await dialog.getByText('TLS', { exact: true }).click()
    await dialog.getByLabel('Host and port').fill('127.0.0.1:1')
    await dialog.getByRole('button', { name: 'Test' }).press('Enter')
    await expect(dialog.getByRole('listitem').first()).toContainText('missing')
    await dialog.getByLabel('Host and port').fill(engine.host)
    await expect(dialog.getByRole('listitem')).toHaveCount(0)
    await dialog.getByRole('button', { name: 'Test' }).press('Enter')
    await expect(dialog.getByRole('listitem').first()).toContainText('Docker 29.1.2 answers at')
    expect(await misuses(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Attach', exact: true }).press('Enter')
    await expect(dialog).toHaveCount(0)
  })

  const card = page.getByRole('article', { name: 'Atelier' })
  await test.step('it stands beside this machine, with what runs there', async () => {
    await expect(card).toContainText('Connected')
    await expect(card).toContainText('Ubuntu 24.04')
    await expect(card).toContainText('video1 of 2 running')
    await card.getByRole('button', { name: 'Test Atelier' }).click()
    await expect(card.getByRole('listitem').filter({ hasText: 'Container Toolkit' })).toContainText('NVIDIA runtime')
  })

  await test.step('lost, it is unknown and not stopped, and says why', async () => {
    await engine.stop()
    await expect(page.getByText('Atelier is away.')).toBeVisible({ timeout: 20_000 })
    await expect(card).toContainText('Away')
    await expect(card).toContainText('videoUnknown')
    await expect(card).toContainText('Ubuntu 24.04')
    for (const theme of ['dark', 'light'] as const) {
      await panel.client.system.changeSettings({ theme })
      await expect(page.locator(`html[data-mantine-color-scheme="${theme}"]`)).toBeVisible()
      expect(await misuses(page, theme === 'dark' ? {} : { only: ofColours })).toEqual([])
      for (const width of [1440, 390, 720, 1024, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: test.info().outputPath(`machines-${theme}-${width}.png`), fullPage: true })
      }
    }
    await expectFits(page, 'machines', ['phone', 'zoomed', 'least'])
    await panel.client.system.changeSettings({ theme: 'dark', language: 'fr' })
    await expect(page.getByText('Atelier est absente.')).toBeVisible()
    await page.screenshot({ path: test.info().outputPath('machines-fr.png'), fullPage: true })
    await panel.client.system.changeSettings({ language: 'en' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  await test.step('renamed and detached; both are in the audit log', async () => {
    await card.getByRole('button', { name: 'More for Atelier' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit machine' })
    await dialog.getByLabel('Name').fill('Studio')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const renamed = page.getByRole('article', { name: 'Studio' })
    await renamed.getByRole('button', { name: 'More for Studio' }).click()
    await page.getByRole('menuitem', { name: 'Detach' }).click()
    await page.getByRole('dialog', { name: 'Detach Studio?' }).getByRole('button', { name: 'Detach' }).click()
    await expect(page.getByRole('article')).toHaveCount(1)
    const { items } = await panel.client.audit.list({ topic: 'machine', limit: 10 })
    expect(items.map(({ action }) => action)).toEqual(['machine.detached', 'machine.changed', 'machine.attached'])
  })
})
