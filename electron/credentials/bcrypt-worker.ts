import { compareSync, hashSync } from 'bcryptjs'
import { parentPort } from 'node:worker_threads'
import type { HasherAnswer, HasherTask } from './hasher'

// A job takes some 300 ms of pure computing: this thread exists so that the event loop of the panel does not wait.
const port = parentPort
if (!port) throw new Error('bcrypt-worker runs as a worker thread only')

port.on('message', (task: HasherTask) => {
  port.postMessage(answer(task))
})

function answer(task: HasherTask): HasherAnswer {
  switch (task.type) {
    case 'hash':
      return { id: task.id, type: 'hash', hash: hashSync(task.password, task.cost) }
    case 'compare':
      return { id: task.id, type: 'compare', same: compareSync(task.password, task.hash) }
  }
}
