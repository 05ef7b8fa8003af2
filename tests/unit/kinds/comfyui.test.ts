import { describe, expect, it } from 'vitest'
import { capabilitiesOf } from '../../../electron/kinds/comfyui/capabilities'
import type { Choices } from '../../../electron/kinds/comfyui/choices'
import { graphOf, resolveParams } from '../../../electron/kinds/comfyui/choose'
import { factsOf, markOf, type Facts } from '../../../electron/kinds/comfyui/facts'
import { droppedOutputs, executionProblem, validationProblem } from '../../../electron/kinds/comfyui/errors'
import {
  choicesOf,
  History,
  HistoryEntry,
  ObjectInfo,
  outcomeOf,
  outputFiles,
  Refused,
} from '../../../electron/kinds/comfyui/schemas'
import { families, smoke } from '../../../electron/kinds/comfyui/families'
import { classesOf } from '../../../electron/kinds/comfyui/families/recognise'
import { colourOf } from '../../../electron/kinds/comfyui/families/smoke'
import { offerOf } from '../../../electron/kinds/comfyui/offer'

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
const untold = factsOf(null, [])
const offer = (choices: Choices, facts: Facts = untold, failed: readonly string[] = []) =>
  offerOf({ choices, nodes: classesOf([...families, smoke]), facts }, new Set(failed))
const defaultModel = (of: ReturnType<typeof offer>) => capabilitiesOf(of).defaults.checkpoint

describe('choosing a family', () => {
  it('prefers Qwen-Image to a checkpoint', () => {
    const chosen = [all, onlyCheckpoints].map((choices) => resolveParams({ prompt: 'x' }, offer(choices)).workflow)
    expect(chosen).toEqual(['qwen-image', 'sdxl-checkpoint'])
    expect([all, onlyCheckpoints, none].map((choices) => defaultModel(offer(choices)))).toEqual([
      'qwen_image_fp8_e4m3fn.safetensors',
      'sd_xl_base_1.0.safetensors',
      null,
    ])
  })

  it('takes the workflow that a named checkpoint belongs to', () => {
    const resolved = resolveParams({ prompt: 'x', checkpoint: 'sd_xl_base_1.0.safetensors' }, offer(all))
    expect(resolved.workflow).toBe('sdxl-checkpoint')
  })

  it('gives a Turbo checkpoint few steps, no guidance and its native size', () => {
    expect(resolveParams({ prompt: 'x', checkpoint: 'sd_xl_turbo_1.0_fp16.safetensors' }, offer(all))).toMatchObject({
      steps: 4,
      cfg: 1,
      width: 512,
      height: 512,
      sampler: 'euler_ancestral',
    })
  })

  it('draws a fresh seed that both kinds of service take', () => {
    const seeds = Array.from({ length: 20 }, () => resolveParams({ prompt: 'x' }, offer(all)).seed)
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
    const refused = () => resolveParams({ prompt: 'x', ...params }, offer(all))
    expect(refused).toThrow(expect.objectContaining({ id, hint: expect.stringContaining(there) as unknown }) as Error)
  })
})

describe('checkpoints of other families, and damaged ones', () => {
  const key = 'CheckpointLoaderSimple.ckpt_name'
  const files = (...list: [name: string, bytes: number][]) =>
    factsOf(
      null,
      list.map(([name, size]) => ({ name, size, modified: 1 })),
    )
  const sizeFor = (checkpoint: string, facts: Facts = untold) => {
    const { width, steps } = resolveParams({ prompt: 'x' }, offer({ ...none, [key]: [checkpoint] }, facts))
    return [width, steps]
  }

  it.each([
    'v1-5-pruned-emaonly.safetensors',
    'sd15/v1-5-pruned.ckpt',
    'sd-v1-4.ckpt',
    'SD1.5_inpainting.safetensors',
    'my_sd15_mix.safetensors',
  ])('%s has the defaults of SD 1.5', (name) => {
    expect(sizeFor(name)).toEqual([512, 20])
  })

  it('tells SD 1.5 by its size where the name says nothing', () => {
    expect(sizeFor('dreamshaper_8.safetensors', files(['dreamshaper_8.safetensors', 2_132_625_894]))).toEqual([512, 20])
    expect(sizeFor('mix.safetensors', files(['mix.safetensors', 4_265_146_304]))).toEqual([512, 20])
    expect(sizeFor('mix.safetensors', files(['mix.safetensors', 6_938_040_682]))).toEqual([1024, 25])
    expect(sizeFor('xl-fp8.safetensors', files(['xl-fp8.safetensors', 3_500_000_000]))).toEqual([1024, 25])
    expect(sizeFor('mix.safetensors')).toEqual([1024, 25])
  })

  it('never takes a file for the default that is too small for a model, and names it when it is asked for', () => {
    const facts = files(['a.safetensors', 0], ['b.safetensors', 132], ['c.safetensors', 6_900_000_000])
    const offered = offer({ ...none, [key]: ['a.safetensors', 'b.safetensors', 'c.safetensors'] }, facts)
    expect(defaultModel(offered)).toBe('c.safetensors')
    expect(capabilitiesOf(offered).checkpoints).toEqual(['c.safetensors'])
    expect(() => resolveParams({ prompt: 'x', checkpoint: 'b.safetensors' }, offered)).toThrow(
      expect.objectContaining({
        id: 'backend.model-damaged',
        params: { file: 'b.safetensors', detail: '132 bytes' },
      }) as Error,
    )
  })

  it('takes no file that could not be loaded, until it is another one', () => {
    const big = { name: 'a.safetensors', size: 6e9, modified: 1 }
    const choices = { ...none, [key]: ['a.safetensors', 'b.safetensors'] }
    const at = (modified: number) => factsOf(null, [{ ...big, modified }])
    expect(defaultModel(offer(choices, at(1), [markOf(big)]))).toBe('b.safetensors')
    expect(defaultModel(offer(choices, at(2), [markOf(big)]))).toBe('a.safetensors')
  })
})

