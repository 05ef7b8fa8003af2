import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import { composeProject, type TestProject } from './compose'
import type { TestDocker } from './docker'
import { prepareDocker } from './docker/prepare'
import { findDocker } from './docker/find'
import { replayedGpus, startHeadless, type HeadlessPanel } from './headless'
import { closeDialog, goTo, keep, looks, prove, settled, signIn, usual, wear } from './pictures'
import { picturesOfMap } from './pictures-map'
import { freePort } from './ports'
import { temporaryFolder } from './programs'
import { generateOn } from './simulated'
import { until } from './until'

const qwen = 'comfyui-qwen'
const forge = 'forge-turbo'

/** The two services as the users have them, with what a linter has to say about. */
async function writeProject(project: TestProject, image: string): Promise<{ qwen: string; forge: string }> {
  const [one, two] = [await freePort(), await freePort()]
  for (const folder of ['comfyui/login', 'forge']) await mkdir(project.at(folder), { recursive: true })
  await project.write('.env', `COMFYUI_PORT=${one}\nFORGE_PORT=${two}\nHF_TOKEN=\nCOMFYUI_BEARER_TOKEN=retired\n`)
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      `  ${qwen}:`,
      `    image: ${image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      '    # Reached from the whole network.',
      '    ports: ["${COMFYUI_PORT}:8188"]',
      '    volumes: ["./comfyui:/data", "./missing/qwen-api-user.token:/run/token:ro"]',
      '    environment: { CUDA_VISIBLE_DEVICES: "0", TZ: "Europe/Paris", CIVITAI_TOKEN: "${CIVITAI_TOKEN}" }',
      '    stop_grace_period: 2s',
      `  ${forge}:`,
      `    image: ${image}`,
      '    command: [forge, --folder, /data, --host, 0.0.0.0, --port, "7860", --protect, gradio]',
      '    ports: ["127.0.0.1:${FORGE_PORT}:7860"]',
      '    volumes: ["./forge:/data"]',
      '    environment: { NOTE: "first" }',
      '    stop_grace_period: 2s',
      '',
    ].join('\n'),
  )
  return { qwen: `http://127.0.0.1:${one}`, forge: `http://127.0.0.1:${two}` }
}

async function addServices(panel: HeadlessPanel, project: TestProject, image: string): Promise<void> {
  const urls = await writeProject(project, image)
  const login = project.at('comfyui/login/PASSWORD')
  await panel.client.credentials.create({
    id: qwen,
    scheme: 'comfyui-login',
    sinks: [{ type: 'comfyui-login', path: login }],
  })
  const sinks = (['username', 'password'] as const).map((field) => ({
    type: 'env' as const,
    path: project.at('forge/.env'),
    key: `FORGE_${field === 'username' ? 'USER' : 'PASSWORD'}`,
    field,
  }))
  await panel.client.credentials.create({ id: forge, scheme: 'basic', sinks })
  for (const [id, kind, url] of [
    [qwen, 'comfyui', urls.qwen],
    [forge, 'forge', urls.forge],
  ] as const) {
    const compose = { file: project.file, service: id, project: project.name }
    await panel.client.services.create({ id, kind, runtime: 'compose', url, credentialId: id, compose })
    await panel.client.services.start({ id })
    await until('the service to be ready', async () => {
      const { state } = (await panel.client.services.get({ id })).health
      return ['ready', 'authenticated', 'listening'].includes(state)
    })
  }
  await generateOn(panel, qwen, 'A lighthouse on a basalt cliff at dusk, long exposure')
  for (const id of [qwen, forge]) await panel.client.exposure.run({ id })
}

async function pages(page: Page, panel: HeadlessPanel): Promise<void> {
  for (const look of looks) {
    await wear(page, panel, look)
    for (const [what, hash] of [
      ['docker-services', 'services'],
      ['docker-service', `services/${qwen}`],
      ['docker-logs', `services/${qwen}/logs`],
      ['docker-logs-of-all', 'services?view=logs'],
      ['docker-stats', `services/${qwen}/stats`],
      ['docker-timeline', `services/${qwen}/timeline`],
      ['docker-linter', `services/${qwen}/compose`],
      ['docker-container', `services/${qwen}/container`],
      ['docker-exposure-test', `services/${forge}/exposure`],
      ['docker-settings', 'settings/docker'],
      ['audit', 'settings/audit'],
    ] as const) {
      await goTo(page, panel, hash)
      await keep(page, what, look)
    }
  }
  await wear(page, panel, usual)
  await prove(page, panel)
  await goTo(page, panel, `services/${qwen}/shell`)
  await page.getByRole('button', { name: /^Open/ }).first().click()
  await page.locator('.xterm-rows').filter({ hasText: '#' }).waitFor()
  await page.keyboard.type('node --version\n')
  await keep(page, 'docker-shell')
}

