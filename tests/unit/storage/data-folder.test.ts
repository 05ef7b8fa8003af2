import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { closeDatabase, openDatabase } from '../../../electron/storage/database'
import { defaultDataFolder, prepareDataFolder } from '../../../electron/storage/data-folder'
import { lockDataFolder } from '../../../electron/storage/folder-lock'

const made: string[] = []
const folder = () => {
  const at = mkdtempSync(path.join(os.tmpdir(), 'regie-data-folder-'))
  made.push(at)
  return at
}
afterEach(() => {
  for (const at of made.splice(0)) rmSync(at, { recursive: true, force: true })
})
const modeOf = (file: string) => statSync(file).mode & 0o777

it.each([
  ['linux', 'XDG_CONFIG_HOME'],
  ['win32', 'APPDATA'],
] as const)('on %s an empty %s is none: data never go below the current folder', (platform, name) => {
  const found = defaultDataFolder({ [name]: '' }, platform)
  expect(found).toBe(defaultDataFolder({}, platform))
  expect(path.isAbsolute(found)).toBe(true)
})

describe('a folder in the place of a file', () => {
  it.each(['regie.db', 'rotations.jsonl', 'audit.jsonl', 'vault.json', 'config.json', 'updates.jsonl'])(
    '%s is told by its path, on Windows too, and left as it is',
    (name) => {
      const at = folder()
      mkdirSync(path.join(at, name))
      for (const platform of ['linux', 'win32'] as const)
        expect(() => prepareDataFolder(at, platform)).toThrow(`${path.join(at, name)} is a folder, but Regie keeps`)
      expect(statSync(path.join(at, name)).isDirectory()).toBe(true)
    },
  )

  it('folders that belong there are none', () => {
    const at = path.join(folder(), 'data.d')
    prepareDataFolder(at)
    for (const name of ['images', 'backups', 'services', 'updates']) mkdirSync(path.join(at, name))
    expect(prepareDataFolder(at)).toBe(at)
  })
})

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  it('is made for its owner only', () => {
    const at = path.join(folder(), 'new', 'deep')
    expect(prepareDataFolder(at)).toBe(at)
    expect(modeOf(at)).toBe(0o700)
  })

  it('of an earlier version is narrowed, with the files in it', () => {
    const at = folder()
    for (const name of ['config.json', 'regie.db', 'regie.db-wal']) writeFileSync(path.join(at, name), '{}')
    mkdirSync(path.join(at, 'images'))
    for (const name of ['config.json', 'regie.db', 'regie.db-wal', 'images', '']) chmodSync(path.join(at, name), 0o755)
    prepareDataFolder(at)
    expect(modeOf(at)).toBe(0o700)
    for (const name of ['config.json', 'regie.db', 'regie.db-wal', 'images'])
      expect(modeOf(path.join(at, name)), name).toBe(0o700)
  })

  it('does not follow a link out of itself', () => {
    const [at, outside] = [folder(), path.join(folder(), 'shared.txt')]
    writeFileSync(outside, '')
    chmodSync(outside, 0o644)
    writeFileSync(path.join(at, 'config.json'), '{}')
    symlinkSync(outside, path.join(at, 'link'))
    prepareDataFolder(at)
    expect(modeOf(outside)).toBe(0o644)
  })

  it('that holds other things and is open to others is refused, and left as it is', () => {
    const at = folder()
    writeFileSync(path.join(at, 'letter.txt'), '')
    chmodSync(path.join(at, 'letter.txt'), 0o644)
    chmodSync(at, 0o755)
    expect(() => prepareDataFolder(at)).toThrow(`Other users of this machine can read the folder ${at}`)
    expect(modeOf(at)).toBe(0o755)
    expect(modeOf(path.join(at, 'letter.txt'))).toBe(0o644)
  })

  it('on Windows is not judged by modes, which mean nothing there', () => {
    const at = folder()
    writeFileSync(path.join(at, 'letter.txt'), '')
    chmodSync(at, 0o755)
    expect(prepareDataFolder(at, 'win32')).toBe(at)
  })

  it('holds a database and a lock that nobody else may read, and no log after an orderly end', async () => {
    const at = folder()
    const file = path.join(at, 'regie.db')
    const before = process.umask(0)
    try {
      const { database } = await openDatabase(file, ['CREATE TABLE t (text TEXT)'])
      database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(10_000))
      const lock = lockDataFolder(path.join(at, 'panel.lock'))
      for (const name of ['regie.db', 'regie.db-wal', 'regie.db-shm', 'panel.lock'])
        expect(modeOf(path.join(at, name)), name).toBe(0o600)
      lock.release()
      closeDatabase(database)
    } finally {
      process.umask(before)
    }
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    const again = await openDatabase(file, ['CREATE TABLE t (text TEXT)'])
    expect(again.database.prepare('SELECT count(*) AS n FROM t').get()).toMatchObject({ n: 1 })
    closeDatabase(again.database)
  })
})
