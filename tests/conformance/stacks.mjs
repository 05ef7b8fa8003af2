// @ts-check
// `npm run conformance:stacks`: resolves what the ready-made stacks install, within the constraints that they ship,
// against PyPI for their Python, and looks whether PyTorch's index has the builds that they name.
import { importTypescript } from '../support/import-typescript.mjs'

/** @type {typeof import('./stacks/main')} */
const { conformanceOfStacks } = await importTypescript('tests/conformance/stacks/main.ts')
process.exit((await conformanceOfStacks()) ? 0 : 1)
