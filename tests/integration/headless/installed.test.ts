import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { version } from '../../../package.json'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startHeadless } from '../../support/headless'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../../..')

beforeAll(ensureBuilt)

/** What `regie service install --print` in this folder would have the system start. */
async function planned(program: string, args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, [...args, 'service', 'install', '--print', '--data', path.join(cwd, 'data')], {
    cwd,
  })
  return /^ *ExecStart=(.*)$/m.exec(stdout)?.[1] ?? stdout
}

it.runIf(process.platform === 'linux')('from a clone, the service is what builds first', async () => {
  await using folder = await temporaryFolder('regie-clone')
  const plan = await planned(process.execPath, [path.join(root, 'electron/start.mjs'), '--command'], folder.path)
  expect(plan).toContain(`"${path.join(root, 'electron/start.mjs')}" "--headless"`)
})

it.runIf(process.platform === 'linux')("the installed application's own program runs the command", async () => {
  await using folder = await temporaryFolder('regie-app')
  const resources = path.join(folder.path, 'resources')
  mkdirSync(path.join(resources, 'bin'), { recursive: true })
  await copyFile(path.join(root, 'resources/bin/regie'), path.join(resources, 'bin/regie'))
  symlinkSync(root, path.join(resources, 'app.asar'))
  // In the place of Electron's program, which runs as a node too.
  writeFileSync(
    path.join(folder.path, 'regie'),
    `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && exec "${process.execPath}" "$@"\n`,
  )
  chmodSync(path.join(folder.path, 'regie'), 0o755)
  const link = path.join(folder.path, 'link')
  symlinkSync(path.join(resources, 'bin/regie'), link)
  expect((await run(link, ['--version'])).stdout).toBe(`${version}\n`)
  // A command that a panel is asked by: here nobody runs one.
  const asked = run(link, ['services', '--data', folder.path], {
    env: { ...process.env, HOME: folder.path, LANG: 'C' },
  })
  await expect(asked).rejects.toThrow('No running panel is known in')
  await expect(asked).rejects.toMatchObject({ code: 3 })
})

const canFetch = () =>
  spawnSync('npm', ['view', 'libsql', 'version'], { cwd: root, timeout: 20_000, shell: process.platform === 'win32' })
    .status === 0

it.runIf(process.platform === 'linux')(
  'an npm tarball, installed into an empty folder, brings the command and the panel',
  { ...long, timeout: 300_000 },
  async ({ skip }) => {
    if (!canFetch()) skip('no registry can be reached from here, and the package needs libsql and sharp')
    await using folder = await temporaryFolder('regie-tarball')
    // A copy, so that no other test meets a build in the middle.
    const source = path.join(folder.path, 'source')
    for (const name of ['package.json', 'dist', 'resources/stacks', 'README.md', 'LICENSE'])
      cpSync(path.join(root, name), path.join(source, name), { recursive: true })
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder.path], { cwd: source })
    const tarball = readdirSync(folder.path).find((name) => name.endsWith('.tgz')) ?? ''
    const empty = path.join(folder.path, 'empty')
    mkdirSync(empty)
    await run('npm', ['install', '--no-audit', '--no-fund', path.join(folder.path, tarball)], { cwd: empty })
    const bin = path.join(empty, 'node_modules/.bin/regie')
    expect((await run(bin, ['--version'])).stdout).toBe(`${version}\n`)
    const entry = path.join(empty, 'node_modules/regie/dist/main/headless.js')
    expect(await planned(bin, [], empty)).toContain(`"${entry}"`)
    expect(existsSync(path.join(empty, 'node_modules/regie/electron'))).toBe(false)
    const panel = await startHeadless({ entry })
    try {
      expect((await panel.client.services.list()).map(({ id }) => id)).toContain('comfyui-demo')
      const env = { ...process.env, HOME: empty, REGIE_URL: panel.url, REGIE_KEY: panel.adminToken }
      expect((await run(bin, ['services', '--ids'], { env })).stdout).toBe('comfyui-demo\nforge-demo\n')
      expect((await run(bin, ['start', 'comfyui-demo', '--wait'], { env })).stdout).toBe('comfyui-demo  ready\n')
    } finally {
      await panel.stop()
    }
  },
)
