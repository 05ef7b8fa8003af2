import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { chromiumLaunchOptions } from './browser.mjs'
import { replayedGpus, startHeadless, type HeadlessPanel } from './headless'
import { closeDialog, folder, goTo, keep, looks, settled, signIn, sizes, usual, wear } from './pictures'
import { freePort } from './ports'
import { doctorPictures } from './pictures-doctor'
import { picturesOfPolicies } from './pictures-policy'
import { picturesWithDocker } from './pictures-docker'
import { picturesOfSafety } from './pictures-safety'
import { picturesOfPeople } from './pictures-people'
import { picturesOfUser } from './pictures-user'
import { findPictures } from './pictures-find'
import { leakPictures } from './pictures-leaks'
import { addSimulatedProgram, generateOn } from './simulated'
import { until } from './until'

const prompts = [
  'A lighthouse on a basalt cliff at dusk, long exposure',
  'A city street in the rain at night, lanterns',
  'Northern lights over a frozen lake',
  'Sand dunes at sunrise, long shadows',
  'A ringed planet above a pine forest',
  'Ceramic bowls on a linen cloth, morning light',
]

/** Everything that happens in a demo panel, in the order of a first day. */
async function demo(browser: Browser): Promise<void> {
  const panel = await startHeadless({ env: replayedGpus() })
  try {
    const stranger = await browser.newPage({ viewport: sizes[1440], colorScheme: 'dark', locale: 'en-GB' })
    await stranger.goto(panel.url)
    await stranger.getByRole('button', { name: 'Sign in' }).waitFor()
    await keep(stranger, 'sign-in')
    await stranger.getByLabel('Link or token').fill('not-the-token')
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await stranger.getByText('is not accepted').waitFor()
    await keep(stranger, 'sign-in-refused')
    await stranger.close()

    const page = await signIn(browser, panel)
    await welcome(page, panel)
    await goTo(page, panel, 'gallery')
    await keep(page, 'gallery-empty')
    await goTo(page, panel, 'overview')
    await keep(page, 'overview-stopped')
    await panel.client.services.startAll()
    for (const prompt of prompts) {
      await Promise.all(['comfyui-demo', 'forge-demo'].map((id) => generateOn(panel, id, prompt)))
    }
    await rotation(page, panel)
    await studio(page, panel)
    await edit(page, panel)
    await pages(page, panel)
    await dialogs(page, panel)
    await leakPictures(page, panel)
    await picturesOfPolicies(page, panel)
    await findPictures(page, panel)
    await troubles(page, panel)
    await page.close()
  } finally {
    await panel.stop()
  }
}

async function welcome(page: Page, panel: HeadlessPanel): Promise<void> {
  for (const look of looks) {
    await wear(page, panel, look)
    await page.getByRole('list').first().waitFor()
    await keep(page, 'welcome', look)
  }
  await wear(page, panel, usual)
  await page.getByRole('button', { name: 'Skip welcome' }).click()
}

async function rotation(page: Page, panel: HeadlessPanel): Promise<void> {
  await goTo(page, panel, 'credentials/comfyui-demo')
  await page.getByRole('button', { name: 'Rotate', exact: true }).click()
  const asked = page.getByRole('dialog')
  await keep(page, 'rotation-asked')
  await asked.getByRole('button', { name: 'Rotate', exact: true }).click()
  await page.getByRole('heading', { name: 'Rotating comfyui-demo' }).waitFor()
  await keep(page, 'rotation-running')
  await page.getByRole('heading', { name: 'Rotation of comfyui-demo' }).waitFor()
  for (const look of looks) {
    await wear(page, panel, look)
    await keep(page, 'rotation-done', look)
  }
  await wear(page, panel, usual)
}

