// @ts-check
// `npm run torture`: kills the panel at every step of its rotations and at hundreds of random instants, and looks
// whether anything is lost. `npm run torture -- --help` tells the options.
import { importTypescript } from '../support/import-typescript.mjs'

/** @type {typeof import('./main')} */
const { torture } = await importTypescript('tests/torture/main.ts')
process.exit((await torture(process.argv.slice(2))) ? 0 : 1)
