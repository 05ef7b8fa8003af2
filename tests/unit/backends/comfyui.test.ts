import { describe, expect, it } from 'vitest'
import { bindGraph, colourOf, findModels, type Choices } from '../../../electron/backends/comfyui/bind'
import { capabilitiesOf, defaultModel, resolveParams } from '../../../electron/backends/comfyui/choose'
import { droppedOutputs, executionProblem, validationProblem } from '../../../electron/backends/comfyui/errors'
import {
  choicesOf,
  HistoryEntry,
  ObjectInfo,
  outcomeOf,
  outputFiles,
  Refused,
} from '../../../electron/backends/comfyui/schemas'
import { workflows } from '../../../electron/backends/comfyui/workflows'

const samplers = {
  'KSampler.sampler_name': ['euler', 'euler_ancestral', 'dpmpp_2m'],
  'KSampler.scheduler': ['simple', 'karras', 'sgm_uniform'],
}
const qwen = {
  'UNETLoader.unet_name': ['flux1-dev.safetensors', 'qwen_image_fp8_e4m3fn.safetensors'],
  'CLIPLoader.clip_name': ['qwen_2.5_vl_7b_fp8_scaled.safetensors'],
  'VAELoader.vae_name': ['qwen_image_vae.safetensors'],
}
const none: Choices = { ...samplers }
const onlyCheckpoints: Choices = {
  ...samplers,
  'CheckpointLoaderSimple.ckpt_name': ['sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0_fp16.safetensors'],
}
const all: Choices = { ...onlyCheckpoints, ...qwen }
const workflow = (id: string) => {
  const found = workflows.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}

describe('choosing a workflow', () => {
  it('prefers Qwen-Image, then a checkpoint, then the test that needs no model', () => {
    const chosen = [all, onlyCheckpoints, none].map((choices) => resolveParams({ prompt: 'x' }, choices).workflow)
    expect(chosen).toEqual(['qwen-image', 'sdxl-checkpoint', 'smoke'])
    expect([all, onlyCheckpoints, none].map(defaultModel)).toEqual([
      'qwen_image_fp8_e4m3fn.safetensors',
      'sd_xl_base_1.0.safetensors',
      null,
    ])
  })

  it('takes the workflow that a named checkpoint belongs to', () => {
    const resolved = resolveParams({ prompt: 'x', checkpoint: 'sd_xl_base_1.0.safetensors' }, all)
    expect(resolved.workflow).toBe('sdxl-checkpoint')
  })

  it('gives a Turbo checkpoint few steps, no guidance and its native size', () => {
    expect(resolveParams({ prompt: 'x', checkpoint: 'sd_xl_turbo_1.0_fp16.safetensors' }, all)).toMatchObject({
      steps: 4,
      cfg: 1,
      width: 512,
      height: 512,
      sampler: 'euler_ancestral',
    })
  })

  it('finds a model file in a folder, by either separator, and under another name of the family', () => {
    const elsewhere = {
      ...qwen,
      'UNETLoader.unet_name': ['qwen_image_edit_2509_fp8.safetensors', 'qwen\\qwen-image_bf16.safetensors'],
      'VAELoader.vae_name': ['qwen/qwen_image_vae.safetensors'],
    }
    const { found, missing } = findModels(workflow('qwen-image'), elsewhere)
    expect(missing).toEqual([])
    expect(found.map(({ name }) => name)).toEqual([
      'qwen\\qwen-image_bf16.safetensors',
      'qwen_2.5_vl_7b_fp8_scaled.safetensors',
      'qwen/qwen_image_vae.safetensors',
    ])
  })

  it('draws a fresh seed that both kinds of service take', () => {
    const seeds = Array.from({ length: 20 }, () => resolveParams({ prompt: 'x' }, all).seed)
    expect(new Set(seeds).size).toBeGreaterThan(15)
    expect(Math.max(...seeds)).toBeLessThan(2 ** 32)
  })

  it.each([
    ['backend.unknown-checkpoint', { checkpoint: 'none.safetensors' }, 'sd_xl_base_1.0.safetensors'],
    ['backend.unknown-sampler', { sampler: 'Euler a' }, 'euler_ancestral'],
    ['backend.unknown-scheduler', { scheduler: 'Turbo' }, 'karras'],
    ['backend.unknown-workflow', { workflow: 'flux' }, 'qwen-image'],
    ['backend.size-multiple', { workflow: 'qwen-image', width: 1000, height: 1000 }, '1008×1008'],
  ])('refuses with %s and says what there is', (id, params, there) => {
    const refused = () => resolveParams({ prompt: 'x', ...params }, all)
    expect(refused).toThrow(expect.objectContaining({ id, hint: expect.stringContaining(there) as unknown }) as Error)
  })

  it('names the files that an asked-for workflow lacks', () => {
    const refused = () => resolveParams({ prompt: 'x', workflow: 'qwen-image' }, onlyCheckpoints)
    expect(refused).toThrow(/qwen_image_vae\.safetensors/)
  })

  it('offers what is there, with the missing files of each workflow', () => {
    const offered = capabilitiesOf(onlyCheckpoints)
    expect(offered.checkpoints).toEqual(onlyCheckpoints['CheckpointLoaderSimple.ckpt_name'])
    expect(offered.workflows.map(({ id, available }) => [id, available])).toEqual([
      ['qwen-image', false],
      ['sdxl-checkpoint', true],
      ['smoke', true],
    ])
    expect(offered.defaults).toMatchObject({ workflow: 'sdxl-checkpoint', sampler: 'dpmpp_2m', cfg: 7 })
  })
})

