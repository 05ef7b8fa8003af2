import * as fc from 'fast-check'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkRoom } from '../../../electron/backup/collect'
import { checkFolderPath } from '../../../electron/backup/folder'
import { outlived } from '../../../electron/backup/keep'
import { fileNameOf, isLeftover, readFileName } from '../../../electron/backup/names'
import { dueAt, lastAt, nextAt, retryMs } from '../../../electron/backup/schedule'
import { createShelf } from '../../../electron/backup/shelf'
import { canMountSmallDisk, mountSmallDisk } from '../../support/full-disk'
import { makeWorld } from '../../support/backups'

const dayMs = 86_400_000
const noon = new Date(2026, 10, 30, 12).getTime()
const every = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ name: `day ${n}`, at: noon - n * dayMs, isComplete: true },
  }))

describe('what is kept', () => {
  test('the newest of each day, week and month, counted over those that have one', () => {
    const all = every(60)
    const gone = new Set(outlived(all, { daily: 3, weekly: 2, monthly: 2 }))
    const kept = all.filter(({ name }) => !gone.has(name)).map(({ name }) => name)
    // 30 November 2026 is a Monday: the week before ends the day before, the month before on 31 October.
    expect(kept).toEqual(['day 0', 'day 1', 'day 2', 'day 30'])
    expect(outlived([{ name: 'old', at: 0, isComplete: true }], { daily: 1, weekly: 0, monthly: 0 })).toEqual([])
    const sameDay = [0, 1, 2].map((n) => ({ name: `${n}`, at: noon + n, isComplete: true }))
    expect(outlived(sameDay, { daily: 7, weekly: 4, monthly: 6 })).toEqual(['1', '0'])
  })

  test('what lacks a file counts as any other, but the newest complete one stays however old it is', () => {
    const all = every(60).map((each, n) => ({ ...each, isComplete: n === 40 || n === 50 }))
    const gone = new Set(outlived(all, { daily: 3, weekly: 0, monthly: 0 }))
    const kept = all.filter(({ name }) => !gone.has(name)).map(({ name }) => name)
    expect(kept).toEqual(['day 0', 'day 1', 'day 2', 'day 40'])
  })

  test('never nothing, and never fewer days than were asked for', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 4_000_000_000_000 }), { minLength: 1, maxLength: 40 })
    const counts = fc.record({
      daily: fc.integer({ min: 1, max: 9 }),
      weekly: fc.integer({ min: 0, max: 5 }),
      monthly: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(times, counts, (list, keep) => {
        const all = list.map((at) => ({ name: String(at), at, isComplete: false }))
        const gone = new Set(outlived(all, keep))
        const left = all.filter(({ name }) => !gone.has(name))
        const days = (of: typeof all) => new Set(of.map(({ at }) => new Date(at).toDateString())).size
        expect(left.some(({ at }) => at === Math.max(...list))).toBe(true)
        expect(days(left)).toBeGreaterThanOrEqual(Math.min(keep.daily, days(all)))
      }),
    )
  })

  test('only what this installation made and this machine has checked is removed', async () => {
    await using world = await makeWorld()
    const made: string[] = []
    for (const installation of ['abcd1234', 'abcd1234', 'abcd1234', 'efgh5678'])
      made.push((await world.make({ installation, withPictures: false })).name)
    await writeFile(path.join(world.folder, fileNameOf({ installation: 'abcd1234', at: 0 })), 'no backup at all')
    const [unknown = '', checked = '', newest = ''] = made
    const sizeOf = async (name: string) => (await stat(path.join(world.folder, name))).size
    const its = { withPictures: false, checked: { at: 1, by: 'made' as const }, lacks: { count: 0, files: [] } }
    const known = {
      [checked]: { bytes: await sizeOf(checked), ...its },
      [newest]: { bytes: await sizeOf(newest), ...its },
      // Another file under its name: nothing is known of it.
      [unknown]: { bytes: 1, ...its },
    }
    const shelf = createShelf({ installation: 'abcd1234', known: () => known })
    expect(await shelf.list(world.folder)).toHaveLength(4)
    expect(await shelf.prune(world.folder, { daily: 1, weekly: 0, monthly: 0 }, checked)).toEqual([])
    expect(await shelf.prune(world.folder, { daily: 1, weekly: 0, monthly: 0 })).toEqual([checked])
    expect((await shelf.list(world.folder)).map(({ name }) => name)).toContain(unknown)
    expect(await readdir(world.folder)).toHaveLength(4)
    await expect(shelf.find(world.folder, '../data/people.json')).rejects.toMatchObject({ id: 'backup.not-found' })
  })
})

