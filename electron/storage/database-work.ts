import { Worker } from 'node:worker_threads'
import { copyDatabase, isSoundDatabase } from './database'

/** What takes long with a large database. */
export interface DatabaseWork {
  /** As `copyDatabase`. Rejects with an error that has SQLite's code. */
  copy(file: string, to: string): Promise<void>
  /** As `isSoundDatabase`. */
  isSound(file: string): Promise<boolean>
}

export type DatabaseTask = { act: 'copy'; file: string; to: string } | { act: 'is-sound'; file: string }
export type DatabaseAnswer = { ok: true; isSound: boolean } | { ok: false; code: string | null; message: string }

/** Where nothing else has to go on meanwhile: a command. */
export const databaseWorkHere: DatabaseWork = {
  copy: (file, to) => Promise.resolve().then(() => copyDatabase(file, to)),
  isSound: (file) => Promise.resolve(isSoundDatabase(file)),
}

/** A task in a thread of its own, which ends with it. */
function inThread(worker: string | URL, task: DatabaseTask): Promise<boolean> {
  const thread = new Worker(worker, { name: 'database', argv: [], execArgv: [], env: {}, workerData: task })
  return new Promise<boolean>((resolve, reject) => {
    thread.on('message', (answer: DatabaseAnswer) => {
      if (answer.ok) resolve(answer.isSound)
      else reject(Object.assign(new Error(answer.message), answer.code !== null && { code: answer.code }))
    })
    thread.on('error', reject)
    thread.on('exit', (code) => reject(new Error(`the thread of a database ended with ${code}`)))
  })
}

/**
 * The work in a thread of its own: SQLite copies 100,000 generations in 600 ms of a processor, for which the panel would
 * answer nobody. `worker`: path or `file:` URL of the bundled `database-worker`.
 */
export const createDatabaseWork = (worker: string | URL): DatabaseWork => ({
  async copy(file, to) {
    await inThread(worker, { act: 'copy', file, to })
  },
  isSound: (file) => inThread(worker, { act: 'is-sound', file }),
})
