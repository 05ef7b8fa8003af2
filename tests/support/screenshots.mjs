// @ts-check
// `npm run screenshots`: every page and every state worth seeing, from a demo panel, into test-results/screenshots/;
// those that a document shows into docs/screenshots/ as well.
import { ensureBuilt } from '../../electron/build.mjs'
import { importTypescript } from './import-typescript.mjs'
import { prepareBrowser } from './prepare.mjs'

prepareBrowser()
await ensureBuilt()
/** @type {typeof import('./screenshots')} */
const { takeScreenshots } = await importTypescript('tests/support/screenshots.ts')
await takeScreenshots()
