import { createWriteStream, type WriteStream } from 'node:fs'
import { pino, type Logger } from 'pino'

export type Log = Logger

/**
 * The panel's own log: JSON lines in one file. Every line passes `redact` at the sink, so that no call site has to
 * remember to. Returns the logger and a function that flushes and closes the file. Lines that a full disk cannot take
 * are lost; the log goes on when there is room.
 */
export function openLog(file: string, redact: (text: string) => string): { log: Log; close: () => Promise<void> } {
  let stream: WriteStream | null = null
  const open = () => {
    const opened = createWriteStream(file, { flags: 'a', mode: 0o600 })
    // A stream that has failed is done with: the next line opens the file again.
    opened.on('error', () => {
      if (stream === opened) stream = null
    })
    return opened
  }
  stream = open()
  const write = (line: string) => {
    stream ??= open()
    stream.write(redact(line))
  }
  const log = pino({ level: process.env['REGIE_LOG_LEVEL'] ?? 'info', base: null }, { write })
  return {
    log,
    close: () =>
      new Promise((resolve) => {
        if (!stream) {
          resolve()
          return
        }
        stream.once('error', () => resolve())
        stream.end(resolve)
      }),
  }
}
