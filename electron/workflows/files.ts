import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { RecordId } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { diskProblem } from '../storage/disk'
import { clearTemporaries, fileErrorCode, readIfPresent, syncFolder, writeFileAtomic } from '../storage/files'
import { KeptWorkflow, ReadWorkflow, type KeptVersion } from './record'

const indexName = 'workflow.json'
/** What Regie itself writes beside the index: nothing else is ever deleted. */
const contentName = /^[0-9a-f]{64}\.(?:original|json)$/

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What was found of one workflow. `damaged`: its index is there and cannot be read; it is left as it is. */
export type Found = { id: string; kept: KeptWorkflow } | { id: string; damaged: string }

/**
 * The files of imported workflows, a folder each: the file that was imported, what was read of it, both named by their
 * hash and never changed, and the index that names them. The index is written last and in one piece, so that a crash at
 * any instant leaves the workflow as it was before, or as it is after.
 */
export interface WorkflowFiles {
  /** Looks through the folder, and deletes what a crash left half done. */
  open(): Promise<Found[]>
  /** Keeps a file and what was read of it, if they are not there yet. Returns by what the index names them. */
  keep(id: string, original: Uint8Array, read: ReadWorkflow): Promise<{ original: string; read: string }>
  /** Whether a version is of this file, and undamaged. */
  holds(id: string, version: Pick<KeptVersion, 'original' | 'read'>, original: Uint8Array): Promise<boolean>
  write(id: string, kept: KeptWorkflow): Promise<void>
  /** Deletes what a change that failed left half done: all that the index does not name. */
  tidy(id: string): Promise<void>
  /** Deletes a workflow for good. */
  erase(id: string): Promise<void>
  /** Both throw `workflow.damaged` where a file is gone or no longer what was written. */
  original(id: string, hash: string): Promise<Buffer>
  read(id: string, hash: string): Promise<ReadWorkflow>
}

/** `root`: the folder of all of them, made when it is needed. */
export function createWorkflowFiles(root: string): WorkflowFiles {
  const folderOf = (id: string) => path.join(root, id)
  const originalOf = (id: string, hash: string) => path.join(folderOf(id), `${hash}.original`)
  const readOf = (id: string, hash: string) => path.join(folderOf(id), `${hash}.json`)

  /** Content is never written over: under its hash there is only itself, unless it was damaged. */
  const put = async (file: string, bytes: Uint8Array, hash: string) => {
    if (!(await isWhole(file, hash))) await writeFileAtomic(file, bytes)
  }
  return {
    async open() {
      const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
        if (fileErrorCode(error) === 'ENOENT') return []
        throw error
      })
      const ids = entries.filter((one) => one.isDirectory() && RecordId.safeParse(one.name).success)
      const all: Found[] = []
      for (const { name } of ids) {
        const found = await look(folderOf(name))
        if (found) all.push({ id: name, ...found })
      }
      return all
    },
    keep: (id, original, read) =>
      onDisk(root, async () => {
        await mkdir(folderOf(id), { recursive: true, mode: 0o700 })
        await syncFolder(root)
        const text = Buffer.from(JSON.stringify(read))
        const hashes = { original: hashOf(original), read: hashOf(text) }
        await put(originalOf(id, hashes.original), original, hashes.original)
        await put(readOf(id, hashes.read), text, hashes.read)
        return hashes
      }),
    holds: async (id, version, original) =>
      hashOf(original) === version.original &&
      (await isWhole(originalOf(id, version.original), version.original)) &&
      (await isWhole(readOf(id, version.read), version.read)),
    write: (id, kept) =>
      onDisk(root, () => writeFileAtomic(path.join(folderOf(id), indexName), `${JSON.stringify(kept)}\n`)),
    tidy: async (id) => void (await look(folderOf(id))),
    async erase(id) {
      const folder = folderOf(id)
      await eraseContent(folder, new Set())
      // The index last: what a crash leaves is known to be on its way out.
      await rm(path.join(folder, indexName), { force: true })
      await removeIfEmpty(folder)
    },
    original: (id, hash) => whole(originalOf(id, hash), hash),
    async read(id, hash) {
      const file = readOf(id, hash)
      const read = ReadWorkflow.safeParse(JSON.parse((await whole(file, hash)).toString('utf8')))
      if (!read.success) throw new Problem('workflow.damaged', { file }, { cause: read.error })
      return read.data
    },
  }
}

/** Whether a file is there and what its hash says. */
async function isWhole(file: string, hash: string): Promise<boolean> {
  const bytes = await readIfPresent(file)
  return bytes !== null && hashOf(bytes) === hash
}

/** The bytes of a file that is what its hash says. Throws `workflow.damaged` for every other. */
async function whole(file: string, hash: string): Promise<Buffer> {
  const bytes = await readIfPresent(file)
  if (bytes === null || hashOf(bytes) !== hash) throw new Problem('workflow.damaged', { file })
  return bytes
}

async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskProblem(error, folder) ?? error
  }
}

/** What is in one folder; null where a crash left no index, or there was none. */
async function look(folder: string): Promise<{ kept: KeptWorkflow } | { damaged: string } | null> {
  const file = path.join(folder, indexName)
  await clearTemporaries(folder)
  const text = await readIfPresent(file)
  if (text === null) {
    await forgiving(eraseContent(folder, new Set()))
    await forgiving(removeIfEmpty(folder))
    return null
  }
  const kept = parseIndex(text)
  if (!kept) return { damaged: file }
  const named = kept.versions.flatMap(({ original, read }) => [`${original}.original`, `${read}.json`])
  await forgiving(eraseContent(folder, new Set(named)))
  return { kept }
}

/** What another program holds open cannot be deleted now: it is nobody's, and looked for again at the next start. */
const forgiving = (deletion: Promise<void>): Promise<void> => deletion.catch(() => undefined)

function parseIndex(text: Buffer): KeptWorkflow | null {
  try {
    return KeptWorkflow.safeParse(JSON.parse(text.toString('utf8'))).data ?? null
  } catch {
    return null // no JSON
  }
}

/** Deletes the files of content that no version names. */
async function eraseContent(folder: string, named: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder))
    if (contentName.test(name) && !named.has(name)) await rm(path.join(folder, name), { force: true })
}

/** A folder that somebody put something of his own into stays. */
async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(fileErrorCode(error) ?? '')) throw error
  })
}
