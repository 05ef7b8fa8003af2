import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'
import { Arch, build, Platform } from 'electron-builder'
import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { ensureBuilt } from '../../../electron/build.mjs'
import { nativePackages } from '../../../electron/natives.mjs'
import { shippedPackages } from '../../../electron/notices.mjs'
import { long } from '../../support/long'
import { startHeadless } from '../../support/headless'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const root = path.resolve(import.meta.dirname, '../../..')
const BuilderConfig = z.object({ electronFuses: z.record(z.string(), z.boolean()), publish: z.null() })
const PackageFile = z.object({ devDependencies: z.record(z.string(), z.string()) })

const Bom = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).min(1),
      components: z.array(z.object({ name: z.string() })).optional(),
    }),
  ),
})

/** The fuses that Electron has, in the order of the wire. */
const fuses = Object.entries(FuseV1Options).flatMap(([name, index]) =>
  typeof index === 'number' ? [{ name: name.charAt(0).toLowerCase() + name.slice(1), index }] : [],
)
const [off, on] = ['0'.charCodeAt(0), '1'.charCodeAt(0)]

/**
 * A folder that stands in for Electron's own files, so that nothing is fetched: its program is empty but for the
 * fuses, each set to the opposite of what Regie wants.
 */
async function makeElectronFolder(folder: string, wanted: Record<string, boolean>) {
  await mkdir(path.join(folder, 'resources'), { recursive: true })
  const wire = [1, fuses.length, ...fuses.map(({ name }) => (wanted[name] ? off : on))]
  const program = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from(wire)])
  await writeFile(path.join(folder, 'electron'), program)
  await chmod(path.join(folder, 'electron'), 0o755)
  await writeFile(path.join(folder, 'chrome-sandbox'), '')
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) await writeFile(path.join(folder, name), '')
}

/** Packs for Linux, with the folder that stands in for Electron's files. */
const pack = (folder: string, arch: Arch) =>
  build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', arch),
    publish: 'never',
    config: {
      extends: path.join(root, 'electron-builder.yml'),
      electronDist: path.join(folder, 'electron'),
      directories: { output: path.join(folder, 'release') },
    },
  })

const filesUnder = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))

