// @ts-check
// `npm run bench`: measures the built panel against its budgets and writes docs/performance.md; `-- logs use` only those.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from '../support/import-typescript.mjs'
import { prepareBrowser } from '../support/prepare.mjs'

prepareBrowser()
await ensureBuilt()
/** @type {typeof import('./main')} */
const { bench } = await importTypescript('tests/bench/main.ts')
await bench(process.argv.slice(2))
