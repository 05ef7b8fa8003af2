import { parentPort } from 'node:worker_threads'
import { pick } from './pick'
import type { ReadingAnswer, ReadingTask } from './reader'

// Megabytes of JSON take a second to parse: this thread exists so that the event loop of the panel does not wait.
const port = parentPort
if (!port) throw new Error('read-worker runs as a worker thread only')

port.on('message', ({ id, name, bytes }: ReadingTask) => {
  port.postMessage({ id, picked: pick(name, bytes) } satisfies ReadingAnswer)
})
