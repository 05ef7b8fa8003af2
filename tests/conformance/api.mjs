// @ts-check
// `npm run conformance:api`: schemathesis asks a demo panel all that its OpenAPI document allows, and much that it does
// not, as stranger, user and administrator. `npm run conformance:api -- --help` tells the options.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from '../support/import-typescript.mjs'

await ensureBuilt()
/** @type {typeof import('./api/main')} */
const { conformanceOfApi } = await importTypescript('tests/conformance/api/main.ts')
process.exit((await conformanceOfApi(process.argv.slice(2))) ? 0 : 1)
