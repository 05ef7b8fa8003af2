import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { fileErrorCode } from '../storage/files'
import { openOrdinary } from '../storage/ordinary'
import { readHeader } from './headers'
import type { ModelAnswer, ModelTask } from './model-messages'

// Hashing keeps a core busy, and a header may be long: this thread exists so that the event loop does not wait.
const port = parentPort
if (!port) throw new Error('model-worker runs as a worker thread only')

const answer = (message: ModelAnswer) => port.postMessage(message)
const stopped = new Set<number>()

const pieceBytes = 2 ** 20
const tellEveryMs = 200

async function hash({ id, file, bytesPerS }: Extract<ModelTask, { type: 'hash' }>): Promise<ModelAnswer> {
  const handle = await openOrdinary(file)
  try {
    const sum = createHash('sha256')
    const piece = Buffer.alloc(pieceBytes)
    const began = performance.now()
    let [bytes, told] = [0, began]
    for (;;) {
      if (stopped.delete(id)) return { id, type: 'stopped' }
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, bytes)
      if (bytesRead === 0) return { id, type: 'hash', sha256: sum.digest('hex'), bytes }
      sum.update(piece.subarray(0, bytesRead))
      bytes += bytesRead
      const now = performance.now()
      if (now - told > tellEveryMs) {
        told = now
        answer({ id, type: 'progress', bytes })
      }
      const early = began + (bytes / bytesPerS) * 1000 - now
      if (early > 5) await wait(early)
    }
  } finally {
    await handle.close()
  }
}

async function headers({ id, files }: Extract<ModelTask, { type: 'headers' }>): Promise<ModelAnswer> {
  const read: Extract<ModelAnswer, { type: 'headers' }>['headers'] = []
  for (const file of files) {
    if (stopped.delete(id)) return { id, type: 'stopped' }
    read.push(await readHeader(file).catch(() => null))
  }
  return { id, type: 'headers', headers: read }
}

port.on('message', (task: ModelTask) => {
  if (task.type === 'stop') {
    stopped.add(task.id)
    return
  }
  const done = task.type === 'hash' ? hash(task) : headers(task)
  done.then(answer, (error: unknown) =>
    answer({ id: task.id, type: 'failed', code: fileErrorCode(error) ?? 'unknown' }),
  )
})
