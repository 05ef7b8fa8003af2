import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Problem } from '../../shared/problems'
import { within } from '../async/within'
import type { HistoryRead } from './history'
import type { FilesRead, LeakAnswer, LeakTask, LeakWorkerData } from './messages'
import type { PatternMemory } from './patterns'

/** The threads of one scan. */
export interface LeakPool {
  readFiles(files: string[], onProgress: OnProgress): Promise<FilesRead>
  /** Throws `leaks.no-git` or `leaks.git-failed`. */
  readHistory(folder: string, onProgress: OnProgress): Promise<HistoryRead>
  /** How many batches of files keep all threads busy. */
  appetite: number
  /** Ends the threads, whatever they do; their answers are refused. */
  close(): Promise<void>
}

type OnProgress = (items: number, bytes: number) => void

/** More read one disk no faster. */
const mostThreads = 3

/** A thread that waits for a slow disk is not waited for longer, in ms. */
const patienceMs = 500

interface Job {
  resolve(answer: LeakAnswer): void
  reject(error: Error): void
  onProgress: OnProgress
}

/** `file`: path or `file:` URL of the bundled `leak-worker`. */
export function createLeakPool(file: string | URL, memory: PatternMemory): LeakPool {
  // One core stays for the panel and the services.
  const size = Math.max(1, Math.min(availableParallelism() - 1, mostThreads))
  const threads = Array.from({ length: size }, () => createThread(file, { memory }))
  let lastId = 0

  const run = (
    task: { type: 'files'; files: string[] } | { type: 'history'; folder: string },
    onProgress: OnProgress,
  ) => idlest(threads).run({ id: ++lastId, ...task }, onProgress)

  return {
    appetite: 2 * size,
    async readFiles(files, onProgress) {
      const answer = await run({ type: 'files', files }, onProgress)
      if (answer.type !== 'files') throw problemIn(answer)
      return answer
    },
    async readHistory(folder, onProgress) {
      const answer = await run({ type: 'history', folder }, onProgress)
      if (answer.type !== 'history') throw problemIn(answer)
      return answer
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

function problemIn(answer: LeakAnswer): Error {
  if (answer.type === 'failed') return new Problem(answer.reason.problem, answer.reason.params)
  return new Error(answer.type === 'broken' ? answer.error : 'the scanning thread answered another question')
}

type Thread = ReturnType<typeof createThread>

const idlest = (threads: readonly Thread[]): Thread => {
  const [first, ...others] = threads
  if (!first) throw new Error('no threads')
  return others.reduce((best, thread) => (thread.load() < best.load() ? thread : best), first)
}

function createThread(file: string | URL, data: LeakWorkerData) {
  const jobs = new Map<number, Job>()
  const worker = new Worker(file, { name: 'leaks', argv: [], execArgv: [], workerData: data })
  let isOver = false
  let stopped = () => {}
  const failAll = (error: Error) => {
    for (const job of jobs.values()) job.reject(error)
    jobs.clear()
    stopped()
  }
  worker.on('message', (answer: LeakAnswer) => {
    if (answer.type === 'stopped') {
      stopped()
      return
    }
    const job = jobs.get(answer.id)
    if (answer.type === 'progress') job?.onProgress(answer.items, answer.bytes)
    else {
      jobs.delete(answer.id)
      job?.resolve(answer)
    }
  })
  worker.on('error', failAll)
  worker.on('exit', () => {
    isOver = true
    failAll(new Error('the scanning thread ended'))
  })

  return {
    load: () => jobs.size,
    run: (task: LeakTask, onProgress: OnProgress) =>
      new Promise<LeakAnswer>((resolve, reject) => {
        jobs.set(task.id, { resolve, reject, onProgress })
        worker.postMessage(task)
      }),
    async close() {
      if (isOver) return
      const ended = new Promise<void>((resolve) => (stopped = resolve))
      worker.postMessage({ type: 'stop' })
      await within(patienceMs, ended)
      failAll(new Error('the scan has ended'))
      await worker.terminate()
    },
  }
}