describe('previews', () => {
  const facts = (version: string, ...argv: string[]) =>
    factsOf({ system: { comfyui_version: version, argv: ['main.py', ...argv] } }, [])

  it.each([
    ['0.3.64', [], false, null],
    ['0.3.64', ['--preview-method', 'auto'], true, null],
    ['0.3.64', ['--preview-method=taesd'], true, null],
    ['0.3.64', ['--preview-method', 'none'], false, null],
    ['0.38.1', [], true, 'auto'],
    ['0.38.1', ['--preview-method', 'taesd'], true, null],
    ['1.0', [], true, 'auto'],
    ['', [], false, null],
    ['main', [], false, null],
  ])('of %s with %j: %s', (version, argv, previews, asked) => {
    const known = facts(version, ...argv)
    expect([capabilitiesOf(offer(all, known)).previews, known.askForPreviews]).toEqual([previews, asked])
  })

  it('are taken for possible where the service does not tell', () => {
    expect(capabilitiesOf(offer(all)).previews).toBe(true)
  })
})

describe('the smoke test', () => {
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
  const graph = graphOf(resolveParams({ prompt: 'x', workflow: 'sdxl-checkpoint' }, offer(all)), offer(all), {
    images: [],
    mask: null,
  })
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

  it.each([
    [
      'safetensors._safetensors_rust.SafetensorError',
      'Error while deserializing header: incomplete metadata, file not fully covered\n',
    ],
    ['SafetensorError', 'Error while deserializing header: header too large\n'],
    ['_pickle.UnpicklingError', 'Weights only load failed. In PyTorch 2.6, we changed the default value'],
    ['RuntimeError', 'PytorchStreamReader failed reading zip archive: failed finding central directory'],
    ['RuntimeError', 'ERROR: Could not detect model type of: /comfy/models/checkpoints/a.safetensors'],
  ])('names the file that a loader could not read: %s', (exception_type, exception_message) => {
    const problem = executionProblem({ node_id: '1', exception_type, exception_message }, graph)
    expect([problem.id, problem.params['file']]).toEqual(['backend.model-damaged', 'sd_xl_base_1.0.safetensors'])
    // The same words from another node are no loader's.
    expect(executionProblem({ node_id: '5', exception_type, exception_message }, graph).id).toBe(
      'backend.execution-failed',
    )
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
    const saved = { '2': { images: [{ filename: 'a.png' }] } }
    const ended = (nodes: string[], outputs: object = saved) => outcomeOf(entryOf([cached(nodes)], 'success', outputs))
    expect(ended([])).toEqual({ state: 'succeeded', cached: false })
    expect(ended(['1'])).toEqual({ state: 'succeeded', cached: false })
    expect(ended(['1', '2'])).toEqual({ state: 'succeeded', cached: true })
    // A cache that keeps outputs alone, and a node that nothing needs: the picture is an old one all the same.
    expect(ended(['2'])).toEqual({ state: 'succeeded', cached: true })
    expect(ended(['1', '2'], { ...saved, '3': { images: [{ filename: 'b.png' }] } })).toMatchObject({ cached: false })
    expect(ended(['1', '2'], {})).toMatchObject({ cached: false })
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

  // As SaveVideo, SaveWEBM, SaveImageAdvanced, SaveAudio, SaveGLB, SaveText and VHS_VideoCombine tell of them.
  it('finds what is no image too, and previews where nothing that is kept was saved', () => {
    const file = (filename: string, type = 'output') => ({ filename, subfolder: 'video', type })
    const outputs = {
      '2': { images: [file('a_00001_.mp4')], animated: [true] },
      '3': { gifs: [{ ...file('b_00001.webm'), format: 'video/webm', frame_rate: 8, workflow: 'b_00001.png' }] },
      '4': { images: [file('c_00001.exr')] },
      '5': { audio: [file('d_00001_.flac')] },
      '6': { '3d': [file('e_00001_.glb')] },
      '7': { text: ['hello'], files: [file('f_00001.txt')] },
      '8': { images: [file('p.png', 'temp')] },
      '9': { result: ['mesh.glb', null, null] },
    }
    const names = (of: object) => outputFiles(entryOf([], 'success', of)).map(({ filename }) => filename)
    expect(names(outputs).join(' ')).toBe(
      'a_00001_.mp4 b_00001.webm c_00001.exr d_00001_.flac e_00001_.glb f_00001.txt',
    )
    const { 5: sound, 8: preview, 9: model } = outputs
    expect(names({ 5: sound, 8: preview })).toEqual(['d_00001_.flac', 'p.png'])
    expect(names({ 9: model })).toEqual([])
    const says = (of: object) => History.parse({ id: entryOf([], 'success', of) })['id']?.saysText
    expect([says(outputs), says({ 8: preview, 9: { text: [''] } })]).toEqual([true, false])
  })
})
