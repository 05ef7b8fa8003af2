import { packLines, type LogEvent, type LogLine } from '../../shared/contract'
import { createWake } from '../async/wake'
import type { Log } from './log'
import { mergeStreams } from './merge'

interface NamedLog {
  id: string
  log: Log
}

async function* linesOf(
  { id, log }: NamedLog,
  tail: number,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, undefined> {
  for await (const lines of log.follow({ tail }, signal)) yield { type: 'lines', service: id, lines: packLines(lines) }
}

async function* sourcesOf({ id, log }: NamedLog, signal: AbortSignal): AsyncGenerator<LogEvent, void, undefined> {
  const { wake, next } = createWake()
  let told = ''
  const stop = log.onSource(wake)
  try {
    while (!signal.aborted) {
      const source = log.source()
      const words = JSON.stringify(source)
      if (words !== told) {
        told = words
        yield { type: 'source', service: id, source }
        continue
      }
      await next(signal)
    }
  } finally {
    stop()
  }
}

/**
 * Follows several logs as one stream: lines as they come, and whether they can come. Each log is in order; the logs
 * among each other are not, since a line may arrive late: the page sorts by time, where a late line can still be put
 * in its place.
 */
export const watchLogs = (
  logs: NamedLog[],
  tail: number,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, undefined> =>
  mergeStreams(
    (until) =>
      logs.flatMap((one) => {
        // A signal for each: node takes more than ten that listen to one for a leak, and says so.
        const ends = AbortSignal.any([until])
        return [sourcesOf(one, ends), linesOf(one, tail, ends)]
      }),
    signal,
  )

/** The largest file that is made of a log; of a longer one the end is kept. */
const largestLogFile = 64 * 1024 * 1024

const lineOfFile = ({ at, stream, level, text }: LogLine) =>
  `${new Date(at).toISOString()} ${stream} ${level} ${text}\n`

/** A whole log as text, redacted, bounded in size: its first line says when it was cut. */
export async function logFile(
  { id, log }: NamedLog,
  signal: AbortSignal,
  largest: number = largestLogFile,
): Promise<File> {
  const encoder = new TextEncoder()
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  let cut = false
  for await (const lines of log.whole(signal)) {
    const part = encoder.encode(lines.map(lineOfFile).join(''))
    parts.push(part)
    size += part.length
    while (size > largest && parts.length > 1) {
      size -= parts.shift()?.length ?? 0
      cut = true
    }
  }
  const megabytes = Math.round(largest / 2 ** 20)
  const head = cut ? [encoder.encode(`(Regie: older lines were left out; these are the last ${megabytes} MiB.)\n`)] : []
  parts = [...head, ...parts]
  const day = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return new File(parts, `${id}-${day}.log`, { type: 'text/plain; charset=utf-8' })
}
