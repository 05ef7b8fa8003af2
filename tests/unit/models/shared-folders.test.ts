import fc from 'fast-check'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { wordsOf } from '../../../electron/compose/files/arguments'
import type { Layout } from '../../../electron/models/layout'
import { readPaths, valuesOf } from '../../../electron/models/places'
import { sharedFolders, type FolderToShare, type Reader } from '../../../electron/models/shared-folders'

let host: string
beforeAll(async () => {
  host = await mkdtemp(path.join(os.tmpdir(), 'regie-shared-'))
})
afterAll(() => rm(host, { recursive: true, force: true }))

type Kind = Reader['config']['kind']
const native = (workdir: string, ...args: string[]): Layout => ({ mounts: null, args, variables: [], workdir })
const container = (mounts: Record<string, string>, more: Partial<Layout> = {}): Layout => ({
  mounts: Object.entries(mounts).map(([place, inside]) => ({ place, inside, writable: true })),
  ...{ args: ['python', 'main.py'], variables: [], workdir: '/opt/app', ...more },
})
const reader = (kind: Kind, layout: Layout): Reader => ({
  config: {
    ...{ id: 'reader', kind },
    ...(layout.mounts !== null && { compose: { file: '/p/compose.yaml', service: 'web ui' } }),
  },
  layout,
  container: layout.mounts === null ? null : 'c0ffee'.repeat(10),
})
const share = (at: string, role: FolderToShare['roles'][number], more: Partial<FolderToShare> = {}): FolderToShare => ({
  ...{ path: at, folder: path.posix.basename(at), roles: [role], missing: 0, own: null, ...more },
})

const Mounts = z.object({
  services: z.record(
    z.string(),
    z.object({
      volumes: z.array(
        z.strictObject({ type: z.literal('bind'), source: z.string(), target: z.string(), read_only: z.literal(true) }),
      ),
    }),
  ),
})
/** What Compose mounts by these lines. */
const mountsIn = (lines: string | null) =>
  lines === null
    ? []
    : (Mounts.parse(parse(lines)).services['web ui']?.volumes ?? []).map(({ source, target }) => ({
        place: source.replaceAll('$$', '$'),
        inside: target.replaceAll('$$', '$'),
      }))
const words = (line: string) =>
  wordsOf([{ place: null, written: line, form: 'line', hasVariables: false }], new Map()).map(({ value }) => value)
const problems = ({ left }: { left: readonly { reason: { problem: string } }[] }) =>
  left.map(({ reason }) => reason.problem)

test('a native ComfyUI gets its file beside main.py, with the names that it has for the folders of a Forge', async () => {
  const found = await sharedFolders(
    reader('comfyui', native('/srv/ComfyUI', 'python', 'main.py')),
    [
      share('/srv/forge/models/Stable-diffusion', 'checkpoint', { roles: ['diffusion-model', 'checkpoint'] }),
      share('/srv/forge/models/Lora', 'lora'),
      share('/data/More Loras', 'lora'),
    ],
    'forge-b',
  )
  expect(found).toEqual({
    ...{
      serviceId: 'reader',
      form: 'file',
      at: '/srv/ComfyUI/extra_model_paths.yaml',
      mounts: null,
      inspect: null,
      left: [],
    },
    lines: [
      'models_of_forge-b:',
      '  diffusion_models: /srv/forge/models/Stable-diffusion',
      '  checkpoints: /srv/forge/models/Stable-diffusion',
      '  loras: |-',
      '    /srv/forge/models/Lora',
      '    /data/More Loras',
      '',
    ].join('\n'),
  })
})

test('a native Forge gets arguments, one per line, as the page for its settings takes them', async () => {
  const found = await sharedFolders(
    reader('forge', native('/srv/forge', 'bash', 'webui.sh')),
    [share('/srv/ComfyUI/models/checkpoints', 'checkpoint'), share('/data/my vaes', 'vae')],
    'comfyui-a',
  )
  expect(found).toMatchObject({ form: 'arguments', at: null, mounts: null, left: [] })
  expect(found.lines).toBe('--ckpt-dir\n/srv/ComfyUI/models/checkpoints\n--vae-dir\n/data/my vaes')
})

test('paths of Windows stay as they are, in a file and as arguments', async () => {
  const folders = [share('D:\\AI models\\Stable-diffusion', 'checkpoint'), share('\\\\nas\\share\\Lora', 'lora')]
  const comfy = await sharedFolders(reader('comfyui', native('C:\\ComfyUI', 'python.exe', 'main.py')), folders, 'f')
  expect(comfy.at).toBe('C:\\ComfyUI\\extra_model_paths.yaml')
  expect(parse(comfy.lines)).toEqual({
    models_of_f: { checkpoints: 'D:\\AI models\\Stable-diffusion', loras: '\\\\nas\\share\\Lora' },
  })
  const forge = await sharedFolders(reader('forge-neo', native('C:\\forge', 'python.exe', 'launch.py')), folders, 'c')
  expect(forge.lines.split('\n')).toEqual([
    ...['--ckpt-dirs', 'D:\\AI models\\Stable-diffusion', '--lora-dirs', '\\\\nas\\share\\Lora'],
  ])
})

