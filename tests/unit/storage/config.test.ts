import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConfig, serviceEntries, setAsideUnreadableConfig } from '../../../electron/storage/config'
import {
  galleryShared,
  partPreferences,
  readPreferences,
  writePreferences,
} from '../../../electron/storage/preferences'
import { temporaryFolder } from '../../support/programs'

describe('the configuration', () => {
  it('keeps settings and entries over a restart, readable by the owner only', async () => {
    await using folder = await temporaryFolder()
    writePreferences(openConfig(folder.path), 'user', { language: 'fr' })
    galleryShared(openConfig(folder.path)).write(true)
    serviceEntries(openConfig(folder.path)).write([{ id: 'one' }])

    const config = openConfig(folder.path)

    expect(readPreferences(config, 'user')).toEqual({ language: 'fr', theme: 'dark', welcomed: false })
    expect(readPreferences(config, 'admin')).toEqual({ language: 'system', theme: 'dark', welcomed: false })
    expect(galleryShared(config).read()).toBe(true)
    expect(serviceEntries(config).read()).toEqual([{ id: 'one' }])
    if (process.platform !== 'win32') expect(statSync(config.path).mode & 0o777).toBe(0o600)
  })

  it('replaces only the setting that is not valid by its default', async () => {
    await using folder = await temporaryFolder()
    const config = openConfig(folder.path)
    config.set('preferences', { admin: { language: 'klingon', theme: 'light', welcomed: true }, user: 'none' })
    config.set('settings', { galleryShared: 'yes' })

    expect(readPreferences(config, 'admin')).toEqual({ language: 'system', theme: 'light', welcomed: true })
    expect(readPreferences(config, 'user')).toEqual({ language: 'system', theme: 'dark', welcomed: false })
    expect(galleryShared(config).read()).toBe(false)
  })

  it('gives what was set for the panel to both accounts, once, each to change for itself from then on', async () => {
    await using folder = await temporaryFolder()
    const config = openConfig(folder.path)
    const former = { language: 'fr', theme: 'light', welcomed: true } as const
    config.set('settings', former)

    partPreferences(config)
    writePreferences(config, 'user', { theme: 'dark' })
    partPreferences(openConfig(folder.path))

    expect(readPreferences(openConfig(folder.path), 'admin')).toEqual(former)
    expect(readPreferences(openConfig(folder.path), 'user')).toEqual({ ...former, theme: 'dark' })
    expect(config.get('settings')).toEqual({})
  })

  it('of a new panel has no former preferences to give', async () => {
    await using folder = await temporaryFolder()
    const config = openConfig(folder.path)
    partPreferences(config)
    expect(config.has('preferences')).toBe(false)
  })

  it.each(['{ "services": [', '[]', '"text"', ''])(
    'moves an unreadable file (%s) aside and says where it is',
    async (content) => {
      await using folder = await temporaryFolder()
      writeFileSync(path.join(folder.path, 'config.json'), content)

      const told = setAsideUnreadableConfig(folder.path)

      const [kept] = readdirSync(folder.path)
      expect(kept).toMatch(/^config\.json\.unreadable-\d+$/)
      expect(told?.message).toContain(kept)
      expect(readFileSync(path.join(folder.path, kept ?? ''), 'utf8')).toBe(content)
    },
  )

  it('leaves a readable file alone', async () => {
    await using folder = await temporaryFolder()
    writePreferences(openConfig(folder.path), 'admin', { welcomed: true })

    expect(setAsideUnreadableConfig(folder.path)).toBeNull()
    expect(readdirSync(folder.path)).toEqual(['config.json'])
  })
})
