import Libsql from 'libsql'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { makePrivate } from './data-folder'
import { fileErrorCode } from './files'

/** Who holds a data folder. */
const Holder = z.object({ pid: z.number().int(), since: z.string() })

export interface FolderLock {
  /** Notes where the holder can be reached, for the next who is refused. */
  announce(address: string): void
  release(): void
}

/**
 * Takes a data folder for this panel alone: two panels that write one vault would undo each other's changes. The lock
 * is SQLite's own on a small file, held by an open transaction, so the system lets go of it however the process ends;
 * a reserved lock still lets others read who holds it (https://www.sqlite.org/lockingv3.html).
 * Throws `data-folder.in-use` with the holder's process id and the time since when, or `data-folder.in-use-at` with its
 * address too where it has announced one.
 */
export function lockDataFolder(file: string, now: Date = new Date()): FolderLock {
  makePrivate(file)
  const addressFile = addressFileOf(path.dirname(file))
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
    const who = { pid: holder?.pid ?? '?', since: holder?.since ?? '?' }
    const address = readAddress(addressFile)
    if (address !== null) throw new Problem('data-folder.in-use-at', { ...who, address }, { cause: error })
    throw new Problem('data-folder.in-use', who, { cause: error })
  }
  // What a killed holder left: it is not there any more.
  rmSync(addressFile, { force: true })
  return {
    announce(address) {
      writeFileSync(addressFile, `${address}\n`, { mode: 0o600 })
    },
    release() {
      if (!database.open) return
      rmSync(addressFile, { force: true })
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

const addressFileOf = (dataFolder: string) => path.join(dataFolder, 'panel.address')

/** Where the panel that uses a data folder can be reached; null where none has said so. A killed one may have. */
export const readPanelAddress = (dataFolder: string): string | null => readAddress(addressFileOf(dataFolder))

/** The address in a file, or null where there is none, or something else. */
function readAddress(file: string): string | null {
  try {
    const { protocol, href } = new URL(readFileSync(file, 'utf8').trim())
    return protocol === 'http:' || protocol === 'https:' ? href : null
  } catch {
    return null
  }
}
