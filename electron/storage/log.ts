import { createWriteStream } from 'node:fs'
import { pino, type Logger } from 'pino'

export type Log = Logger

/**
 * The panel's own log: JSON lines in one file. Every line passes `redact` at the sink, so that no call site has to
 * remember to. Returns the logger and a function that flushes and closes the file.
 */
export function openLog(file: string, redact: (text: string) => string): { log: Log; close: () => Promise<void> } {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  const log = pino(
    { level: process.env['REGIE_LOG_LEVEL'] ?? 'info', base: null },
    { write: (line: string) => stream.write(redact(line)) },
  )
  return { log, close: () => new Promise((resolve) => stream.end(resolve)) }
}
