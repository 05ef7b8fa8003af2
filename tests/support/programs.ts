import { mkdtemp, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * Bundles programs that Regie runs as child processes (`electron/simulator/main.ts`, …) the way the real build
 * does, into a temporary folder, so that an integration test needs no full build.
 * Returns each program's path by name and a function that deletes the folder.
 */
export async function bundlePrograms<Name extends string>(entries: Record<Name, string>) {
  // Inside the project, so that the packages with native parts resolve.
  const folder = await mkdtemp(path.join(root, 'node_modules', '.regie-programs-'))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['libsql', 'sharp', 'dockerode'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries<string>(entries).map(([name, entry]) => [name, path.join(root, entry)]),
        ),
        external: [
          'libsql',
          'sharp',
          'dockerode',
          'electron',
          'bufferutil',
          'utf-8-validate',
          /^node:/,
          ...builtinModules,
        ],
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
  })
  const names = Object.keys(entries) as Name[] // Object.keys loses the literal type
  const programs = Object.fromEntries(names.map((name) => [name, path.join(folder, `${name}.mjs`)])) as Record<
    Name,
    string
  >
  return { programs, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) }
}

/** A temporary folder that disappears with `await using`. */
export async function temporaryFolder(label = 'regie') {
  const folder = await mkdtemp(path.join(os.tmpdir(), `${label}-`))
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}
