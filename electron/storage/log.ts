import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { pino, type Logger } from 'pino'
import { fileErrorCode } from './files'
import { createRepeats } from './repeats'

export type Log = Logger

/** How much the panel's log may take of the disk: `bytes` a file, and so many older files beside the newest. */
export interface LogLimits {
  bytes: number
  older: number
}

const usual: LogLimits = { bytes: 8 * 1024 * 1024, older: 3 }

/** What an older log is called: `panel.log.1` is the newest of them. */
const olderName = (file: string, age: number) => (age === 0 ? file : `${file}.${age}`)

/**
 * A file that only grows, up to a limit: then it is renamed, the oldest is deleted, and an empty one begun. Text that
 * a full disk cannot take is lost; writing goes on when there is room.
 */
function openRotating(file: string, { bytes, older }: LogLimits) {
  let open: { fd: number; size: number } | null = null
  let isTorn = false

  const begin = () => {
    const fd = openSync(file, 'a', 0o600)
    return { fd, size: fstatSync(fd).size }
  }
  const end = () => {
    if (open) closeSync(open.fd)
    open = null
  }
  const rotate = () => {
    end() // Windows renames no open file
    rmSync(olderName(file, older), { force: true })
    for (let age = older - 1; age >= 0; age -= 1) {
      try {
        renameSync(olderName(file, age), olderName(file, age + 1))
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw error
      }
    }
  }
  return {
    write(text: string) {
      try {
        open ??= begin()
        // What a full disk cut short ends here, so that it spoils no other line.
        const data = Buffer.from(isTorn ? `\n${text}` : text)
        if (open.size > 0 && open.size + data.length > bytes) rotate()
        open ??= begin()
        const written = writeSync(open.fd, data)
        open.size += written
        isTorn = written < data.length
      } catch {
        // The log of a full disk has nowhere to say that it is full; what fills the disk is told by whoever else writes.
        end()
      }
    },
    end,
  }
}

/**
 * The panel's own log: JSON lines in one file, rotated by size. Every line passes `redact` at the sink, so that no call
 * site has to remember to. A message that comes again and again is written a few times a minute and counted: nobody
 * fills the disk, or buries the rest, by repeating a mistake. Returns the logger and a function that closes the file.
 */
export function openLog(
  file: string,
  redact: (text: string) => string,
  { limits = usual, now = Date.now }: { limits?: LogLimits; now?: () => number } = {},
): { log: Log; close: () => Promise<void> } {
  const rotating = openRotating(file, limits)
  const repeats = createRepeats(now)
  const log = pino(
    {
      level: process.env['REGIE_LOG_LEVEL'] ?? 'info',
      base: null,
      hooks: {
        logMethod(args, method) {
          const { told, heldBack } = repeats.see(keyOf(args))
          if (heldBack > 0) log.warn({ heldBack }, 'messages like the next one were not written')
          if (told) method.apply(this, args)
        },
      },
    },
    { write: (line) => rotating.write(redact(line)) },
  )
  return {
    log,
    close: () => {
      rotating.end()
      return Promise.resolve()
    },
  }
}

/**
 * What makes two messages the same: their words, `what` they are about in words of our own, and the place in the code
 * that an error came from. Of each there are only so many, and none is a stranger's choice.
 */
function keyOf([first, second]: readonly unknown[]): string {
  const words = typeof first === 'string' ? first : typeof second === 'string' ? second : ''
  const what = typeof first === 'object' && first !== null && 'what' in first ? String(first.what) : ''
  const error = typeof first === 'object' && first !== null && 'err' in first ? first.err : null
  const place = error instanceof Error ? /^\s+at .*$/m.exec(error.stack ?? '')?.[0] : undefined
  return `${words}\n${what}\n${place ?? ''}`
}