describe.runIf(process.platform === 'linux')('the packed application', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let wanted: Record<string, boolean>
  let unpacked: string
  let inArchive: string[]
  let program: string

  beforeAll(async () => {
    await ensureBuilt()
    folder = await temporaryFolder('regie-pack')
    const config = BuilderConfig.parse(parse(await readFile(path.join(root, 'electron-builder.yml'), 'utf8')))
    wanted = config.electronFuses
    await makeElectronFolder(path.join(folder.path, 'electron'), wanted)
    await pack(folder.path, Arch.x64)
    const application = path.join(folder.path, 'release', 'linux-unpacked')
    const archive = path.join(application, 'resources', 'app.asar')
    program = path.join(application, 'regie')
    unpacked = `${archive}.unpacked`
    inArchive = listPackage(archive, { isPack: false }).map((file) => file.split(path.sep).join('/'))
  }, 120_000)

  afterAll(() => folder[Symbol.asyncDispose]())

  it.each([
    '/package.json',
    '/dist/main/main.js',
    '/dist/main/headless.js',
    '/dist/main/cli.js',
    '/dist/main/simulator.js',
    '/dist/main/guardian.cjs',
    '/dist/main/bcrypt-worker.cjs',
    '/dist/main/database-worker.cjs',
    '/dist/main/leak-worker.cjs',
    '/dist/renderer/index.html',
    '/resources/icons/icon.png',
    '/resources/stacks/comfyui-qwen/compose.yaml',
    '/resources/stacks/comfyui-qwen/.env.example',
    '/resources/stacks/forge-turbo/Dockerfile',
  ])('holds %s', (file) => expect(inArchive).toContain(file))

  it('holds no sources, tests, tools, source maps or compiled code', () => {
    const allowed =
      /^\/(package\.json|dist|dist\/(main|renderer)(\/.*)?|resources(\/(stacks|icons)(\/.*)?)?|node_modules(\/.*)?)$/
    expect(inArchive.filter((file) => !allowed.test(file))).toEqual([])
    const ours = inArchive.filter((file) => !file.startsWith('/node_modules/'))
    expect(ours.filter((file) => /\.(ts|tsx|map|v8|test\..*)$/.test(file))).toEqual([])
    expect(inArchive.filter((file) => file.endsWith('.map'))).toEqual([])
  })

  it('holds no package that is only needed to build', async () => {
    const { devDependencies } = PackageFile.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')))
    const names = Object.keys(devDependencies)
    expect(names.filter((name) => inArchive.includes(`/node_modules/${name}`))).toEqual([])
    expect(inArchive).toContain('/node_modules/libsql')
    expect(inArchive).toContain('/node_modules/sharp')
  })

  it('has its native libraries beside the archive, where the system can load them', async () => {
    const files = await filesUnder(unpacked)
    expect(files.filter((file) => /^node_modules\/@libsql\/.*\.node$/.test(file))).not.toEqual([])
    expect(files.filter((file) => /^node_modules\/@img\/sharp-.*\.node$/.test(file))).not.toEqual([])
    expect(files.filter((file) => /^node_modules\/@img\/sharp-libvips-.*\.so/.test(file))).not.toEqual([])
    expect(files.filter((file) => !file.startsWith('node_modules/'))).toEqual([])
    const packages = new Set(files.flatMap((file) => /^node_modules\/(@(?:libsql|img)\/[^/]+)\//.exec(file)?.[1] ?? []))
    expect([...packages].sort()).toEqual(['@img/colour', ...nativePackages('linux', 'x64')].sort())
  })

  it('is not made for a processor whose native libraries are not there', long, async () => {
    await expect(pack(folder.path, Arch.arm64)).rejects.toThrow(/@libsql\/linux-arm64-gnu.* not installed/)
  })

  it('has an archive of less than 20 MiB', async () => {
    const { size } = await stat(unpacked.replace(/\.unpacked$/, ''))
    expect(size / 2 ** 20).toBeLessThan(20)
  })

  it('has every fuse that Electron has set as stated', async () => {
    const wire = await getCurrentFuseWire(program)
    expect(wire.version).toBe(FuseVersion.V1)
    const set = Object.fromEntries(fuses.map(({ name, index }) => [name, Number(wire[index]) === on]))
    const { resetAdHocDarwinSignature, ...stated } = wanted
    expect(resetAdHocDarwinSignature).toBe(true)
    expect(stated).toEqual(set)
  })

  it('tells beside the program whose work is in it, with the texts of the licenses', async () => {
    const notices = await readFile(path.join(path.dirname(program), 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    const shipped = shippedPackages(root)
    const told = shipped.filter(({ name, version, license }) => notices.includes(`\n${name} ${version} (${license})\n`))
    expect(told).toEqual(shipped)
    const names = shipped.map(({ name }) => name)
    // One that is bundled into the pages, one into the program, one that comes as a package, and the LGPL's.
    expect(names).toEqual(expect.arrayContaining(['react', 'dockerode', 'libsql', '@fontsource-variable/inter']))
    expect(names.some((name) => name.startsWith('@img/sharp-libvips-'))).toBe(true)
    expect(notices).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
    expect(shipped.filter(({ license }) => license === '')).toEqual([])
  })

  it('is listed for a scanner: every package with its hash, and what is linked into libvips', long, async () => {
    const file = path.join(folder.path, 'regie.cdx.json')
    await promisify(execFile)(process.execPath, [path.join(root, 'electron/sbom.mjs'), file])
    const { components } = Bom.parse(JSON.parse(await readFile(file, 'utf8')))
    const listed = components.map(({ name, version }) => `${name}@${version}`).sort()
    const shipped = shippedPackages(root).map(({ name, version }) => `${name}@${version}`)
    expect(listed.filter((each) => !each.startsWith('electron@'))).toEqual([...new Set(shipped)].sort())
    expect(listed.filter((each) => each.startsWith('electron@'))).toHaveLength(1)
    const linked = components.flatMap((component) => component.components ?? []).map(({ name }) => name)
    expect(linked).toEqual(expect.arrayContaining(['vips', 'webp', 'png']))
  })

  it('runs from nothing but what was packed, and its guardian ends what a killed panel leaves', long, async () => {
    const alone = path.join(folder.path, 'alone')
    extractAll(unpacked.replace(/\.unpacked$/, ''), alone)
    const panel = await startHeadless({ entry: path.join(alone, 'dist/main/headless.js') })
    try {
      const url = `http://127.0.0.1:${await freePort()}`
      await panel.client.services.update({ id: 'comfyui-demo', url })
      await panel.client.services.start({ id: 'comfyui-demo' })
      const answers = () => fetch(url).then(Boolean, () => false)
      expect(await until('the simulated service to answer', answers)).toBe(true)
      await panel.kill()
      await until('the service to go with the panel', async () => !(await answers()))
    } finally {
      await panel.stop()
    }
  })
})
