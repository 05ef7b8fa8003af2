// @ts-check
// `npm run conformance:pages`: the real programs' own pages, in Chromium, through the gateway of a panel.
// `npm run conformance:pages -- --help` tells the options.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from '../support/import-typescript.mjs'

await ensureBuilt()
/** @type {typeof import('./pages/main')} */
const { conformanceOfPages } = await importTypescript('tests/conformance/pages/main.ts')
process.exit((await conformanceOfPages(process.argv.slice(2))) ? 0 : 1)
