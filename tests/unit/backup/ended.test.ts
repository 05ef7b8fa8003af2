import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { revivedBy } from '../../../electron/backup/ended'
import { firstSettings, KeptSettings } from '../../../electron/backup/kept'
import { stageRestore } from '../../../electron/backup/restore'
import { finishRestore } from '../../../electron/backup/switch'
import { databaseWorkHere } from '../../../electron/storage/database-work'
import { passphraseKeeper } from '../../../electron/vault/keepers'
import { makeWorld, passphrase, readText, type World } from '../../support/backups'
import { anyKey, testPeople } from '../../support/people'

const signal = new AbortController().signal
const tokenOf = (digit: string) => ({ hash: digit.repeat(64), madeAt: 1 })

/** A world with people, a log and a token for the metrics, and the id of a key in it. */
async function peopled(world: World) {
  const { paths } = world
  const at = await testPeople()
  const people = await at.open()
  const { id } = await people.createKey(anyKey('user'), 'admin')
  const before = await readFile(at.file)
  await writeFile(paths.people, before)
  await writeFile(paths.audit, '{"seq":1}\n')
  await writeFile(path.join(paths.root, 'config.json'), JSON.stringify({ services: [], metricsToken: tokenOf('a') }))
  await people.endKey(id, 'admin')
  const after = await readFile(at.file)
  await at.remove()
  return { id, after }
}

async function restored(world: World, keepEnded: boolean) {
  const { paths } = world
  const { id, after } = await peopled(world)
  const { name } = await world.make({ withPictures: false })
  await writeFile(paths.people, after)
  await appendFile(paths.audit, '{"seq":2}\n')
  await writeFile(path.join(paths.root, 'config.json'), JSON.stringify({ metricsToken: null }))
  await stageRestore({
    ...{ paths, file: path.join(world.folder, name), key: { passphrase }, who: 'ann', now: Date.now, signal },
    ...{ keeper: passphraseKeeper('a vault passphrase', 2 ** 14), missingFiles: false, keepEnded },
    onBytes: () => undefined,
    databases: databaseWorkHere,
  })
  const done = await finishRestore(paths)
  const config = JSON.parse(await readText(path.join(paths.root, 'config.json'))) as object
  return { id, done, people: await readText(paths.people), config }
}

test('what was ended since a backup stays ended when it is restored, and is told', async () => {
  await using world = await makeWorld()
  const { id, done, people, config } = await restored(world, true)
  expect(done).toMatchObject({
    keepEnded: true,
    ended: [
      { what: 'key', id },
      { what: 'metrics-token', id: '' },
    ],
  })
  expect(people).not.toContain('"endedAt":null')
  expect(config).toEqual({ services: [], metricsToken: null })
})

test('where that was chosen it comes back, and is told all the same', async () => {
  await using world = await makeWorld()
  const { id, done, people, config } = await restored(world, false)
  expect(done).toMatchObject({ keepEnded: false, ended: [{ id }, { what: 'metrics-token' }] })
  expect(people).toContain('"endedAt":null')
  expect(config).toEqual({ services: [], metricsToken: tokenOf('a') })
})

test('of a folder that did not come of the backup nothing is told', async () => {
  await using world = await makeWorld()
  const { after } = await peopled(world)
  const { paths } = world
  await using earlier = await makeWorld()
  await writeFile(earlier.paths.people, await readFile(paths.people))
  await writeFile(paths.people, after)
  const revived = () => revivedBy(earlier.paths.root, paths, Date.now())

  expect(await revived()).toBeNull() // the backup has no log
  await writeFile(earlier.paths.audit, '{"seq":1}\n{"seq":2,"of":"another"}\n')
  await appendFile(paths.audit, '{"seq":2}\n')
  expect(await revived()).toBeNull()
  // Its last line was being written.
  await writeFile(earlier.paths.audit, '{"seq":1}\n{"seq":2,"of')
  expect(await revived()).toMatchObject({ ended: [{ what: 'key' }] })
  await writeFile(paths.people, '{')
  expect(await revived()).toBeNull()
  await rm(paths.audit)
  expect(await revived()).toBeNull()
})

test('two folders that one backup is restored into are two installations, and one that has an id keeps it', async () => {
  await using world = await makeWorld()
  const settings = { ...firstSettings(), folder: world.folder }
  await writeFile(world.paths.backup, JSON.stringify(settings))
  const { name } = await world.make({ withPictures: false })
  const idAfter = async (to: World) => {
    await stageRestore({
      ...{
        paths: to.paths,
        file: path.join(world.folder, name),
        key: { passphrase },
        who: 'ann',
        now: Date.now,
        signal,
      },
      ...{ keeper: passphraseKeeper('a vault passphrase', 2 ** 14), missingFiles: false, keepEnded: true },
      onBytes: () => undefined,
      databases: databaseWorkHere,
    })
    await finishRestore(to.paths)
    const { installation, ...rest } = KeptSettings.parse(JSON.parse(await readText(to.paths.backup)))
    expect(rest.folder).toBe(world.folder)
    return installation
  }
  expect(await idAfter(world)).toBe(settings.installation)
  await using first = await makeWorld()
  await using second = await makeWorld()
  const ids = [settings.installation, await idAfter(first), await idAfter(second)]
  expect(new Set(ids).size).toBe(3)
  expect(await idAfter(first)).toBe(ids[1])
})
