import { constants } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Problem } from '../../../shared/problems'
import { diskProblem } from '../../storage/disk'
import { fileErrorCode, writeFully } from '../../storage/files'
import { openOrdinary } from '../../storage/ordinary'
import { assertFile, etagOf } from './look'
import { headerOf, leave, networkProblem, type Answer, type Ask, type Asking } from './wire'

interface Fetching extends Omit<Asking, 'headers'> {
  /** Beside the place where the file comes. */
  part: string
  /** As the person was told; another length is another file. */
  bytes: number
  etag: string | null
  /** Told of what is on the disk. */
  progress: (bytes: number) => void
}

/** How much of a part is there. */
export const lengthOfPart = (part: string): Promise<number> =>
  stat(part).then(
    ({ size }) => size,
    (error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return 0
      throw error
    },
  )

/** Where an answer goes on: behind what is there, or at the beginning. Throws where it is another file. */
function beginOf({ status, headers, way }: Answer, had: number, { bytes, etag }: Fetching): number {
  const host = way.at(-1)?.host ?? ''
  const changed = new Problem('library.other-file', { host })
  const tag = etagOf(headers)
  if (status === 206) {
    if (headerOf(headers, 'content-range') !== `bytes ${had}-${bytes - 1}/${bytes}`) throw changed
    if (etag !== null && tag !== null && etag !== tag) throw changed
    return had
  }
  const length = headerOf(headers, 'content-length')
  if (length !== null && Number(length) !== bytes) throw changed
  return 0
}

/**
 * Fetches what is missing of a part. Resolves when it is as long as it should be. Throws Problems; what was fetched stays,
 * but for a file that is longer than it should be.
 */
export async function fetchRest(ask: Ask, fetching: Fetching): Promise<void> {
  const { part, bytes, etag, signal, progress, url } = fetching
  const there = await lengthOfPart(part)
  // Without a tag nobody can say that what follows is of the same file.
  const had = etag === null || there > bytes ? 0 : there
  if (had === bytes) return
  const headers = had > 0 && etag !== null ? { range: `bytes=${had}-`, 'if-range': etag } : undefined
  const answer = await ask({ ...fetching, headers: headers ?? {} })
  const host = answer.way.at(-1)?.host ?? url.host
  try {
    assertFile(answer)
    const from = beginOf(answer, had, fetching)
    const anew = from > 0 ? 0 : constants.O_CREAT | constants.O_TRUNC
    const file = await openOrdinary(part, constants.O_WRONLY | anew, 0o600)
    try {
      let at = from
      for await (const piece of answer.body) {
        const some = piece as Buffer // no encoding is set
        if (at + some.length > bytes) {
          await file.truncate(0)
          throw new Problem('library.other-file', { host })
        }
        await writeFully(file, some, { from: 0, to: some.length, at })
        at += some.length
        progress(at)
      }
      await file.sync()
      if (at < bytes) throw new Problem('library.cut', { host })
    } finally {
      await file.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem) throw error
    const full = diskProblem(error, part)
    if (full) throw full
    const code = fileErrorCode(error)
    if (code !== null && /^(?:EACCES|EPERM|EROFS|EIO|ENOENT|EDQUOT|ELOOP|EINVAL|ENXIO|EISDIR)$/.test(code))
      throw new Problem('library.failed', { code })
    const told = networkProblem(error, host)
    throw told.id === 'library.unreachable' ? new Problem('library.cut', { host }) : told
  } finally {
    leave(answer.body)
  }
}
