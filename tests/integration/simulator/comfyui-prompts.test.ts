import { describe, expect, test } from 'vitest'
import { ask, comfyui, sdxl, smoke } from './support'

interface Refusal {
  error: { type: string; message: string; details: string; extra_info: Record<string, unknown> }
  node_errors: Record<
    string,
    {
      errors: { type: string; message: string; details: string; extra_info: Record<string, unknown> }[]
      dependent_outputs: string[]
      class_type: string
    }
  >
}

type Nodes = Record<string, { class_type?: string; inputs?: Record<string, unknown> }>

async function post(prompt: unknown, more: Record<string, unknown> = {}) {
  const { url } = await comfyui()
  const answer = await ask(`${url}/prompt`, { body: { prompt, ...more } })
  return { status: answer.status, body: answer.json as Refusal }
}

/** The smoke graph with other inputs at the picture, or at the saver. */
const withInputs = (picture: Record<string, unknown>, saver: Record<string, unknown> = {}): Nodes => {
  const graph = smoke()
  return {
    '1': { ...graph['1'], inputs: { ...graph['1'].inputs, ...picture } },
    '2': { ...graph['2'], inputs: { ...graph['2'].inputs, ...saver } },
  }
}

const without = (key: string): Nodes => {
  const graph = withInputs({})
  const inputs = Object.fromEntries(Object.entries(graph['1']?.inputs ?? {}).filter(([name]) => name !== key))
  return { ...graph, '1': { class_type: 'EmptyImage', inputs } }
}

describe('a prompt that is refused as a whole', () => {
  test.each<[string, unknown, string, string]>([
    ['without any node', {}, 'prompt_no_outputs', ''],
    ['given as an empty list', [], 'prompt_no_outputs', ''],
    ['without an output node', { '1': smoke()['1'] }, 'prompt_no_outputs', ''],
    ['with a node without class_type', { ...smoke(), x: { inputs: {} } }, 'invalid_prompt', "Node ID '#x'"],
    ['with a top-level _meta', { _meta: { note: 1 }, ...smoke() }, 'invalid_prompt', "Node ID '#_meta'"],
    [
      'with an unknown class',
      { ...smoke(), '9': { class_type: 'Nope', inputs: {} } },
      'invalid_prompt',
      "Node ID '#9'",
    ],
  ])('%s', async (_what, prompt, type, details) => {
    const { status, body } = await post(prompt)
    expect([status, body.error.type, body.error.details, body.node_errors]).toEqual([400, type, details, {}])
  })

  test('without a prompt, also for a list as body', async () => {
    const { url } = await comfyui()
    for (const body of [{}, []]) {
      const answer = await ask(`${url}/prompt`, { body })
      const { error } = answer.json as Refusal
      expect([answer.status, error.type, error.details]).toEqual([400, 'no_prompt', 'No prompt provided'])
    }
  })

  test('a prompt given as a list with something in it, and a body that is no JSON, break the route', async () => {
    const { url } = await comfyui()
    for (const body of ['{"prompt":[1]}', 'not json']) {
      const answer = await ask(`${url}/prompt`, { body })
      expect([answer.status, answer.text]).toEqual([500, '500 Internal Server Error\n\nServer got itself in trouble'])
    }
  })

  test('a cycle gives no reason at all', async () => {
    const loop = {
      class_type: 'ImageScale',
      inputs: { image: ['1', 0], upscale_method: 'area', width: 8, height: 8, crop: 'disabled' },
    }
    const { status, body } = await post({ '1': loop, '2': smoke()['2'] })
    expect([status, body.error.type, body.error.details, body.node_errors]).toEqual([
      400,
      'prompt_outputs_failed_validation',
      '',
      {},
    ])
  })

  test('the targets of a partial execution must be output nodes', async () => {
    expect((await post(smoke(), { partial_execution_targets: ['1'] })).body.error.type).toBe('prompt_no_outputs')
    expect((await post(smoke(), { partial_execution_targets: ['2'] })).status).toBe(200)
  })
})

