import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { marks } from './data-folder'
import { codeOf, diskProblem } from './disk'
import { readIfPresent, syncFolder, writeFileAtomic } from './files'
import type { DataPaths } from './paths'

/**
 * What this version writes. It grows with every change of a file that an earlier Regie would misread, or that cannot
 * be undone: then the folder is copied before its first change, and the earlier Regie refuses it. 1 is Regie 0.1.0,
 * which wrote no number; up to 2 no entry of the audit log names an account, and its hash covers none; up to 3 no stack
 * is updated, and who does not know of updates would leave a half-done one half done; up to 4 no image is made from
 * another one or by an imported workflow, and nobody keeps these; up to 5 there are two accounts, whose passwords lie in the
 * configuration; up to 6 the gallery's database holds no golden checks, and what is known of models lies
 * nowhere. The vault and the database have numbers of their own inside the file.
 */
const folderFormat = 7

const FormatFile = z.object({ format: z.number().int().positive(), version: z.string().max(64) })

/** So many copies from before an update are kept. */
const kept = 3

/** Left out of a copy: what is made anew, what only says what happened, and the vault, which keeps its own states. */
const leftOut = /^(?:panel\.(?:lock|log).*|.*-shm|.*\.tmp.*|vault\.(?:json|key).*|format\.json)$/

/**
 * Looks at who wrote a data folder last, before anything in it is changed. A folder of an earlier format is copied to
 * `before-update/` first, then marked as this version's. Call it with the folder locked.
 * Throws `data-folder.newer` for a later format, `data-folder.format-unreadable` where nobody can tell, `disk.full`
 * and `data-folder.not-copied` where the copy cannot be made; the folder is then as it was.
 */
export async function openFolderFormat(paths: DataPaths, version: string, now = Date.now()): Promise<void> {
  const found = await readFormat(paths)
  if (found !== null && found.format > folderFormat)
    throw new Problem('data-folder.newer', { folder: paths.root, version: found.version })
  if (found !== null && found.format < folderFormat) await copyAway(paths, found.version, now)
  if (found?.format === folderFormat && found.version === version) return
  await writeFileAtomic(paths.format, `${JSON.stringify({ format: folderFormat, version })}\n`)
}

/** Who wrote the folder last; null for a new one. */
async function readFormat({ root, format }: DataPaths): Promise<z.infer<typeof FormatFile> | null> {
  const content = await readIfPresent(format)
  if (content === null) {
    const names = await readdir(root)
    return marks.some((mark) => mark !== 'panel.log' && names.includes(mark)) ? { format: 1, version: '0.1.0' } : null
  }
  try {
    return FormatFile.parse(JSON.parse(content.toString('utf8')))
  } catch (error) {
    throw new Problem('data-folder.format-unreadable', { file: format }, { cause: error })
  }
}

/**
 * The version that wrote a folder, where that has a format that this Regie does not know; null where it may be opened.
 * Throws `data-folder.format-unreadable`.
 */
export async function newerVersionOf(paths: DataPaths): Promise<string | null> {
  const found = await readFormat(paths)
  return found !== null && found.format > folderFormat ? found.version : null
}

/** Copies a file for its owner alone, down to the disk. */
async function copyDown(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o600)
  const handle = await open(to, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Copies what an update may change into a folder of its own, whole or not at all. Files alone: pictures, inputs and what was
 * read of workflows are never written over, and `workflows/` and `inputs/` begin with format 5. A format that changes what
 * lies in a folder has to copy that too.
 */
async function copyAway({ root, beforeUpdate }: DataPaths, version: string, now: number): Promise<void> {
  const name = `${version.replaceAll(/[^\w.-]/g, '_')}-${now}`
  const partial = path.join(beforeUpdate, `.${name}`)
  try {
    await mkdir(beforeUpdate, { recursive: true, mode: 0o700 })
    for (const each of await readdir(beforeUpdate))
      if (each.startsWith('.')) await rm(path.join(beforeUpdate, each), { recursive: true })
    await mkdir(partial, { mode: 0o700 })
    for (const entry of await readdir(root, { withFileTypes: true })) {
      if (!entry.isFile() || leftOut.test(entry.name)) continue
      await copyDown(path.join(root, entry.name), path.join(partial, entry.name))
    }
    await syncFolder(partial)
    await rename(partial, path.join(beforeUpdate, name))
    await syncFolder(beforeUpdate)
    const all = (await readdir(beforeUpdate)).filter((each) => !each.startsWith('.'))
    const timeOf = (each: string) => Number(each.slice(each.lastIndexOf('-') + 1))
    const old = all.sort((a, b) => timeOf(b) - timeOf(a)).slice(kept)
    for (const each of old) await rm(path.join(beforeUpdate, each), { recursive: true })
  } catch (error) {
    const full = diskProblem(error, beforeUpdate)
    if (full) throw full
    throw new Problem('data-folder.not-copied', { folder: beforeUpdate, code: codeOf(error) }, { cause: error })
  }
}
