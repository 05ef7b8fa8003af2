import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startDesktop, type Desktop } from '../../support/desktop'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const password = 'the owner’s password'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let desktop: Desktop
let page: Page

beforeAll(async () => {
  await ensureBuilt()
  folder = await temporaryFolder('regie-desktop')
  desktop = startDesktop({ userData: folder.path, args: ['--demo'] })
  page = await desktop.window()
  await call('PATCH', 'settings', { welcomed: true })
}, 120_000)
afterAll(async () => {
  await desktop.end()
  await folder[Symbol.asyncDispose]()
})

/** Calls the panel from its own page; answers the status, and what a test looks at. */
const callOnce = (method: string, to: string, body?: object) =>
  page.evaluate(
    async ([method, to, body]) => {
      const init: RequestInit = { method }
      if (body !== null) Object.assign(init, { body, headers: { 'content-type': 'application/json' } })
      const response = await fetch(`/api/v1/${to}`, init)
      const answer = (await response.json()) as { data?: { problem?: string }; password?: string; role?: string }
      return { status: response.status, problem: answer.data?.problem, password: answer.password, role: answer.role }
    },
    [method, to, body === undefined ? null : JSON.stringify(body)] as const,
  )
/** Where containers come and go, Chromium drops requests: what was dropped is sent again. */
const call = (method: string, to: string, body?: object) =>
  until(`${method} ${to} to be answered`, () =>
    callOnce(method, to, body).catch((error: unknown) => {
      if (String(error).includes('Failed to fetch')) return null
      throw error
    }),
  )
/** Presses a button until what it does is done. */
const press = (button: Locator, done: () => Promise<boolean>) =>
  until('what was pressed to be done', async () => {
    if (await done()) return true
    await button.click({ timeout: 1000 }).catch(() => undefined)
    return false
  })
const reveal = () => call('POST', 'credentials/forge-demo/reveal')
/** Opens the dialog that shows a credential's secret. */
const openReveal = async () => {
  await page.evaluate(() => void (location.hash = '#/credentials/forge-demo'))
  const revealing = page.getByRole('dialog', { name: 'Reveal forge-demo' })
  await press(page.getByRole('main').getByRole('button', { name: 'Reveal' }), () => revealing.isVisible())
  return revealing
}
const questions = async () => (await desktop.ask('recorded', 'question')).length
const isProtected = async () => (await desktop.ask('windows'))[0]?.contentProtected

describe('the owner without a password', () => {
  const url = 'http://127.0.0.1:9'
  const add = (id: string) => call('POST', 'services', { id, kind: 'comfyui', runtime: 'external', url })

  it('starts what is there unasked; the page alone takes out no secret and changes nothing that is run', async () => {
    const refused = { status: 403, problem: 'session.reauth-required' }

    expect(await reveal()).toMatchObject(refused)
    expect(await add('one')).toMatchObject(refused)
    expect(await call('PUT', 'access/passwords/admin', { password: 'a page’s own' })).toMatchObject(refused)
    expect((await call('POST', 'services/forge-demo/stop')).status).toBe(200)
    expect(await questions()).toBe(0)
  })

  it('is asked in a dialog of the shell, and nothing is done when they decline', async () => {
    const revealing = await openReveal()
    const asked = page.getByRole('dialog', { name: 'Confirm your identity' })
    await press(revealing.getByRole('button', { name: 'Reveal' }), () => asked.isVisible())

    await asked.getByText('Your identity was not confirmed').waitFor()
    expect(await questions()).toBe(1)
    await asked.getByRole('button', { name: 'Cancel' }).click()
    await revealing.getByText('Confirm your identity first.').waitFor()
    expect(await reveal()).toMatchObject({ status: 403 })
    expect((await call('POST', 'session/proof', { confirm: true })).problem).toBe('session.not-confirmed')
  })

  it('is asked once for several things that they do one after the other', async () => {
    await desktop.ask('answerQuestions', 'yes')
    const before = await questions()
    const revealing = page.getByRole('dialog', { name: 'Reveal forge-demo' })
    const copy = revealing.getByRole('button', { name: 'Copy password' })
    await press(revealing.getByRole('button', { name: 'Reveal' }), () => copy.isVisible())
    await page.evaluate(() => void (location.hash = '#/'))
    await revealing.waitFor({ state: 'hidden' })

    for (const id of ['one', 'two', 'three']) expect((await add(id)).status).toBe(201)
    expect((await questions()) - before).toBe(1)
  })
})

