import { databaseWorkHere } from '../storage/database-work'
import type { DataPaths } from '../storage/paths'
import type { KeyKeeper } from '../vault/keepers'
import { lookInto, stageRestore } from './restore'
import type { BackupKey } from './seal'

interface Alone {
  paths: DataPaths
  file: string
  key: BackupKey
}

const noted = () => ({
  ...{ signal: new AbortController().signal, onBytes: () => undefined, databases: databaseWorkHere },
})

/** Restores a backup into a temporary folder, where no panel runs; tells what is in it. Throws as `tryOut` does. */
export const tryAlone = (from: Alone): ReturnType<typeof lookInto> => lookInto({ ...from, ...noted() })

/** Makes a restoring ready where no panel runs; `finishRestore` does it. The folder must be locked. */
export async function restoreAlone({
  keeper,
  ...order
}: Alone & { keeper: () => Promise<KeyKeeper>; missingFiles: boolean; keepEnded: boolean }): Promise<void> {
  await stageRestore({ ...order, keeper: await keeper(), who: 'regie', now: Date.now, ...noted() })
}
