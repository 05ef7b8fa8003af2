import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../../shared/problems'
import { diskProblem, roomOn } from '../storage/disk'
import { fileErrorCode } from '../storage/files'
import { FeedRefused } from './description'
import { askFeed, type OfferedFile } from './feed'

/** So long may a server say nothing, in ms. */
const usualStallMs = 30_000

export interface DownloadOptions {
  file: OfferedFile
  /** Where it is put, below an existing folder of ours; nothing of the name is the feed's. */
  to: string
  signal: AbortSignal
  /** Told how many bytes are there. */
  progress: (bytes: number) => void
  stallMs?: number
  /** How many bytes may be put there; for tests. */
  room?: (folder: string) => Promise<number>
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    (error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return null
      throw error
    },
  )

/** Whether a file is what a description says: its length first, which costs nothing. */
export async function isAsDescribed(file: string, { size, sha512 }: Pick<OfferedFile, 'size' | 'sha512'>) {
  if ((await sizeOf(file)) !== size) return false
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return hash.digest('base64') === sha512
}

/**
 * Fetches a file and puts it under its name once it is, to the byte, what the signed description says. What was fetched
 * before a cut is gone on with. Throws Problems: `release.no-room`, `release.cut` where going on may help,
 * `release.wrong-file` for bytes that are not those that were signed, of which none is kept.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { file, to, room = roomOn } = options
  if (await isAsDescribed(to, file)) return
  const part = `${to}.part`
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
  const had = Math.min((await sizeOf(part)) ?? 0, file.size)
  if ((await room(path.dirname(to))) < file.size - had) throw new Problem('release.no-room', { size: file.size })
  try {
    if (had < file.size) await fetchRest(options, part, had)
    if (!(await isAsDescribed(part, file))) {
      await rm(part, { force: true })
      throw new Problem('release.wrong-file')
    }
    await rename(part, to)
  } catch (error) {
    throw diskProblem(error, path.dirname(to)) ?? error
  }
}

/** Whether an answer goes on where a file ends. */
const goesOn = (answer: Response, had: number, size: number) =>
  answer.status === 206 && answer.headers.get('content-range') === `bytes ${had}-${size - 1}/${size}`

async function fetchRest(
  { file, signal, progress, stallMs = usualStallMs }: DownloadOptions,
  part: string,
  had: number,
) {
  const stalled = new AbortController()
  let timer = setTimeout(() => stalled.abort(), stallMs)
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(), stallMs)
  }
  const given = AbortSignal.any([signal, stalled.signal])
  try {
    const headers = had > 0 ? { range: `bytes=${had}-` } : {}
    const answer = await askFeed(file.url, { signal: given, headers })
    if (!answer?.body) throw new FeedRefused('unreachable')
    const from = goesOn(answer, had, file.size) ? had : 0
    if (answer.status === 206 && from === 0) throw new FeedRefused('unreachable')
    const handle = await open(part, from > 0 ? 'r+' : 'w', 0o600)
    try {
      let at = from
      for await (const piece of answer.body) {
        alive()
        // Longer than was signed: whatever follows, it is not that.
        if (at + piece.length > file.size) throw new Problem('release.wrong-file')
        await handle.write(piece, 0, piece.length, at)
        at += piece.length
        progress(at)
      }
      await handle.sync()
      if (at < file.size) throw new FeedRefused('unreachable')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof Problem && error.id === 'release.wrong-file') await rm(part, { force: true })
    if (error instanceof Problem || fileErrorCode(error) !== null) throw error
    signal.throwIfAborted()
    if (error instanceof FeedRefused && error.why === 'redirect')
      throw new Problem('release.refused', { detail: error.why })
    throw new Problem('release.cut')
  } finally {
    clearTimeout(timer)
  }
}