describe('bindGraph', () => {
  const resolved = resolveParams(
    { prompt: 'a fox 🦊 "quoted"', seed: 2 ** 53 - 1, batch: 3, width: 640, height: 512 },
    all,
  )

  it('puts every value into its node', () => {
    const graph = bindGraph(workflow('qwen-image'), resolved, all)
    expect(graph['5']?.inputs['text']).toBe('a fox 🦊 "quoted"')
    expect(graph['6']?.inputs['text']).toBe(' ')
    expect(graph['7']?.inputs).toMatchObject({ width: 640, height: 512, batch_size: 3 })
    expect(graph['8']?.inputs).toMatchObject({ seed: 9007199254740991, steps: 20, cfg: 2.5, positive: ['5', 0] })
  })

  it('leaves the built-in workflow as it is', () => {
    const before = structuredClone(workflow('qwen-image'))
    bindGraph(workflow('qwen-image'), resolved, all)
    expect(workflow('qwen-image')).toEqual(before)
  })

  it('colours the test picture by its seed, within 24 bits', () => {
    const colours = [0, 1, 2, 2 ** 32 - 1, 2 ** 53 - 2].map(colourOf)
    expect(new Set(colours).size).toBe(5)
    expect(Math.max(...colours)).toBeLessThan(2 ** 24)
    expect(Math.min(...colours)).toBeGreaterThanOrEqual(0)
  })
})

describe('choicesOf', () => {
  it('reads drop-downs of old and of new nodes, and none of an unknown class', () => {
    const info = ObjectInfo.parse({
      KSampler: { input: { required: { sampler_name: [['euler', 'heun'], {}] } } },
      UNETLoader: { input: { required: { unet_name: ['COMBO', { options: ['a.safetensors'] }] } } },
      EmptyImage: { input: { required: { width: ['INT', { default: 512 }] } } },
    })
    expect(choicesOf(info, 'KSampler', 'sampler_name')).toEqual(['euler', 'heun'])
    expect(choicesOf(info, 'UNETLoader', 'unet_name')).toEqual(['a.safetensors'])
    expect(choicesOf(info, 'EmptyImage', 'width')).toEqual([])
    expect(choicesOf(ObjectInfo.parse({}), 'KSampler', 'sampler_name')).toEqual([])
  })
})

