import { eachGitLine, runGit } from './git'
import type { Matcher } from './matcher'
import { createObjectReader, type GitObject } from './objects'
import { Scanner, type TextMatch } from './scanner'

export interface Commit {
  id: string
  /** Unix ms. */
  at: number
}

/** An object of a repository in which something stands, and how one comes to it. */
export interface HistoryMatch {
  object: GitObject
  matches: TextMatch[]
  /** Path of a blob; null for a commit's or a tag's own words, and for what no commit leads to. */
  path: string | null
  /** Newest first. */
  commits: Commit[]
  /** False for what was staged or amended away and git has not cleared up yet. */
  reachable: boolean
}

export interface HistoryRead {
  found: HistoryMatch[]
  /** Objects that git could not give. */
  unreadable: number
}

export interface HistoryOptions {
  signal: AbortSignal
  /** Told of objects and bytes that were looked through. */
  onProgress: (items: number, bytes: number) => void
}

/**
 * Looks through every object that a repository keeps, packed or loose, of every branch, tag, stash, and of what was
 * amended away; then looks up by which commits what was found came in.
 */
export async function scanHistory(folder: string, matcher: Matcher, options: HistoryOptions): Promise<HistoryRead> {
  const scanner = new Scanner(matcher)
  const found: { object: GitObject; matches: TextMatch[] }[] = []
  // A tree holds names alone.
  const isRead = ({ type }: GitObject) => type !== 'tree'
  let reads = false
  let unreadable = 0
  const reader = createObjectReader({
    begin(object) {
      reads = isRead(object)
    },
    bytes(bytes) {
      if (reads) scanner.push(bytes)
      options.onProgress(0, bytes.length)
    },
    end(object) {
      options.onProgress(1, 0)
      if (!reads) return
      const matches = scanner.end()
      if (matches.length > 0) found.push({ object, matches })
    },
    missing() {
      unreadable++
    },
  })
  await runGit(folder, ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'], {
    signal: options.signal,
    onOutput: (bytes) => reader.push(bytes),
  })
  return { unreadable, found: found.length === 0 ? [] : await locate(folder, found, options.signal) }
}

interface Way {
  paths: Map<string, Commit[]>
}

/** One walk over all commits, whatever was found. */
async function locate(
  folder: string,
  found: readonly { object: GitObject; matches: TextMatch[] }[],
  signal: AbortSignal,
): Promise<HistoryMatch[]> {
  const ways = new Map<string, Way>(found.map(({ object }) => [object.id, { paths: new Map() }]))
  const reached = new Map<string, Commit>()
  let commit: Commit = { id: '', at: 0 }
  await eachGitLine(folder, logArguments, {
    signal,
    onLine(line) {
      if (line.startsWith('\x01')) {
        const [id = '', seconds = ''] = line.slice(1).split(' ')
        commit = { id, at: Number(seconds) * 1000 }
        if (ways.has(id)) reached.set(id, commit)
        return
      }
      const change = readChange(line)
      const way = change && ways.get(change.blob)
      if (!change || !way) return
      way.paths.set(change.path, [...(way.paths.get(change.path) ?? []), commit])
    },
  })
  const lost = found.filter(({ object: { id, type } }) => type === 'blob' && ways.get(id)?.paths.size === 0)
  // A merge may bring a version that neither side had.
  if (lost.length > 0)
    await eachGitLine(folder, ['rev-list', '--objects', '--all'], {
      signal,
      onLine(line) {
        const way = ways.get(line.slice(0, line.indexOf(' ')))
        if (way?.paths.size === 0) way.paths.set(line.slice(line.indexOf(' ') + 1), [])
      },
    })

  return found.flatMap(({ object, matches }): HistoryMatch[] => {
    const alone = { object, matches, path: null }
    if (object.type === 'commit') {
      const own = reached.get(object.id)
      return [{ ...alone, commits: own ? [own] : [], reachable: own !== undefined }]
    }
    if (object.type === 'tag') return [{ ...alone, commits: [], reachable: true }]
    const paths = [...(ways.get(object.id)?.paths ?? [])]
    if (paths.length === 0) return [{ ...alone, commits: [], reachable: false }]
    return paths.map(([path, commits]) => ({ object, matches, path, commits, reachable: true }))
  })
}

const logArguments = [
  'log',
  '--all',
  '--raw',
  '--root',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-show-signature',
  '--no-notes',
  '--no-color',
  '--ignore-submodules=all',
  '--format=%x01%H %ct',
]

/** A line of `git log --raw`: the blob that a commit put at a path; null for other lines and for what it removed. */
function readChange(line: string): { blob: string; path: string } | null {
  const parts = /^:\d{6} \d{6} [0-9a-f]+ (?<blob>[0-9a-f]+) [A-Z]\d*\t(?<path>.+)$/.exec(line)?.groups
  const { blob, path } = parts ?? {}
  if (blob === undefined || path === undefined || /^0+$/.test(blob)) return null
  return { blob, path }
}
