import { Worker } from 'node:worker_threads'

export type HasherTask =
  | { id: number; type: 'hash'; password: string; cost: number }
  | { id: number; type: 'compare'; password: string; hash: string }
export type HasherAnswer = { id: number; type: 'hash'; hash: string } | { id: number; type: 'compare'; same: boolean }

/** bcrypt, away from the event loop. */
export interface Hasher {
  readonly cost: number
  /** Resolves with a `$2b$` hash of 60 characters. */
  hash(password: string): Promise<string>
  compare(password: string, hash: string): Promise<boolean>
  /** Ends the thread; jobs that still wait are refused. */
  close(): Promise<void>
}

export interface HasherOptions {
  /** Path or `file:` URL of the bundled `bcrypt-worker`. */
  worker: string | URL
  /** bcrypt's cost, a power of two; 12 takes some 300 ms. */
  cost?: number
}

interface Job {
  resolve(answer: HasherAnswer): void
  reject(error: Error): void
}

/**
 * Starts the one worker thread at its first job and keeps it. The thread holds the process only while a job runs.
 */
export function createHasher({ worker: file, cost = 12 }: HasherOptions): Hasher {
  const jobs = new Map<number, Job>()
  let worker: Worker | null = null
  let lastId = 0
  let closed = false

  const settle = (id: number) => {
    const job = jobs.get(id)
    jobs.delete(id)
    if (jobs.size === 0) worker?.unref()
    return job
  }
  const failAll = (error: Error) => {
    worker = null
    for (const id of [...jobs.keys()]) settle(id)?.reject(error)
  }
  const start = () => {
    const started = new Worker(file, { name: 'bcrypt', argv: [], execArgv: [], env: {} })
    started.on('message', (answer: HasherAnswer) => settle(answer.id)?.resolve(answer))
    started.on('error', (error) => {
      if (worker === started) failAll(error)
    })
    started.on('exit', () => {
      if (worker === started) failAll(new Error('the bcrypt thread ended'))
    })
    return started
  }
  const run = (task: HasherTask) =>
    new Promise<HasherAnswer>((resolve, reject) => {
      if (closed) throw new Error('the hasher is closed')
      worker ??= start()
      worker.ref()
      jobs.set(task.id, { resolve, reject })
      worker.postMessage(task)
    })

  return {
    cost,
    async hash(password) {
      const answer = await run({ id: ++lastId, type: 'hash', password, cost })
      if (answer.type !== 'hash') throw new Error('the bcrypt thread answered another question')
      return answer.hash
    },
    async compare(password, hash) {
      const answer = await run({ id: ++lastId, type: 'compare', password, hash })
      if (answer.type !== 'compare') throw new Error('the bcrypt thread answered another question')
      return answer.same
    },
    async close() {
      closed = true
      const last = worker
      failAll(new Error('the hasher is closed'))
      await last?.terminate()
    },
  }
}
