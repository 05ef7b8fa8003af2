import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Generation } from '../../../shared/contract'
import { imageFileName, safeFileName } from '../../../shared/file-names'
import { fileErrorCode } from '../../storage/files'
import type { Context } from '../define'
import { CommandFailure, exits } from '../exits'
import type { Panel } from '../panel'

const statIfPresent = (file: string) =>
  stat(file).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  })

const isFolderName = (out: string) => /[\\/]$/.test(out)

/**
 * Makes sure, before anything is generated, that the images can be saved: makes a folder that is named as one, and
 * throws a CommandFailure where the file is there already.
 */
export async function prepareSaving(out: string, force: boolean): Promise<void> {
  if (isFolderName(out)) await mkdir(out, { recursive: true })
  else if (!force && (await statIfPresent(out))?.isDirectory() === false)
    throw new CommandFailure(exits.failed, 'failure.existsAlready', { file: out })
}

/** The gallery's name of an image, as one that leads nowhere else, whatever the panel has put into it. */
function plainName(generation: Generation, at: number): string {
  const name = imageFileName(generation, at)
  const dot = name.lastIndexOf('.')
  return safeFileName(name.slice(0, dot), name.slice(dot))
}

/** Where each image goes: into a folder under the name of the gallery, or into the file that was named. */
async function placesFor(generation: Generation, out: string): Promise<string[]> {
  const isFolder = isFolderName(out) || ((await statIfPresent(out))?.isDirectory() ?? false)
  const { dir, name, ext } = path.parse(out)
  return generation.images.map((_, at) => {
    if (isFolder) return path.join(out, plainName(generation, at))
    return at === 0 ? out : path.join(dir, `${name}-${at + 1}${ext}`)
  })
}

interface Saving {
  out: string
  /** Whether files that are there may be replaced. */
  force: boolean
  context: Pick<Context, 'signal'>
}

/**
 * Saves what a generation made, and returns the files. Each is complete under its name or not there. Throws a
 * CommandFailure where one is there already, before anything is written.
 */
export async function saveAll(
  panel: Pick<Panel, 'read'>,
  generation: Generation,
  { out, force, context }: Saving,
): Promise<string[]> {
  const files = await placesFor(generation, out)
  for (const file of files) {
    if (!force && (await statIfPresent(file)) !== null)
      throw new CommandFailure(exits.failed, 'failure.exists', { file, id: generation.id })
  }
  for (const [at, { id }] of generation.images.entries()) {
    const file = files[at] ?? out
    const temporary = `${file}.${randomBytes(4).toString('hex')}.part`
    try {
      const pieces = await panel.read(`/images/${encodeURIComponent(id)}`, context.signal)
      await pipeline(Readable.from(pieces), createWriteStream(temporary, { flags: 'wx' }), { signal: context.signal })
      await rename(temporary, file)
    } catch (error) {
      await rm(temporary, { force: true })
      if (fileErrorCode(error) === null) throw error
      throw new CommandFailure(
        exits.failed,
        'failure.write',
        { file, code: fileErrorCode(error) ?? '', id: generation.id },
        { cause: error },
      )
    }
  }
  return files
}
