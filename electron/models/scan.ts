import type { BigIntStats, Dirent } from 'node:fs'
import { access, constants, opendir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileErrorCode } from '../storage/files'
import { formatOf, partEnd, removedEnd } from './formats'

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
/** So many names are looked at below a folder: a link to all of a disk is no folder of models. */
const mostNames = 200_000

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
  /** Names that may still be looked at. */
  names: number
  seen: Set<string>
  /** Whether what a link leads to is there for the service too. */
  isWithin: (real: string) => boolean
  signal: AbortSignal
}

/** What is in a folder, in one order, as far as there are names left. */
async function namesIn(folder: string, to: Walk): Promise<Dirent[]> {
  const found: Dirent[] = []
  for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
    to.signal.throwIfAborted()
    if (to.names === 0) break
    to.names -= 1
    found.push(entry)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A file of a model; null for another. What a removal has set aside is a file itself: a link would have another removed. */
async function modelAt(at: string, entry: Dirent, to: Walk): Promise<Omit<FoundFile, 'name'> | null> {
  if (!isModel(entry.name) || (entry.isSymbolicLink() && entry.name.endsWith(removedEnd))) return null
  const found = await lookAt(at)
  return found && to.isWithin(found.path) ? found : null
}

/** Walks below a folder; one that several links lead to is walked once, so that no circle is. */
async function walk(folder: string, below: string, depth: number, to: Walk): Promise<void> {
  const real = await realpath(folder)
  if (to.seen.has(real) || depth > deepest || !to.isWithin(real)) return
  to.seen.add(real)
  for (const entry of await namesIn(real, to)) {
    to.signal.throwIfAborted()
    if (to.files.length >= to.most) return
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    const at = path.join(real, entry.name)
    if (entry.isFile() || entry.isSymbolicLink()) {
      const found = await modelAt(at, entry, to)
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

const isBelow = (real: string, folder: string) => {
  const way = path.relative(folder, real)
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}

/** Where links may lead to: where a container's own mounts lie, and anywhere for a program that sees this machine. */
async function withinOf(within: readonly string[] | null): Promise<Walk['isWithin']> {
  if (within === null) return () => true
  const real = await Promise.all(within.map((one) => realpath(one).catch(() => null)))
  return (at) => real.some((folder) => folder !== null && isBelow(at, folder))
}

/**
 * Lists the files of models below a folder, `most` at most. `within`: the only folders that links may lead to; null:
 * anywhere. A link that a container has made means something else on this machine.
 */
export async function scanFolder(
  folder: string,
  most: number,
  within: readonly string[] | null,
  signal: AbortSignal,
): Promise<FolderScan> {
  const isWithin = await withinOf(within)
  const to: Walk = { files: [], most, names: mostNames, seen: new Set(), isWithin, signal }
  try {
    if (!isWithin(await realpath(folder))) return { state: 'absent', writable: false, files: [], cut: false }
    await walk(folder, '', 0, to)
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    return { state: 'read', writable, files: to.files, cut: to.files.length >= most || to.names === 0 }
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    const state = code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unreadable'
    return { state, writable: false, files: [], cut: false }
  }
}
