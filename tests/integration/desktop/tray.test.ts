import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startDesktop, type Desktop } from '../../support/desktop'
import { freePort } from '../../support/ports'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

beforeAll(ensureBuilt, 120_000)

describe('Regie in the tray', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let desktop: Desktop
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('regie-tray')
    desktop = startDesktop({ userData: folder.path, args: ['--demo'] })
    page = await desktop.window()
  }, 120_000)
  afterAll(async () => {
    await desktop.end()
    await folder[Symbol.asyncDispose]()
  })

  const call = (method: string, to: string, body?: object): Promise<number> =>
    page.evaluate(
      async ([method, to, body]) => {
        const init: RequestInit = {
          method,
          ...(body !== '' && { body, headers: { 'content-type': 'application/json' } }),
        }
        return (await fetch(`/api/v1${to}`, init)).status
      },
      [method, to, body === undefined ? '' : JSON.stringify(body)] as const,
    )
  const labels = async () => (await desktop.ask('tray'))?.menu.map(({ label }) => label) ?? []
  const label = (starts: string) => async () => (await labels()).find((each) => each.startsWith(starts)) ?? null
  const recorded = async (what: string) => (await desktop.ask('recorded', what)).at(-1)

  it('tells the services, and starts and stops them as the page does', async () => {
    await desktop.prove(page)
    // A port of its own: other tests start panels at the same time.
    await call('PATCH', '/services/comfyui-demo', { url: `http://127.0.0.1:${await freePort()}` })
    const stopped = await until('the services in the menu', label('comfyui-demo'))
    await desktop.ask('clickTray', stopped, 'Start')
    const ready = await until('it to be ready', async () => {
      const now = await label('comfyui-demo')()
      return now?.endsWith(': Ready') ? now : null
    })
    expect((await desktop.ask('tray'))?.tooltip).toBe('Regie: 1 of 2 services ready')

    const job = { serviceId: 'comfyui-demo', params: { prompt: 'a lamp', width: 256, height: 256 } }
    expect(await call('POST', '/generations', job)).toBeLessThan(300)
    await until(
      'the job to be over',
      async () => (await recorded('power-save-blocker')) && !(await desktop.ask('isKeptAwake')),
    )
    expect(await recorded('power-save-blocker')).toMatchObject({ type: 'prevent-app-suspension' })
    expect(await recorded('progress')).toMatchObject({ fraction: -1 })

    await desktop.ask('clickTray', ready, 'Stop')
    await until('it to have stopped', async () => (await label('comfyui-demo')())?.endsWith(': Stopped'))
  })

  it('opens a place of the panel for a link, in the page that is there, and for none that it does not know', async () => {
    await page.evaluate(() => Object.assign(window, { stays: true }))
    await desktop.ask('openUrl', 'regie://services/forge-demo')
    await until('the place', async () => (await page.evaluate(() => location.hash)) === '#/services/forge-demo')
    await desktop.ask('openUrl', 'regie://panel/api/v1/services')
    await using second = startDesktop({ userData: folder.path, args: ['regie://gallery'] })
    expect(await second.exited).toBe(0)
    await until('the gallery', async () => (await page.evaluate(() => location.hash)) === '#/gallery')
    expect(await page.evaluate(() => 'stays' in window)).toBe(true)
  })

  it('looks at every service again when the machine has slept', async () => {
    const probed = () =>
      page.evaluate(async () => {
        const services = (await (await fetch('/api/v1/services')).json()) as { health: { checkedAt?: number } }[] // the contract's answer
        return JSON.stringify(services.map(({ health }) => health))
      })
    const before = await probed()
    await desktop.ask('resume')
    await until('new looks', async () => (await probed()) !== before)
  })

  it('asks at the first close, goes on without a window, and comes back', async () => {
    await desktop.ask('answerQuestions', 'yes')
    await desktop.ask('closeWindow')
    await until('the answer to be kept', async () =>
      (await desktop.ask('recorded', 'question')).some(({ message }) => message === 'Keep Regie running in the tray?'),
    )
    expect(await desktop.ask('windows')).toEqual([])
    expect(await labels()).toContain('Open Regie')

    await desktop.ask('clickTray', 'Open Regie')
    page = await desktop.window()
    const asked = (await desktop.ask('recorded', 'question')).length
    const keeps = 'Keep running when the window is closed'
    // The menu is made anew some time after the choice. Shown unchecked, a click would mean the opposite.
    await until('the menu to show the answer', async () =>
      (await desktop.ask('tray'))?.menu.some(({ label, checked }) => label === keeps && checked),
    )
    await desktop.ask('clickTray', keeps)
    await desktop.ask('closeWindow')
    expect(await desktop.exited).toBe(0)
    expect(asked).toBeGreaterThan(0)
  })
})

it('begins without a window where the system starts it at the sign-in', long, async () => {
  await using folder = await temporaryFolder('regie-tray')
  await using desktop = startDesktop({ userData: folder.path, args: ['--hidden'] })
  await until('the icon', async () => (await desktop.ask('tray').catch(() => null)) !== null)
  expect(await desktop.ask('windows')).toEqual([])
  await desktop.ask('clickIcon')
  await desktop.window()
  await desktop.ask('quit')
  expect(await desktop.exited).toBe(0)
})
