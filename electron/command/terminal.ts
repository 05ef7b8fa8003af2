import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { onAbort } from '../async/abort'

/** Where a command reads and writes: the process's own, or a test's. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  out: (text: string) => void
  /** What is wrong, and what a pipe must not take for output. */
  err: (text: string) => void
}

export const processTerminal: Terminal = {
  input: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}

/** Never aborts. */
const unending = new AbortController().signal

/** Reads one line, as a person types it. Resolves with null where the input ends first, or the signal aborts. */
export function ask({ input, err }: Terminal, question: string, signal = unending): Promise<string | null> {
  err(question)
  return readLine(input, undefined, signal)
}

/** The same, with nothing of it shown. */
export async function askHidden({ input, err }: Terminal, question: string, signal = unending): Promise<string | null> {
  err(question)
  // readline echoes what is typed into its output; this one drops it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = await readLine(input, nowhere, signal)
  if (input.isTTY === true) err('\n')
  return line
}

function readLine(input: Terminal['input'], output: Writable | undefined, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, output, terminal: output !== undefined && input.isTTY === true })
    let line: string | null = null
    const leave = onAbort(signal, () => reader.close())
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
