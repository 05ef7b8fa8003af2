import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kindOf } from '../../../electron/kinds'
import type { Layout } from '../../../electron/models/layout'
import { placesOf, readPaths } from '../../../electron/models/places'

let host: string
const at = (...parts: string[]) => path.join(host, ...parts)
const make = (...folders: string[]) => Promise.all(folders.map((one) => mkdir(at(one), { recursive: true })))
beforeAll(async () => {
  host = await mkdtemp(path.join(os.tmpdir(), 'regie-places-'))
})
afterAll(() => rm(host, { recursive: true, force: true }))

const mount = (inside: string, place: string | null, writable = true) => ({ inside, place, writable })
const container = (mounts: Layout['mounts'], ...args: string[]): Layout => ({
  mounts,
  args,
  variables: [],
  workdir: '/opt/app',
})
const shown = async (layout: Layout, kind: 'comfyui' | 'forge' | 'forge-neo') =>
  (await placesOf(layout, kindOf(kind).models))
    .map(({ place, role, writable }) => [place === null ? null : path.relative(host, place), role, writable])
    .sort()

test('a folder of models that a container mounts, whatever it is called on this machine', async () => {
  await make('a/checkpoints', 'a/loras', 'a/notes')
  expect(await shown(container([mount('/opt/ComfyUI/models', at('a'))]), 'comfyui')).toEqual([
    ['a/checkpoints', 'checkpoint', true],
    ['a/loras', 'lora', true],
  ])
})

test('one kind of file mounted by itself, for reading alone', async () => {
  await make('b')
  expect(await shown(container([mount('/opt/ComfyUI/models/vae', at('b'), false)]), 'comfyui')).toEqual([
    ['b', 'vae', false],
  ])
})

test('the whole program mounted, and a folder of a ComfyUI beside a Forge Neo', async () => {
  await make('c/models/Stable-diffusion', 'c/models/VAE', 'd/models/checkpoints', 'd/models/loras')
  const found = await shown(container([mount('/forge', at('c')), mount('/comfyui', at('d'), false)]), 'forge-neo')
  expect(found).toEqual([
    ['c/models/Stable-diffusion', 'checkpoint', true],
    ['c/models/VAE', 'vae', true],
    ['d/models/checkpoints', 'checkpoint', false],
    ['d/models/loras', 'lora', false],
  ])
})

test('what arguments name, in either spelling, through the nearest mount', async () => {
  await make('e/sd', 'e/lo')
  const layout = container(
    [mount('/data', at('e'))],
    'python',
    'launch.py',
    '--ckpt-dir=/data/sd',
    '--lora-dir',
    '/data/lo',
  )
  expect(await shown(layout, 'forge')).toEqual([
    ['e/lo', 'lora', true],
    ['e/sd', 'checkpoint', true],
  ])
})

test('a native program: its folder, its script, and its further folders', async () => {
  await make('f/ComfyUI/models/checkpoints', 'f/more/unet')
  await writeFile(
    at('f/ComfyUI/extra_model_paths.yaml'),
    `mine:\n  base_path: ${at('f/more')}\n  diffusion_models: |\n    unet\n    gone\n`,
  )
  const layout: Layout = { mounts: null, args: ['python', 'main.py'], variables: [], workdir: at('f/ComfyUI') }
  expect(await shown(layout, 'comfyui')).toEqual([
    ['f/ComfyUI/models/checkpoints', 'checkpoint', true],
    ['f/more/gone', 'diffusion-model', true],
    ['f/more/unet', 'diffusion-model', true],
  ])
})

test('a folder that this machine cannot look into is told, not guessed', async () => {
  expect(await shown(container([mount('/opt/ComfyUI/models', null)]), 'comfyui')).toEqual([[null, 'other', true]])
})

test('a file with further folders may hold anything', () => {
  const read = (text: string) => readPaths(text, '/from', (...parts) => path.posix.join(...parts))
  expect(read('a: {base_path: b, checkpoints: c, loras: [1], vae: 3}')).toEqual([['checkpoints', '/from/b/c']])
  for (const text of ['', 'x', '- a', 'a: [', 'a: 1', 'a: &x [*x]', `a: {b: ${'['.repeat(5000)}`])
    expect(read(text)).toEqual([])
  expect(read(`a: {checkpoints: "${'c\\n'.repeat(1000)}"}`).length).toBeLessThanOrEqual(200)
})

test('what climbs out of a mount is no place of this machine', async () => {
  await make('up/models/checkpoints', 'private/loras')
  await writeFile(at('up/extra_model_paths.yaml'), 'a:\n  loras: /data/../../private/loras\n')
  const layout = container([mount('/data', at('up'))], 'main.py', '--base-directory', '/data')
  expect(await shown(layout, 'comfyui')).toContainEqual(['up/models/checkpoints', 'checkpoint', true])
  const places = (await shown(layout, 'comfyui')).map(([place]) => place)
  expect(places.filter((place) => String(place).includes('private'))).toEqual([])
  const further = container([mount('/data', at('up'))], 'launch.py', '--lora-dir', '/data/../private/loras')
  expect((await shown(further, 'forge')).map(([place]) => place)).toContain(null)
})
