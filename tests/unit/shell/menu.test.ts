import { describe, expect, it, vi } from 'vitest'
import { menuTemplate, type MenuOptions } from '../../../electron/shell/menu'

type Item = ReturnType<typeof menuTemplate>[number]

const template = (options: Partial<MenuOptions> = {}) =>
  menuTemplate({ platform: 'linux', language: 'en', packaged: true, openDataFolder: () => undefined, ...options })

/** All items of all levels. */
const flatten = (items: Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])])
const roles = (items: Item[]) => flatten(items).flatMap((item) => item.role ?? [])

describe('the menu', () => {
  it('has no developer tools and no reload in a packaged Regie', () => {
    expect(roles(template({ packaged: true }))).not.toContain('toggleDevTools')
    expect(roles(template({ packaged: true }))).not.toContain('reload')
    expect(roles(template({ packaged: false }))).toEqual(expect.arrayContaining(['toggleDevTools', 'reload']))
  })

  it('leaves no item of one language in the other', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      const labels = (language: 'en' | 'fr') =>
        flatten(template({ platform, language, packaged: false })).flatMap(({ label }) => label ?? [])
      const shared = labels('en').filter((label) => labels('fr').includes(label))
      expect(shared).toEqual(platform === 'darwin' ? ['Regie'] : [])
    }
  })

  it('starts with the application’s own menu on macOS, and ends with the windows’', () => {
    const items = template({ platform: 'darwin' })
    expect(items[0]?.label).toBe('Regie')
    expect(items.at(-1)?.role).toBe('window')
  })

  it.each(['win32', 'linux', 'darwin'] as const)('can quit, copy and paste on %s', (platform) => {
    expect(roles(template({ platform }))).toEqual(expect.arrayContaining(['quit', 'copy', 'paste', 'selectAll']))
  })

  it('opens the data folder', () => {
    const openDataFolder = vi.fn()
    const item = flatten(template({ openDataFolder })).find(({ label }) => label === 'Open data folder')

    // Electron passes the item, the window and the event; this item uses none of them.
    const click = item?.click as (() => void) | undefined
    click?.()

    expect(openDataFolder).toHaveBeenCalledOnce()
  })
})
