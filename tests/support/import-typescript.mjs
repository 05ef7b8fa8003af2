// @ts-check
import path from 'node:path'
import { runnerImport } from 'vite'

const root = path.resolve(import.meta.dirname, '../..')

/** Loads a TypeScript module, given by its path in the project, into plain node. What it exports is the caller's to know. */
export async function importTypescript(/** @type {string} */ file) {
  const { module } = await runnerImport(path.join(root, file), {
    configFile: false,
    root,
    logLevel: 'error',
    // Node 20 does not know `using` yet.
    oxc: { target: 'node20' },
  })
  return module
}
