import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { LeakScan, LeakScanned, LeakSkip } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import { askGit } from './git'
import type { PatternOwner } from './patterns'
import type { LeakPool } from './pool'
import type { FileMatch, Skipped } from './read-file'
import type { Sources } from './sources'
import { isNoRepository, walk } from './walk'

/** Few enough that a cancelled scan ends soon, enough that messages cost nothing. */
const filesAtATime = 100

/** So many of what was skipped for each cause are named. */
const mostNamed = 50

/** Which value belongs where: the real path of a sink, whose it is, and which part of it. */
export interface ExpectedFile {
  path: string
  credentialId: string
  field: string
}

/** The real path of a folder that can be scanned. Throws a Problem that says what is wrong with it. */
export async function checkFolder(folder: string): Promise<string> {
  if (!path.isAbsolute(folder)) throw new Problem('leaks.folder-relative', { path: folder })
  try {
    const real = await realpath(folder)
    if (!(await stat(real)).isDirectory()) throw new Problem('leaks.no-folder', { path: folder })
    return real
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    throw new Problem('leaks.no-folder', { path: folder }, { cause: error })
  }
}

/** Looks through the files of a folder and tells which repositories lie there. */
export async function scanFiles(
  scan: LeakScan,
  { folder, pool, expected, redact }: FolderOptions,
  to: Sources & { onRepository: (folder: string) => void },
): Promise<void> {
  const skip = (skipped: Skipped) => addSkipped(scan, skipped, redact)
  await to.source({ source: 'files', where: folder }, async (entry) => {
    const waiting = new Set<Promise<void>>()
    const failures: unknown[] = []
    const read = async (files: string[]) => {
      const { found, skipped } = await pool.readFiles(files, (items, bytes) => to.progress(entry, items, bytes))
      skipped.forEach(skip)
      for (const match of found) await addFile(match, expected, to)
    }
    const begin = async (files: string[]) => {
      const work: Promise<void> = read(files)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => waiting.delete(work))
      waiting.add(work)
      while (waiting.size >= pool.appetite) await Promise.race(waiting)
      if (failures.length > 0) throw failures[0]
    }
    const options = {
      skipIgnored: scan.skipIgnored,
      signal: to.signal,
      onSkipped: skip,
      onRepository: to.onRepository,
      onTrouble: (problem: Problem) => to.note(entry, problem),
    }
    let batch: string[] = []
    for await (const files of walk(folder, options)) {
      for (const file of files) {
        batch.push(file)
        if (batch.length < filesAtATime) continue
        await begin(batch)
        batch = []
      }
    }
    if (batch.length > 0) await begin(batch)
    await Promise.all(waiting)
    if (failures.length > 0) throw failures[0]
  })
}

interface FolderOptions {
  folder: string
  pool: LeakPool
  expected: readonly ExpectedFile[]
  redact: (text: string) => string
}

async function addFile({ path: file, mode, matches }: FileMatch, expected: readonly ExpectedFile[], to: Sources) {
  const real = await realpath(file).catch(() => file)
  const here = expected.filter((sink) => sink.path === real)
  const isExpected = ({ credentialId, field, generation }: PatternOwner) =>
    generation !== 'previous' && here.some((sink) => sink.credentialId === credentialId && sink.field === field)
  const weight = (await isOpenToAll(real, mode)) ? 'world-readable' : 'file'
  to.report.add({ kind: 'file', where: file, part: null, serviceId: null, weight, isExpected }, matches)
}

/** Whether every user of this machine can read a file: its own mode, and a way through all folders above it. */
async function isOpenToAll(file: string, mode: number): Promise<boolean> {
  if (process.platform === 'win32' || (mode & 0o004) === 0) return false
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => null)
    if (!found || (found.mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

function addSkipped(scan: LeakScan, { path: at, why, code }: Skipped, redact: (text: string) => string): void {
  let group = scan.skipped.find((one) => one.why === why)
  if (!group) scan.skipped.push((group = { why, count: 0, first: [] }))
  group.count++
  if (group.first.length < mostNamed) group.first.push(redact(code === undefined ? at : `${at} (${code})`))
}

/** Causes worth a look first. */
export const skipOrder: LeakSkip[] = ['unreadable', 'sparse', 'virtual', 'device', 'fifo', 'socket', 'symlink']

/** Walks through a folder for the repositories alone. */
export async function findRepositories(
  folder: string,
  { signal, onRepository }: { signal: AbortSignal; onRepository: (folder: string) => void },
): Promise<void> {
  const nobody = () => undefined
  const walked = walk(folder, { skipIgnored: false, signal, onRepository, onSkipped: nobody, onTrouble: nobody })
  while (!(await walked.next()).done);
}

/** Looks through the history of a repository, once however many ways lead to it. */
export async function scanRepository(folder: string, pool: LeakPool, known: Set<string>, to: Sources): Promise<void> {
  let store: string
  try {
    store = await storeOf(folder, to.signal)
  } catch (error) {
    if (to.signal.aborted || (error instanceof Problem && isNoRepository(error))) return
    await to.source({ source: 'git', where: folder }, () => {
      throw error
    })
    return
  }
  if (known.has(store)) return
  known.add(store)
  await to.source({ source: 'git', where: folder }, async (entry: LeakScanned) => {
    const { found, unreadable } = await pool.readHistory(folder, (items, bytes) => to.progress(entry, items, bytes))
    if (unreadable > 0) to.note(entry, new Problem('leaks.git-unreadable', { count: unreadable }))
    for (const { matches, path: part, commits, reachable } of found) {
      const weight = reachable ? 'history' : 'unreachable-object'
      const place = { kind: 'git', where: folder, part, serviceId: null, commits, weight } as const
      to.report.add({ ...place, isExpected: () => false }, matches)
    }
  })
}

/** Where a repository keeps its objects: the same for its work trees. */
async function storeOf(folder: string, signal: AbortSignal): Promise<string> {
  const answer = (await askGit(folder, ['rev-parse', '--git-common-dir'], signal)).replace(/\r?\n$/, '')
  const store = path.resolve(folder, answer)
  return realpath(store).catch(() => store)
}
