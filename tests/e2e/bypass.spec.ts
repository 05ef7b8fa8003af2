import { mkdir } from 'node:fs/promises'
import { freePort } from '../../electron/services/free-port'
import { misuses, ofColours } from '../support/axe'
import { composeProject, type TestProject } from '../support/compose'
import { clientFor } from '../support/docker/engine'
import { freePort as anyPort } from '../support/ports'
import { until } from '../support/until'
import { enter } from './pages/app'
import { dialog } from './pages/credentials'
import { expectFits } from './pages/fit'
import { journeyDocker } from './support/docker'
import { expect, test } from './support/fixtures'

const docker = journeyDocker()

const id = 'forge-around'
const login = { username: 'admin', password: 'a-word-for-this-test' }
const authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`

/** A Forge whose port the whole network reaches. */
async function writeForge(project: TestProject, image: string, port: number): Promise<void> {
  await mkdir(project.at('data'))
  await project.write('data/.env', `FORGE_USER=${login.username}\nFORGE_PASSWORD=${login.password}\n`)
  await project.write(
    'compose.yaml',
    [
      'services:',
      `  ${id}:`,
      `    image: ${image}`,
      `    container_name: ${project.name}`,
      '    command: [forge, --folder, /data, --host, 0.0.0.0, --port, "7860"]',
      `    ports: ["${port}:7860"]`,
      '    volumes: ["./data:/data"]',
      '    stop_grace_period: 2s',
      '',
    ].join('\n'),
  )
}

/** Lets jobs run there one after the other until they are no longer wanted. */
function keepBusy(url: string, headers: Record<string, string>) {
  const end = new AbortController()
  const work = async () => {
    while (!end.signal.aborted) {
      const body = JSON.stringify({ prompt: 'around the gateway', steps: 150, width: 512, height: 512 })
      const all = { 'content-type': 'application/json', ...headers }
      await fetch(`${url}/sdapi/v1/txt2img`, { method: 'POST', headers: all, body, signal: end.signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined)
    }
  }
  const working = Promise.all([work(), work(), work()])
  return async () => {
    end.abort()
    await working
  }
}

test(
  'who goes around the gateway is told on its tab, with how to find them and the port to close',
  { tag: '@long' },
  async ({ page, launch }) => {
    test.skip(docker.host === null, docker.reason ?? '')
    if (docker.host === null) return
    test.setTimeout(240_000)
    const project = await composeProject({ ...docker, client: clientFor(docker.host) }, 'regie-bypass')
    const port = await anyPort()
    const url = `http://127.0.0.1:${port}`
    const leaves: (() => Promise<void>)[] = []
    try {
      await writeForge(project, docker.image, port)
      const { client, ...panel } = await launch({ env: { DOCKER_HOST: docker.host } })
      const compose = { file: project.file, service: id, project: project.name }
      await client.credentials.create({ id, scheme: 'basic', ...login, sinks: [] })
      const door = await freePort(24_300)
      await client.services.create({
        ...{ id, kind: 'forge', runtime: 'compose', url, credentialId: id, compose },
        gateway: { enabled: true, host: '127.0.0.1', port: door, tls: 'off' },
      })
      await client.services.start({ id })
      await until('it is ready', async () => (await client.services.get({ id })).health.state === 'ready')
      await client.users.create({ id: 'lea', name: 'Léa Fontaine', role: 'user' })
      const { key } = await client.keys.create({ userId: 'lea', name: 'notebook' })

      await enter(page, { client, ...panel })
      await page.goto(`${panel.url}/#/services/${id}/gateway`)
      const main = page.getByRole('main')
      const told = main.getByRole('region', { name: 'Bypassing the gateway' })

      await test.step('whoever comes through the gateway with a key is inside, and no stranger', async () => {
        leaves.push(keepBusy(`http://127.0.0.1:${door}`, { authorization: `Bearer ${key}` }))
        const guest = main.getByRole('link', { name: 'Léa Fontaine' })
        await expect(guest).toBeVisible()
        await expect(told).toHaveCount(0)
        // On a phone a person stands where all else of the row does.
        await page.setViewportSize({ width: 390, height: 844 })
        const row = main.getByRole('row').filter({ hasText: 'Léa Fontaine' })
        const starts = await row.evaluate((element) =>
          Array.from(element.querySelectorAll('td:nth-child(odd)'), (cell) => {
            const range = document.createRange()
            range.selectNodeContents(cell)
            return Math.round(range.getBoundingClientRect().left)
          }),
        )
        expect(new Set(starts).size, `where the words of the first column begin: ${starts.join(', ')}`).toBe(1)
        await page.screenshot({ path: test.info().outputPath('inside-390.png'), fullPage: true })
        await page.setViewportSize({ width: 1440, height: 900 })
      })

      await test.step('jobs that came by the port are told after a minute, with how to find whose they are', async () => {
        leaves.push(keepBusy(url, { authorization }))
        await expect(told).toBeVisible({ timeout: 150_000 })
        await expect(told).toContainText(`${port} (${url})`)
        await expect(told.getByRole('button', { name: /^Copy/ })).toBeVisible()
        expect(JSON.stringify((await client.attention.read()).items)).toContain('gateway.bypassed')
      })

      await test.step('it fits, in both themes and languages', async () => {
        expect(await misuses(page)).toEqual([])
        for (const language of ['en', 'fr'] as const)
          for (const theme of ['dark', 'light'] as const) {
            await client.system.changeSettings({ theme, language })
            await expect(page.locator('html')).toHaveAttribute('lang', language)
            for (const width of [390, 1024, 1440]) {
              await page.setViewportSize({ width, height: 900 })
              await page.screenshot({
                ...{ path: test.info().outputPath(`${language}-${theme}-${width}.png`), fullPage: true },
              })
            }
            expect(await misuses(page, { only: ofColours })).toEqual([])
          }
        await client.system.changeSettings({ theme: 'dark', language: 'en' })
        await expectFits(page, 'a gateway that somebody goes around')
      })

      await test.step('the way out is offered there: the port is closed to the network', async () => {
        await told.getByRole('button', { name: 'Close port to all but this computer' }).click()
        const asked = dialog(page, `Close the port of ${id} to the network`)
        await expect(asked.getByText(`ports: ["127.0.0.1:${port}:7860"]`)).toBeVisible()
        await asked.getByRole('button', { name: 'Write the change' }).click()
        await expect(asked).toHaveCount(0)
        expect(await project.read('compose.yaml')).toContain(`ports: ["127.0.0.1:${port}:7860"]`)
        await told.getByRole('link', { name: /Exposure/ }).click()
        await expect(page).toHaveURL(/\/exposure$/)
      })
    } finally {
      await Promise.all(leaves.map((leave) => leave()))
      await project.remove()
    }
  },
)
