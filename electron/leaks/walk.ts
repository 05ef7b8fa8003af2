import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { LeakSkip } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import { askGit } from './git'
import type { Skipped } from './read-file'

export interface WalkOptions {
  /** Leaves out what git ignores, in every repository below the folder and in the one around it. */
  skipIgnored: boolean
  signal: AbortSignal
  onSkipped: (skipped: Skipped) => void
  /** Told of every folder in which a repository lies. */
  onRepository: (folder: string) => void
  /** Told when git cannot say what is ignored: everything is then read. */
  onTrouble: (problem: Problem) => void
}

/** Linux shows its own state there as files, some of which never end. */
const virtualFolders = process.platform === 'linux' ? ['/proc', '/sys', '/dev'] : []

/**
 * All regular files below a folder, several at a time. Links are not followed, so there is no way in circles or out of
 * the folder. Git's store of objects is left out: it is compressed, and a source of its own.
 */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<string[], void, undefined> {
  const { signal } = options
  if (options.skipIgnored && (await isInRepository(root, options))) {
    yield* inRepository(root, options)
    return
  }
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    const entries = await list(folder, options)
    if (!entries) continue
    if (entries.some(({ name }) => name === '.git')) {
      options.onRepository(folder)
      if (options.skipIgnored && folder !== root) {
        yield* inRepository(folder, options)
        continue
      }
    }
    yield sort(folder, entries, folders, options)
  }
}

async function list(folder: string, { onSkipped }: WalkOptions): Promise<Dirent[] | null> {
  if (virtualFolders.includes(folder)) {
    onSkipped({ path: folder, why: 'virtual' })
    return null
  }
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    if (code !== 'ENOENT') onSkipped({ path: folder, why: 'unreadable', code })
    return null
  }
}

/** The files of a folder; its folders are put with those that are still to come. */
function sort(folder: string, entries: readonly Dirent[], folders: string[], options: WalkOptions): string[] {
  const files: string[] = []
  const store = isGitFolder(entries)
  if (store && path.basename(folder) !== '.git') options.onRepository(folder)
  for (const entry of entries) {
    const at = path.join(folder, entry.name)
    if (entry.isFile()) files.push(at)
    else if (entry.isDirectory()) {
      if (!(store && entry.name === 'objects')) folders.push(at)
    } else options.onSkipped({ path: at, why: whyNot(entry) })
  }
  return files
}

/** What `.git` and a bare repository look like. */
const isGitFolder = (entries: readonly Dirent[]) =>
  ['HEAD', 'objects', 'refs'].every((wanted) => entries.some(({ name }) => name === wanted))

function whyNot(entry: Dirent): LeakSkip {
  if (entry.isSymbolicLink()) return 'symlink'
  if (entry.isFIFO()) return 'fifo'
  return entry.isSocket() ? 'socket' : 'device'
}

/** Whether git finds a repository in or around the folder. */
async function isInRepository(folder: string, { signal, onTrouble }: WalkOptions): Promise<boolean> {
  try {
    return (await askGit(folder, ['rev-parse', '--is-inside-work-tree'], signal)).trim() === 'true'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (!isNoRepository(error)) onTrouble(error)
    return false
  }
}

/** Whether git says no more than that there is no repository. */
export const isNoRepository = ({ params }: Problem) => String(params['detail']).includes('not a git repository')

/** Mode of a symbolic link and of another repository's commit in git's index. */
const linkMode = '120000'
const repositoryMode = '160000'

/** The files that git tracks or would track, those of repositories inside too, and git's own folder. */
async function* inRepository(folder: string, options: WalkOptions): AsyncGenerator<string[], void, undefined> {
  const { signal } = options
  const entries = await list(folder, options)
  if (!entries) return
  const own = entries.find(({ name }) => name === '.git')
  let names: { files: string[]; repositories: string[] }
  try {
    names = await namesOf(folder, signal)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    options.onTrouble(error)
    yield* walk(folder, { ...options, skipIgnored: false })
    return
  }
  if (own) {
    options.onRepository(folder)
    if (own.isDirectory()) yield* walk(path.join(folder, '.git'), { ...options, skipIgnored: false })
    else yield [path.join(folder, '.git')]
  }
  yield names.files.map((name) => path.join(folder, name))
  for (const name of names.repositories) {
    const inner = path.join(folder, name)
    // One that was never fetched is an empty folder.
    const isThere = (await list(inner, options))?.some((entry) => entry.name === '.git')
    if (isThere) yield* inRepository(inner, options)
  }
}

async function namesOf(folder: string, signal: AbortSignal) {
  const files = new Set<string>()
  const repositories = new Set<string>()
  const tracked = await askGit(folder, ['ls-files', '-z', '--stage'], signal)
  for (const line of tracked.split('\0')) {
    const name = line.slice(line.indexOf('\t') + 1)
    if (line.startsWith(repositoryMode)) repositories.add(name)
    else if (line !== '' && !line.startsWith(linkMode)) files.add(name)
  }
  const others = await askGit(folder, ['ls-files', '-z', '--others', '--exclude-standard'], signal)
  for (const name of others.split('\0')) {
    if (name.endsWith('/')) repositories.add(name)
    else if (name !== '') files.add(name)
  }
  return { files: [...files], repositories: [...repositories] }
}
