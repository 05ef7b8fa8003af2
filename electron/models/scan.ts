import type { BigIntStats } from 'node:fs'
import { access, constants, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileErrorCode } from '../storage/files'
import { formatOf, partEnd } from './formats'

/** A file as it lies in a folder. */
export interface FoundFile {
  /** Below the folder, with slashes. */
  name: string
  /** Behind links. */
  path: string
  bytes: number
  /** Unix ms. */
  modifiedAt: number
  /** Another one as soon as it is written to. */
  stamp: string
  /** Which place on a disk it is: the same for all its names. */
  inode: string
  device: string
  names: number
}

export interface FolderScan {
  state: 'read' | 'absent' | 'unreadable'
  writable: boolean
  files: FoundFile[]
  /** More files than are listed. */
  cut: boolean
}

const deepest = 8

const stampOf = ({ size, mtimeNs }: BigIntStats) => `${size} ${mtimeNs}`

/** What a file is now, behind links; null where it is gone, or no ordinary file. */
export async function lookAt(file: string): Promise<Omit<FoundFile, 'name'> | null> {
  try {
    const real = await realpath(file)
    const found = await stat(real, { bigint: true })
    if (!found.isFile()) return null
    return {
      ...{ path: real, bytes: Number(found.size), modifiedAt: Number(found.mtimeMs), stamp: stampOf(found) },
      ...{ inode: `${found.dev}:${found.ino}`, device: String(found.dev), names: Number(found.nlink) },
    }
  } catch {
    return null // gone, or a link to nothing: there is no such file
  }
}

const isModel = (name: string) => !name.startsWith('.') && !name.endsWith(partEnd) && formatOf(name) !== null

interface Walk {
  files: FoundFile[]
  most: number
  seen: Set<string>
  signal: AbortSignal
}

/** Walks below a folder; one that several links lead to is walked once, so that no circle is. */
async function walk(folder: string, below: string, depth: number, to: Walk): Promise<void> {
  const real = await realpath(folder)
  if (to.seen.has(real) || depth > deepest) return
  to.seen.add(real)
  const entries = await readdir(real, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    to.signal.throwIfAborted()
    if (to.files.length >= to.most) return
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    const at = path.join(real, entry.name)
    if (entry.isFile() || entry.isSymbolicLink()) {
      const found = isModel(entry.name) ? await lookAt(at) : null
      if (found) to.files.push({ ...found, name })
      if (found || entry.isFile()) continue
    }
    // A folder that cannot be read keeps none of the others back.
    if (!entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      await walk(at, name, depth + 1, to).catch((error: unknown) => {
        if (fileErrorCode(error) === null) throw error
      })
  }
}

/** Lists the files of models below a folder, `most` at most. */
export async function scanFolder(folder: string, most: number, signal: AbortSignal): Promise<FolderScan> {
  const to: Walk = { files: [], most, seen: new Set(), signal }
  try {
    await walk(folder, '', 0, to)
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    return { state: 'read', writable, files: to.files, cut: to.files.length >= most }
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    const state = code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unreadable'
    return { state, writable: false, files: [], cut: false }
  }
}
