import { parentPort, workerData } from 'node:worker_threads'
import { copyDatabase, isSoundDatabase } from './database'
import type { DatabaseAnswer, DatabaseTask } from './database-work'
import { fileErrorCode } from './files'

const port = parentPort
if (!port) throw new Error('database-worker runs as a worker thread only')

function perform(task: DatabaseTask): boolean {
  if (task.act === 'is-sound') return isSoundDatabase(task.file)
  copyDatabase(task.file, task.to)
  return true
}

function answered(task: DatabaseTask): DatabaseAnswer {
  try {
    return { ok: true, isSound: perform(task) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, code: fileErrorCode(error), message }
  }
}

port.postMessage(answered(workerData as DatabaseTask)) // whoever starts it hands it one
