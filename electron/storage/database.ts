import Libsql from 'libsql'
import { open, stat } from 'node:fs/promises'
import { Problem } from '../../shared/problems'
import { makePrivate } from './data-folder'
import { fileErrorCode, moveAside } from './files'

export type Database = Libsql.Database

/** What SQLite says of a file that is no database, or a torn one. */
const unreadable = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT'])

/** https://www.sqlite.org/fileformat.html#magic_header_string */
const magic = 'SQLite format 3\0'

/** SQLite's companions of a database in WAL mode. */
const companions = ['', '-wal', '-shm']

/**
 * Opens a SQLite database and brings it to the newest format: `migrations[n]` is the SQL that leads from format n to
 * n + 1. A file that cannot be read is moved aside, never overwritten, and `kept` tells where it is; else null.
 * Throws a Problem when a newer Regie wrote it.
 */
export async function openDatabase(
  file: string,
  migrations: readonly string[],
): Promise<{ database: Database; kept: string | null }> {
  try {
    if (await isDatabase(file)) return { database: openFile(file, migrations), kept: null }
  } catch (error) {
    if (!unreadable.has(fileErrorCode(error) ?? '')) throw error
  }
  const time = Date.now()
  let kept = file
  for (const suffix of companions) {
    const moved = await moveAside(file + suffix, time).catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return null
      throw error
    })
    if (suffix === '' && moved !== null) kept = moved
  }
  return { database: openFile(file, migrations), kept }
}

/** https://www.sqlite.org/fileformat.html#the_database_header */
const headerBytes = 100

/** How large a file is by its header; 0 where that does not tell it. SQLite notices only when it reads a page that is gone. */
function sizeTold(header: Buffer): number {
  const pageBytes = header.readUInt16BE(16)
  const isTold = header.readUInt32BE(24) === header.readUInt32BE(92)
  return isTold ? (pageBytes === 1 ? 65_536 : pageBytes) * header.readUInt32BE(28) : 0
}

/**
 * A missing or empty file becomes one; one that was torn is none. Looked at first, because on Windows a file that SQLite has
 * opened cannot be moved.
 */
async function isDatabase(file: string): Promise<boolean> {
  const content = await open(file).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  })
  if (!content) return true
  try {
    const { bytesRead, buffer } = await content.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    if (bytesRead === 0) return true
    if (buffer.toString('latin1', 0, magic.length) !== magic) return false
    // While there is a log, pages may still have to come from it.
    const log = await stat(`${file}-wal`).catch(() => null)
    return (log?.size ?? 0) > 0 || (await content.stat()).size >= sizeTold(buffer)
  } finally {
    await content.close()
  }
}

/**
 * Writes what still lies in the write-ahead log back into the database, and closes it: an orderly end leaves one file.
 * https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
 */
export function closeDatabase(database: Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

/**
 * Writes what a database holds now into a file of its own, whoever writes to it meanwhile. `to` must not exist; it is
 * its owner's alone where its folder is. https://www.sqlite.org/lang_vacuum.html#vacuum_with_an_into_clause
 */
export function copyDatabase(file: string, to: string): void {
  const database = new Libsql(file)
  try {
    database.pragma('busy_timeout = 5000')
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}

/** Whether a file is a database that SQLite finds sound. Opens it for reading alone. */
export function isSoundDatabase(file: string): boolean {
  try {
    const database = new Libsql(file, { readonly: true })
    try {
      const row = database.prepare('PRAGMA quick_check(1)').get()
      return row !== null && typeof row === 'object' && 'quick_check' in row && row.quick_check === 'ok'
    } finally {
      database.close()
    }
  } catch {
    return false
  }
}

/**
 * A transaction that runs out of disk is ended by SQLite itself (https://www.sqlite.org/lang_transaction.html, 3). The
 * package then rolls back what is over, and what that says would stand in the place of what went wrong.
 */
class TellingDatabase extends Libsql {
  override exec(source: string): this {
    return source === 'ROLLBACK' && !this.inTransaction ? this : super.exec(source)
  }
}

function openFile(file: string, migrations: readonly string[]): Database {
  makePrivate(file)
  const database = new TellingDatabase(file)
  try {
    const found = readVersion(database)
    if (found > migrations.length) throw new Problem('database.newer', { found, known: migrations.length })
    // WAL: readers and the writer do not wait for each other, and a crash leaves the last whole transaction.
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('busy_timeout = 5000')
    for (let version = found; version < migrations.length; version += 1) {
      // In one transaction with its number: after a crash or a failure it has happened wholly or not at all.
      const migrate = database.transaction(() => {
        database.exec(migrations[version] ?? '')
        database.exec(`PRAGMA user_version = ${version + 1}`)
      })
      migrate.immediate()
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function readVersion(database: Database): number {
  const row = database.prepare('PRAGMA user_version').get()
  const version = row !== null && typeof row === 'object' && 'user_version' in row ? row.user_version : 0
  return typeof version === 'number' ? version : 0
}
