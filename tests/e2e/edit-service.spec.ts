import { createServer } from 'node:net'
import type { Page } from 'playwright/test'
import { freePort } from '../support/ports'
import type { HeadlessPanel } from '../support/headless'
import { misuses } from '../support/axe'
import { expect, test } from './support/fixtures'

const sound = async (page: Page) => expect(await misuses(page, { within: '[role="dialog"]' })).toEqual([])

/** A native service that answers nothing, with a path of Windows and a secret in clear text. */
async function withNative(panel: HeadlessPanel, page: Page) {
  const port = await freePort()
  await panel.client.services.create({
    ...{ id: 'upscale', kind: 'comfyui', runtime: 'process', url: `http://127.0.0.1:${port}` },
    process: {
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1e6)', '--models', 'D:\\my models\\sd', '--api-key', 'sk-in-clear-text'],
      env: { HF_HOME: 'D:\\models\\huggingface' },
    },
  })
  await page.goto(panel.signInLink)
  await panel.client.system.changeSettings({ welcomed: true })
  await page.goto(`${panel.url}/#/services/upscale`)
}

const openEdit = async (page: Page, name: string) => {
  await page.getByRole('button', { name: /^More actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Edit…' }).click()
  const drawer = page.getByRole('dialog', { name: `Edit ${name}` })
  await expect(drawer.getByRole('heading', { name: 'General' })).toBeVisible()
  return drawer
}

const journey = 'a service is edited: problems at their fields, secrets into the vault, and another’s change met'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  await withNative(panel, page)
  const drawer = await openEdit(page, 'upscale')
  await sound(page)

  // A problem stands at its field, with its correction; saving leads there.
  await drawer.getByLabel('Display name').fill('Upscaler')
  await drawer.getByLabel('Address').fill('127.0.0.1:8199')
  await drawer.getByRole('button', { name: 'Add variable' }).click()
  await drawer.getByLabel('Variable name').last().fill('PYTORCH CUDA_ALLOC_CONF')
  await page.keyboard.press('Control+s')
  await expect(drawer.getByText('2 problems')).toBeVisible()
  await expect(drawer.getByLabel('Address')).toBeFocused()
  await drawer.getByRole('button', { name: 'http://127.0.0.1:8199' }).click()
  await drawer.getByRole('button', { name: 'PYTORCH_CUDA_ALLOC_CONF' }).click()
  await drawer.getByLabel('Value of PYTORCH_CUDA_ALLOC_CONF').fill('expandable_segments:True')
  await expect(drawer.getByText('3 unsaved changes')).toBeVisible()

  // A connection is tried before it is saved.
  await drawer.getByRole('button', { name: 'Test connection' }).click()
  await expect(drawer.getByText('Connection refused')).toBeVisible()
  await drawer.getByLabel('Address').fill('http://127.0.0.1:8198')
  await expect(drawer.getByText('Outdated: address or credential changed')).toBeVisible()

  // A secret that is typed goes into the vault, and no further.
  await drawer.getByRole('button', { name: 'Add secret' }).click()
  await drawer.getByLabel('Variable name').last().fill('HF_TOKEN')
  await drawer.getByLabel('Secret of HF_TOKEN').fill('hf_typed-into-the-form')
  await sound(page)

  // Somebody else is quicker.
  await panel.client.services.update({ id: 'upscale', name: 'Of somebody else', tags: ['night'] })
  await drawer.getByRole('button', { name: /^Save Ctrl/ }).click()
  await expect(drawer.getByText('Someone else changed this service')).toBeVisible()
  await expect(drawer.getByText('Of somebody else', { exact: true })).toBeVisible()
  await sound(page)
  await drawer.getByRole('radio', { name: 'Keep your value: Display name' }).check()
  await drawer.getByRole('button', { name: /^Save Ctrl/ }).click()
  await expect(page.getByRole('heading', { name: 'Upscaler', level: 1 })).toBeVisible()

  const saved = await panel.client.services.get({ id: 'upscale' })
  expect(saved).toMatchObject({ name: 'Upscaler', tags: ['night'], url: 'http://127.0.0.1:8198' })
  expect(saved.process?.args).toContain('D:\\my models\\sd')
  expect(saved.process?.env).toEqual({
    ...{ HF_HOME: 'D:\\models\\huggingface', PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True' },
    HF_TOKEN: [{ credentialId: 'upscale-hf-token', field: 'token' }],
  })

  // What stands there in clear text is taken into the vault.
  await openEdit(page, 'Upscaler')
  const again = page.getByRole('dialog', { name: 'Edit Upscaler' })
  await again.getByRole('button', { name: 'Import into vault' }).click()
  await expect(again.getByLabel('Arguments')).toHaveValue(/\$\{vault:upscale-api-key\.token\}/)
  await expect(again.getByRole('button', { name: 'Import into vault' })).toBeHidden()

  // What is typed is not lost by a key.
  await again.getByLabel('Working folder').fill('relative')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Keep editing' }).click()
  await expect(again.getByLabel('Working folder')).toHaveValue('relative')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Discard 1 change' }).click()
  await expect(again).toBeHidden()
})

test(
  'a protected service that exists is tried and added with its credential in one form',
  { tag: '@long' },
  async ({ page, panel }) => {
    const demo = await panel.client.services.start({ id: 'forge-demo' })
    const secret = await panel.client.credentials.reveal({ id: 'forge-demo' })
    await page.goto(panel.signInLink)
    await panel.client.system.changeSettings({ welcomed: true })
    await page.goto(`${panel.url}/#/services`)
    await page.getByRole('button', { name: 'Add service' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Existing service/ }).click()
    await dialog.getByText('Forge', { exact: true }).click()
    await dialog.getByLabel('Display name').fill('Forge im Labor')
    await expect(dialog.getByLabel('ID', { exact: true })).toHaveValue('forge-im-labor')
    await dialog.getByLabel('Address').fill(demo.url)
    await dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(dialog.getByText('Requires a credential (401)')).toBeVisible()
    await dialog.getByRole('button', { name: 'Create one here' }).click()
    await dialog.getByLabel('Username').fill(secret.username ?? '')
    await dialog.getByRole('textbox', { name: 'Password' }).fill(secret.password ?? '')
    await dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(dialog.getByText('Reachable and protected')).toBeVisible()
    await sound(page)
    await dialog.getByRole('button', { name: 'Add service' }).click()

    await expect(page.getByRole('heading', { name: 'Forge im Labor', level: 1 })).toBeVisible()
    await expect(page.getByText('Ready').first()).toBeVisible()
    expect(await panel.client.services.get({ id: 'forge-im-labor' })).toMatchObject({ credentialId: 'forge-im-labor' })
  },
)

const restarted = 'what a running service is started with is saved while it stands still, and it starts again'
test(restarted, { tag: '@long' }, async ({ page, panel }) => {
  await panel.client.services.start({ id: 'comfyui-demo' })
  const url = `http://127.0.0.1:${await freePort()}`
  await page.goto(panel.signInLink)
  await panel.client.system.changeSettings({ welcomed: true })
  await page.goto(`${panel.url}/#/services/comfyui-demo?ask=edit`)
  const drawer = page.getByRole('dialog', { name: 'Edit comfyui-demo' })
  await drawer.getByLabel('Address').fill(url)
  await expect(drawer.getByText('it is saved while the service is stopped')).toBeVisible()
  await expect(drawer.getByRole('button', { name: /^Save Ctrl/ })).toBeDisabled()
  await drawer.getByRole('button', { name: 'Save and restart' }).click()
  await expect(drawer).toBeHidden()
  await expect
    .poll(async () => {
      const { health, url: now } = await panel.client.services.get({ id: 'comfyui-demo' })
      return `${now} ${health.state}`
    })
    .toBe(`${url} ready`)

  // What cannot be saved stops nothing.
  const before = await panel.client.services.get({ id: 'comfyui-demo' })
  // Without the word of the first restart, which lies over the buttons.
  await page.reload()
  await page.goto(`${panel.url}/#/services/comfyui-demo?ask=edit`)
  await drawer.getByLabel('Display name').fill('Poster')
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    const address = other.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    await drawer.getByLabel('Address').fill(`http://127.0.0.1:${port}`)
    await panel.client.services.arrange({ changes: [{ id: 'comfyui-demo', name: 'Of somebody else' }] })
    await drawer.getByRole('button', { name: 'Save and restart' }).click()
    await expect(drawer.getByText('Someone else changed this service')).toBeVisible()
    expect(await panel.client.services.get({ id: 'comfyui-demo' })).toMatchObject({ pid: before.pid })

    // A start that fails leaves it stopped: that is said, and Start is offered.
    await drawer.getByRole('radio', { name: 'Keep your value: Display name' }).check()
    await drawer.getByRole('button', { name: 'Save and restart' }).click()
    await expect(page.getByText('was stopped and did not start again')).toBeVisible()
  } finally {
    await new Promise((resolve) => other.close(resolve))
  }
  await page.getByRole('alert').getByRole('button', { name: 'Start', exact: true }).click()
  await expect
    .poll(async () => (await panel.client.services.get({ id: 'comfyui-demo' })).health.state, { timeout: 15_000 })
    .toBe('ready')
})

