import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright'
import { composeProject, type TestProject } from './compose'
import type { TestDocker } from './docker'
import { replayedGpus, startHeadless, type HeadlessPanel } from './headless'
import { closeDialog, goTo, keep, looks, signIn, usual, wear } from './pictures'
import { freePort } from './ports'
import { until } from './until'

const qwen = 'comfyui-qwen'
const forge = 'forge-turbo'

/** As the users' entrypoints do: the account comes by the environment. */
const forgeStart = `
const fs = require('node:fs')
const { FORGE_USER, FORGE_PASSWORD } = process.env
fs.mkdirSync('/data', { recursive: true })
fs.writeFileSync('/data/.env', 'FORGE_USER=' + FORGE_USER + '\\nFORGE_PASSWORD=' + FORGE_PASSWORD + '\\n')
process.argv = ['node', 'simulator', 'forge', '--folder', '/data', '--host', '0.0.0.0', '--port', '7860']
import('/app/simulator.js')
`

async function addServices(panel: HeadlessPanel, project: TestProject, image: string): Promise<void> {
  const [one, two] = [await freePort(), await freePort()]
  for (const folder of ['login', 'custom_nodes/ComfyUI-Login', 'clients'])
    await mkdir(project.at(folder), { recursive: true })
  await project.write('start.cjs', forgeStart)
  await project.write('clients/notebooks.env', '# Notebooks\r\nCOMFYUI_API_URL=http://127.0.0.1:8188\r\n')
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      `  ${qwen}:`,
      `    image: ${image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${one}:8188"]`,
      '    volumes: ["./login/PASSWORD:/data/login/PASSWORD", "./custom_nodes:/data/custom_nodes"]',
      '    stop_grace_period: 2s',
      `  ${forge}:`,
      `    image: ${image}`,
      '    entrypoint: [/bin/node, /start.cjs]',
      `    ports: ["127.0.0.1:${two}:7860"]`,
      '    environment: { FORGE_USER: "${FORGE_USER}", FORGE_PASSWORD: "${FORGE_PASSWORD}" }',
      '    volumes: ["./start.cjs:/start.cjs:ro"]',
      '    stop_grace_period: 2s',
      '',
    ].join('\n'),
  )
  await panel.client.credentials.create({
    id: qwen,
    scheme: 'comfyui-login',
    sinks: [
      { type: 'comfyui-login', path: project.at('login/PASSWORD') },
      { type: 'env', path: project.at('clients/notebooks.env'), key: 'COMFYUI_API_TOKEN', requires: 'nothing' },
      { type: 'session-key', path: project.at('custom_nodes/ComfyUI-Login/.secret-key.txt') },
    ],
  })
  const sinks = (['username', 'password'] as const).map((field) => ({
    type: 'env' as const,
    path: project.at('.env'),
    key: `FORGE_${field === 'username' ? 'USER' : 'PASSWORD'}`,
    field,
  }))
  await panel.client.credentials.create({ id: forge, scheme: 'basic', sinks })
  for (const [id, kind, port] of [
    [qwen, 'comfyui', one],
    [forge, 'forge', two],
  ] as const) {
    const compose = { file: project.file, service: id, project: project.name }
    const url = `http://127.0.0.1:${port}`
    await panel.client.services.create({ id, kind, runtime: 'compose', url, credentialId: id, compose })
    await panel.client.services.start({ id })
    await until(
      'the service to be ready',
      async () => (await panel.client.services.get({ id })).health.state === 'ready',
    )
  }
}

/** Waits until the core has told of a drift, and the page shows it. */
async function drifted(panel: HeadlessPanel, page: Page, id: string): Promise<void> {
  await until('the drift', async () => (await panel.client.credentials.get({ id })).state !== 'in-sync')
  await page
    .getByRole('button', { name: /^(Write vault’s value|Restart|Recreate)/ })
    .first()
    .waitFor()
}

async function inEveryLook(page: Page, panel: HeadlessPanel, what: string, hash: string): Promise<void> {
  for (const look of looks) {
    await wear(page, panel, look)
    await goTo(page, panel, hash)
    await keep(page, what, look)
  }
  await wear(page, panel, usual)
}

/** The fingerprint map of services in containers: agreeing, edited by hand, in need of a restart and of a recreate. */
export async function picturesOfMap(browser: Browser, docker: TestDocker): Promise<void> {
  const project = await composeProject(docker, 'coursia')
  const panel = await startHeadless({ demo: false, env: { ...replayedGpus(), DOCKER_HOST: docker.host } })
  try {
    await panel.client.vault.unlock({ passphrase: 'a passphrase for pictures' })
    await panel.client.system.changeSettings({ welcomed: true })
    await addServices(panel, project, docker.image)
    const page = await signIn(browser, panel)
    await panel.client.credentials.rotate({ id: qwen })
    await panel.client.credentials.verify({ id: qwen })
    await inEveryLook(page, panel, 'map-in-sync', `credentials/${qwen}`)
    await page.getByRole('heading', { name: 'Last verification' }).scrollIntoViewIfNeeded()
    await page.getByRole('button', { name: 'Verify now' }).waitFor()
    await page.mouse.wheel(0, 4000)
    await keep(page, 'map-proof')
    await page.getByRole('button', { name: 'Last rotation' }).click()
    await keep(page, 'map-session-dead')
    await page.getByRole('button', { name: 'Done' }).click()

    const file = project.at('login/PASSWORD')
    await writeFile(`${file}.new`, `$2b$12$${'a'.repeat(53)}\nregie`)
    await rename(`${file}.new`, file)
    await drifted(panel, page, qwen)
    await inEveryLook(page, panel, 'map-drifted', `credentials/${qwen}`)
    const { sinks } = await panel.client.credentials.get({ id: qwen })
    await panel.client.credentials.adopt({ id: qwen, sinkId: sinks[0]?.id ?? '' })
    await panel.client.credentials.sync({ id: qwen })
    await goTo(page, panel, `credentials/${qwen}`)
    await page
      .getByRole('button', { name: `Restart ${qwen}` })
      .first()
      .waitFor()
    await keep(page, 'map-needs-restart')

    const env = await readFile(project.at('.env'), 'utf8')
    await writeFile(project.at('.env'), env.replace(/FORGE_PASSWORD=.*/, 'FORGE_PASSWORD=changed-by-hand'))
    const known = await panel.client.credentials.get({ id: forge })
    await panel.client.credentials.adopt({ id: forge, sinkId: known.sinks[1]?.id ?? '' })
    await goTo(page, panel, `credentials/${forge}`)
    await page
      .getByRole('button', { name: `Recreate ${forge}` })
      .first()
      .waitFor()
    await inEveryLook(page, panel, 'map-needs-recreate', `credentials/${forge}`)

    await goTo(page, panel, 'credentials')
    await page.getByRole('button', { name: 'Add credential' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Add location' }).click()
    await dialog.getByLabel('Path').fill('/opt/comfyui/login/PASSWORD')
    await dialog.getByLabel('End browser sessions too').check()
    await keep(page, 'map-sessions')
    await closeDialog(page)
    await page.close()
  } finally {
    await panel.stop()
    await project.remove()
  }
}
