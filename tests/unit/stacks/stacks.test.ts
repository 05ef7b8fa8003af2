import path from 'node:path'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { StackAnswers } from '../../../shared/contract'
import { credentialOf, planStack } from '../../../electron/stacks/plan'
import { templateOf, templates } from '../../../electron/stacks/templates'
import { envText, withoutGpu } from '../../../electron/stacks/texts'
import { createUndoing } from '../../../electron/stacks/undo'
import { readEnvValue } from '../../../electron/compose/files/dotenv'

const gpuUuid = 'GPU-7a1f2c3d-0000-4000-8000-000000000001'
const around = { platform: 'linux' as const, runAs: '1000:1000', torchBuild: 'cu130', memoryGiB: 46 }
const answers = (change: Partial<StackAnswers> = {}): StackAnswers => ({
  stackId: 'comfyui-qwen',
  serviceId: 'qwen-one',
  folder: '/srv/regie/qwen',
  gpuUuid,
  port: 8190,
  ...change,
})
const comfyui = templateOf('comfyui-qwen')
const forge = templateOf('forge-turbo')
const shipped = (id: string, name: string) =>
  readFileSync(path.join(import.meta.dirname, '../../../resources/stacks', id, name), 'utf8')

describe('the plan of a deployment', () => {
  test('names the project after the service, so that two copies of a stack never meet', () => {
    const { spec, service, env } = planStack(comfyui, answers(), around)
    expect(spec).toEqual({ file: '/srv/regie/qwen/compose.yaml', service: 'comfyui-qwen', project: 'qwen-one' })
    expect(service).toMatchObject({ id: 'qwen-one', url: 'http://127.0.0.1:8190', credentialId: 'qwen-one', gpuUuid })
    expect(env).toContainEqual(['COMPOSE_PROJECT_NAME', 'qwen-one'])
    expect(service).not.toHaveProperty('name')
    expect(planStack(comfyui, answers({ name: 'Qwen, upstairs' }), around).service.name).toBe('Qwen, upstairs')
  })

  test('writes folders inside the stack relative, others whole', () => {
    const { env, folders } = planStack(comfyui, answers({ modelsFolder: '/data/models' }), around)
    expect(env).toContainEqual(['MODELS_FOLDER', '/data/models'])
    expect(env).toContainEqual(['OUTPUTS_FOLDER', './outputs'])
    expect(folders.own).toEqual(['login', 'user', 'input', 'custom_nodes'].map((name) => `/srv/regie/qwen/${name}`))
  })

  test.each([
    ['comfyui-qwen' as const, ['COMFYUI_ARGS', '--cpu']],
    ['forge-neo' as const, ['FORGE_ARGS', '--cpu --skip-torch-cuda-test']],
    ['forge-turbo' as const, ['FORGE_ARGS', '--always-cpu --skip-torch-cuda-test']],
  ])('runs %s on the processor where no GPU is chosen', (stackId, args) => {
    const plan = planStack(templateOf(stackId), answers({ stackId, gpuUuid: null }), around)
    expect(plan.env).toContainEqual(['GPU_UUID', 'none'])
    expect(plan.env).toContainEqual(args)
    expect(plan.service).not.toHaveProperty('gpuUuid')
    expect(plan.withGpu).toBe(false)
  })

  test.each([
    ['relative/folder', 'stacks.folder-relative'],
    ["/srv/it's mine", 'stacks.folder-unsafe'],
    ['/srv/back\\slash', 'stacks.folder-unsafe'],
    ['/srv/line\nbreak', 'stacks.folder-unsafe'],
  ])('refuses the folder %j', (folder, id) => {
    expect(() => planStack(comfyui, answers({ folder }), around)).toThrow(expect.objectContaining({ id }))
    expect(() => planStack(comfyui, answers({ modelsFolder: folder }), around)).toThrow(expect.objectContaining({ id }))
  })

  test.each([
    ['comfyui-qwen' as const, [['TORCH_BUILD', 'cu126']]],
    ['forge-neo' as const, [['TORCH_BUILD', 'cu126']]],
    // It installs what it names itself.
    ['forge-turbo' as const, []],
  ])('writes which PyTorch %s is to be built with, so that a build by hand takes the same', (stackId, expected) => {
    const { env } = planStack(templateOf(stackId), answers({ stackId }), { ...around, torchBuild: 'cu126' })
    expect(env.filter(([key]) => key === 'TORCH_BUILD')).toEqual(expected)
  })

  test('writes the limit of memory where the machine’s is known, and leaves the example’s where it is not', () => {
    expect(planStack(comfyui, answers(), around).env).toContainEqual(['MEMORY_LIMIT', '46g'])
    const { env } = planStack(comfyui, answers(), { ...around, memoryGiB: null })
    expect(env.map(([key]) => key)).not.toContain('MEMORY_LIMIT')
  })

  test('mounts a ComfyUI’s models where the stack can share them, and nowhere else', () => {
    const shared = { sharedModelsFolder: '/data/ComfyUI/' }
    const neo = planStack(templateOf('forge-neo'), answers({ stackId: 'forge-neo', ...shared }), around)
    expect(neo.env).toContainEqual(['COMFYUI_FOLDER', '/data/ComfyUI'])
    expect(planStack(forge, answers({ stackId: 'forge-turbo', ...shared }), around).sharedModels).toBeNull()
    const relative = answers({ stackId: 'forge-neo', sharedModelsFolder: 'ComfyUI' })
    expect(() => planStack(templateOf('forge-neo'), relative, around)).toThrow(
      expect.objectContaining({ id: 'stacks.folder-relative' }),
    )
  })

  test('switches ComfyUI-Manager on where that was asked for and is offered', () => {
    const keys = (stackId: StackAnswers['stackId'], manager?: boolean) =>
      planStack(templateOf(stackId), answers({ stackId, ...(manager !== undefined && { manager }) }), around).env
    expect(keys('comfyui-qwen', true)).toContainEqual(['COMFYUI_MANAGER', 'yes'])
    for (const env of [keys('comfyui-qwen'), keys('comfyui-qwen', false), keys('forge-neo', true)])
      expect(env.map(([key]) => key)).not.toContain('COMFYUI_MANAGER')
  })

  test('keeps ComfyUI’s secret in its file and Forge’s in keys that ask for a new container', () => {
    const order = { ...answers(), start: true }
    expect(credentialOf(comfyui, order, '/srv').sinks).toEqual([
      { type: 'comfyui-login', path: path.join('/srv', 'login', 'PASSWORD'), requires: 'restart' },
      { type: 'session-key', path: path.join('/srv', 'login', '.secret-key.txt'), requires: 'restart' },
    ])
    expect(credentialOf(forge, order, '/srv').sinks).toEqual([
      { type: 'env', path: path.join('/srv', '.env'), key: 'FORGE_USER', field: 'username', requires: 'recreate' },
      { type: 'env', path: path.join('/srv', '.env'), key: 'FORGE_PASSWORD', field: 'password', requires: 'recreate' },
    ])
  })
})

