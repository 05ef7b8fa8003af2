import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { onAbort } from '../async/abort'

/** Where a command reads and writes: the process's own, or a test's. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  out: (text: string) => void
  /** What is wrong, and what a pipe must not take for output. */
  err: (text: string) => void
  /** Does what Ctrl+C does, which is a letter like others while something hidden is typed. */
  interrupt?: () => void
}

export const processTerminal: Terminal = {
  input: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  interrupt: () => process.kill(process.pid, 'SIGINT'),
}

/** Never aborts. */
const unending = new AbortController().signal

/** Reads one line, as a person types it. Resolves with null where the input ends first, or the signal aborts. */
export function ask(terminal: Terminal, question: string, signal = unending): Promise<string | null> {
  terminal.err(question)
  return readLine(terminal, undefined, signal)
}

/** The same, with nothing of it shown. */
export async function askHidden(terminal: Terminal, question: string, signal = unending): Promise<string | null> {
  const { input, err } = terminal
  err(question)
  // readline echoes what is typed into its output; this one drops it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = await readLine(terminal, nowhere, signal)
  if (input.isTTY === true) err('\n')
  return line
}

function readLine(
  { input, interrupt }: Terminal,
  output: Writable | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, output, terminal: output !== undefined && input.isTTY === true })
    let line: string | null = null
    const leave = onAbort(signal, () => reader.close())
    // Without it readline would only pause, and the program end as if all were done.
    if (interrupt) reader.on('SIGINT', interrupt)
    reader.once('line', (text) => {
      line = text
      reader.close()
    })
    reader.once('close', () => {
      leave()
      resolve(line)
    })
  })
}
