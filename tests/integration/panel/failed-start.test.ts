import path from 'node:path'
import { expect, test } from 'vitest'
import { createPanel } from '../../../electron/panel/create'
import { openConfig } from '../../../electron/storage/config'
import { prepareDataFolder } from '../../../electron/storage/data-folder'
import { openDatabase } from '../../../electron/storage/database'
import { lockDataFolder } from '../../../electron/storage/folder-lock'
import { dataPaths } from '../../../electron/storage/paths'
import { keyFileKeeper } from '../../../electron/vault/keepers'
import { temporaryFolder } from '../../support/programs'

test('what a panel has started is closed when a later part of it cannot be built', async () => {
  await using folder = await temporaryFolder()
  const dataFolder = prepareDataFolder(path.join(folder.path, 'data'))
  const paths = dataPaths(dataFolder)
  // The gallery is opened after log, vault, engine and GPUs, and refuses the database of a newer Regie.
  const { database } = await openDatabase(
    paths.database,
    Array.from({ length: 99 }, (_, n) => `CREATE TABLE t${n} (x)`),
  )
  database.close()
  const nowhere = path.join(folder.path, 'nowhere')
  const programs = { simulator: nowhere, guardian: nowhere, bcryptWorker: nowhere, leakWorker: nowhere }
  const starting = createPanel({
    ...{ dataFolder, demo: false, simulators: false, notices: [], desktop: null },
    config: openConfig(dataFolder),
    keeper: keyFileKeeper(paths.vaultKey),
    programs: {
      ...{ ...programs, readWorker: nowhere, databaseWorker: nowhere, modelWorker: nowhere },
      ...{ renderer: nowhere, stacks: nowhere },
    },
  })
  await expect(starting).rejects.toMatchObject({ id: 'database.newer' })
  // The lock, which was taken first, is let go of last.
  lockDataFolder(paths.lock).release()
})
