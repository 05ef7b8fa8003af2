import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fileNameOf } from '../../../electron/backup/names'
import { createShelf } from '../../../electron/backup/shelf'
import { temporaryFolder } from '../../support/programs'

const installation = 'abcd1234'
const name = fileNameOf({ installation, at: 1_000_000 })
const shelf = createShelf({ installation, known: () => ({}) })

test('a link that leads nowhere is no backup, and hides none', async () => {
  await using folder = await temporaryFolder()
  await symlink(path.join(folder.path, name), path.join(folder.path, name))
  expect(await shelf.list(folder.path)).toEqual([])
})

test('where nobody may look there is not "no backup"', async ({ skip }) => {
  // Root may look everywhere, so that another user is asked.
  if (process.getuid?.() !== 0) skip('only root can become another user')
  await using folder = await temporaryFolder()
  const kept = path.join(folder.path, 'kept')
  await mkdir(kept)
  await writeFile(path.join(kept, name), 'a backup')
  await chmod(folder.path, 0o755)
  await chmod(kept, 0o744) // its names may be read, nothing else
  process.seteuid?.(65_534)
  try {
    await expect(shelf.list(kept)).rejects.toMatchObject({
      id: 'backup.folder-missing',
      params: { folder: kept, code: 'EACCES' },
    })
  } finally {
    process.seteuid?.(0)
  }
})
