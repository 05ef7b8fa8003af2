import { Worker } from 'node:worker_threads'
import { abortReason, onAbort } from '../async/abort'
import type { HeaderRead } from './headers'
import type { ModelAnswer, ModelTask } from './model-messages'

/** What can be found out about files on a thread of its own. */
export interface ModelThread {
  /** Null for a file that is gone, or cannot be read. */
  headers(files: string[], signal: AbortSignal): Promise<(HeaderRead | null)[]>
  /** The hash of a whole file, and how long it was; null where it cannot be read. Throws when it is aborted. */
  hash(
    file: string,
    options: { bytesPerS: number; signal: AbortSignal; progress?: (bytes: number) => void },
  ): Promise<{ sha256: string; bytes: number } | null>
  close(): Promise<void>
}

interface Job {
  resolve(answer: ModelAnswer): void
  reject(error: Error): void
  progress: (bytes: number) => void
}

/** The thread ends after so long without work, in ms. */
const idleMs = 30_000

/** A thread whose answers go to who has asked. */
function startWorker(file: string | URL, idle: () => void): { worker: Worker; jobs: Map<number, Job> } {
  const jobs = new Map<number, Job>()
  const worker = new Worker(file, { name: 'models', argv: [], execArgv: [] })
  const over = (error: Error) => {
    for (const job of jobs.values()) job.reject(error)
    jobs.clear()
  }
  worker.on('message', (answer: ModelAnswer) => {
    const job = jobs.get(answer.id)
    if (answer.type === 'progress') job?.progress(answer.bytes)
    else {
      jobs.delete(answer.id)
      if (jobs.size === 0) idle()
      job?.resolve(answer)
    }
  })
  worker.on('error', over)
  worker.on('exit', () => over(new Error('the thread for models has ended')))
  return { worker, jobs }
}

/** `file`: path or `file:` URL of the bundled `model-worker`; started at the first question. */
export function createModelThread(file: string | URL): ModelThread {
  let lastId = 0
  let thread: ReturnType<typeof startWorker> | null = null
  let idle: NodeJS.Timeout | undefined

  const start = () => {
    const made = startWorker(file, () => (idle = setTimeout(() => void end(), idleMs).unref()))
    made.worker.on('exit', () => {
      if (thread === made) thread = null
    })
    return made
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const ending = thread
    thread = null
    await ending?.worker.terminate()
  }

  async function ask(task: ModelTask, signal: AbortSignal, progress: Job['progress'] = () => undefined) {
    signal.throwIfAborted()
    clearTimeout(idle)
    thread ??= start()
    const { worker: asked, jobs } = thread
    const undo = onAbort(signal, () => asked.postMessage({ id: task.id, type: 'stop' } satisfies ModelTask))
    try {
      const answer = await new Promise<ModelAnswer>((resolve, reject) => {
        jobs.set(task.id, { resolve, reject, progress })
        asked.postMessage(task)
      })
      if (answer.type === 'stopped') throw abortReason(signal)
      return answer
    } finally {
      undo()
    }
  }

  return {
    async headers(files, signal) {
      const answer = await ask({ id: ++lastId, type: 'headers', files }, signal)
      return answer.type === 'headers' ? answer.headers : files.map(() => null)
    },
    async hash(path, { bytesPerS, signal, progress }) {
      const answer = await ask({ id: ++lastId, type: 'hash', file: path, bytesPerS }, signal, progress)
      return answer.type === 'hash' ? { sha256: answer.sha256, bytes: answer.bytes } : null
    },
    close: end,
  }
}
