// @ts-check
// `npm run conformance`: asks real installations what the simulators are tested with, and prints each row that differs.
// `npm run conformance -- --help` tells the options.
import { importTypescript } from '../support/import-typescript.mjs'

/** @type {typeof import('./main')} */
const { conformance } = await importTypescript('tests/conformance/main.ts')
process.exit((await conformance(process.argv.slice(2))) ? 0 : 1)
