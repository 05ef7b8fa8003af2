import { execFile } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startHeadless, type HeadlessPanel } from '../../support/headless'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const root = path.resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)
const recipes = await readFile(path.join(root, 'docs/recipes.md'), 'utf8')
const blocks = [...recipes.matchAll(/^## (.+)$[^]*?(?=^## |$(?![^]))/gm)].flatMap(([section, title = '']) =>
  [...section.matchAll(/^```(sh|python) run\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    title,
    language,
    code,
  })),
)

let panel: HeadlessPanel
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  await ensureBuilt()
  folder = await temporaryFolder('regie-recipes')
  panel = await startHeadless()
  for (const id of ['comfyui-demo', 'forge-demo'])
    await panel.client.services.update({ id, url: `http://127.0.0.1:${await freePort()}` })
  await panel.client.services.startAll()
  const areReady = async () => (await panel.client.services.list()).every(({ health }) => health.state === 'ready')
  await until('both services to be ready', areReady)
  const shim = path.join(folder.path, 'regie')
  await writeFile(shim, `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, 'dist/main/cli.js')}' "$@"\n`)
  await chmod(shim, 0o755)
}, 120_000)
afterAll(async () => {
  await panel.stop()
  await folder[Symbol.asyncDispose]()
})

describe.skipIf(process.platform === 'win32')('the recipes of the documentation', () => {
  test('are all of those that it says are run', () => {
    expect(blocks.length).toBe(recipes.split(/^```(?:sh|python) run$/m).length - 1)
    expect(blocks.length).toBeGreaterThanOrEqual(6)
  })

  test.for(blocks)('$title ($language)', { timeout: 60_000 }, async ({ language, code }) => {
    const program = language === 'sh' ? ['sh', '-eu', '-c'] : ['python3', '-c']
    const [command = '', ...args] = program
    const { stdout, stderr } = await run(command, [...args, code], {
      cwd: folder.path,
      env: {
        ...process.env,
        HOME: folder.path,
        PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
        REGIE_URL: panel.url,
        REGIE_KEY: panel.adminToken,
      },
    })
    expect(`${stdout}${stderr}`).not.toContain(panel.adminToken)
    expect(stderr).not.toMatch(/traceback|error/i)
  })
})
