// @ts-check
// `npm run soak`: uses a panel as people do, for long, and looks whether its memory grows and whether it always answers.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from '../support/import-typescript.mjs'

await ensureBuilt()
/** @type {typeof import('./main')} */
const { runSoak } = await importTypescript('tests/soak/main.ts')
process.exit((await runSoak(process.argv.slice(2))) ? 0 : 1)
