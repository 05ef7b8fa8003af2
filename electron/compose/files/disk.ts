import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileErrorCode } from '../../storage/files'

export type PlaceKind = 'file' | 'folder' | 'missing' | 'unknown'

/** What the linter asks of the disk; a test or a planned change may stand in front of it. */
export interface Disk {
  /** Null when there is no such file, or it cannot be read, or is far too large for what it should be. */
  read(file: string): Promise<Buffer | null>
  look(place: string): Promise<PlaceKind>
  /** Names in a folder; null when it cannot be read. */
  list(folder: string): Promise<string[] | null>
}

/** No Compose file, `.env`, token or script is larger. */
const largestFile = 1024 * 1024

export const realDisk: Disk = {
  async read(file) {
    try {
      const found = await stat(file)
      return found.isFile() && found.size <= largestFile ? await readFile(file) : null
    } catch (error) {
      if (fileErrorCode(error) === null) throw error
      return null
    }
  },
  async look(place) {
    try {
      const found = await stat(place)
      return found.isDirectory() ? 'folder' : 'file'
    } catch (error) {
      const code = fileErrorCode(error)
      if (code === null) throw error
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unknown'
    }
  },
  list: (folder) => readdir(folder).catch(() => null),
}

/** The same disk as it would be with some files written. */
export const withFiles = (disk: Disk, files: ReadonlyMap<string, Buffer>): Disk => ({
  read: (file) => {
    const written = files.get(file)
    return written === undefined ? disk.read(file) : Promise.resolve(written)
  },
  look: (place) => (files.has(place) ? Promise.resolve('file') : disk.look(place)),
  list: (folder) => disk.list(folder),
})

const isWindowsPath = (text: string) => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(text)

/**
 * The absolute path of a bind mount's source on this machine. Null where it can only lie on another system, e.g. a
 * Windows path seen from Linux.
 */
export function placeOf(source: string, baseFolder: string, home: string): string | null {
  const onWindows = process.platform === 'win32'
  if (source === '~' || /^~[\\/]/.test(source)) return path.join(home, source.slice(1))
  if (isWindowsPath(source)) return onWindows ? path.win32.normalize(source) : null
  if (source.startsWith('/')) return onWindows ? null : path.posix.normalize(source)
  return path.resolve(baseFolder, source)
}

export const isBindSource = (source: string): boolean => /^[./~\\]/.test(source) || isWindowsPath(source)
