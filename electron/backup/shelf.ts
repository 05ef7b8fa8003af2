import type { Stats } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Backup } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { codeOf } from '../storage/disk'
import { outlived, type KeepCounts } from './keep'
import type { KeptState } from './kept'
import { namesIn } from './make'
import { readFileName } from './names'
import { readHead, type SealedHead } from './seal'

interface ShelfOptions {
  installation: string
  known: () => KeptState['known']
}

/** By place: a head never changes while its file has the same size and time. */
type Heads = Map<string, { mark: string; head: SealedHead | null }>

/** A name behind which there is no file. */
const nothing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

/** Null where there is none, or none any more. Throws `backup.folder-missing` where nobody may look: that is no "none". */
async function lookAt(file: string): Promise<Stats | null> {
  try {
    return await stat(file)
  } catch (error) {
    if (nothing.has(codeOf(error))) return null
    throw new Problem('backup.folder-missing', { folder: path.dirname(file), code: codeOf(error) }, { cause: error })
  }
}

/** What a file is; null where it is no backup. */
async function readBackup(
  file: string,
  { installation, known, heads }: ShelfOptions & { heads: Heads },
): Promise<Backup | null> {
  const name = path.basename(file)
  const named = readFileName(name)
  if (named === null) return null
  const found = await lookAt(file)
  if (!found?.isFile()) return null
  const mark = `${found.size} ${found.mtimeMs}`
  const before = heads.get(file)
  const head = before?.mark === mark ? before.head : await readHead(file).catch(() => null)
  // What could not be read is read again: a share that was away for a moment hides no backup until the next start.
  if (head !== null) heads.set(file, { mark, head })
  if (head?.installation !== named.installation || head.at !== named.at) return null
  const its = Object.hasOwn(known(), name) ? known()[name] : undefined
  const isKnown = its?.bytes === found.size
  return {
    ...{ name, at: named.at, bytes: found.size, isOwn: named.installation === installation },
    opensBy: head.identity === null ? 'identity' : 'passphrase',
    checked: isKnown ? its.checked : null,
    withPictures: isKnown ? its.withPictures : null,
    lacks: isKnown ? its.lacks : null,
  }
}

/** The backups in a folder. A file is one by its name and by what its head says; whatever else lies there is not ours. */
export function createShelf({ installation, known }: ShelfOptions) {
  const heads: Heads = new Map()

  const read = (folder: string, name: string) => readBackup(path.join(folder, name), { installation, known, heads })

  /** Newest first. Throws `backup.folder-missing`. */
  const list = async (folder: string): Promise<Backup[]> => {
    const found: Backup[] = []
    for (const name of await namesIn(folder)) {
      const backup = await read(folder, name)
      if (backup) found.push(backup)
    }
    return found.sort((a, b) => b.at - a.at || a.name.localeCompare(b.name))
  }

  const asKept = ({ name, at, lacks }: Backup) => ({ name, at, isComplete: lacks?.count === 0 })

  const remove = async (folder: string, name: string) => {
    try {
      await rm(path.join(folder, name))
    } catch (error) {
      throw new Problem('backup.not-removed', { name, code: codeOf(error) }, { cause: error })
    }
  }

  return {
    list,
    /** One of them. Throws `backup.not-found`. */
    async find(folder: string, name: string): Promise<Backup> {
      const backup = readFileName(name) === null ? null : await read(folder, name)
      if (backup === null) throw new Problem('backup.not-found', { name })
      return backup
    },
    remove,
    /**
     * Removes what the counts no longer keep: only what this installation made and this machine has found whole. What
     * was copied there by hand, or never checked, counts for nothing and stays. So does `needed`, which is about to be
     * restored.
     */
    async prune(folder: string, keep: KeepCounts, needed: string | null = null): Promise<string[]> {
      const ours = (await list(folder)).filter(({ isOwn, checked }) => isOwn && checked !== null)
      const names = outlived(ours.map(asKept), keep).filter((name) => name !== needed)
      for (const name of names) await remove(folder, name)
      return names
    },
  }
}
