import * as z from 'zod'
import { ModelRole } from '../../shared/contract'
import { closeDatabase, openDatabase } from '../storage/database'
import type { HeaderRead } from './headers'

/** What was found out about a file, as long as it is not written to. */
export interface KnownFile {
  header: HeaderRead | null
  sha256: string | null
}

const migrations = [
  `CREATE TABLE files (
     path TEXT PRIMARY KEY,
     stamp TEXT NOT NULL,
     header TEXT,
     role TEXT,
     family TEXT,
     sha256 TEXT,
     seen_at INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
]

const Row = z.object({
  path: z.string(),
  stamp: z.string(),
  header: z.enum(['read', 'refused', 'none']).nullable(),
  role: ModelRole.nullable().catch(null),
  family: z.string().nullable(),
  sha256: z.string().nullable(),
})
const Setting = z.object({ value: z.string() })
const Scratch = z
  .string()
  .transform((text): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return []
    }
  })
  .pipe(z.array(z.string()))

/** A file that was not seen for so long is forgotten, in ms: a drive may be away for a while. */
const forgetMs = 90 * 24 * 3_600_000

interface Identity {
  path: string
  stamp: string
}

/** Headers and hashes of files, each found out once. A file that was written to is another one. */
export async function openModelMemory(file: string) {
  const { database } = await openDatabase(file, migrations)
  const all = database.prepare('SELECT path, stamp, header, role, family, sha256 FROM files')
  const see = database.prepare(
    `INSERT INTO files (path, stamp, seen_at) VALUES (?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET seen_at = excluded.seen_at, header = iif(stamp = excluded.stamp, header, NULL),
       role = iif(stamp = excluded.stamp, role, NULL), family = iif(stamp = excluded.stamp, family, NULL),
       sha256 = iif(stamp = excluded.stamp, sha256, NULL), stamp = excluded.stamp`,
  )
  const header = database.prepare('UPDATE files SET header = ?, role = ?, family = ? WHERE path = ? AND stamp = ?')
  const hash = database.prepare('UPDATE files SET sha256 = ? WHERE path = ? AND stamp = ?')
  const forget = database.prepare('DELETE FROM files WHERE seen_at < ?')
  const setting = database.prepare('SELECT value FROM settings WHERE name = ?')
  const set = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  const seeAll = database.transaction((files: readonly Identity[], now: number) => {
    for (const { path, stamp } of files) see.run(path, stamp, now)
    forget.run(now - forgetMs)
  })
  const keepHeaders = database.transaction((files: readonly (Identity & { header: HeaderRead })[]) => {
    for (const { path, stamp, header: read } of files) header.run(read.header, read.role, read.family, path, stamp)
  })

  return {
    /** Notes which files there are, and answers what is known of them, by their paths. */
    see(files: readonly Identity[], now: number): Map<string, KnownFile> {
      seeAll.immediate(files, now)
      const rows = all.all().flatMap((row) => Row.safeParse(row).data ?? [])
      return new Map(
        rows.map(({ path, header: kind, role, family, sha256 }) => [
          path,
          { header: kind === null ? null : { header: kind, role, family }, sha256 },
        ]),
      )
    },
    keepHeaders: (files: readonly (Identity & { header: HeaderRead })[]): void => keepHeaders.immediate(files),
    keepHash: ({ path, stamp }: Identity, sha256: string): void => void hash.run(sha256, path, stamp),
    /** Whether files are to be hashed, which goes on after a restart. */
    isHashing: (): boolean => Setting.safeParse(setting.get('hashing')).data?.value === 'on',
    setHashing: (is: boolean): void => void set.run('hashing', is ? 'on' : 'off'),
    /** Files that lie beside models for a moment. */
    scratch: (): string[] => Scratch.safeParse(Setting.safeParse(setting.get('scratch')).data?.value).data ?? [],
    setScratch: (files: readonly string[]): void => void set.run('scratch', JSON.stringify(files)),
    close: () => closeDatabase(database),
  }
}

export type ModelMemory = Awaited<ReturnType<typeof openModelMemory>>
