import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { StackId } from '../../shared/contract'
import { fileErrorCode } from '../storage/files'
import { earlierVersions } from './earlier'
import { readManifest, textFingerprint } from './manifest'

/** Which stack a folder was made from. */
export interface RecognisedStack {
  stackId: StackId
  version: string
  /** Names of its files that are not as the deployment wrote them, or not there. */
  changed: string[]
}

/** That many files of an earlier version are to be there as they were, for a folder without a manifest to be known. */
const enough = 3

/**
 * Says from which stack, in which version, a folder was made: by its manifest, or, where it was deployed before there
 * were manifests, by the files themselves. Null for any other folder. Throws the file system's error where a file is
 * there and cannot be read.
 */
export async function recognise(folder: string): Promise<RecognisedStack | null> {
  const manifest = await readManifest(folder)
  if (manifest) {
    const known = Object.entries(manifest.files).map(([name, print]) => [name, [print]] as const)
    const { changed } = await compare(known, reader(folder))
    return { stackId: manifest.stackId, version: manifest.version, changed }
  }
  let best: (RecognisedStack & { same: number }) | null = null
  const read = reader(folder)
  for (const { stackId, version, files } of earlierVersions) {
    const { same, changed } = await compare(Object.entries(files), read)
    // Of two that are equally like it, the later one: the table has the oldest first.
    if (same >= enough && same >= (best?.same ?? 0)) best = { stackId, version, changed, same }
  }
  return best && { stackId: best.stackId, version: best.version, changed: best.changed }
}

type Read = (name: string) => Promise<string | null>

/** Fingerprints of the files in a folder, each read once; null for one that is not there. */
function reader(folder: string): Read {
  const prints = new Map<string, Promise<string | null>>()
  return (name) => {
    const known = prints.get(name)
    if (known) return known
    const print = printOf(path.join(folder, name))
    prints.set(name, print)
    return print
  }
}

async function printOf(file: string): Promise<string | null> {
  try {
    return textFingerprint(await readFile(file, 'utf8'))
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) return null
    throw error
  }
}

async function compare(files: readonly (readonly [name: string, prints: readonly string[]])[], read: Read) {
  const changed: string[] = []
  for (const [name, prints] of files) {
    const found = await read(name)
    if (found === null || !prints.includes(found)) changed.push(name)
  }
  return { same: files.length - changed.length, changed }
}
