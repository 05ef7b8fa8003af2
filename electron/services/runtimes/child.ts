import type { ChildProcess } from 'node:child_process'
import { within } from '../../async/within'
import type { Exit } from '../../system/exit-codes'
import type { OutputSink } from './runtime'

/** How long the last output may take to arrive after a program's end is known, in ms. */
const lastOutputMs = 50

/** Reads a child's output into the sink. Returns a promise of the end of both streams. */
export function readOutput(child: ChildProcess, output: OutputSink): Promise<void> {
  const streams = (['stdout', 'stderr'] as const).map(
    (name) =>
      new Promise<void>((resolve) => {
        const stream = child[name]
        if (!stream) {
          resolve()
          return
        }
        stream.on('data', (chunk: Uint8Array) => output.push(name, chunk))
        stream.once('close', () => {
          output.end(name)
          resolve()
        })
      }),
  )
  return Promise.all(streams).then(() => undefined)
}

/** The end of a program with its last words read, but no later than a moment after it is known. */
export async function withLastOutput(ended: Promise<Exit>, output: Promise<void>): Promise<Exit> {
  const exit = await ended
  await within(lastOutputMs, output)
  return exit
}

/** Resolves when the child itself has ended; also when it could not be spawned. */
export const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => child.pid === undefined && resolve({ code: null, signal: null }))
  })
