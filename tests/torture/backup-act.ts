// Backups alone, in a process of its own, which is killed in the middle of one act. With an IPC channel:
// node backup-act.mjs <JSON of BackupOrder>
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { stageRestore } from '../../electron/backup/restore'
import { createShelf } from '../../electron/backup/shelf'
import { finishRestore } from '../../electron/backup/switch'
import { databaseWorkHere } from '../../electron/storage/database-work'
import { passphraseKeeper } from '../../electron/vault/keepers'
import { installation, passphrase, worldAt } from '../support/backups'
import { arm, Failpoint, watchFiles } from './failpoints'

export const BackupOrder = z.object({
  root: z.string(),
  /** `start`: nothing but the next start, which puts in order what a kill left. */
  act: z.enum(['make', 'restore', 'start']),
  failpoint: Failpoint.nullable(),
})
export type BackupOrder = z.infer<typeof BackupOrder>

const { root, act, failpoint } = BackupOrder.parse(JSON.parse(process.argv[2] ?? ''))
watchFiles()
const { paths, folder, make } = await worldAt(root)

/** Every backup in the folder counts as checked, as if this machine had made it. */
const known = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      {
        bytes: statSync(path.join(folder, name)).size,
        withPictures: true,
        checked: { at: 1, by: 'made' as const },
        lacks: null,
      },
    ]),
  )

async function perform(): Promise<void> {
  switch (act) {
    case 'make': {
      await make()
      const shelf = createShelf({ installation, known })
      await shelf.prune(folder, { daily: 1, weekly: 0, monthly: 0 })
      return
    }
    case 'restore': {
      const [first = ''] = readdirSync(folder).filter((each) => each.startsWith('regie-'))
      const order = {
        paths,
        file: path.join(folder, first),
        key: { passphrase },
        missingFiles: false,
        keepEnded: true,
        who: 'ann',
      }
      const keeper = passphraseKeeper('the passphrase of the vault', 2 ** 14)
      const signal = new AbortController().signal
      await stageRestore({
        ...order,
        keeper,
        now: Date.now,
        signal,
        onBytes: () => undefined,
        databases: databaseWorkHere,
      })
      await finishRestore(paths)
      return
    }
    case 'start':
      await finishRestore(paths)
  }
}

process.send?.({ began: true })
arm(failpoint)
await perform()
process.send?.({ seen: arm(null) }, () => process.exit(0))
