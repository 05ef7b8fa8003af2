import { readdir, rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { LeftOut } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { codeOf, diskProblem } from '../storage/disk'
import { writePiecesAtomic } from '../storage/files'
import { tryOut } from './check'
import { checkRoom, collect, type CollectFrom } from './collect'
import { fileNameOf, isLeftover } from './names'
import { pack, type OnBytes } from './pack'
import { onceKey, sealed, type Seal } from './seal'

export interface MakeOrder {
  folder: string
  seal: Seal
  installation: string
  withPictures: boolean
  who: string
  now: () => number
  signal: AbortSignal
  /** Told what goes on, and about how many bytes that is. */
  onStep: (step: 'writing' | 'checking', ofBytes: number) => void
  onBytes: OnBytes
}

/** The names in the folder. Throws `backup.folder-missing` where it cannot be read: a disk may be away. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw new Problem('backup.folder-missing', { folder, code: codeOf(error) }, { cause: error })
  }
}

/** A time that no backup bears yet: names tell seconds. */
function freeTime(names: readonly string[], installation: string, now: number): number {
  let at = Math.floor(now / 1000) * 1000
  while (names.includes(fileNameOf({ installation, at }))) at += 1000
  return at
}

/**
 * Makes a backup, and restores it into a temporary folder before it gets its name: under that lies a whole one that
 * opens, or none. The key for that is made for it alone, sealed beside the person's, and forgotten; that the person's
 * opens it too was proved when it was set. Throws a Problem, and the signal's reason; nothing is left then.
 */
export async function makeBackup(
  from: CollectFrom,
  order: MakeOrder,
): Promise<{ name: string; at: number; bytes: number; leftOut: readonly LeftOut[] }> {
  const { folder, seal, installation, withPictures, who, signal, onStep, onBytes } = order
  const work = from.paths.backupWork
  try {
    const names = await namesIn(folder)
    for (const name of names.filter((each) => isLeftover(each, installation)))
      await rm(path.join(folder, name), { force: true })
    const at = freeTime(names, installation, order.now())
    await rm(work, { recursive: true, force: true })
    const { contents, bytes } = await collect(from, { work, who, about: { at, installation, withPictures } })
    signal.throwIfAborted()
    const { bavail, bsize } = await statfs(folder)
    checkRoom(bavail * bsize, folder, { bytes, entries: contents.entries.length })
    onStep('writing', bytes)
    const once = await onceKey()
    const head = { installation, at, identity: seal.identity }
    const pieces = await sealed(pack(contents, signal, onBytes), {
      head,
      recipient: seal.recipient,
      also: once.recipient,
    })
    const name = fileNameOf({ installation, at })
    const { named } = await writePiecesAtomic(path.join(folder, name), pieces, async (temporary) => {
      onStep('checking', bytes)
      await tryOut(temporary, once.key, {
        ...{ paths: from.paths, databases: from.databases, work: path.join(work, 'check'), signal, onBytes },
      })
      signal.throwIfAborted()
      return false // it was only read
    })
    await named
    const { size } = await stat(path.join(folder, name))
    return { name, at, bytes: size, leftOut: contents.manifest.leftOut }
  } catch (error) {
    throw diskProblem(error, folder) ?? error
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