describe('a node that does not validate', () => {
  const config = ['INT', { default: 512, min: 1, max: 16384, step: 1 }]
  const image = ['IMAGE', {}]

  test.each<[type: string, node: string, prompt: Nodes, details: string, extra: Record<string, unknown>]>([
    ['required_input_missing', '1', without('width'), 'width', { input_name: 'width' }],
    [
      'bad_linked_input',
      '2',
      withInputs({}, { images: ['1'] }),
      'images',
      { input_name: 'images', input_config: image, received_value: ['1'] },
    ],
    [
      'return_type_mismatch',
      '2',
      { ...withInputs({}, { images: ['3', 0] }), '3': sdxl()['4'] },
      'images, received_type(LATENT) mismatch input_type(IMAGE)',
      { input_name: 'images', received_type: 'LATENT', linked_node: ['3', 0] },
    ],
    [
      'invalid_input_type',
      '1',
      withInputs({ width: 'abc' }),
      "width, abc, invalid literal for int() with base 10: 'abc'",
      { received_value: 'abc', exception_message: "invalid literal for int() with base 10: 'abc'" },
    ],
    [
      'invalid_input_type',
      '1',
      withInputs({ width: null }),
      "width, None, int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
      { received_value: null },
    ],
    ['value_smaller_than_min', '1', withInputs({ width: 0 }), 'width', { input_config: config, received_value: 0 }],
    [
      'value_bigger_than_max',
      '1',
      withInputs({ width: 99999 }),
      'width',
      { input_config: config, received_value: 99999 },
    ],
    ['exception_during_validation', '2', withInputs({}, { images: ['9', 0] }), "'9'", { exception_type: 'KeyError' }],
    [
      'exception_during_validation',
      '2',
      withInputs({}, { images: ['1', 7] }),
      'tuple index out of range',
      { exception_type: 'IndexError' },
    ],
    [
      'exception_during_inner_validation',
      '1',
      { '1': { class_type: 'EmptyImage' }, '2': smoke()['2'] },
      "'inputs'",
      { linked_node: ['1', 0] },
    ],
    [
      'custom_validation_failed',
      '1',
      { '1': { class_type: 'LoadImage', inputs: { image: 'nope.png' } }, '2': smoke()['2'] },
      'image - Invalid image file: nope.png',
      { input_name: 'image' },
    ],
  ])('%s at node %s', async (type, node, prompt, details, extra) => {
    const { status, body } = await post(prompt)
    const [first] = body.node_errors[node]?.errors ?? []
    expect([status, body.error.type]).toEqual([400, 'prompt_outputs_failed_validation'])
    expect([first?.type, first?.details]).toEqual([type, details])
    expect(first?.extra_info).toMatchObject(extra)
    expect(body.node_errors[node]?.dependent_outputs).toEqual(['2'])
  })

  test('a value that is not in a list names the list, unless it is a long one', async () => {
    const graph = sdxl()
    const { body } = await post({
      ...graph,
      '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'none.safetensors' } },
      '5': { ...graph['5'], inputs: { ...graph['5'].inputs, sampler_name: 'magic' } },
    })
    const checkpoint = body.node_errors['1']?.errors[0]
    expect(checkpoint?.details).toBe(
      "ckpt_name: 'none.safetensors' not in ['sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0_fp16.safetensors']",
    )
    const sampler = body.node_errors['5']?.errors[0]
    expect(sampler?.type).toBe('value_not_in_list')
    expect(sampler?.details).toMatch(/^sampler_name: 'magic' not in \(list of length \d+\)$/)
    expect(sampler?.extra_info['input_config']).toBeNull()
  })

  test('no installed model means an empty list', async () => {
    const { url } = await comfyui({ behaviour: { models: 'none' } })
    const answer = await ask(`${url}/prompt`, { body: { prompt: sdxl() } })
    const { node_errors } = answer.json as Refusal
    expect(node_errors['1']?.errors[0]?.details).toBe("ckpt_name: 'sd_xl_turbo_1.0_fp16.safetensors' not in []")
    expect((await ask(`${url}/models/checkpoints`)).json).toEqual([])
  })

  test('the details of the whole are filled only by the output node itself', async () => {
    expect((await post(withInputs({ width: 0 }))).body.error.details).toBe('')
    const own = await post(withInputs({}, { images: ['1'] }))
    expect(own.body.error.details).toBe('Bad linked input, must be a length-2 list of [node_id, slot_index]: images')
  })

  test('one sound output is enough: the other one is reported and dropped', async () => {
    const graph = { ...smoke(), '3': { class_type: 'SaveImage', inputs: { filename_prefix: 'x' } } }
    const { status, body } = await post(graph)
    expect(status).toBe(200)
    expect(body.node_errors['3']).toMatchObject({
      class_type: 'SaveImage',
      dependent_outputs: ['3'],
      errors: [{ type: 'required_input_missing' }],
    })
  })
})

