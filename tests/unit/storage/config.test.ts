import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  openConfig,
  readSettings,
  serviceEntries,
  setAsideUnreadableConfig,
  writeSettings,
} from '../../../electron/storage/config'
import { temporaryFolder } from '../../support/programs'

describe('the configuration', () => {
  it('keeps settings and entries over a restart, readable by the owner only', async () => {
    await using folder = await temporaryFolder()
    writeSettings(openConfig(folder.path), { language: 'fr' })
    serviceEntries(openConfig(folder.path)).write([{ id: 'one' }])

    const config = openConfig(folder.path)

    expect(readSettings(config)).toEqual({ language: 'fr', theme: 'dark', welcomed: false })
    expect(serviceEntries(config).read()).toEqual([{ id: 'one' }])
    if (process.platform !== 'win32') expect(statSync(config.path).mode & 0o777).toBe(0o600)
  })

  it('replaces only the setting that is not valid by its default', async () => {
    await using folder = await temporaryFolder()
    const config = openConfig(folder.path)
    config.set('settings', { language: 'klingon', theme: 'light', welcomed: true })

    expect(readSettings(config)).toEqual({ language: 'system', theme: 'light', welcomed: true })
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
    writeSettings(openConfig(folder.path), { welcomed: true })

    expect(setAsideUnreadableConfig(folder.path)).toBeNull()
    expect(readdirSync(folder.path)).toEqual(['config.json'])
  })
})
