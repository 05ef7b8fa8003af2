import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { Ended, Timestamp } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { codeOf } from '../storage/disk'
import { fileErrorCode, readIfPresent, syncFolder, writeFileAtomic } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { revivedBy } from './ended'

const Top = z.string().regex(/^[\w.-]{1,100}$/)

/** What the next start has to do; that it is there means that all of it is ready. */
const Journal = z.object({
  format: z.literal(1),
  /** The backup's file. */
  name: z.string(),
  backupAt: Timestamp,
  at: Timestamp,
  who: z.string(),
  /** Names at the top of the data folder that come from the backup. */
  put: z.array(Top),
  /** Names that are only put away. */
  away: z.array(Top),
  /** Files outside the data folder that are written where they are missing. */
  outside: z.array(z.object({ entry: z.string().regex(/^outside\/\d{1,6}$/), path: z.string() })),
  /** Whether what was ended since the backup stays ended. One of an earlier version says nothing of it. */
  keepEnded: z.boolean().default(false),
  /** What that is, told by the start that does it; null where it cannot be told. */
  ended: z.array(Ended).nullable().default(null),
})
export type Journal = z.infer<typeof Journal>

const journalOf = ({ restore }: Pick<DataPaths, 'restore'>) => path.join(restore, 'restore.json')
/** Where what is to come lies ready. */
export const stagedIn = ({ restore }: Pick<DataPaths, 'restore'>): string => path.join(restore, 'new')
const oldIn = ({ restore }: Pick<DataPaths, 'restore'>) => path.join(restore, 'old')

/** The restoring that is ready; null where none is. Throws `backup.restore-unreadable`. */
export async function readJournal(paths: Pick<DataPaths, 'restore'>): Promise<Journal | null> {
  const file = journalOf(paths)
  const text = await readIfPresent(file)
  if (text === null) return null
  try {
    return Journal.parse(JSON.parse(text.toString('utf8')))
  } catch (error) {
    throw new Problem('backup.restore-unreadable', { file }, { cause: error })
  }
}

/** Decides: from here on the next start goes on with what is ready. */
export async function commitRestore(paths: Pick<DataPaths, 'restore'>, journal: Journal): Promise<void> {
  await syncFolder(paths.restore)
  await writeFileAtomic(journalOf(paths), `${JSON.stringify(journal)}\n`)
}

/**
 * Throws `backup.restore-begun` where a start has begun to exchange names and was ended: what it has put away lies there
 * alone, so that nothing may be given up.
 */
export async function checkNotBegun(paths: Pick<DataPaths, 'root' | 'restore'>): Promise<void> {
  if (await isThere(oldIn(paths))) throw new Problem('backup.restore-begun', { folder: paths.root })
}

/** Gives up what is ready, or half ready: the journal goes first. Call it only where nothing has begun, or all is done. */
export async function discardRestore(paths: Pick<DataPaths, 'restore'>): Promise<void> {
  await rm(journalOf(paths), { force: true })
  await rm(paths.restore, { recursive: true, force: true })
}

const isThere = (file: string) =>
  lstat(file).then(
    () => true,
    (error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return false
      throw error
    },
  )

/** Puts one name away, unless it is the one that came. What was put away before is not written over. */
async function putAway(root: string, old: string, name: string): Promise<void> {
  const from = path.join(root, name)
  if (!(await isThere(from))) return
  let to = path.join(old, name)
  for (let again = 1; await isThere(to); again++) to = path.join(old, `${name}.${again}`)
  await rename(from, to)
}

/**
 * Exchanges the names one by one. Each step tells by what lies where whether it was done, so that it goes on after a
 * crash where it stood: what is still in `new` has not come yet.
 */