describe('what is converted instead of refused', () => {
  test.each<[string, unknown]>([
    ['a fraction for a whole number', 64.9],
    ['a text for a whole number', '64'],
    ['a wrapped value', { __value__: 64 }],
  ])('%s', async (_what, width) => {
    expect((await post(withInputs({ width }))).status).toBe(200)
  })

  test('unknown inputs and a _meta inside a node are accepted', async () => {
    const graph = withInputs({ nobody: 1 })
    expect((await post({ ...graph, '1': { ...graph['1'], _meta: { title: 'Picture' } } })).status).toBe(200)
  })
})

describe('the queue', () => {
  test('shows pending prompts in heap order, which is not the order of their numbers', async () => {
    const { url } = await comfyui({ behaviour: { hangAtStep: 1 } })
    await ask(`${url}/prompt`, { body: { prompt: sdxl() } })
    for (let i = 1; i < 34; i++) {
      await ask(`${url}/prompt`, { body: { prompt: smoke(i), prompt_id: `early-${i}` } })
    }
    await ask(`${url}/queue`, { body: { clear: true } })
    const add = (id: string, more: Record<string, unknown>) =>
      ask(`${url}/prompt`, { body: { prompt: smoke(), prompt_id: id, ...more } })
    await add('a', {})
    await add('b', { front: true })
    await add('c', { number: -50 })
    await add('d', { number: '7.5' })
    const { queue_running, queue_pending } = (await ask(`${url}/queue`)).json as {
      queue_running: unknown[][]
      queue_pending: unknown[][]
    }
    expect(queue_running.map(([number]) => number)).toEqual([0])
    expect(queue_pending.map(([number]) => number)).toEqual([-50, 7.5, -35, 34])
    expect((await ask(`${url}/prompt`)).json).toEqual({ exec_info: { queue_remaining: 5 } })
  })

  test('gives up pending prompts, and leaves the running one alone', async () => {
    const { url } = await comfyui({ behaviour: { hangAtStep: 1 } })
    for (const id of ['runs', 'waits', 'waits-too']) {
      await ask(`${url}/prompt`, { body: { prompt: sdxl(), prompt_id: id } })
    }
    const answer = await ask(`${url}/queue`, { body: { delete: ['runs', 'waits', 'unknown'] } })
    expect([answer.status, answer.text]).toEqual([200, ''])
    const queue = (await ask(`${url}/queue`)).json as { queue_running: unknown[][]; queue_pending: unknown[][] }
    expect([queue.queue_running.map((item) => item[1]), queue.queue_pending.map((item) => item[1])]).toEqual([
      ['runs'],
      ['waits-too'],
    ])
    expect((await ask(`${url}/history/waits`)).json).toEqual({})
  })

  test.each([
    ['/queue', 500],
    ['/free', 500],
    ['/history', 500],
    ['/interrupt', 200],
  ])('POST %s without a body answers %i', async (path, status) => {
    const { url } = await comfyui()
    expect((await ask(`${url}${path}`, { method: 'POST' })).status).toBe(status)
  })

  test('an interrupt whose body is a list breaks the route', async () => {
    const { url } = await comfyui()
    expect((await ask(`${url}/interrupt`, { body: [] })).status).toBe(500)
  })
})