test(
  'a service is duplicated at the next free address, and a credential made with it',
  { tag: '@long' },
  async ({ page, panel }) => {
    await withNative(panel, page)
    await page.getByRole('button', { name: /^More actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Duplicate…' }).click()
    const drawer = page.getByRole('dialog', { name: 'Duplicate upscale' })
    await expect(drawer.getByLabel('ID', { exact: true })).toHaveValue('upscale-copy')
    await drawer.getByLabel('Display name').fill('Upscaler Nº 2')
    await expect(drawer.getByLabel('ID', { exact: true })).toHaveValue('upscaler-no-2')
    await drawer.getByRole('button', { name: 'Create one here' }).click()
    await drawer.getByLabel('Username').fill('ann')
    await drawer.getByRole('textbox', { name: 'Password' }).fill('a password in use')
    await drawer.getByRole('button', { name: /^Add service/ }).click()

    await expect(page.getByRole('heading', { name: 'Upscaler Nº 2', level: 1 })).toBeVisible()
    const [first, copy] = await Promise.all(['upscale', 'upscaler-no-2'].map((id) => panel.client.services.get({ id })))
    expect(copy).toMatchObject({ credentialId: 'upscaler-no-2', process: first?.process })
    expect(copy?.url).not.toBe(first?.url)
    expect(await panel.client.credentials.get({ id: 'upscaler-no-2' })).toMatchObject({ username: 'ann' })
  },
)
