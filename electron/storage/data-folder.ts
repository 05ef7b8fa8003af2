import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { clearTemporaries } from './files'
import { dataPaths, type DataPaths } from './paths'

/**
 * Where Regie keeps its data unless told otherwise: the folder that Electron calls `userData`, computed the same way
 * without Electron, so that the desktop and the headless panel of one user share it.
 * https://www.electronjs.org/docs/latest/api/app#appgetpathname
 */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const home = os.homedir()
  switch (platform) {
    case 'win32':
      return path.join(env['APPDATA'] || path.join(home, 'AppData', 'Roaming'), 'Regie')
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'Regie')
    default:
      return path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'Regie')
  }
}

/** A folder that holds one of these is a data folder of Regie's, of any version. */
export const marks = ['config.json', 'vault.json', 'regie.db', 'panel.log']

/** Everything in it that is a file, and not a folder. */
const filesIn = (root: string): string[] => [
  ...new Set([
    ...marks.map((name) => path.join(root, name)),
    ...Object.values<string>({ ...dataPaths(root) }).filter((at) => path.extname(at) !== '' && at !== root),
  ]),
]

/** The rights of everybody but the owner. */
const others = 0o077

/**
 * Creates the folder if needed, for its owner only. One that others may read is narrowed, with the files in it, where
 * it is Regie's own or empty; a folder that holds other things is never changed. Windows has no such modes: there the
 * rights of the folder above count, which for a user's profile are the user's own. Returns the absolute path.
 * Throws `data-folder.open-to-others` where the rights are too wide and may not, or must not, be narrowed, and
 * `data-folder.file-is-folder` where a folder stands in the place of a file.
 */
export function prepareDataFolder(folder: string, platform: NodeJS.Platform = process.platform): string {
  const absolute = path.resolve(folder)
  mkdirSync(absolute, { recursive: true, mode: 0o700 })
  const misplaced = filesIn(absolute).find((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory())
  if (misplaced !== undefined) throw new Problem('data-folder.file-is-folder', { path: misplaced })
  if (platform === 'win32') return absolute
  const { mode, uid } = statSync(absolute)
  const names = readdirSync(absolute)
  const isOurs = names.length === 0 || marks.some((mark) => names.includes(mark))
  if ((mode & others) !== 0) {
    const me = process.geteuid?.()
    if (!isOurs || (me !== 0 && me !== uid)) throw new Problem('data-folder.open-to-others', { folder: absolute })
    chmodSync(absolute, mode & 0o700)
  }
  if (isOurs) for (const name of names) narrow(path.join(absolute, name))
  return absolute
}

/** Takes the rights of others away from a file or folder; links, and what is somebody else's, are left alone. */
function narrow(file: string): void {
  const { mode, uid } = lstatSync(file)
  const isPlain = (mode & 0o170000) === 0o100000 || (mode & 0o170000) === 0o040000
  if (isPlain && uid === process.geteuid?.() && (mode & others) !== 0) chmodSync(file, mode & 0o7700)
}

/**
 * Makes sure that a file is there and its owner's alone, for programs that would create it with wider rights: SQLite
 * gives its companions (`-wal`, `-shm`) the rights of the database.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  if (process.platform !== 'win32') narrow(file)
}

/** Deletes the temporary files that a killed panel left: they may hold what is secret. The folder must be locked. */
export async function clearDataFolder({ root, backups, services, spool, backupWork }: DataPaths): Promise<void> {
  for (const folder of [spool, backupWork]) await rm(folder, { recursive: true, force: true })
  const inside = await readdir(services).catch(() => [])
  for (const folder of [root, backups, services, ...inside.map((name) => path.join(services, name))])
    await clearTemporaries(folder)
}