describe('refusals in the service’s words', () => {
  const graph = bindGraph(
    workflow('sdxl-checkpoint'),
    resolveParams({ prompt: 'x', workflow: 'sdxl-checkpoint' }, all),
    all,
  )
  const refusal = (
    errors: object,
    error: object = {
      type: 'prompt_outputs_failed_validation',
      message: 'Prompt outputs failed validation',
      details: '',
    },
  ) => validationProblem(Refused.parse({ error, node_errors: errors }), graph, all)

  it('names the node, the input, the value and what the service has of a missing checkpoint', () => {
    const problem = refusal({
      '1': {
        class_type: 'CheckpointLoaderSimple',
        errors: [
          {
            type: 'value_not_in_list',
            message: 'Value not in list',
            details: "ckpt_name: 'none.safetensors' not in []",
            extra_info: { input_name: 'ckpt_name', input_config: null, received_value: 'none.safetensors' },
          },
        ],
      },
    })
    expect(problem.id).toBe('backend.choice-refused')
    expect(problem.message).toBe('Load checkpoint has no ckpt_name named none.safetensors.')
    expect(problem.hint).toContain('sd_xl_base_1.0.safetensors')
  })

  it('keeps the words about a value that does not fit', () => {
    const problem = refusal({
      '4': {
        errors: [
          {
            type: 'value_smaller_than_min',
            message: 'Value 0 smaller than min of 16',
            details: 'width',
            extra_info: { input_name: 'width' },
          },
        ],
      },
    })
    expect(problem.message).toBe('The service refuses “width” of Size: Value 0 smaller than min of 16: width')
  })

  it('names an unknown node class, in the old form and in the new', () => {
    expect(
      refusal({}, { type: 'invalid_prompt', message: 'Cannot execute', details: "Node ID '#1'" }).message,
    ).toContain('CheckpointLoaderSimple')
    expect(refusal({}, { type: 'missing_node_type', message: "Node 'X' not found", details: '' }).id).toBe(
      'backend.node-missing',
    )
  })

  it('lists the outputs that were dropped from an accepted job as warnings', () => {
    const [warning] = droppedOutputs(
      { '7': { errors: [{ type: 't', message: 'Bad link', details: 'images' }] } },
      graph,
    )
    expect(warning).toMatchObject({ problem: 'backend.outputs-dropped', params: { detail: 'Save: Bad link: images' } })
  })

  it('recognises a full GPU and keeps what it said', () => {
    const problem = executionProblem(
      {
        node_id: '5',
        exception_type: 'torch.OutOfMemoryError',
        exception_message: 'CUDA out of memory. Tried to allocate 2 GiB\n',
      },
      graph,
    )
    expect(problem.id).toBe('backend.out-of-memory')
    expect(problem.params['detail']).toBe('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB')
  })

  it('names the node of any other failure', () => {
    const problem = executionProblem(
      { node_id: '5', exception_type: 'RuntimeError', exception_message: 'boom\n' },
      graph,
    )
    expect(problem.message).toBe('The service failed in Sampler: RuntimeError: boom')
  })
})

describe('history', () => {
  const entryOf = (messages: unknown[], status_str: string, outputs: object = {}) =>
    HistoryEntry.parse({
      prompt: [
        1,
        'id',
        { '1': { class_type: 'EmptyImage', inputs: {} }, '2': { class_type: 'SaveImage', inputs: {} } },
        {},
        ['2'],
      ],
      outputs,
      status: { status_str, completed: status_str === 'success', messages },
    })

  it('tells success, cached success, interruption and failure apart', () => {
    const cached = (nodes: string[]) => ['execution_cached', { nodes, prompt_id: 'id' }]
    expect(outcomeOf(entryOf([cached([])], 'success'))).toEqual({ state: 'succeeded', cached: false })
    expect(outcomeOf(entryOf([cached(['1'])], 'success'))).toEqual({ state: 'succeeded', cached: false })
    expect(outcomeOf(entryOf([cached(['1', '2'])], 'success'))).toEqual({ state: 'succeeded', cached: true })
    expect(outcomeOf(entryOf([['execution_interrupted', {}]], 'error'))).toEqual({ state: 'interrupted' })
    expect(outcomeOf(entryOf([['execution_error', { exception_message: 'x' }]], 'error'))).toMatchObject({
      state: 'failed',
    })
    expect(outcomeOf(entryOf([], 'error'))).toMatchObject({ state: 'failed' })
  })

  it('finds files under any key, and leaves temporary ones out when there are kept ones', () => {
    const outputs = {
      '2': { images: [{ filename: 'a.png', subfolder: 's', type: 'output' }], animated: [false] },
      '3': { gifs: [{ filename: 'b.webp' }] },
      '4': { images: [{ filename: 'p.png', subfolder: '', type: 'temp' }], text: ['hello'] },
    }
    expect(outputFiles(entryOf([], 'success', outputs)).map(({ filename }) => filename)).toEqual(['a.png', 'b.webp'])
    expect(outputFiles(entryOf([], 'success', { '4': outputs['4'] })).map(({ filename }) => filename)).toEqual([
      'p.png',
    ])
  })
})
