import Libsql from 'libsql'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { makePrivate } from './data-folder'
import { fileErrorCode } from './files'
import { dataPaths } from './paths'

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
    // Whoever only looks whether it is held has it for a moment.
    database.pragma('busy_timeout = 200')
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

/** Takes a lock for as long as `work` goes on in this transaction; false where somebody else has it. */
function begun(database: Libsql.Database): boolean {
  try {
    database.pragma('busy_timeout = 0')
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (fileErrorCode(error)?.startsWith('SQLITE_BUSY') === true) return false
    throw error
  }
}

/** Ends it: what is only closed keeps its lock until it is collected. */
function end(database: Libsql.Database): void {
  if (database.inTransaction) database.exec('ROLLBACK')
  database.close()
}

/** Whether a panel holds a data folder's lock; null where that cannot be told, as without the right to write there. */
function isHeld(file: string): boolean | null {
  if (!existsSync(file)) return false
  try {
    const database = new Libsql(file)
    try {
      return !begun(database)
    } finally {
      end(database)
    }
  } catch {
    return null
  }
}

/**
 * Where the panel that uses a data folder can be reached; null where none has said so. What a killed one has said counts
 * for nothing: another program may listen there by now.
 */
export const readPanelAddress = (dataFolder: string): string | null =>
  isHeld(dataPaths(dataFolder).lock) === false ? null : readAddress(addressFileOf(dataFolder))

/** How often a lock that somebody else has is tried again, and for how long, in ms. */
const again = { everyMs: 25, patienceMs: 10_000 }

/**
 * Does something while no other process of this machine does it with the same lock, a file of its own. The system lets go
 * of it however the process ends. Throws `data-folder.in-use` where the other takes too long.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  makePrivate(file)
  const database = new Libsql(file)
  try {
    const deadline = performance.now() + again.patienceMs
    while (!begun(database)) {
      if (performance.now() > deadline) throw new Problem('data-folder.in-use', { pid: '?', since: '?' })
      await pause(again.everyMs)
    }
    return await work()
  } finally {
    end(database)
  }
}

/** The address in a file, or null where there is none, or something else. */
function readAddress(file: string): string | null {
  try {
    const { protocol, href } = new URL(readFileSync(file, 'utf8').trim())
    return protocol === 'http:' || protocol === 'https:' ? href : null
  } catch {
    return null
  }
}