async function studio(page: Page, panel: HeadlessPanel): Promise<void> {
  await goTo(page, panel, 'studio')
  const prompt = 'A lighthouse at dusk, seen from the sea'
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt)
  await page.getByRole('button', { name: /^Generate/ }).click()
  const slower = page.getByRole('region', { name: 'Result of comfyui-demo' })
  await slower.getByText(/^Sampling, step (?:[5-9]|1\d)/).waitFor()
  await keep(page, 'studio-running')
  await until('both pictures', async () => (await page.getByText('Saved to the gallery').count()) === 2, 40_000)
  await settled(page)
  for (const look of looks) {
    await wear(page, panel, look)
    await keep(page, 'studio', look)
  }
  await wear(page, panel, usual)
}

/** The last image as a source, with a mask that was painted by keys. */
async function edit(page: Page, panel: HeadlessPanel): Promise<void> {
  await goTo(page, panel, 'gallery')
  await page.getByRole('list', { name: 'Images, newest first' }).getByRole('img').first().click()
  await page.getByRole('button', { name: 'Full size' }).first().click()
  await page.getByRole('button', { name: 'Edit this image' }).click()
  await page.getByRole('application').focus()
  await page.keyboard.down('Space')
  for (let n = 0; n < 6; n += 1) await page.keyboard.press('ArrowRight')
  await page.keyboard.up('Space')
  for (const look of looks) {
    await wear(page, panel, look)
    await settled(page)
    await keep(page, 'studio-edit', look)
  }
  await wear(page, panel, usual)
}

async function pages(page: Page, panel: HeadlessPanel): Promise<void> {
  const { items } = await panel.client.generations.list({ limit: 1 })
  const shown = [
    ['overview', 'overview'],
    ['services', 'services'],
    ['service', 'services/comfyui-demo'],
    ['credentials', 'credentials/forge-demo'],
    ['gallery', 'gallery'],
    ['gallery-detail', `gallery/${items[0]?.id ?? ''}`],
    ['models', 'models'],
    ['gpus', 'gpus'],
    ['settings', 'settings'],
  ] as const
  for (const look of looks) {
    await wear(page, panel, look)
    for (const [what, hash] of shown) {
      await goTo(page, panel, hash)
      await keep(page, what, look)
    }
  }
  await wear(page, panel, usual)
}

async function dialogs(page: Page, panel: HeadlessPanel): Promise<void> {
  await goTo(page, panel, 'overview')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('dialog').getByRole('textbox').waitFor()
  await keep(page, 'palette')
  await closeDialog(page)
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await keep(page, 'shortcuts')
  await goTo(page, panel, 'services')
  await page.getByRole('button', { name: 'Add service' }).click()
  await page.getByRole('dialog').waitFor()
  await keep(page, 'add-service')
  await goTo(page, panel, 'credentials')
  await page.getByRole('button', { name: 'Add credential' }).click()
  await page.getByRole('dialog').waitFor()
  await keep(page, 'add-credential')
  await goTo(page, panel, 'services/forge-demo')
  await page.getByRole('button', { name: 'More actions for forge-demo' }).click()
  await page.getByRole('menuitem', { name: /^Remove forge-demo/ }).click()
  await page.getByRole('dialog').waitFor()
  await keep(page, 'remove-asked')
  await goTo(page, panel, 'services/no-such-service')
  await keep(page, 'service-missing')
  await page.goto(`${panel.url}/api/v1/docs`)
  await page.getByText('/about').first().waitFor()
  await keep(page, 'api')
}

/** Passwords of both roles, the door that they open, and the lock; none is left afterwards. */
/** In a panel of its own: a new password signs everybody out. */
async function access(browser: Browser): Promise<void> {
  const panel = await startHeadless({ env: replayedGpus() })
  try {
    await panel.client.system.changeSettings({ welcomed: true })
    await accessPictures(browser, panel)
  } finally {
    await panel.stop()
  }
}

