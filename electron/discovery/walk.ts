import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { reason, type Reason } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import { isSkippedFolder, fileKindOf, largestOf, type FileKind } from './file-kinds'
import type { ReadFile } from './model'
import { isLoginPlugin } from './session-keys'

export interface WalkLimits {
  /** Folders below the one that is searched. */
  depth: number
  folders: number
  /** Files whose names are looked at. */
  files: number
  /** Read in all. */
  bytes: number
}

const defaultLimits: WalkLimits = { depth: 8, folders: 4000, files: 100_000, bytes: 64 * 2 ** 20 }

export interface Walked {
  files: (ReadFile & { kind: FileKind })[]
  /** Where a file is expected that is a folder: Docker makes one for a mounted file that is missing. */
  foldersForFiles: { path: string; shown: string; kind: 'login' | 'secret' }[]
  looked: { folders: number; files: number; bytes: number }
  /** What was left out, and why. */
  remarks: Reason[]
}

/** Remarks of one kind, one by one, before they are only counted. */
const mostRemarks = 20

interface Walk {
  root: string
  limits: WalkLimits
  signal: AbortSignal
  onProgress: (looked: Walked['looked']) => void
  walked: Walked
  /** Real paths of files that were read. */
  seen: Set<string>
  linksOutside: number
}

const shownIn = (root: string, file: string) => path.relative(root, file).split(path.sep).join('/')

/**
 * Reads the files below a folder that may hold secrets, by their names. Only reads; links are followed only to files
 * inside. Throws the signal's reason when aborted.
 */
export async function walk(
  root: string,
  options: { limits?: Partial<WalkLimits>; signal: AbortSignal; onProgress: (looked: Walked['looked']) => void },
): Promise<Walked> {
  const { signal, onProgress } = options
  const limits = { ...defaultLimits, ...options.limits }
  const looked = { folders: 0, files: 0, bytes: 0 }
  const walked: Walked = { files: [], foldersForFiles: [], looked, remarks: [] }
  const state: Walk = { root, limits, signal, onProgress, walked, seen: new Set(), linksOutside: 0 }
  const links: string[] = []
  const waiting = [{ folder: root, depth: 0 }]
  let tooDeep = 0
  // Level by level: what is near is looked at before the limits are reached.
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    signal.throwIfAborted()
    const { folder, depth } = at
    if (looked.folders >= limits.folders || looked.files >= limits.files) {
      remark(state, reason('discovery.too-many', { files: looked.files, folders: looked.folders }))
      break
    }
    const { folders, linked } = await lookInto(state, folder)
    links.push(...linked)
    if (depth < limits.depth) waiting.push(...folders.map((one) => ({ folder: one, depth: depth + 1 })))
    else tooDeep += folders.length
  }
  if (tooDeep > 0) remark(state, reason('discovery.too-deep', { depth: limits.depth, count: tooDeep }))
  // Links last: a file that is met by its own name keeps that.
  for (const link of links) await followLink(state, link)
  if (state.linksOutside > 0) remark(state, reason('discovery.links-outside', { count: state.linksOutside }))
  return walked
}

function remark({ walked }: Walk, why: Reason) {
  if (walked.remarks.length < mostRemarks) walked.remarks.push(why)
}

async function lookInto(state: Walk, folder: string): Promise<{ folders: string[]; linked: string[] }> {
  const { walked, root, signal } = state
  const { looked } = walked
  looked.folders += 1
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    unread(state, folder, error)
    return { folders: [], linked: [] }
  }
  const folders: string[] = []
  const linked: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    signal.throwIfAborted()
    const place = path.join(folder, entry.name)
    if (isOtherPeoples(folder, entry)) continue
    if (entry.isSymbolicLink()) {
      linked.push(place)
      continue
    }
    const kind = fileKindOf(entry.name)
    if (entry.isDirectory()) {
      if (kind === 'login' || (kind === 'secret' && /\.token$/i.test(entry.name)))
        walked.foldersForFiles.push({ path: place, shown: shownIn(root, place), kind })
      else if (!isSkippedFolder(entry.name)) folders.push(place)
      continue
    }
    looked.files += 1
    if (kind && entry.isFile()) await readOne(state, place, kind)
  }
  state.onProgress({ ...looked })
  return { folders, linked }
}

/** Plugins are other people's programs: of all that they hold, the login's session key alone is looked for. */
function isOtherPeoples(folder: string, entry: Dirent): boolean {
  const isPlugins = (place: string) => path.basename(place).toLowerCase() === 'custom_nodes'
  if (isPlugins(folder)) return !isLoginPlugin(entry.name)
  return isPlugins(path.dirname(folder)) && fileKindOf(entry.name) !== 'session-key'
}

async function followLink(state: Walk, link: string) {
  const { root, signal } = state
  signal.throwIfAborted()
  const kind = fileKindOf(path.basename(link))
  const target = await realpath(link).catch(() => null)
  if (target === null || kind === null) return
  if (!isInside(root, target)) {
    state.linksOutside += 1
    return
  }
  const found = await stat(target).catch(() => null)
  if (found?.isFile()) await readOne(state, link, kind)
}

export const isInside = (root: string, place: string): boolean => {
  const way = path.relative(root, place)
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}

/** Reads a file, once by whatever name. */
async function readOne(state: Walk, file: string, kind: FileKind) {
  const { root, limits, walked, seen } = state
  const { looked } = walked
  try {
    const [found, real] = await Promise.all([stat(file), realpath(file)])
    if (seen.has(real)) return
    if (found.size > largestOf[kind]) {
      if (kind === 'env') remark(state, reason('discovery.too-large', { path: file }))
      return
    }
    if (looked.bytes + found.size > limits.bytes) {
      remark(state, reason('discovery.too-many', { files: looked.files, folders: looked.folders }))
      return
    }
    seen.add(real)
    const bytes = await readFile(file)
    looked.bytes += bytes.length
    const modifiedAt = Math.round(found.mtimeMs)
    walked.files.push({ path: file, shown: shownIn(root, file), modifiedAt, bytes, kind })
  } catch (error) {
    unread(state, file, error)
  }
}

/** Reads a file that a Compose file names; without effect for one that was read, is not there, or lies outside. */
export async function readNamed(root: string, walked: Walked, file: string): Promise<void> {
  const real = await realpath(file).catch(() => null)
  if (real === null || !isInside(root, real)) return
  if (walked.files.some((one) => one.path === file || one.path === real)) return
  const found = await stat(real)
  if (!found.isFile() || found.size > largestOf.env) return
  const bytes = await readFile(real)
  walked.looked.bytes += bytes.length
  walked.files.push({
    path: file,
    shown: shownIn(root, file),
    modifiedAt: Math.round(found.mtimeMs),
    bytes,
    kind: 'env',
  })
}

function unread(state: Walk, file: string, error: unknown) {
  const code = fileErrorCode(error)
  if (code === null) throw error
  // Gone since its folder was read: none of ours.
  if (code !== 'ENOENT') remark(state, reason('discovery.unreadable', { path: file, code }))
}