test('a container is told of the path that its mount has, and of Windows drives however they are spelled', async () => {
  const layout = container({ '/srv/all': '/data', 'd:\\ai': '/ai' }, { variables: ['COMMANDLINE_ARGS'] })
  const found = await sharedFolders(
    reader('forge-neo', layout),
    [share('/srv/all/comfy/checkpoints', 'checkpoint'), share('D:\\AI\\Loras', 'lora'), share('D:\\AI', 'vae')],
    'c',
  )
  expect(found).toMatchObject({ form: 'variable', at: 'COMMANDLINE_ARGS', mounts: null })
  expect(found.lines).toBe('--ckpt-dirs /data/comfy/checkpoints --lora-dirs /ai/Loras --vae-dirs /ai')
  expect(found.inspect).toContain('c0ffeec0ffee')
})

test('what a container does not see is mounted first, for reading alone; what another mount covers it does not see', async () => {
  const layout = container({ '/srv/all': '/data', '/elsewhere': '/data/vae', '/x': '/shared-models/vae' })
  const found = await sharedFolders(
    reader('forge', layout),
    [share('/srv/all/vae', 'vae'), share('/srv/other/vae', 'text-encoder'), share('/srv/allies/ckpt', 'checkpoint')],
    'c',
  )
  expect(found.form).toBe('command')
  expect(parse(found.lines)).toEqual([
    ...['--vae-dir', '/shared-models/vae-2', '--text-encoder-dir', '/shared-models/vae-3'],
    ...['--ckpt-dir', '/shared-models/ckpt'],
  ])
  expect(mountsIn(found.mounts)).toEqual([
    { place: '/srv/all/vae', inside: '/shared-models/vae-2' },
    { place: '/srv/other/vae', inside: '/shared-models/vae-3' },
    { place: '/srv/allies/ckpt', inside: '/shared-models/ckpt' },
  ])
})

test('a ComfyUI in a container gets its file mounted, unless its folder is', async () => {
  const folders = [share('/srv/m/Lora', 'lora')]
  const bare = await sharedFolders(reader('comfyui', container({ '/srv/m': '/m' })), folders, 'f')
  expect(bare).toMatchObject({ at: '/opt/app/extra_model_paths.yaml', lines: 'models_of_f:\n  loras: /m/Lora\n' })
  expect(mountsIn(bare.mounts)).toEqual([
    { place: './extra_model_paths.yaml', inside: '/opt/app/extra_model_paths.yaml' },
  ])
  const whole = await sharedFolders(
    reader('comfyui', container({ '/srv/m': '/m', '/srv/app': '/opt/app' })),
    folders,
    'f',
  )
  expect(whole).toMatchObject({ at: '/srv/app/extra_model_paths.yaml', mounts: null })
  const nowhere = await sharedFolders(reader('comfyui', container({ '/srv/m': '/m' }, { workdir: null })), folders, 'f')
  expect(nowhere).toMatchObject({ at: null, mounts: null })
})

test('a section that the file has already is not written a second time', async () => {
  const app = path.join(host, 'ComfyUI')
  await mkdir(app)
  const section = async (text: string) => {
    await writeFile(path.join(app, 'extra_model_paths.yaml'), text)
    const { lines } = await sharedFolders(reader('comfyui', native(app, 'main.py')), [share('/l', 'lora')], 'f')
    return lines.split(':')[0]
  }
  expect(await section('models_of_f:\n  vae: /v\n')).toBe('models_of_f_2')
  expect(await section('models_of_f: {}\nmodels_of_f_2: {}\n')).toBe('models_of_f_3')
  for (const text of ['', 'a: [', '- a', '7']) expect(await section(text)).toBe('models_of_f')
})

test('an argument that replaces the own folder of a service waits until its files are in the shared one', async () => {
  const forge = (folder: Partial<FolderToShare>) =>
    sharedFolders(reader('forge', native('/srv/forge')), [share('/srv/c/loras', 'lora', folder)], 'c')
  const kept = await forge({ missing: 3, own: '/srv/forge/models/Lora' })
  expect(kept.lines).toBe('')
  expect(kept.left).toMatchObject([
    {
      path: '/srv/c/loras',
      line: '--lora-dir\n/srv/c/loras',
      reason: {
        problem: 'library.replaces',
        params: { argument: '--lora-dir', folder: '/srv/forge/models/Lora', count: 3 },
      },
    },
  ])
  expect((await forge({ missing: 0, own: '/srv/forge/models/Lora' })).lines).toBe('--lora-dir\n/srv/c/loras')
})

