import { constants } from 'node:fs'
import { access, chmod, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { StackId } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { fileErrorCode, writeFileAtomic } from '../storage/files'

/** What there is at a path; what cannot be looked at counts as nothing. */
export async function kindAt(file: string): Promise<'nothing' | 'folder' | 'file'> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    return 'nothing'
  }
}

/** The folder itself, or the nearest one above it that is there. */
export async function nearestFolder(folder: string): Promise<string> {
  let at = folder
  while ((await kindAt(at)) === 'nothing' && path.dirname(at) !== at) at = path.dirname(at)
  return at
}

/** Whether a folder can be written to, or made. Throws a Problem that says why not. */
export async function checkWritable(folder: string): Promise<void> {
  try {
    const nearest = await nearestFolder(folder)
    if ((await kindAt(nearest)) === 'file') throw new Problem('stacks.not-a-folder', { path: nearest })
    await access(nearest, constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = fileErrorCode(error)
    if (error instanceof Problem || code === null) throw error
    throw new Problem('stacks.folder-not-writable', { path: folder, code })
  }
}

/** Reads one of the stack's own files. Throws `stacks.unreadable`. */
export async function readTemplate(folder: string, id: StackId, name: string): Promise<string> {
  try {
    return await readFile(path.join(folder, id, name), 'utf8')
  } catch (error) {
    throw new Problem('stacks.unreadable', { id, file: name, code: fileErrorCode(error) ?? 'unknown' })
  }
}

/** Writes a file that is not there yet. Throws `stacks.conflict` when it is, and leaves it as it is. */
export async function writeNew(file: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode })
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    const [folder, name] = [path.dirname(file), path.basename(file)]
    if (code === 'EEXIST') throw new Problem('stacks.conflict', { folder, files: name })
    throw new Problem('stacks.folder-not-writable', { path: file, code })
  }
}

/** What the image is built of is sent with its rights, and read by another user in the container. */
export const readable = 0o644

/** Writes a file of a stack in one step; one that is there keeps its rights, a new one may be read by all. */
export async function replaceFile(file: string, data: string | Uint8Array): Promise<void> {
  const isNew = (await kindAt(file)) === 'nothing'
  await writeFileAtomic(file, data)
  if (isNew) await chmod(file, readable)
}

/** Makes a folder with those above it, and returns the ones that were not there, outermost first. */
export async function makeFolder(folder: string): Promise<string[]> {
  const made: string[] = []
  for (let at = folder; (await kindAt(at)) === 'nothing'; at = path.dirname(at)) made.unshift(at)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    throw new Problem('stacks.folder-not-writable', { path: folder, code })
  }
  return made
}

/** Takes a folder away unless something is in it. Returns whether it is gone. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT'
  }
}

/** Takes a file away; returns whether it is gone. */
export async function removeFile(file: string): Promise<boolean> {
  try {
    await rm(file, { force: true })
    return true
  } catch {
    return false
  }
}
