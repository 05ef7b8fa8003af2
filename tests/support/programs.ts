import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { programsOf } from '../../electron/panel/programs'

const root = path.resolve(import.meta.dirname, '../..')

/** Inside the project, so that the packages with native parts resolve. */
const cache = path.join(root, 'node_modules', '.cache', 'regie-programs')
const sources = ['electron', 'shared', 'tests/torture', 'tests/integration', 'tests/support', 'package-lock.json']
const aDayMs = 24 * 60 * 60_000

/** When a file of the sources was last written, in ms since 1970. */
const newest = (place: string): number => {
  const found = statSync(place)
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(place).reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), found.mtimeMs)
}

async function bundle(entries: Record<string, string>, folder: string): Promise<void> {
  // A second of a processor, which most workers never need.
  const { build } = await import('vite')
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
        input: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, path.join(root, entry)])),
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
}

/** Takes away what was bundled more than a day ago. */
async function forget(): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const old = path.join(cache, name)
    const found = await stat(old).catch(() => null)
    if (found && Date.now() - found.mtimeMs > aDayMs) await rm(old, { recursive: true, force: true })
  }
}

/**
 * Bundles programs that Regie runs as child processes (`electron/simulator/main.ts`, …) the way the real build
 * does, so that an integration test needs no full build; once for all tests, as long as no source changes.
 * Returns each program's path by name, in a folder that is shared: nobody writes to it; and a function for afterwards, that
 * deletes what is old.
 */
export async function bundlePrograms<Name extends string>(entries: Record<Name, string>) {
  const asked = JSON.stringify([entries, process.version, sources.map((source) => newest(path.join(root, source)))])
  const folder = path.join(cache, createHash('sha256').update(asked).digest('hex').slice(0, 16))
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    const made = await mkdtemp(path.join(cache, 'new-'))
    await bundle(entries, made)
    // Another test may have been as fast.
    await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }))
  }
  const names = Object.keys(entries) as Name[] // Object.keys loses the literal type
  const programs = Object.fromEntries(names.map((name) => [name, path.join(folder, `${name}.mjs`)])) as Record<
    Name,
    string
  >
  return { programs, remove: forget }
}

/** A bcrypt thread that costs next to nothing, for panels whose hashes keep nobody out. */
export const quickBcrypt = path.join(import.meta.dirname, 'quick-bcrypt-worker.mjs')

const built = programsOf(path.join(root, 'dist', 'main'))
const ofBuild: Readonly<Record<string, string>> = {
  'electron/simulator/main.ts': built.simulator,
  'electron/services/guardian.ts': built.guardian,
  'electron/credentials/bcrypt-worker.ts': built.bcryptWorker,
  'electron/leaks/leak-worker.ts': built.leakWorker,
  'electron/kinds/reading/read-worker.ts': built.readWorker,
  'electron/storage/database-worker.ts': built.databaseWorker,
  'electron/models/model-worker.ts': built.modelWorker,
}

/**
 * Like `bundlePrograms`, but takes what the build has made already, and what starts faster, where REGIE_BUILT says that it
 * is of these sources: `npm test` has just built it.
 */
export async function regiePrograms<Name extends string>(entries: Record<Name, string>) {
  if (!process.env['REGIE_BUILT']) return bundlePrograms(entries)
  const all = Object.entries<string>(entries)
  const made = all.flatMap(([name, entry]) => (ofBuild[entry] === undefined ? [] : [[name, ofBuild[entry]]]))
  const further = all.filter(([, entry]) => ofBuild[entry] === undefined)
  const bundled = further.length > 0 ? await bundlePrograms(Object.fromEntries(further)) : null
  const programs = { ...Object.fromEntries(made), ...bundled?.programs } as Record<Name, string> // fromEntries loses the names
  return { programs, remove: () => bundled?.remove() ?? Promise.resolve() }
}

/** A temporary folder that disappears with `await using`. */
export async function temporaryFolder(label = 'regie') {
  const folder = await mkdtemp(path.join(os.tmpdir(), `${label}-`))
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}
