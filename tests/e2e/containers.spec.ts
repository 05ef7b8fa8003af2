import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { composeProject, type TestProject } from '../support/compose'
import { clientFor } from '../support/docker/engine'
import { freePort } from '../support/ports'
import { until } from '../support/until'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { journeyDocker } from './support/docker'
import { expect, test } from './support/fixtures'

const docker = journeyDocker()

const id = 'forge-turbo'
const login = { username: 'admin', password: 'a-word-for-this-test' }

/** A Forge in a project as the users have them: its values stand in `.env`. */
async function writeForge(project: TestProject, image: string): Promise<string> {
  const port = await freePort()
  await mkdir(project.at('data'))
  await project.write('data/.env', `FORGE_USER=${login.username}\nFORGE_PASSWORD=${login.password}\n`)
  await project.write('.env', `FORGE_PORT=${port}\nNOTE=first\n`)
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      `  ${id}:`,
      `    image: ${image}`,
      `    container_name: ${project.name}`,
      '    command: [forge, --folder, /data, --host, 0.0.0.0, --port, "7860"]',
      '    ports: ["127.0.0.1:${FORGE_PORT}:7860"]',
      '    volumes: ["./data:/data"]',
      '    environment: { NOTE: "${NOTE}" }',
      '    stop_grace_period: 2s',
      '',
    ].join('\n'),
  )
  return `http://127.0.0.1:${port}`
}

const operation = (page: Page) => page.getByRole('region', { name: 'Operation' })

/** Only a service that is ready takes a new prompt. */
const ready = (page: Page) => page.getByRole('main').getByRole('link', { name: 'New generation' })

/** As by a person who never touches the mouse. */
async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('main').getByRole('button', { name, exact: true })
  await button.focus()
  await expect(button).toBeFocused()
  await page.keyboard.press('Enter')
}

test('a Compose service is adopted, started, recreated after a change of its .env, and stopped', async ({
  page,
  launch,
}) => {
  test.skip(docker.host === null, docker.reason ?? '')
  if (docker.host === null) return
  const client = clientFor(docker.host)
  const project = await composeProject({ ...docker, client }, 'regie-journey')
  try {
    const url = await writeForge(project, docker.image)
    const panel = await launch({ env: { DOCKER_HOST: docker.host } })
    const compose = { file: project.file, service: id, project: project.name }
    await panel.client.credentials.create({ id, scheme: 'basic', ...login, sinks: [] })
    await panel.client.services.create({ id, kind: 'forge', runtime: 'compose', url, credentialId: id, compose })
    await enter(page, panel)
    await page.goto(`${panel.url}/#/services/${id}`)

    await press(page, `Start ${id}`)
    await expect(operation(page).getByRole('heading')).toHaveText('Started', { timeout: 30_000 })
    await expect(ready(page)).toBeVisible({ timeout: 30_000 })
    await operation(page).getByRole('button', { name: 'Show steps' }).click()
    await expect(operation(page).getByRole('listitem').filter({ hasText: project.name }).first()).toBeVisible()
    await expect(page.getByText('This machine only')).toBeVisible()
    for (const tab of ['', '/logs', '/stats', '/timeline', '/compose', '/container', '/shell', '/exposure']) {
      await page.goto(`${panel.url}/#/services/${id}${tab}`)
      await expect(page.getByRole('tabpanel').first()).toBeVisible()
      await expectFits(page, `${id}${tab}`)
    }
    await page.goto(`${panel.url}/#/services/${id}`)

    const before = (await (await project.container(id)).inspect()).Id
    await project.write('.env', (await project.read('.env')).replace('NOTE=first', 'NOTE=second'))
    await panel.client.services.probe({ id })
    await press(page, 'Recreate now')
    await page.getByRole('dialog').getByRole('button', { name: 'Recreate', exact: true }).click()
    await expect(operation(page).getByRole('heading')).toHaveText('Container recreated', { timeout: 30_000 })
    await expect(ready(page)).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('button', { name: 'Recreate now' })).toHaveCount(0)
    const after = await (await project.container(id)).inspect()
    expect(after.Id).not.toBe(before)
    expect(after.Config.Env).toContain('NOTE=second')

    await press(page, `Stop ${id}`)
    await expect(operation(page).getByRole('heading')).toHaveText('Stopped', { timeout: 30_000 })
    await expect(page.getByRole('button', { name: `Start ${id}` }).first()).toBeVisible()
    await until('the container to have ended', async () => {
      const { State } = await (await project.container(id)).inspect()
      return State.Status === 'exited'
    })
  } finally {
    await project.remove()
  }
})
