import { compareSync, hashSync } from 'bcryptjs'
import { parentPort } from 'node:worker_threads'
import type { HasherAnswer, HasherTask } from '../../electron/credentials/hasher'

// The panel's bcrypt thread at its lowest cost, whatever is asked for: thousands of hashes are made in a torture run.
parentPort?.on('message', (task: HasherTask) => {
  const { id, type, password } = task
  const answer: HasherAnswer =
    type === 'hash' ? { id, type, hash: hashSync(password, 4) } : { id, type, same: compareSync(password, task.hash) }
  parentPort?.postMessage(answer)
})
