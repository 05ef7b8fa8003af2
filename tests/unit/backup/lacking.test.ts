import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tryOut } from '../../../electron/backup/check'
import { KeptState, lacksOf, newestKnown } from '../../../electron/backup/kept'
import { makeBackup } from '../../../electron/backup/make'
import { Manifest } from '../../../electron/backup/manifest'
import { fileNameOf } from '../../../electron/backup/names'
import { createShelf } from '../../../electron/backup/shelf'
import { planRestore } from '../../../electron/backup/restore'
import { databaseWorkHere } from '../../../electron/storage/database-work'
import { installation, makeWorld, passphrase } from '../../support/backups'

const signal = new AbortController().signal
const reading = { key: { passphrase }, signal, onBytes: () => undefined, databases: databaseWorkHere }
const noCounts = { services: null, credentials: null, people: null, pictures: null }

test('a backup tells which files outside did not go in, and why; one that is not there is none of them', async () => {
  await using world = await makeWorld()
  const at = (name: string) => path.join(world.root, name)
  // Neither needs an owner whom the rights of files keep out.
  await symlink(at('loop.env'), at('loop.env'))
  await mkdir(at('folder.env'))
  await writeFile(at('large.env'), Buffer.alloc(4 * 1024 ** 2 + 1))
  await writeFile(at('whole.env'), Buffer.alloc(4 * 1024 ** 2))
  const names = ['loop.env', 'folder.env', 'large.env', 'whole.env', 'not-there.env', 'compose.yaml/under-a-file']
  const from = { ...world.from, outside: () => Promise.resolve(names.map(at)) }
  const { name, leftOut } = await makeBackup(from, world.order({ withPictures: false }))
  const expected = [
    { path: at('folder.env'), why: 'not-a-file' },
    { path: at('large.env'), why: 'too-large' },
    { path: at('loop.env'), why: 'unreadable' },
  ]
  expect(leftOut).toEqual(expected)
  const file = path.join(world.folder, name)
  const { manifest } = await tryOut(file, reading.key, { ...reading, paths: world.paths, work: world.paths.backupWork })
  expect(manifest.leftOut).toEqual(expected)
  expect(manifest.outside.map((each) => each.path)).toEqual([at('whole.env')])
  const plan = await planRestore(
    { ...reading, paths: world.paths, file },
    { now: noCounts, needsVaultPassphrase: false },
  )
  expect(plan.leftOut).toEqual(expected)
})

test('one of a version that did not note it opens all the same', () => {
  const counts = { services: 0, credentials: 0, people: 0, pictures: 0 }
  expect(Manifest.parse({ files: [], outside: [], sinks: [], counts }).leftOut).toEqual([])
  const known = { x: { bytes: 1, withPictures: false, checked: { at: 1, by: 'made' } } }
  expect(KeptState.parse({ version: 1, lastMade: null, failed: null, known }).known['x']?.lacks).toBeNull()
})

test('of the newest own one it is known what it lacks, and of very many files the first', () => {
  const leftOut = Array.from({ length: 500 }, (_, n) => ({ path: `/srv/${n}`, why: 'unreadable' as const }))
  const lacks = lacksOf(leftOut)
  expect(lacks.count).toBe(500)
  expect(lacks.files).toHaveLength(20)
  const its = { bytes: 1, withPictures: false, checked: { at: 1, by: 'made' as const } }
  const named = (at: number, by = installation) => fileNameOf({ installation: by, at })
  const known = {
    [named(2_000_000)]: { ...its, lacks },
    [named(1_000_000)]: { ...its, lacks: lacksOf([]) },
    [named(9_000_000, 'zzzz9999')]: { ...its, lacks: lacksOf([]) },
  }
  expect(newestKnown(known, installation)).toEqual({ at: 2_000_000, lacks })
  expect(newestKnown({}, installation)).toBeNull()
})

test('a database that cannot be looked at fails the backup: one without it must not pass for whole', async () => {
  await using world = await makeWorld()
  await rm(world.paths.database)
  await symlink(world.paths.database, world.paths.database)
  await expect(world.make()).rejects.toMatchObject({ code: 'ELOOP' })
  expect(await readdir(world.folder)).toEqual([])
})

test('a head that could not be read once is read again while its file is the same', async () => {
  await using world = await makeWorld()
  const { name } = await world.make({ withPictures: false })
  const file = path.join(world.folder, name)
  const { atime, mtime, size } = await stat(file)
  const whole = await readFile(file)
  const put = async (bytes: Buffer) => {
    await writeFile(file, bytes)
    await utimes(file, atime, mtime)
  }
  const shelf = createShelf({ installation, known: () => ({}) })
  // As long and as old as it was, and unreadable: what a share answers that is just going away.
  await put(Buffer.alloc(size))
  expect(await shelf.list(world.folder)).toEqual([])
  await expect(shelf.find(world.folder, name)).rejects.toMatchObject({ id: 'backup.not-found' })
  await put(whole)
  expect(await shelf.list(world.folder)).toMatchObject([{ name, isOwn: true, lacks: null }])
})
