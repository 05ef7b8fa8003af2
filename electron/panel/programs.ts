import path from 'node:path'

/** Files of the build that run by themselves: child processes and worker threads, the folder of the pages, and that of the stacks. */
export interface Programs {
  simulator: string
  guardian: string
  bcryptWorker: string
  leakWorker: string
  readWorker: string
  renderer: string
  /** Ready-made Compose projects, to be copied. */
  stacks: string
}

/** Beside the bundle that is running: `dist/main/` and `dist/renderer/`. */
export const builtPrograms: Programs = {
  simulator: path.join(import.meta.dirname, 'simulator.js'),
  guardian: path.join(import.meta.dirname, 'guardian.js'),
  bcryptWorker: path.join(import.meta.dirname, 'bcrypt-worker.js'),
  leakWorker: path.join(import.meta.dirname, 'leak-worker.js'),
  readWorker: path.join(import.meta.dirname, 'read-worker.js'),
  renderer: path.join(import.meta.dirname, '..', 'renderer'),
  stacks: path.join(import.meta.dirname, '..', '..', 'resources', 'stacks'),
}
