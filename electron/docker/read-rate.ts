import type { Engine } from './engine'
import { execCapture, type ExecResult } from './exec'

/** The part of a file that is read first, and the whole that is read at most, in MiB. */
const firstMiB = 8
const mostMiB = 64
/** Below this a file says more about the start of reading than about reading, in bytes. */
const leastBytes = 2 ** 20
/** After a first part that took longer than this no more is read, in seconds. */
const slowSeconds = 1
const timeoutMs = 5_000

/**
 * The largest file below a folder, from lines of `stat -c '%s %n'`. What is not below it is no answer to what was
 * asked: a file's own name may hold a line end. Null when none is large enough to tell anything.
 */
export function largestFile(listed: string, folder: string): string | null {
  const inside = `${folder.replace(/\/+$/, '')}/`
  let largest: { file: string; bytes: number } | null = null
  for (const line of listed.split('\n')) {
    const space = line.indexOf(' ')
    const [bytes, file] = [Number(line.slice(0, space)), line.slice(space + 1)]
    if (space < 1 || !Number.isSafeInteger(bytes) || bytes < leastBytes || !file.startsWith(inside)) continue
    if (file.split('/').includes('..')) continue
    if (largest === null || bytes > largest.bytes) largest = { file, bytes }
  }
  return largest?.file ?? null
}

/** What `dd` says at its end, GNU's or BusyBox's: `67108864 bytes (67 MB, 64 MiB) copied, 1.6 s, 42 MB/s`. */
export function readCopied(words: string): { bytes: number; seconds: number } | null {
  const found = /^(\d{1,15}) bytes\b[^\n]*?, (\d[\d.]{0,15}(?:e-?\d{1,2})?) s(?:econds)?, /m.exec(words)
  const [bytes, seconds] = [Number(found?.[1]), Number(found?.[2])]
  return bytes > 0 && seconds > 0 ? { bytes, seconds } : null
}

/**
 * How fast a running container reads the largest file in one of its folders, in MB/s; null when that cannot be told,
 * e.g. because it has no `find`, `stat` and `dd`, or there is no large file. Reads at most 64 MiB of it, past the
 * cache where the file system allows that, and takes at most 5 s. Names of files are handed over as they are, to no
 * shell. Throws a Problem when the container is gone or Docker takes too long.
 */
export async function measureReadRate(
  engine: Pick<Engine, 'client'>,
  containerId: string,
  folder: string,
): Promise<number | null> {
  if (!folder.startsWith('/')) return null
  const signal = AbortSignal.timeout(timeoutMs)
  const run = (...argv: string[]): Promise<ExecResult> =>
    execCapture(engine, containerId, argv, { timeoutMs, signal, maxBytes: 2 ** 20 })

  const listed = await run('find', folder, '-type', 'f', '-size', '+2047', '-exec', 'stat', '-c', '%s %n', '{}', '+')
  const file = largestFile(listed.stdout, folder)
  if (!listed.started || file === null) return null

  const read = async (skip: number, count: number) => {
    const argv = ['dd', `if=${file}`, 'of=/dev/null', 'bs=1048576', `skip=${skip}`, `count=${count}`]
    const direct = await run(...argv, 'iflag=direct')
    // BusyBox may know no such flag, and not every file system allows it.
    const done = direct.exitCode === 0 ? direct : await run(...argv)
    return done.exitCode === 0 ? readCopied(done.stderr) : null
  }
  const first = await read(0, firstMiB)
  if (first === null) return null
  const rest =
    first.seconds > slowSeconds || first.bytes < firstMiB * 2 ** 20
      ? null
      : await read(firstMiB, mostMiB - firstMiB).catch(() => null) // too slow for the rest: the first part tells it
  const bytes = first.bytes + (rest?.bytes ?? 0)
  return bytes / 1e6 / (first.seconds + (rest?.seconds ?? 0))
}