test('Forge takes one folder of a kind, Forge Neo as many as there are', async () => {
  const folders = [share('/c/checkpoints', 'checkpoint'), share('/c/unet', 'diffusion-model'), share('/c/vae', 'vae')]
  const layout = native('/srv/forge', 'webui.sh', '--vae-dir=/old/vae')
  const forge = await sharedFolders(reader('forge', layout), folders, 'c')
  expect(forge.lines).toBe('--ckpt-dir\n/c/checkpoints')
  expect(forge.left.map(({ path: at, line, reason: { params } }) => [at, line, params])).toEqual([
    ['/c/unet', null, { argument: '--ckpt-dir', folder: '/c/checkpoints' }],
    ['/c/vae', null, { argument: '--vae-dir', folder: '/old/vae' }],
  ])
  const neo = await sharedFolders(reader('forge-neo', native('/srv/neo')), folders, 'c')
  expect(neo.lines.split('\n')).toEqual([
    '--ckpt-dirs',
    '/c/checkpoints',
    '--ckpt-dirs',
    '/c/unet',
    '--vae-dirs',
    '/c/vae',
  ])
  expect(neo.left).toEqual([])
})

test('what no setting can name is told, never guessed', async () => {
  const found = await sharedFolders(
    reader('comfyui', native('/srv/c', 'main.py')),
    [
      share('/a\nb', 'vae'),
      share('/a\tb', 'vae'),
      share('/srv/f/GFPGAN', 'other'),
      share('/srv/f/clip_vision', 'other'),
    ],
    'f',
  )
  expect(problems(found)).toEqual(['library.control-character', 'library.control-character', 'library.no-way'])
  expect(parse(found.lines)).toEqual({ models_of_f: { clip_vision: '/srv/f/clip_vision' } })
  const none = await sharedFolders(reader('forge', container({})), [share('/srv/c/clip_vision', 'other')], 'c')
  expect(none).toMatchObject({ lines: '', mounts: null, left: [{ reason: { problem: 'library.no-way' } }] })
})

test('a variable cut at blanks by some images is given no path with any', async () => {
  const layout = container({ '/srv/all': '/data' }, { variables: ['FORGE_ARGS'] })
  const found = await sharedFolders(reader('forge', layout), [share('/srv/all/my "best" models', 'checkpoint')], 'c')
  expect(found.lines).toBe('--ckpt-dir /shared-models/my-best-models')
  expect(mountsIn(found.mounts)).toEqual([
    { place: '/srv/all/my "best" models', inside: '/shared-models/my-best-models' },
  ])
})

/** Names of folders that people and tools make up, and those that formats trip over. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    "it's",
    '"quoted"',
    ' # no comment',
    'a: b',
    '- a',
    'yes',
    '$HOME',
    '${X:-y}',
    '%',
    '`',
    'x'.repeat(200),
    '*a',
    '&b',
    '!c',
    '{d}',
    '[e]',
    '~',
    '模型',
    'é',
    '|',
    '>',
  ),
)
const folder = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.map((part) => part.replaceAll(/[/\\\p{Cc}\u2028\u2029\uFEFF]/gu, '_')).join('/')}/end`)
  .filter((at) => path.posix.normalize(at) === at)

test('whatever folders are called: what is written is read as it was meant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(folder, { minLength: 1, maxLength: 4 }), async (all) => {
      const folders = all.map((at) => share(at, 'checkpoint'))
      const comfy = await sharedFolders(reader('comfyui', native('/srv/c', 'main.py')), folders, 'f')
      expect(parse(comfy.lines)).toEqual({ models_of_f: { checkpoints: all.join('\n') } })
      expect(readPaths(comfy.lines, '/from', (...parts) => path.posix.join(...parts))).toEqual(
        all.map((at) => ['checkpoints', at]),
      )

      const listed = await sharedFolders(reader('forge-neo', container({})), folders, 'c')
      const mounted = new Map(mountsIn(listed.mounts).map(({ inside, place }) => [inside, place]))
      const given = z.array(z.string()).parse(parse(listed.lines))
      const seen = valuesOf(
        given.map((word) => word.replaceAll('$$', '$')),
        ['--ckpt-dirs'],
      ).map(({ value }) => value)
      expect(seen.map((inside) => mounted.get(inside))).toEqual(all)

      const layout = container({ '/': '/host' }, { variables: ['COMMANDLINE_ARGS'] })
      const line = await sharedFolders(reader('forge-neo', layout), folders, 'c')
      const places = new Map(mountsIn(line.mounts).map(({ inside, place }) => [inside, place]))
      // Cut as a shell does, and at blanks alone: both have to see the same.
      expect(line.lines.split(/\s+/)).toEqual(words(line.lines))
      const told = valuesOf(words(line.lines), ['--ckpt-dirs']).map(({ value }) => value)
      expect(told.map((inside) => places.get(inside) ?? inside.replace(/^\/host/, ''))).toEqual(all)
    }),
    { numRuns: 60 },
  )
})
