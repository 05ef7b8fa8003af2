import Libsql from 'libsql'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { makePrivate } from './data-folder'
import { fileErrorCode } from './files'

/** Who holds a data folder. */
const Holder = z.object({ pid: z.number().int(), since: z.string() })

export interface FolderLock {
  release(): void
}

/**
 * Takes a data folder for this panel alone: two panels that write one vault would undo each other's changes. The lock
 * is SQLite's own on a small file, held by an open transaction, so the system lets go of it however the process ends;
 * a reserved lock still lets others read who holds it (https://www.sqlite.org/lockingv3.html).
 * Throws `data-folder.in-use` with the holder's process id and the time since when.
 */
export function lockDataFolder(file: string, now: Date = new Date()): FolderLock {
  makePrivate(file)
  const database = new Libsql(file)
  try {
    database.pragma('busy_timeout = 0')
    database.exec('BEGIN IMMEDIATE')
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER, since TEXT); DELETE FROM holder')
    database.prepare('INSERT INTO holder VALUES (?, ?)').run(process.pid, now.toISOString())
    database.exec('COMMIT; BEGIN IMMEDIATE')
  } catch (error) {
    const holder = readHolder(database)
    database.close()
    if (fileErrorCode(error)?.startsWith('SQLITE_BUSY') !== true) throw error
    throw new Problem('data-folder.in-use', { pid: holder?.pid ?? '?', since: holder?.since ?? '?' }, { cause: error })
  }
  return {
    release() {
      if (!database.open) return
      database.exec('ROLLBACK')
      database.close()
    },
  }
}

function readHolder(database: Libsql.Database): z.infer<typeof Holder> | null {
  try {
    return Holder.safeParse(database.prepare('SELECT pid, since FROM holder').get()).data ?? null
  } catch {
    return null // the holder is just writing its name
  }
}