test('names tell whose and when, fit every system, and nothing else is taken for one', () => {
  const name = fileNameOf({ installation: 'abcd1234', at: Date.UTC(2026, 10, 30, 3, 30, 5) })
  expect(name).toBe('regie-abcd1234-20261130T033005Z.tar.age')
  expect(readFileName(name)).toEqual({ installation: 'abcd1234', at: Date.UTC(2026, 10, 30, 3, 30, 5) })
  for (const other of [`${name}.tmp`, name.replace('1130', '1331'), name.toUpperCase(), `../${name}`, 'x.age'])
    expect(readFileName(other), other).toBeNull()
  expect(isLeftover(`.${name}.0123456789ab.tmp`, 'abcd1234')).toBe(true)
  expect(isLeftover(`.${name}.0123456789ab.tmp`, 'efgh5678')).toBe(false)
  expect(isLeftover(name, 'abcd1234')).toBe(false)
})

describe('the schedule', () => {
  const at = (day: number, hours: number, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime()

  test('goes by the clock on the wall', () => {
    expect(nextAt('03:30', at(10, 2))).toBe(at(10, 3, 30))
    expect(nextAt('03:30', at(10, 3, 30))).toBe(at(11, 3, 30))
    expect(lastAt('03:30', at(10, 3, 30))).toBe(at(10, 3, 30))
    expect(lastAt('03:30', at(10, 2))).toBe(at(9, 3, 30))
  })

  test('makes up for a time that was slept through, and tries again after a failure', () => {
    const standing = { daily: '03:30', lastMade: at(9, 3, 31), failedAt: null }
    expect(dueAt(standing, at(9, 12))).toBe(at(10, 3, 30))
    expect(dueAt(standing, at(10, 9))).toBe(at(10, 3, 30))
    expect(dueAt({ ...standing, failedAt: at(10, 3, 31) }, at(10, 4))).toBe(at(10, 3, 31) + retryMs)
    expect(dueAt({ ...standing, lastMade: at(10, 4) }, at(10, 5))).toBe(at(11, 3, 30))
    expect(dueAt({ ...standing, lastMade: null }, at(10, 5))).toBe(at(10, 3, 30))
    expect(dueAt({ ...standing, daily: null }, at(10, 5))).toBeNull()
  })

  test('is not put off by a clock that was ahead once', () => {
    const ahead = { daily: '03:30', lastMade: at(27, 4), failedAt: null }
    expect(dueAt(ahead, at(10, 9))).toBe(at(10, 3, 30))
    expect(dueAt({ ...ahead, lastMade: null, failedAt: at(27, 4) }, at(10, 9))).toBe(at(10, 3, 30))
  })
})

describe('the folder', () => {
  test('is an absolute path of its system, outside the data folder', () => {
    const linux = (folder: string) => () => checkFolderPath(folder, '/home/ann/.config/Regie', 'linux')
    const windows = (folder: string) => () =>
      checkFolderPath(folder, String.raw`C:\Users\ann\AppData\Roaming\Regie`, 'win32')
    expect(linux('/mnt/backups')).not.toThrow()
    expect(linux('/home/ann/.config/Regie backups')).not.toThrow()
    for (const folder of ['backups', './x', '', String.raw`D:\Backups`]) expect(linux(folder), folder).toThrow()
    for (const folder of [
      '/home/ann/.config/Regie',
      '/home/ann/.config/Regie/x',
      '/home/ann/.config/Regie/..x',
      '/home/ann/.config/x/../Regie',
    ])
      expect(linux(folder), folder).toThrow('data folder')
    for (const folder of [String.raw`D:\Backups`, 'D:/Backups', String.raw`\\nas\share\backups`])
      expect(windows(folder), folder).not.toThrow()
    for (const folder of ['/mnt/backups', String.raw`\Backups`, 'D:', 'Backups', String.raw`\\nas`])
      expect(windows(folder), folder).toThrow()
    expect(windows(String.raw`c:\users\ANN\appdata\roaming\regie\x`)).toThrow('data folder')
    expect(windows(String.raw`C:\Users\ann\AppData\Roaming\Regie\..x`)).toThrow('data folder')
  })

  test('has to have room', () => {
    const wanted = { bytes: 10 * 1024 ** 2, entries: 3 }
    expect(() => checkRoom(20 * 1024 ** 2, '/mnt', wanted)).not.toThrow()
    expect(() => checkRoom(10 * 1024 ** 2, '/mnt', wanted)).toThrow('MB are needed')
  })

  test.runIf(canMountSmallDisk())('that is full keeps what it has, and nothing of a new one', async () => {
    await using world = await makeWorld()
    using disk = mountSmallDisk(512)
    if (!disk) return
    const folder = path.join(disk.path, 'backups')
    await mkdir(folder)
    disk.fill(8)
    await expect(world.make({ folder })).rejects.toMatchObject({ id: 'backup.no-room' })
    // A disk that fills up meanwhile: what was foreseen no longer fits.
    const filling = world.make({ folder, onStep: (step) => step === 'writing' && disk.fill(1) })
    disk.free()
    await expect(filling).rejects.toMatchObject({ name: 'Problem', code: 'SERVICE_UNAVAILABLE' })
    expect(await readdir(folder)).toEqual([])
  })
})
