import react from '@vitejs/plugin-react'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { builtinModules } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { isRunnableDevEnvironment, type Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { lazySchemas } from './.config/lazy-schemas.ts'
import { markdownDocs } from './.config/markdown.ts'
import { commitHere, ensureBuilt, releaseKey } from './electron/build.mjs'
import { bundledFile } from './electron/notices.mjs'
import type * as DevCore from './electron/dev'

const at = (...parts: string[]) => path.join(import.meta.dirname, ...parts)

/** Provided at run time: Electron itself, node's own modules, and the two packages with native parts. */
const external = ['electron', /^node:/, ...builtinModules, 'libsql', 'sharp', /\.node$/, 'bufferutil', 'utf-8-validate']

/**
 * `vite` alone serves the renderer with hot reload and the live core, in one process and without Electron. A change
 * below electron/ or shared/ stops the panel and starts it again from the new sources.
 */
function coreInDevServer(): Plugin {
  let restart: (() => Promise<void>) | undefined
  return {
    name: 'core-in-dev-server',
    apply: 'serve',
    async configureServer(server) {
      if (process.env['VITEST']) return
      const core = server.environments['main']
      if (!core || !isRunnableDevEnvironment(core)) throw new Error('the main environment cannot run in the dev server')
      await ensureBuilt()
      const load = async () => {
        const dev = await core.runner.import<typeof DevCore>(at('electron/dev.ts'))
        server.config.logger.info(`  Sign in once at ${dev.signInPath}`)
        return dev
      }
      let running = await load()
      restart = async () => {
        await running.close()
        core.runner.clearCache()
        running = await load()
      }
      server.httpServer?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        running.upgrade(request, socket, head),
      )
      server.httpServer?.once('close', () => void running.close())
      server.middlewares.use((request, response, next) => {
        if (!running.handle(request, response)) next()
      })
    },
    async hotUpdate({ modules }) {
      if (this.environment.name !== 'main') return
      if (modules.length > 0) await restart?.()
      return []
    },
  }
}

/**
 * What packages drag in and Regie does not use, by what they call it. dockerode: an ssh client with native parts (Regie
 * speaks through the system's `ssh`, as Docker's own programs do), and gRPC and Protobuf for BuildKit. conf: a checker
 * of JSON schemas and of migrations' versions, a seventh of all that the panel loads at its start.
 */
const unused = [
  { id: /^(?:ssh2|\.\/(?:session|buildkit))$/, importer: /[\\/](?:dockerode|docker-modem)[\\/]/ },
  { id: /^(?:ajv\/dist\/2020\.js|ajv-formats|semver)$/, importer: /[\\/]conf[\\/]/ },
]

/** A module of nothing stands in the place of what is unused. */
function withoutUnused(): Plugin {
  const nothing = '\0nothing'
  return {
    name: 'without-unused',
    enforce: 'pre',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'main',
    resolveId: (id, importer = '') =>
      unused.some((each) => each.id.test(id) && each.importer.test(importer)) ? nothing : null,
    load: (id) =>
      id === nothing ? 'export default {}; export const Client = null; export const Ajv2020 = null' : null,
  }
}

/** What a person or another process starts. Their files are small, and run what V8 compiled when it was built. */
const started = ['main', 'headless', 'simulator', 'cli']

/** The files that start the programs, and code in ASCII alone, of which V8 keeps one byte a character. */
function startsFast(): Plugin {
  const ascii = (code: string) =>
    code.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return {
    name: 'starts-fast',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'main',
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) if (part.type === 'chunk') part.code = ascii(part.code)
      // Theirs is not the project's: node takes them as CommonJS, and leaves its loader of modules where it is.
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
      const source = readFileSync(at('electron/run-built.cjs'), 'utf8')
      this.emitFile({ type: 'asset', fileName: 'run-built.cjs', source })
      for (const name of started) {
        // npm starts what a package names as its program by its first line.
        const first = name === 'cli' ? '#!/usr/bin/env node\n' : ''
        const shim = `${first}require('./run-built.cjs').run('${name}')\n`
        this.emitFile({ type: 'asset', fileName: `${name}.js`, source: shim })
      }
    },
  }
}

/** Both builds tell what they took in; electron/build.mjs makes the notices of it. */
const license = { fileName: bundledFile }

/** The panel's own parts, as paths in the project: neither its entries nor what the pages of API and documentation run. */
const ownParts = /^(?:renderer\/(?!app\/(?:(?:main|api-docs)\.|docs\/)|api\/page-key)\w+|shared)\//

/** Packages, which may lie anywhere; Swagger UI is the API's page's. */
const packages = /[\\/]node_modules[\\/](?!swagger-ui)/

