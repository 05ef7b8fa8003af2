import { mkdir } from 'node:fs/promises'
import { misuses } from '../support/axe'
import { composeProject, type TestProject } from '../support/compose'
import { clientFor } from '../support/docker/engine'
import { freePort } from '../support/ports'
import { until } from '../support/until'
import { enter } from './pages/app'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { journeyDocker } from './support/docker'
import { expect, test } from './support/fixtures'

const docker = journeyDocker()

const id = 'forge-open'
const login = { username: 'admin', password: 'a-word-for-this-test' }

/** A Forge whose port the whole network reaches, as many have it. */
async function writeForge(project: TestProject, image: string, port: number): Promise<string> {
  await mkdir(project.at('data'))
  await project.write('data/.env', `FORGE_USER=${login.username}\nFORGE_PASSWORD=${login.password}\n`)
  const text = [
    'services:',
    `  ${id}:`,
    `    image: ${image}`,
    `    container_name: ${project.name}`,
    '    command: [forge, --folder, /data, --host, 0.0.0.0, --port, "7860"]',
    `    ports: ["${port}:7860"] # for the whole office`,
    '    volumes: ["./data:/data"]',
    '    stop_grace_period: 2s',
    '',
  ].join('\n')
  await project.write('compose.yaml', text)
  return text
}

const journey =
  'the exposure page closes a port that the network reaches: shown before, written, undone, and tested after'
test(journey, { tag: '@long' }, async ({ page, launch }) => {
  test.skip(docker.host === null, docker.reason ?? '')
  if (docker.host === null) return
  const project = await composeProject({ ...docker, client: clientFor(docker.host) }, 'regie-close-port')
  try {
    const port = await freePort()
    const before = await writeForge(project, docker.image, port)
    const after = before.replace(`"${port}:7860"`, `"127.0.0.1:${port}:7860"`)
    const panel = await launch({ env: { DOCKER_HOST: docker.host } })
    const compose = { file: project.file, service: id, project: project.name }
    const url = `http://127.0.0.1:${port}`
    await panel.client.credentials.create({ id, scheme: 'basic', ...login, sinks: [] })
    await panel.client.services.create({ id, kind: 'forge', runtime: 'compose', url, credentialId: id, compose })
    await panel.client.services.start({ id })
    await until('it is ready', async () => (await panel.client.services.get({ id })).health.state === 'ready')
    await enter(page, panel)
    await page.goto(`${panel.url}/#/services/${id}/exposure`)
    const main = page.getByRole('main')
    const opens = main.getByRole('button', { name: /^Close port to all but this computer/ })
    const asked = dialog(page, `Close the port of ${id} to the network`)

    await test.step('tested, the page says that the network reaches it, and offers to close the port', async () => {
      const run = main.getByRole('button', { name: /^Test (exposure|again)$/ })
      await run.click()
      await expect(main.getByText('Reachable from the network')).toBeVisible()
      await expect(opens).toBeVisible()
      await page.screenshot({ path: test.info().outputPath('exposed.png'), fullPage: true })
    })

    await test.step('what it would write is shown first; Cancel and Escape write nothing', async () => {
      await opens.click()
      await expect(asked).toContainText('The gateway goes on working')
      await expect(asked).toContainText('Nothing is restarted now: it takes effect when the service is recreated.')
      await expect(asked.getByText('compose.yaml', { exact: true })).toBeVisible()
      await expect(asked.getByText(`ports: ["${port}:7860"]`)).toBeVisible()
      await expect(asked.getByText(`ports: ["127.0.0.1:${port}:7860"]`)).toBeVisible()
      expect(await misuses(page, { within: '[role="dialog"]' })).toEqual([])
      await page.screenshot({ path: test.info().outputPath('close-port.png') })
      await asked.getByRole('button', { name: 'Cancel' }).click()
      await expect(asked).toHaveCount(0)
      await expect(opens).toBeFocused()
      await page.keyboard.press('Enter')
      await expect(asked.getByRole('button', { name: 'Write the change' })).toBeFocused()
      await expectFits(page, 'closing a port')
      await page.keyboard.press('Escape')
      await expect(asked).toHaveCount(0)
      expect(await project.read('compose.yaml')).toBe(before)
    })

    await test.step('written, it says what is left to do; undone, every byte is as before', async () => {
      await opens.click()
      await asked.getByRole('button', { name: 'Write the change' }).click()
      await expect(asked).toHaveCount(0)
      const told = page.getByRole('alert').filter({ hasText: 'compose.yaml changed' })
      await expect(told).toContainText('It takes effect when the service is recreated.')
      expect(await project.read('compose.yaml')).toBe(after)
      await told.getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByText('Rolled back')).toBeVisible()
      expect(await project.read('compose.yaml')).toBe(before)
    })

    await test.step('written again and recreated, the network reaches it no more, and the page has nothing left to close', async () => {
      await opens.click()
      await asked.getByRole('button', { name: 'Write the change' }).click()
      await until('it is written', async () => (await project.read('compose.yaml')) === after)
      await panel.client.services.probe({ id })
      await main.getByRole('button', { name: 'Recreate now' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Recreate', exact: true }).click()
      await until('it has the new port', async () => {
        const { HostConfig } = await (await project.container(id)).inspect()
        const bindings = HostConfig.PortBindings as Record<string, { HostIp?: string }[]> | undefined
        return bindings?.['7860/tcp']?.[0]?.HostIp === '127.0.0.1'
      })
      await until('it is ready', async () => (await panel.client.services.get({ id })).health.state === 'ready')
      await main.getByRole('button', { name: 'Test again' }).click()
      await expect(main.getByText('This machine only').first()).toBeVisible()
      await expect(opens).toHaveCount(0)
      await page.screenshot({ path: test.info().outputPath('closed.png'), fullPage: true })
    })
  } finally {
    await project.remove()
  }
})
