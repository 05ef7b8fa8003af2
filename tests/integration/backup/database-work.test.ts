import { existsSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabaseWork, type DatabaseWork } from '../../../electron/storage/database-work'
import { closeDatabase, openDatabase } from '../../../electron/storage/database'
import { regiePrograms, temporaryFolder } from '../../support/programs'

let bundle: Awaited<ReturnType<typeof regiePrograms<'worker'>>>
let work: DatabaseWork
beforeAll(async () => {
  bundle = await regiePrograms({ worker: 'electron/storage/database-worker.ts' })
  work = createDatabaseWork(bundle.programs.worker)
}, 60_000)
afterAll(() => bundle.remove())

test('a database is copied and looked at in a thread of its own, while somebody writes to it', async () => {
  await using folder = await temporaryFolder('regie-database')
  const at = (name: string) => path.join(folder.path, name)
  const { database } = await openDatabase(at('one.db'), ['CREATE TABLE prompts (text TEXT)'])
  const add = database.prepare('INSERT INTO prompts VALUES (?)')
  const before = 2000
  for (let n = 0; n < before; n++) add.run(`prompt ${n}`)
  const copying = work.copy(at('one.db'), at('copy.db'))
  const state = { isCopying: true }
  void copying.finally(() => (state.isCopying = false))
  // The loop goes on: it would stand still for as long as the copy takes.
  let turns = 0
  while (state.isCopying) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
    if (turns % 50 === 0) add.run(`later ${turns}`)
  }
  await copying
  expect(turns).toBeGreaterThan(1)
  closeDatabase(database)
  expect(await work.isSound(at('copy.db'))).toBe(true)
  const copy = await openDatabase(at('copy.db'), ['SELECT 1'])
  const row = copy.database.prepare('SELECT count(*) AS count FROM prompts').get() as { count: number } // as it says
  expect(row.count).toBeGreaterThanOrEqual(before)
  closeDatabase(copy.database)
})

test('what fails there is told with its code, and what is no database is unsound', async () => {
  await using folder = await temporaryFolder('regie-database')
  const at = (name: string) => path.join(folder.path, name)
  await writeFile(at('none.db'), 'no database at all, but long enough to be looked at as one')
  expect(await work.isSound(at('none.db'))).toBe(false)
  await expect(work.copy(at('none.db'), at('copy.db'))).rejects.toMatchObject({ code: 'SQLITE_NOTADB' })
  await symlink(at('loop.db'), at('loop.db'))
  await expect(work.copy(at('loop.db'), at('copy.db'))).rejects.toThrow()
  expect(existsSync(at('copy.db'))).toBe(false)
})