describe('the texts that are written', () => {
  test.each(templates.map(({ id }) => id))('%s: every value of the plan replaces one of the example', (stackId) => {
    const example = shipped(stackId, '.env.example')
    const all = { modelsFolder: '/data/modèles', sharedModelsFolder: '/data/ComfyUI', manager: true }
    const { env } = planStack(templateOf(stackId), answers({ stackId, ...all }), around)
    const text = envText(example, env)
    expect(text.split('\n')).toHaveLength(example.split('\n').length)
    const binary = Buffer.from(text).toString('latin1')
    for (const [key, value] of env) {
      const read = readEnvValue(binary, key)
      const written = Buffer.from(value).toString('latin1')
      expect([key, read]).toEqual([key, { compose1: written, compose2: written }])
    }
  })

  test.each(templates.map(({ id }) => id))('%s: its example holds no secret', (stackId) => {
    expect(shipped(stackId, '.env.example')).not.toMatch(/(?:PASSWORD|TOKEN)='[^']+'/)
  })

  test.each(templates.map(({ id }) => id))('%s without a GPU keeps everything else, comments too', (stackId) => {
    const text = withoutGpu(shipped(stackId, 'compose.yaml'), stackId)
    expect(text).not.toMatch(/deploy:|reservations/)
    expect(text).toContain('# Reached from this machine alone.')
    expect(text).toContain("security_opt: ['no-new-privileges:true']")
    expect(text).toContain('CUDA_DEVICE_ORDER: PCI_BUS_ID')
  })
})

test('an undo goes backwards, and one that fails is told and hinders no other', async () => {
  const bugs: unknown[] = []
  const undone: string[] = []
  const undoing = createUndoing((error) => bugs.push(error))
  for (const what of ['a', 'b', 'c']) {
    undoing.made(what, () => {
      if (what === 'b') return Promise.reject(new Error('stuck'))
      undone.push(what)
      return Promise.resolve(what === 'a' ? ['not empty'] : [])
    })
  }
  expect(await undoing.all()).toEqual(['not empty', 'b'])
  expect(undone).toEqual(['c', 'a'])
  expect(bugs).toHaveLength(1)
  expect(await undoing.all()).toEqual([])
})