/** What files ask for and the container does not have, and the steps of the operation that brings it. */
async function recreate(page: Page, panel: HeadlessPanel, project: TestProject): Promise<void> {
  const text = await project.read('compose.yaml')
  await project.write('compose.yaml', text.replace('NOTE: "first"', 'NOTE: "second"'))
  await panel.client.services.probe({ id: forge })
  await until('the change to be seen', async () => (await panel.client.services.get({ id: forge })).pending !== null)
  await goTo(page, panel, `services/${forge}`)
  await keep(page, 'docker-pending')
  await panel.client.services.recreate({ id: forge })
  await settled(page)
  await keep(page, 'docker-recreated')
}

async function addService(page: Page, panel: HeadlessPanel, folder: string): Promise<void> {
  await goTo(page, panel, 'services')
  await page.getByRole('button', { name: 'Add service' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Forge with SDXL Turbo/ }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('forge-second')
  await dialog.getByLabel('Folder', { exact: true }).fill(path.join(folder, 'forge-second'))
  await dialog.getByRole('combobox', { name: 'GPU' }).click()
  await page.getByRole('option', { name: /^No GPU/ }).click()
  await keep(page, 'add-stack')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await dialog.getByRole('heading', { name: 'What will happen' }).waitFor()
  await keep(page, 'add-stack-review')
  await closeDialog(page)
  await page.getByRole('button', { name: 'Add service' }).click()
  await dialog.getByRole('button', { name: /^Compose project/ }).click()
  await dialog.getByText('Projects in Docker').waitFor()
  await keep(page, 'add-project')
  await closeDialog(page)
}

/** A Compose service without an engine. */
async function unreachable(browser: Browser): Promise<void> {
  await using folder = await temporaryFolder('regie-pictures')
  const file = path.join(folder.path, 'compose.yaml')
  await writeFile(file, `services:\n  ${qwen}:\n    image: regie/comfyui-qwen:0.3.64\n`)
  const panel = await startHeadless({ env: replayedGpus() })
  try {
    const compose = { file, service: qwen }
    await panel.client.services.create({
      id: qwen,
      kind: 'comfyui',
      runtime: 'compose',
      url: 'http://127.0.0.1:9',
      compose,
    })
    await panel.client.system.changeSettings({ welcomed: true })
    const page = await signIn(browser, panel)
    for (const look of looks) {
      await wear(page, panel, look)
      await goTo(page, panel, 'services')
      await keep(page, 'docker-unreachable', look)
    }
    await page.close()
  } finally {
    await panel.stop()
  }
}

async function withEngine(browser: Browser, docker: TestDocker): Promise<void> {
  const project = await composeProject(docker, 'coursia')
  await using folder = await temporaryFolder('regie-pictures')
  const panel = await startHeadless({ demo: false, env: { ...replayedGpus(), DOCKER_HOST: docker.host } })
  try {
    await panel.client.vault.unlock({ passphrase: 'a passphrase for pictures' })
    await panel.client.system.changeSettings({ welcomed: true })
    await addServices(panel, project, docker.image)
    const page = await signIn(browser, panel)
    await wear(page, panel, usual)
    await pages(page, panel)
    await recreate(page, panel, project)
    await addService(page, panel, folder.path)
    await page.close()
  } finally {
    await panel.stop()
    await project.remove()
  }
}

/** Everything that has to do with Docker; without an engine only how that looks. */
export async function picturesWithDocker(browser: Browser): Promise<void> {
  await unreachable(browser)
  const engine = await prepareDocker()
  process.stderr.write(`${engine.says}\n`)
  try {
    Object.assign(process.env, engine.env)
    const { docker } = await findDocker()
    if (docker) {
      await withEngine(browser, docker)
      await picturesOfMap(browser, docker)
    }
  } finally {
    await engine.stop()
  }
}
