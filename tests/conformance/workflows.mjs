// @ts-check
// `npm run conformance:workflows`: converts the field's image templates and has a ComfyUI say of each whether it takes the
// graph, without running it. `npm run conformance:workflows -- --help` tells the options.
import { importTypescript } from '../support/import-typescript.mjs'

/** @type {typeof import('./workflows/main')} */
const { conformanceOfWorkflows } = await importTypescript('tests/conformance/workflows/main.ts')
process.exit((await conformanceOfWorkflows(process.argv.slice(2))) ? 0 : 1)
