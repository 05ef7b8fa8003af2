import { describe, expect, it, vi } from 'vitest'
import { HealthState } from '../../../shared/contract/health'
import { trayTemplate, trayTooltip, type TrayOptions } from '../../../electron/shell/tray-menu'
import en from '../../../renderer/i18n/en/common.json'
import fr from '../../../renderer/i18n/fr/common.json'

const service = (id: string, state: HealthState) => ({ id, name: id, state })

function menu(some: Partial<TrayOptions> = {}) {
  const spies = { open: vi.fn(), act: vi.fn(), setKeepsRunning: vi.fn(), setAtSignIn: vi.fn(), quit: vi.fn() }
  const services = [service('comfyui', 'ready'), service('forge', 'stopped')]
  const items = trayTemplate({
    ...{ language: 'en', services, attention: { count: 0, first: '#/overview' }, keepsRunning: true },
    ...{ atSignIn: false, canStartAtSignIn: true, ...spies, ...some },
  })
  const find = (...labels: string[]) => {
    let found: (typeof items)[number] | undefined = { submenu: items }
    for (const label of labels)
      found = (Array.isArray(found?.submenu) ? found.submenu : []).find((each) => each.label === label)
    return found
  }
  // A click is called with what Electron hands over, which none of the items looks at.
  const click = (...labels: string[]) => find(...labels)?.click?.(null as never, undefined, null as never)
  return { items, find, click, labels: items.map(({ label }) => label), ...spies }
}

describe('the tray’s menu', () => {
  it('tells each service with its state, and offers what that state allows', () => {
    const { labels, find, click, act, open } = menu()
    expect(labels).toEqual(expect.arrayContaining(['comfyui: Ready', 'forge: Stopped']))
    expect([find('comfyui: Ready', 'Start')?.enabled, find('comfyui: Ready', 'Stop')?.enabled]).toEqual([false, true])
    expect([find('forge: Stopped', 'Start')?.enabled, find('forge: Stopped', 'Stop')?.enabled]).toEqual([true, false])
    click('forge: Stopped', 'Start')
    expect(act).toHaveBeenCalledWith('forge', 'start')
    click('comfyui: Ready', 'Show')
    expect(open).toHaveBeenCalledWith('#/services/comfyui')
  })

  it('leads to what needs attention most', () => {
    const { click, open } = menu({ attention: { count: 3, first: '#/credentials/forge' } })
    click('Needs attention (3)')
    expect(open).toHaveBeenCalledWith('#/credentials/forge')
    expect(menu().find('Nothing needs attention')?.enabled).toBe(false)
  })

  it('tells nothing of services while they may not be told', () => {
    const { labels } = menu({ services: null, attention: { count: 0, first: '#/overview' } })
    expect(labels.filter((label) => label?.includes('comfyui'))).toEqual([])
    expect(labels).toContain('Locked: open Regie to see the services')
    expect(trayTooltip({ language: 'en', services: null })).toBe('Regie')
  })

  it('has the two choices as checkboxes, and the sign-in only where it can be had', () => {
    const { find, click, setKeepsRunning, setAtSignIn } = menu()
    expect(find('Keep running when the window is closed')).toMatchObject({ type: 'checkbox', checked: true })
    click('Keep running when the window is closed')
    click('Start at sign-in')
    expect([setKeepsRunning.mock.calls, setAtSignIn.mock.calls]).toEqual([[[false]], [[true]]])
    expect(menu({ canStartAtSignIn: false }).labels).not.toContain('Start at sign-in')
  })

  it('shows a name with an & as it is', () => {
    expect(menu({ services: [{ ...service('a', 'ready'), name: 'A & B' }] }).labels).toContain('A && B: Ready')
  })

  it('calls the states what the pages call them', () => {
    const services = HealthState.options.map((state) => service(state, state))
    const listed = (language: 'en' | 'fr') =>
      menu({ language, services }).labels.flatMap((label) => /^[\w-]+: (.*)$/.exec(label ?? '')?.[1] ?? [])
    const words = (states: Record<string, string>) => HealthState.options.map((state) => states[state])
    expect(listed('en')).toEqual(words(en.status))
    expect(listed('fr')).toEqual(words(fr.status))
  })
})