async function exchange(paths: DataPaths, { put, away }: Journal): Promise<void> {
  const old = oldIn(paths)
  const staged = path.join(stagedIn(paths), 'data')
  await mkdir(old, { recursive: true, mode: 0o700 })
  for (const name of away) await putAway(paths.root, old, name)
  for (const name of put) {
    const from = path.join(staged, name)
    if (!(await isThere(from))) continue
    await putAway(paths.root, old, name)
    await rename(from, path.join(paths.root, name))
  }
  await syncFolder(old)
  await syncFolder(paths.root)
}

/**
 * What the folder knows as ended and the backup would bring back; it stays ended where that was chosen. Done before
 * anything is exchanged: the folder must still be the old one. Each step may be done twice: the journal is written first.
 */
async function settleEnded(paths: DataPaths, journal: Journal): Promise<Journal> {
  if (await isThere(oldIn(paths))) return journal
  const staged = path.join(stagedIn(paths), 'data')
  const revived = await revivedBy(staged, paths, journal.at)
  if (revived === null) return journal
  const known = journal.ended ?? []
  const isNew = ({ what, id }: Ended) => !known.some((each) => each.what === what && each.id === id)
  const told: Journal = { ...journal, ended: [...known, ...revived.ended.filter(isNew)] }
  await commitRestore(paths, told)
  if (journal.keepEnded)
    for (const { name, text } of revived.files) await writeFileAtomic(path.join(staged, name), text)
  return told
}

/** Writes files outside where there is none; those that cannot be written are told. */
async function writeOutside(paths: DataPaths, { outside }: Journal): Promise<string[]> {
  const failed: string[] = []
  for (const { entry, path: place } of outside) {
    try {
      if (await isThere(place)) continue
      const content = await readFile(path.join(stagedIn(paths), entry))
      await mkdir(path.dirname(place), { recursive: true })
      await writeFileAtomic(place, content)
    } catch {
      failed.push(place)
    }
  }
  return failed
}

/** So many folders of what was replaced are kept. */
const keptReplaced = 1

async function keepReplaced(paths: DataPaths, { at }: Journal): Promise<void> {
  await mkdir(paths.beforeRestore, { recursive: true, mode: 0o700 })
  const to = path.join(paths.beforeRestore, String(at))
  if ((await isThere(oldIn(paths))) && !(await isThere(to))) await rename(oldIn(paths), to)
  await syncFolder(paths.beforeRestore)
  const ours = (await readdir(paths.beforeRestore)).filter((name) => /^\d{13,}$/.test(name))
  // By their times, the one of now first: the machine's clock may have been ahead once.
  const newestFirst = ours.filter((name) => name !== String(at)).sort((a, b) => Number(b) - Number(a))
  const outlived = newestFirst.slice(keptReplaced - 1)
  for (const name of outlived) await rm(path.join(paths.beforeRestore, name), { recursive: true, force: true })
}

export interface Restored extends Pick<Journal, 'name' | 'backupAt' | 'who' | 'keepEnded' | 'ended'> {
  /** Where what was there before lies. */
  kept: string
  /** Files outside that could not be written. */
  failed: string[]
}

/**
 * Does what was made ready, or clears what was not; call it with the folder locked, before anything in it is read.
 * Killed at any instant it is gone on with at the next call, and nobody opens the folder before. Null where there was
 * nothing to do. Throws `backup.restore-stuck` where a file cannot be moved: nothing may be opened then.
 */
export async function finishRestore(paths: DataPaths): Promise<Restored | null> {
  const ready = await readJournal(paths)
  if (ready === null) {
    await rm(paths.restore, { recursive: true, force: true })
    return null
  }
  try {
    const journal = await settleEnded(paths, ready)
    await exchange(paths, journal)
    const failed = await writeOutside(paths, journal)
    await keepReplaced(paths, journal)
    await discardRestore(paths)
    const { name, backupAt, who, at, keepEnded, ended } = journal
    return { ...{ name, backupAt, who, failed, keepEnded, ended }, kept: path.join(paths.beforeRestore, String(at)) }
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    throw new Problem('backup.restore-stuck', { folder: paths.root, code: codeOf(error) }, { cause: error })
  }
}