describe('a secret at the desktop', () => {
  it('is kept out of screenshots before it is shown, until it is hidden', async () => {
    expect(await isProtected()).toBe(false)

    await reveal()
    expect(await isProtected()).toBe(true)
    await call('POST', 'desktop/secret-hidden')

    expect(await isProtected()).toBe(false)
  })

  it('leaves the clipboard when that is asked, but for what another program put there', async () => {
    await call('POST', 'desktop/clipboard', { text: 'a copied secret' })
    expect(await desktop.ask('clipboard')).toBe('a copied secret')
    await call('DELETE', 'desktop/clipboard')
    expect(await desktop.ask('clipboard')).toBe('')

    await call('POST', 'desktop/clipboard', { text: 'a copied secret' })
    await desktop.ask('copyElsewhere', 'something else')
    await call('DELETE', 'desktop/clipboard')
    expect(await desktop.ask('clipboard')).toBe('something else')
  })
})

describe('the owner with an admin password', () => {
  it('is asked for it before an administrator’s action, and not again for a while', async () => {
    expect((await call('POST', 'session/unlock', { password })).status).toBe(200)
    expect((await call('PUT', 'access/passwords/admin', { password, current: password })).status).toBe(200)
    expect((await reveal()).status).toBe(200)

    const locked = page.getByRole('heading', { name: 'Regie is locked' })
    await press(page.getByRole('button', { name: 'Lock now' }), () => locked.isVisible())
    expect(await call('POST', 'session/unlock', { password: 'not it at all' })).toMatchObject({ status: 401 })
    expect(await reveal()).toMatchObject({ status: 401, problem: 'session.locked' })
    expect(await call('GET', 'services')).toMatchObject({ status: 401, problem: 'session.locked' })
    await page.getByLabel('Admin password').fill(password)
    const rail = page.getByRole('button', { name: 'Lock now' })
    await press(page.getByRole('button', { name: /^(Unlock|Try again)$/ }), () => rail.isVisible())
    expect((await reveal()).status).toBe(200)
  })

  it('leaves no copied secret behind when the program ends', async () => {
    await call('POST', 'desktop/clipboard', { text: 'a copied secret' })
    await desktop.ask('quit')
    expect(await desktop.exited).toBe(0)
    expect(desktop.output()).toContain('clipboard: empty')
  })

  it('is asked again after a restart, and what was asked for then happens', async () => {
    await desktop.end()
    desktop = startDesktop({ userData: folder.path, args: ['--demo'] })
    page = await desktop.window()
    expect(await reveal()).toMatchObject({ status: 403, problem: 'session.admin-locked' })
    expect((await call('GET', 'services')).status).toBe(200)

    // What is an administrator’s is not on screen before, and says so.
    await page.evaluate(() => void (location.hash = '#/credentials/forge-demo'))
    const unlock = page.getByRole('main').getByRole('button', { name: 'Unlock admin actions' })
    const asked = page.getByRole('dialog', { name: 'Unlock admin actions' })
    await press(unlock, () => asked.isVisible())
    const revealed = page.getByRole('main').getByRole('button', { name: 'Reveal' })
    await asked.getByLabel('Admin password').fill(password)
    await press(asked.getByRole('button', { name: 'Unlock' }), () => revealed.isVisible())
    const revealing = await openReveal()
    const copy = revealing.getByRole('button', { name: 'Copy password' })
    await press(revealing.getByRole('button', { name: 'Reveal' }), () => copy.isVisible())

    const secret = (await reveal()).password
    await press(copy, async () => (await desktop.ask('clipboard')) === secret)
    expect(await isProtected()).toBe(true)
    await revealing.getByRole('button', { name: 'Hide now' }).click()
    await until('the window to be shown in screenshots again', async () => !(await isProtected()))
  })
})
