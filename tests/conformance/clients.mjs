// @ts-check
// `npm run conformance:clients`: clients of PyPI and npm, unmodified, work through the gateway of a demo panel.
// `npm run conformance:clients -- --help` tells the options.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from '../support/import-typescript.mjs'

await ensureBuilt()
/** @type {typeof import('./clients/main')} */
const { conformanceOfClients } = await importTypescript('tests/conformance/clients/main.ts')
process.exit((await conformanceOfClients(process.argv.slice(2))) ? 0 : 1)
