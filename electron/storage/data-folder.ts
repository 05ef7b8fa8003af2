import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { clearTemporaries } from './files'
import type { DataPaths } from './paths'

/**
 * Where Regie keeps its data unless told otherwise: the folder that Electron calls `userData`, computed the same way
 * without Electron, so that the desktop and the headless panel of one user share it.
 * https://www.electronjs.org/docs/latest/api/app#appgetpathname
 */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const home = os.homedir()
  switch (platform) {
    case 'win32':
      return path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Regie')
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'Regie')
    default:
      return path.join(env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'), 'Regie')
  }
}

/** Creates the folder if needed, readable by its owner only where the system knows modes. Returns its absolute path. */
export function prepareDataFolder(folder: string): string {
  const absolute = path.resolve(folder)
  mkdirSync(absolute, { recursive: true, mode: 0o700 })
  return absolute
}

/** Deletes the temporary files that a killed panel left: they may hold what is secret. The folder must be locked. */
export async function clearDataFolder({ root, backups, services }: DataPaths): Promise<void> {
  const inside = await readdir(services).catch(() => [])
  for (const folder of [root, backups, services, ...inside.map((name) => path.join(services, name))])
    await clearTemporaries(folder)
}