/**
 * What the first page needs is one file: a hundred small ones compress a tenth worse, and cost a request each. It imports
 * no entry, which waits for it and for the words: that would be a circle. The API's page is another program, which must
 * not run this one.
 */
const firstLoad = {
  name: 'first',
  tags: ['$initial' as const],
  test: (id: string) =>
    packages.test(id) || ownParts.test(path.relative(import.meta.dirname, id).replaceAll('\\', '/')),
  includeDependenciesRecursively: false,
}

/**
 * The page itself names ahead the code that it needs; a lazy part names its styles alone, which the bundler always adds.
 * What a part's code imports the browser finds by itself, and all parts are fetched soon after the first page: to name
 * it as well would make the first load 4 kB longer, and more with each part.
 */
const neededAhead = (_: string, code: string[], { hostType }: { hostType: 'html' | 'js' }): string[] =>
  hostType === 'html' ? code : []

/** Tests that drive a browser, beside the journeys. */
const inBrowser = ['tests/integration/desktop/**/*.test.ts', 'tests/integration/http/{closed-page,neighbour}.test.ts']

/** Where one run of all tests keeps modules as they were transformed: its projects have two thirds of them in common. */
const modules = process.env['REGIE_TEST_MODULES']

/** Loaded for tests alone: it brings the whole runner along. */
const sequence = process.env['VITEST'] ? { sequencer: (await import('./tests/support/sequencer.mjs')).LongFirst } : {}

export default defineConfig(({ command }) => ({
  root: at('renderer'),
  publicDir: at('renderer/app/public'),
  plugins: [react(), markdownDocs(), coreInDevServer(), withoutUnused(), lazySchemas(), startsFast()],
  builder: {},
  define: { BUILT_COMMIT: JSON.stringify(commitHere()), RELEASE_KEY: JSON.stringify(releaseKey()) },
  cacheDir: at('node_modules/.vite'),
  server: { host: '127.0.0.1' },
  environments: {
    client: {
      build: {
        outDir: at('dist/renderer'),
        emptyOutDir: true,
        target: 'chrome130',
        license,
        assetsInlineLimit: 0,
        modulePreload: { resolveDependencies: neededAhead },
        chunkSizeWarningLimit: 2000, // Swagger UI, which only the API's page loads
        rolldownOptions: {
          input: {
            index: at('renderer/index.html'),
            'api-docs': at('renderer/api-docs.html'),
            docs: at('renderer/docs.html'),
          },
          output: { codeSplitting: { groups: [firstLoad] } },
        },
      },
    },
    main: {
      consumer: 'server',
      // Bundled for the build; in development node loads packages itself, CommonJS ones included.
      ...(command === 'build' ? { resolve: { noExternal: true, external: ['libsql', 'sharp', 'electron'] } } : {}),
      build: {
        outDir: at('dist/main'),
        emptyOutDir: true,
        target: 'node20',
        license,
        sourcemap: true,
        rolldownOptions: {
          input: {
            main: at('electron/main.ts'),
            headless: at('electron/headless.ts'),
            cli: at('electron/cli.ts'),
            simulator: at('electron/simulator/main.ts'),
            guardian: at('electron/services/guardian.ts'),
            'bcrypt-worker': at('electron/credentials/bcrypt-worker.ts'),
            'leak-worker': at('electron/leaks/leak-worker.ts'),
            'read-worker': at('electron/kinds/reading/read-worker.ts'),
            'database-worker': at('electron/storage/database-worker.ts'),
            'model-worker': at('electron/models/model-worker.ts'),
          },
          external,
          // Not 'es': only of such code can V8 keep what it compiled. See electron/run-built.cjs.
          output: {
            format: 'cjs',
            strict: true,
            dynamicImportInCjs: false,
            entryFileNames: '[name].cjs',
            chunkFileNames: '[name]-[hash].cjs',
          },
        },
      },
    },
  },
  test: {
    sequence,
    // Half of the time went into loading the same modules for every file; no test leaves anything in them.
    isolate: false,
    experimental: modules ? { fsModuleCache: true, fsModuleCachePath: modules } : {},
    tags: [{ name: 'long', description: 'Runs at night, by npm run test:long. CONTRIBUTING says what belongs there.' }],
    projects: [
      {
        extends: true,
        root: at('.'),
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 15_000,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        root: at('.'),
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: inBrowser,
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They mostly wait for other processes: more of them than cores keep the cores busy.
          maxWorkers: availableParallelism() + 4,
          // Engines, browsers and timers of a busy machine; what passed at the second try is listed at the end.
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        root: at('.'),
        test: {
          name: 'desktop',
          include: inBrowser,
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Engines, browsers and timers of a busy machine; what passed at the second try is listed at the end.
          retry: 1,
          maxWorkers: availableParallelism(),
          // After the others: with them containers' networks come and go, and Chromium then drops its requests.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
}))
