// @ts-check
// The panel's bcrypt thread at its lowest cost, whatever is asked for: its own takes 300 ms of a processor for each hash and
// comparison, and tests of a panel need hundreds. tests/integration/credentials/hasher.test.ts is about its own.
import { compareSync, hashSync } from 'bcryptjs'
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', (/** @type {import('../../electron/credentials/hasher').HasherTask} */ task) => {
  const { id, type, password } = task
  /** @type {import('../../electron/credentials/hasher').HasherAnswer} */
  const answer =
    type === 'hash' ? { id, type, hash: hashSync(password, 4) } : { id, type, same: compareSync(password, task.hash) }
  parentPort?.postMessage(answer)
})
