import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../support/ports'
import { journeyDocker } from './support/docker'
import { misuses } from '../support/axe'
import { expect, test } from './support/fixtures'

const docker = journeyDocker()

test.describe('adding a service with Docker', () => {
  test.skip(docker.reason !== null, docker.reason ?? '')

  const deployed = 'a stack is refused, reviewed, deployed, and then connected again from its files'
  test(deployed, { tag: '@long' }, async ({ page, launch }) => {
    const panel = await launch({ env: { DOCKER_HOST: docker.host ?? '' } })
    const root = await mkdtemp(path.join(os.tmpdir(), 'regie-journey-'))
    const id = `comfyui-journey-${process.pid}`
    const folder = path.join(root, 'stack')
    await mkdir(folder)
    // What stands in for the real image, which has to be built for half an hour.
    await writeFile(
      path.join(folder, 'compose.override.yaml'),
      `services:
  comfyui-qwen:
    image: ${docker.image ?? ''}
    entrypoint: [/bin/node, /app/simulator.js, comfyui, --folder, /opt/ComfyUI, --host, 0.0.0.0, --port, '8188']
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
`,
    )
    const port = await freePort()
    try {
      await page.goto(panel.signInLink)
      await panel.client.system.changeSettings({ welcomed: true })
      await page.goto(`${panel.url}/#/services`)
      await page.getByRole('button', { name: 'Add service' }).click()
      const dialog = page.getByRole('dialog')
      // By keyboard: the first choice has the focus.
      await expect(dialog.getByRole('button', { name: /^ComfyUI with Qwen-Image/ })).toBeFocused()
      await page.keyboard.press('Enter')
      const name = dialog.getByLabel('Name', { exact: true })
      await expect(name).toBeFocused()

      await name.fill(id)
      await dialog.getByLabel('Folder', { exact: true }).fill('not/whole')
      await dialog.getByLabel('Port').fill(String(panel.port))
      await dialog.getByRole('combobox', { name: 'GPU' }).click()
      await page.getByRole('option', { name: /^No GPU/ }).click()
      await expect(dialog.getByText('PyTorch 2.14.1 will be installed; it runs on the CPU.')).toBeVisible()
      await dialog.getByRole('button', { name: 'Review' }).click()
      await expect(dialog.getByText(`Port ${panel.port} is in use`)).toBeVisible()
      await expect(dialog.getByText('is not an absolute path')).toBeVisible()
      await expect(dialog.getByLabel('Port')).toHaveAttribute('aria-invalid', 'true')
      expect(await misuses(page, { within: '[role="dialog"]' })).toEqual([])

      await dialog.getByLabel('Folder', { exact: true }).fill(folder)
      await dialog.getByLabel('Port').fill(String(port))
      await dialog.getByRole('button', { name: 'Review' }).click()
      await expect(dialog.getByRole('heading', { name: 'What will happen' })).toBeVisible()
      expect(await readdir(folder)).toEqual(['compose.override.yaml'])
      expect(await misuses(page, { within: '[role="dialog"]' })).toEqual([])

      await dialog.getByRole('button', { name: 'Deploy and start' }).click()
      await expect(dialog.getByText(`${id} is deployed.`)).toBeVisible({ timeout: 60_000 })
      await dialog.getByRole('button', { name: `Open ${id}` }).click()
      await expect(page.getByRole('heading', { name: id, level: 1 })).toBeVisible()
      expect(await readFile(path.join(folder, '.env'), 'utf8')).toContain(`COMFYUI_PORT='${port}'`)
      expect((await panel.client.credentials.verify({ id })).outcome).toBe('proven')

      await panel.client.services.remove({ id })
      await page.goto(`${panel.url}/#/services`)
      await page.getByRole('button', { name: 'Add service' }).click()
      await dialog.getByRole('button', { name: /^Compose project/ }).click()
      await dialog.getByLabel('Compose file, or its folder').fill(folder)
      await dialog.getByRole('button', { name: 'Read project' }).click()
      await expect(dialog.getByRole('checkbox', { name: /^comfyui-qwen/ })).toBeChecked()
      await dialog.getByLabel('Name', { exact: true }).fill(id)
      await dialog.getByRole('combobox', { name: 'Credential' }).click()
      await page.getByRole('option', { name: `${id} (comfyui-login)` }).click()
      await dialog.getByRole('button', { name: 'Add 1 service' }).click()
      await expect(page.getByRole('heading', { name: id, level: 1 })).toBeVisible()
      expect((await panel.client.services.get({ id })).compose?.file).toBe(path.join(folder, 'compose.yaml'))
    } finally {
      await panel.client.services.down({ id }).catch(() => undefined)
      await rm(root, { recursive: true, force: true })
    }
  })
})

test('without Docker the dialog says why, and offers what works', async ({ page, launch }) => {
  const nowhere = path.join(os.tmpdir(), 'regie-no-such-engine.sock')
  const panel = await launch({ env: { DOCKER_HOST: `unix://${nowhere}` } })
  await page.goto(panel.signInLink)
  await panel.client.system.changeSettings({ welcomed: true })
  await page.goto(`${panel.url}/#/services`)
  await page.getByRole('button', { name: 'Add service' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Docker is not responding')).toHaveCount(4)
  await dialog.getByRole('button', { name: /^Forge with SDXL Turbo/ }).click()
  await expect(dialog.getByRole('alert')).toContainText('Docker')
  await dialog.getByRole('button', { name: 'Back' }).click()
  await dialog.getByRole('button', { name: /^Existing service/ }).click()
  await expect(dialog.getByLabel('Address')).toBeVisible()
})
