// @ts-check
// `npm run bench`: measures the built panel against its budgets and writes docs/performance.md.
import path from 'node:path'
import { runnerImport } from 'vite'
import { ensureBuilt } from '../../electron/build.mjs'
import { prepareBrowser } from '../support/prepare.mjs'

prepareBrowser()
await ensureBuilt()
/** @type {{ module: typeof import('./main') }} */
const { module } = await runnerImport(path.join(import.meta.dirname, 'main.ts'), {
  configFile: false,
  logLevel: 'error',
})
await module.bench()
// The module runner keeps handles open; everything that was started has ended.
process.exit(process.exitCode)
