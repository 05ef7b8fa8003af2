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
 * Small, whatever node's usual size is: at its limit a thread has 16 MiB to come to an end, and what is young may all move
 * into them. With more the whole process ends. https://github.com/nodejs/node/blob/v22.13.0/src/node_worker.cc (`NearHeapLimit`)
 */
const youngMiB = 24

/**
 * A thread that reads answers, and keeps no process alive. `ended` is called once, when it has run out of time or memory
 * or is ended: what it read then counts as more than can be used.
 */
function startThread(file: string | URL, memoryMiB: number, ended: () => void) {
  const waiting = new Map<number, { resolve: (picked: Picked) => void; reject: (error: Error) => void }>()
  let hasEnded = false
  let lastId = 0
  const worker = new Worker(file, {
    ...{ name: 'answers', argv: [], execArgv: [], env: {} },
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB, maxYoungGenerationSizeMb: youngMiB },
  })
  const end = async (bug?: Error) => {
    if (hasEnded) return
    hasEnded = true
    ended()
    const terminated = worker.terminate()
    for (const { resolve, reject } of waiting.values()) {
      if (bug) reject(bug)
      else resolve({ ok: false, why: 'too-much' })
    }
    waiting.clear()
    await terminated
  }
  worker.on('message', ({ id, picked }: ReadingAnswer) => {
    waiting.get(id)?.resolve(picked)
    waiting.delete(id)
  })
  worker.on('error', (error) => {
    const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    void end(isOutOfMemory ? undefined : error)
  })
  worker.on('exit', () => void end())
  worker.unref()

  return {
    async read(name: ReadingName, body: Buffer): Promise<Picked> {
      const id = ++lastId
      const timer = setTimeout(() => void end(), patienceMs)
      try {
        return await new Promise<Picked>((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          // A body of this size has memory of its own, which moves without being copied.
          const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
          worker.postMessage(
            { id, name, bytes } satisfies ReadingTask,
            body.buffer instanceof ArrayBuffer ? [body.buffer] : [],
          )
        })
      } finally {
        clearTimeout(timer)
      }
    },
    end,
  }
}

/**
 * Starts the one worker thread at its first long answer and keeps it; after one that has ended the next answer gets a
 * new one. `worker`: path or `file:` URL of the bundled `read-worker`.
 */
export function createAnswerReader({
  worker: file,
  memoryMiB = usualMemoryMiB,
}: {
  worker: string | URL
  memoryMiB?: number
}): AnswerReader {
  let thread: ReturnType<typeof startThread> | null = null
  return {
    async read(name, body) {
      if (body.length <= readHereLimit) return pick(name, body)
      thread ??= startThread(file, memoryMiB, () => (thread = null))
      return thread.read(name, body)
    },
    close: async () => thread?.end(),
  }
}
