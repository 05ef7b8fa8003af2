// @ts-check
import path from 'node:path'
import { createRunnableDevEnvironment, resolveConfig } from 'vite'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * Loads a TypeScript module, given by its path in the project, into plain node. What it exports is the caller's to know. What
 * it imports later is found as well, which Vite's own `runnerImport` does not do: it closes what has loaded the module.
 */
export async function importTypescript(/** @type {string} */ file) {
  const config = await resolveConfig(
    {
      configFile: false,
      envDir: false,
      root,
      logLevel: 'error',
      // Node 20 does not know `using` yet.
      oxc: { target: 'node20' },
      environments: {
        inline: {
          consumer: 'server',
          dev: { moduleRunnerTransform: true },
          resolve: { external: true, mainFields: [], conditions: ['node'] },
        },
      },
    },
    'serve',
  )
  const environment = createRunnableDevEnvironment('inline', config, { hot: false, runnerOptions: { hmr: false } })
  await environment.init()
  return environment.runner.import(path.join(root, file))
}
