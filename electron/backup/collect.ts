import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { Problem } from '../../shared/problems'
import type { LeftOut } from '../../shared/contract'
import type { DatabaseWork } from '../storage/database-work'
import { fileErrorCode, readIfPresent } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { contentsOf } from './contents'
import { backupFormat, type About, type Manifest, type OutsideFile } from './manifest'
import type { Contents, Entry } from './pack'

/** What a backup reads beside the data folder. */
export interface CollectFrom {
  paths: DataPaths
  version: string
  /** The vault under a key of its own, with what `beside` reads in the same instant; null where there is no vault. */
  vault: <T>(who: string, beside: () => Promise<T>) => Promise<{ text: string; key: string; beside: T } | { beside: T }>
  /** Files outside the data folder that belong to services and credentials, as absolute paths. */
  outside: () => Promise<string[]>
  /** What each place of a credential holds. */
  sinks: () => Promise<Manifest['sinks']>
  counts: () => Promise<Manifest['counts']>
  /** Copies databases and looks whether they are sound. */
  databases: DatabaseWork
}

/** A file outside that is longer is none of those that are meant: Compose files and settings. In bytes. */
const mostOutside = 4 * 1024 ** 2

const isTemporary = (name: string) => /^\..+\.[0-9a-f]{12}\.tmp$/.test(name)

/** Every file below a folder, without links and without what is half written, as names with `/`. */
async function filesBelow(root: string, name: string): Promise<string[]> {
  const found = await readdir(path.join(root, name), { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const parts = found.map(async (entry) => {
    const its = `${name}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(root, its)
    return entry.isFile() && !isTemporary(entry.name) ? [its] : []
  })
  return (await Promise.all(parts)).flat().sort()
}

const entryOf = (root: string, name: string): Entry => ({ name: `data/${name}`, from: { file: path.join(root, name) } })

/** The small files, as they are in one instant. */
async function readSmall(root: string, names: readonly string[]): Promise<Entry[]> {
  const read = await Promise.all(
    names.map(async (name) => ({ name, from: await readIfPresent(path.join(root, name)) })),
  )
  return read.flatMap(({ name, from }) => (from === null ? [] : [{ name: `data/${name}`, from }]))
}

/** What a file outside holds, or why it does not go in; null where there is none. */
async function readOne(place: string): Promise<Buffer | LeftOut['why'] | null> {
  try {
    const found = await stat(place)
    if (!found.isFile()) return 'not-a-file'
    return found.size > mostOutside ? 'too-large' : await readFile(place)
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error) ?? '') ? null : 'unreadable'
  }
}

/** The files outside. One that cannot go in does not stop the rest, and is told. */
async function readOutside(places: readonly string[]) {
  const entries: Entry[] = []
  const outside: OutsideFile[] = []
  const leftOut: LeftOut[] = []
  for (const place of [...new Set(places)].sort()) {
    const from = await readOne(place)
    if (from === null) continue
    if (typeof from === 'string') {
      leftOut.push({ path: place, why: from })
      continue
    }
    const entry = `outside/${outside.length}`
    entries.push({ name: entry, from })
    outside.push({ entry, path: place, sha256: createHash('sha256').update(from).digest('hex') })
  }
  return { entries, outside, leftOut }
}

/** Throws where that cannot be told: a backup without a database that is there must not pass for whole. */
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return false
      throw error
    },
  )

/**
 * Puts together what goes into a backup: what belongs together is read in one instant, databases are copied by SQLite
 * into `work`, and all else is read when its turn comes. Throws what stands in the way of reading the vault.
 */
export async function collect(
  from: CollectFrom,
  { work, who, about }: { work: string; who: string; about: Pick<About, 'at' | 'installation' | 'withPictures'> },
): Promise<{ contents: Contents; bytes: number }> {
  const { paths, version } = from
  const { root } = paths
  const names = contentsOf(paths)
  await mkdir(work, { recursive: true, mode: 0o700 })
  const { beside: small, ...vault } = await from.vault(who, () => readSmall(root, names.files))
  const sealed: Entry[] =
    'text' in vault
      ? [
          { name: `data/${names.vault}`, from: Buffer.from(vault.text) },
          { name: `data/${names.vaultKey}`, from: Buffer.from(`${vault.key}\n`, 'latin1') },
        ]
      : []
  const databases: Entry[] = []
  for (const name of names.databases) {
    if (!(await isThere(path.join(root, name)))) continue
    const to = path.join(work, name)
    await from.databases.copy(path.join(root, name), to)
    databases.push({ name: `data/${name}`, from: { file: to } })
  }
  const folders = [...names.folders, ...(about.withPictures ? names.pictures : [])]
  const inFolders = (await Promise.all(folders.map((name) => filesBelow(root, name)))).flat()
  const { entries: others, outside, leftOut } = await readOutside(await from.outside())
  const entries = [...sealed, ...small, ...databases, ...others, ...inFolders.map((name) => entryOf(root, name))]
  return {
    contents: {
      about: { ...about, format: backupFormat, version, platform: process.platform, dataFolder: root },
      entries,
      manifest: { outside, leftOut, sinks: await from.sinks(), counts: await from.counts() },
    },
    bytes: await bytesOf(entries),
  }
}

/** A file that went meanwhile takes no room; one that nobody may look at throws, as packing it would. */
async function bytesOf(entries: readonly Entry[]): Promise<number> {
  let bytes = 0
  for (const { from } of entries) bytes += Buffer.isBuffer(from) ? from.length : await sizeOf(from.file)
  return bytes
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return 0
    throw error
  }
}

/** The name of an entry and its header, and what fills it up, take so much at most. */
const perEntry = 2048

/** Throws `backup.no-room` where a folder's disk has not enough for a backup of so many bytes. */
export function checkRoom(free: number, folder: string, { bytes, entries }: { bytes: number; entries: number }): void {
  const needed = bytes + entries * perEntry + 1024 ** 2
  if (free < needed)
    throw new Problem('backup.no-room', {
      folder,
      needed: Math.ceil(needed / 1024 ** 2),
      free: Math.floor(free / 1024 ** 2),
    })
}
