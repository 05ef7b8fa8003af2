import path from 'node:path'
import type { DataPaths } from '../storage/paths'

/**
 * What becomes of each thing in the data folder. `file`, `folder`: copied as it is. `database`: by SQLite itself.
 * `pictures`: a folder, where that was asked for. `vault`: sealed anew. `apart`: not copied, and put away by a restoring,
 * for it belongs to what was replaced. `left`: neither; it is made anew, or belongs to this machine.
 */
type Part = 'file' | 'folder' | 'database' | 'pictures' | 'vault' | 'apart' | 'left'

/** A row for every place: who adds one decides here, or it does not compile. */
const parts: Record<Exclude<keyof DataPaths, 'root'>, Part> = {
  vault: 'vault',
  // Kept by this machine; a backup's own comes with it, and never reaches the disk.
  vaultKey: 'left',
  // Sealed with the key that the vault had: what is restored has another.
  backups: 'apart',
  audit: 'file',
  people: 'file',
  rotations: 'file',
  updates: 'file',
  updateFiles: 'folder',
  database: 'database',
  ledger: 'database',
  // Of cards of this machine, and it grows to some ten MiB.
  gpuHistory: 'left',
  images: 'pictures',
  thumbnails: 'left',
  workflows: 'folder',
  inputs: 'pictures',
  // Few and small, and what later checks are held against.
  golden: 'folder',
  spool: 'left',
  services: 'left',
  timeline: 'file',
  log: 'left',
  crashes: 'left',
  composeChanges: 'file',
  // Of copies under way on this machine.
  modelsCopies: 'left',
  // Of files of this machine.
  models: 'left',
  modelDownloads: 'left',
  composeRuns: 'left',
  exposureTests: 'file',
  alerts: 'file',
  alertsState: 'file',
  attention: 'file',
  tls: 'folder',
  format: 'file',
  beforeUpdate: 'left',
  // Of the program that runs on this machine.
  releases: 'left',
  releaseFiles: 'left',
  backup: 'file',
  backupState: 'left',
  backupWork: 'left',
  restore: 'left',
  beforeRestore: 'left',
  lock: 'left',
  signInLink: 'left',
}

/** Files that lie beside those with a place of their own. */
const besides: Record<string, Part> = {
  'config.json': 'file',
  'audit.jsonl.head': 'file',
  'people.json.clock': 'file',
  // Testifies of the vault that was replaced.
  'vault.json.newest': 'apart',
  // Of people who may be others then: all sign in again.
  'sessions.json': 'apart',
}

/** The name in the data folder of each place that is treated so. */
function namesOf(root: string, paths: DataPaths, part: Part): string[] {
  const known = Object.keys(parts) as (keyof typeof parts)[] // keys are those of the table
  return [
    ...known.filter((key) => parts[key] === part).map((key) => path.relative(root, paths[key])),
    ...Object.entries(besides).flatMap(([name, its]) => (its === part ? [name] : [])),
  ]
}

/** The names at the top of a data folder, by what becomes of them. */
export function contentsOf(paths: DataPaths) {
  const names = (part: Part) => namesOf(paths.root, paths, part)
  return {
    files: names('file'),
    folders: names('folder'),
    databases: names('database'),
    pictures: names('pictures'),
    vault: path.relative(paths.root, paths.vault),
    vaultKey: path.relative(paths.root, paths.vaultKey),
    apart: names('apart'),
  }
}

/** SQLite's companions of a database, which belong to the one that was there. */
export const companionsOf = (database: string): string[] => [`${database}-wal`, `${database}-shm`]
