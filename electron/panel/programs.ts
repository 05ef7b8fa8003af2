import path from 'node:path'

/** Files of the build that run by themselves: child processes and worker threads, the folder of the pages, and that of the stacks. */
export interface Programs {
  simulator: string
  guardian: string
  bcryptWorker: string
  leakWorker: string
  readWorker: string
  databaseWorker: string
  modelWorker: string
  renderer: string
  /** Ready-made Compose projects, to be copied. */
  stacks: string
}

/** The programs of a build: `folder` is its `dist/main/`, beside which lies `dist/renderer/`. */
export const programsOf = (folder: string): Programs => ({
  simulator: path.join(folder, 'simulator.js'),
  guardian: path.join(folder, 'guardian.cjs'),
  bcryptWorker: path.join(folder, 'bcrypt-worker.cjs'),
  leakWorker: path.join(folder, 'leak-worker.cjs'),
  readWorker: path.join(folder, 'read-worker.cjs'),
  databaseWorker: path.join(folder, 'database-worker.cjs'),
  modelWorker: path.join(folder, 'model-worker.cjs'),
  renderer: path.join(folder, '..', 'renderer'),
  stacks: path.join(folder, '..', '..', 'resources', 'stacks'),
})

/** Those of the bundle that is running. */
export const builtPrograms = programsOf(import.meta.dirname)