async function accessPictures(browser: Browser, panel: HeadlessPanel): Promise<void> {
  const password = 'a password for pictures'
  const page = await browser.newPage({ viewport: sizes[1440], colorScheme: 'dark', locale: 'en-GB' })
  for (const role of ['admin', 'user'] as const) await panel.client.access.setPassword({ role, password })
  await page.goto(panel.url)
  const field = page.getByLabel('Password', { exact: true })
  await field.waitFor()
  await keep(page, 'access-sign-in')
  await field.fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').waitFor()
  for (const look of looks) {
    await wear(page, panel, look)
    await goTo(page, panel, 'settings/access')
    await keep(page, 'access', look)
  }
  await wear(page, panel, usual)
  await page.keyboard.press('ControlOrMeta+Shift+L')
  await page.getByLabel('Admin password', { exact: true }).and(page.locator('input')).waitFor()
  await keep(page, 'access-lock')
  await page.close()
}

/** What goes wrong in real life: a changed secret, a full card, a panel that is gone. */
async function troubles(page: Page, panel: HeadlessPanel): Promise<void> {
  const { sinks } = await panel.client.credentials.get({ id: 'comfyui-demo' })
  const passwordFile = sinks.find((sink) => sink.type === 'comfyui-login')?.path ?? ''
  await writeFile(passwordFile, `$2b$12$${'a'.repeat(53)}\nregie\n`)
  await panel.client.services.restart({ id: 'comfyui-demo' })
  await until(
    'the service to be locked out',
    async () => (await panel.client.services.get({ id: 'comfyui-demo' })).health.state === 'locked-out',
  )
  await panel.client.credentials.drift({ id: 'comfyui-demo' })
  for (const look of looks) {
    await wear(page, panel, usual).catch(() => undefined)
    for (const [what, hash] of [
      ['overview-locked-out', 'overview'],
      ['service-locked-out', 'services/comfyui-demo'],
      ['credentials-drifted', 'credentials/comfyui-demo'],
    ] as const) {
      await goTo(page, panel, hash)
      await wear(page, panel, look)
      await keep(page, what, look)
    }
  }
  await wear(page, panel, usual)
  await doctorPictures(page, panel)

  const id = 'comfyui-small'
  await addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour: { oomAtStep: 3 } })
  await panel.client.services.start({ id })
  await goTo(page, panel, 'studio')
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('A picture that does not fit')
  await page.getByRole('button', { name: /^Generate/ }).click()
  await page.getByText('Generation failed').first().waitFor()
  await until('the other picture', async () => (await page.getByText('Saved to the gallery').count()) > 0, 40_000)
  await settled(page)
  await keep(page, 'studio-failed')
  const failed = (await panel.client.generations.list({ state: 'failed' })).items[0]
  await goTo(page, panel, `gallery/${failed?.id ?? ''}`)
  await keep(page, 'gallery-failed')

  await goTo(page, panel, 'overview')
  await panel.kill()
  await page
    .getByText(/Regie is not responding|Connection lost/)
    .first()
    .waitFor()
  await keep(page, 'panel-gone')
}

/** A panel without services, vault and GPU. */
async function empty(browser: Browser): Promise<void> {
  const panel = await startHeadless({ demo: false, env: replayedGpus('no-driver') })
  try {
    await panel.client.system.changeSettings({ welcomed: true })
    const page = await signIn(browser, panel)
    await wear(page, panel, usual)
    for (const [what, hash] of [
      ['overview-empty', 'overview'],
      ['services-empty', 'services'],
      ['vault-new', 'credentials'],
      ['studio-empty', 'studio'],
      ['gpus-absent', 'gpus'],
    ] as const) {
      await goTo(page, panel, hash)
      await keep(page, what)
    }
    await page.close()
  } finally {
    await panel.stop()
  }
}

export async function takeScreenshots(): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of await readdir(folder)) if (file.endsWith('.png')) await rm(path.join(folder, file))
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    await demo(browser)
    await access(browser)
    await empty(browser)
    await picturesOfUser(browser)
    await picturesOfPeople(browser)
    await picturesOfSafety(browser)
    await picturesWithDocker(browser)
  } finally {
    await browser.close()
  }
}
