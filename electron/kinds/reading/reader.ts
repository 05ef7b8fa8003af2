import type { Buffer } from 'node:buffer'
import { Worker } from 'node:worker_threads'
import { readHereLimit } from '../limits'
import { pick, type Picked } from './pick'
import type { ReadingName } from './readings'

export interface ReadingTask {
  id: number
  name: ReadingName
  bytes: Uint8Array
}
export interface ReadingAnswer {
  id: number
  picked: Picked
}

/** Reads answers of services; long ones away from the event loop. The body must not be used after. */
export interface AnswerReader {
  read(name: ReadingName, body: Buffer): Promise<Picked>
  /** Ends the thread; what it reads now is given up. */
  close(): Promise<void>
}

/** Reads everything where it is: for programs without pages that wait. */
export const readHere: AnswerReader = {
  read: (name, body) => Promise.resolve(pick(name, body)),
  close: () => Promise.resolve(),
}

/** How long one answer may be read, in ms. */
const patienceMs = 10_000
/** An answer of 32 MB that is made of nothing but brackets takes twenty times as much. */
const usualMemoryMiB = 768

/**
 * Starts the one worker thread at its first long answer and keeps it. One that runs out of time or memory is ended, and
 * what it read counts as more than can be used; the next answer gets a new one. The thread keeps no process alive.
 * `worker`: path or `file:` URL of the bundled `read-worker`.
 */
export function createAnswerReader({
  worker: file,
  memoryMiB = usualMemoryMiB,
}: {
  worker: string | URL
  memoryMiB?: number
}): AnswerReader {
  const waiting = new Map<number, { resolve: (picked: Picked) => void; reject: (error: Error) => void }>()
  let worker: Worker | null = null
  let lastId = 0

  const giveUp = (started: Worker, bug?: Error) => {
    if (worker !== started) return
    worker = null
    void started.terminate()
    for (const { resolve, reject } of waiting.values()) {
      if (bug) reject(bug)
      else resolve({ ok: false, why: 'too-much' })
    }
    waiting.clear()
  }
  const start = () => {
    const started = new Worker(file, {
      ...{ name: 'answers', argv: [], execArgv: [], env: {} },
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
    })
    started.on('message', ({ id, picked }: ReadingAnswer) => {
      waiting.get(id)?.resolve(picked)
      waiting.delete(id)
    })
    started.on('error', (error) => {
      const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      giveUp(started, isOutOfMemory ? undefined : error)
    })
    started.on('exit', () => giveUp(started))
    started.unref()
    return started
  }

  return {
    async read(name, body) {
      if (body.length <= readHereLimit) return pick(name, body)
      const own = (worker ??= start())
      const id = ++lastId
      const timer = setTimeout(() => giveUp(own), patienceMs)
      try {
        return await new Promise<Picked>((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          // A body of this size has memory of its own, which moves without being copied.
          const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
          own.postMessage(
            { id, name, bytes } satisfies ReadingTask,
            body.buffer instanceof ArrayBuffer ? [body.buffer] : [],
          )
        })
      } finally {
        clearTimeout(timer)
      }
    },
    async close() {
      const last = worker
      if (last) giveUp(last)
      await last?.terminate()
    },
  }
}
