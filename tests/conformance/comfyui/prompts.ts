import type { Expected, Table } from '../row'
import { needs, type ComfyuiRow, type ComfyuiWorld } from './world'

type Nodes = Record<string, { class_type?: string; inputs?: Record<string, unknown> }>

/** A model-free graph: a flat picture, kept in the temporary folder. */
export const flat = (color: number, size = 64) => ({
  '1': { class_type: 'EmptyImage', inputs: { width: size, height: size, batch_size: 1, color } },
  '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
})

const graph = flat(1)
const saver = { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'regie-conformance' } }

/** The graph with other inputs at the picture, or at the saver. It is refused, so that nothing is saved. */
const withInputs = (picture: Record<string, unknown>, atSaver: Record<string, unknown> = {}): Nodes => ({
  '1': { ...graph['1'], inputs: { ...graph['1'].inputs, ...picture } },
  '2': { ...saver, inputs: { ...saver.inputs, ...atSaver } },
})

const refused = (type: string, more: { details?: unknown; node_errors?: unknown }): Expected => ({
  status: 400,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  json: {
    error: { type, ...(more.details === undefined ? {} : { details: more.details }) },
    node_errors: more.node_errors ?? {},
  },
})
const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

const asks = (what: string, body: unknown, expect: Expected): ComfyuiRow => ({
  what,
  skip: needs.letIn,
  ask: { method: 'POST', path: '/prompt', credential: 'right', body },
  expect,
})

const loop = {
  class_type: 'ImageScale',
  inputs: { image: ['1', 0], upscale_method: 'area', width: 8, height: 8, crop: 'disabled' },
}

const whole: readonly ComfyuiRow[] = [
  asks('without a prompt', {}, refused('no_prompt', { details: 'No prompt provided', node_errors: isEmpty })),
  asks('a list as body', [], refused('no_prompt', { details: 'No prompt provided' })),
  ...(
    [
      ['without any node', {}, 'prompt_no_outputs', ''],
      ['given as an empty list', [], 'prompt_no_outputs', ''],
      ['without an output node', { '1': graph['1'] }, 'prompt_no_outputs', ''],
      ['with a node without class_type', { ...graph, x: { inputs: {} } }, 'invalid_prompt', "Node ID '#x'"],
      ['with a top-level _meta', { _meta: { note: 1 }, ...graph }, 'invalid_prompt', "Node ID '#_meta'"],
      [
        'with an unknown class',
        { ...graph, '9': { class_type: 'Nope', inputs: {} } },
        'invalid_prompt',
        "Node ID '#9'",
      ],
      [
        'with a cycle, which gives no reason at all',
        { '1': loop, '2': graph['2'] },
        'prompt_outputs_failed_validation',
        '',
      ],
    ] as const
  ).map(([what, prompt, type, details]) => asks(what, { prompt }, refused(type, { details, node_errors: isEmpty }))),
  asks(
    'with targets that are no output nodes',
    { prompt: graph, partial_execution_targets: ['1'] },
    refused('prompt_no_outputs', {}),
  ),
  ...(
    [
      ['a prompt given as a list with something in it', '{"prompt":[1]}'],
      ['a body that is no JSON', 'not json'],
    ] as const
  ).map(([what, body]): ComfyuiRow => ({
    ...asks(`${what} breaks the route`, body, {
      status: 500,
      text: '500 Internal Server Error\n\nServer got itself in trouble',
    }),
    changes: true,
  })),
]

const config = ['INT', { default: 512, min: 1, max: 16384, step: 1 }]
const image = ['IMAGE', {}]

function without(key: string): Nodes {
  const inputs = Object.fromEntries(Object.entries(graph['1'].inputs).filter(([name]) => name !== key))
  return { ...withInputs({}), '1': { class_type: 'EmptyImage', inputs } }
}

const faults: readonly [what: string, type: string, node: string, Nodes, details: string | RegExp, extra: unknown][] = [
  ['an input that is missing', 'required_input_missing', '1', without('width'), 'width', { input_name: 'width' }],
  [
    'a link that is none',
    'bad_linked_input',
    '2',
    withInputs({}, { images: ['1'] }),
    'images',
    { input_name: 'images', input_config: image, received_value: ['1'] },
  ],
  [
    'a link of another type',
    'return_type_mismatch',
    '2',
    {
      ...withInputs({}, { images: ['3', 0] }),
      '3': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    },
    'images, received_type(LATENT) mismatch input_type(IMAGE)',
    { input_name: 'images', received_type: 'LATENT', linked_node: ['3', 0] },
  ],
  [
    'words for a number',
    'invalid_input_type',
    '1',
    withInputs({ width: 'abc' }),
    "width, abc, invalid literal for int() with base 10: 'abc'",
    { received_value: 'abc', exception_message: "invalid literal for int() with base 10: 'abc'" },
  ],
  [
    'nothing for a number',
    'invalid_input_type',
    '1',
    withInputs({ width: null }),
    "width, None, int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    { received_value: null },
  ],
  [
    'too small a number',
    'value_smaller_than_min',
    '1',
    withInputs({ width: 0 }),
    'width',
    { input_config: config, received_value: 0 },
  ],
  [
    'too big a number',
    'value_bigger_than_max',
    '1',
    withInputs({ width: 99999 }),
    'width',
    { input_config: config, received_value: 99999 },
  ],
  [
    'a link to no node',
    'exception_during_validation',
    '2',
    withInputs({}, { images: ['9', 0] }),
    "'9'",
    { exception_type: 'KeyError' },
  ],
  [
    'a link to no output',
    'exception_during_validation',
    '2',
    withInputs({}, { images: ['1', 7] }),
    'tuple index out of range',
    { exception_type: 'IndexError' },
  ],
  [
    'a node without inputs',
    'exception_during_inner_validation',
    '1',
    { '1': { class_type: 'EmptyImage' }, '2': saver },
    "'inputs'",
    { linked_node: ['1', 0] },
  ],
  [
    'a picture that is not there',
    'custom_validation_failed',
    '1',
    { '1': { class_type: 'LoadImage', inputs: { image: 'regie-none.png' } }, '2': saver },
    'image - Invalid image file: regie-none.png',
    { input_name: 'image' },
  ],
  [
    'a checkpoint that is not there',
    'value_not_in_list',
    '1',
    {
      '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'regie-none.safetensors' } },
      '2': { ...saver, inputs: { ...saver.inputs, images: ['3', 0] } },
      '3': { class_type: 'VAEDecode', inputs: { samples: ['4', 0], vae: ['1', 2] } },
      '4': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    },
    /^ckpt_name: 'regie-none.safetensors' not in (\[.*\]|\(list of length \d+\))$/,
    { input_name: 'ckpt_name', received_value: 'regie-none.safetensors' },
  ],
]

const nodes = faults.map(([what, type, node, prompt, details, extra]) =>
  asks(
    what,
    { prompt },
    refused('prompt_outputs_failed_validation', {
      node_errors: {
        [node]: {
          // The first one; what stands behind it follows from it.
          errors: { 0: { type, details, extra_info: extra } },
          dependent_outputs: ['2'],
          class_type: prompt[node]?.class_type,
        },
      },
    }),
  ),
)

/** How ComfyUI refuses jobs. Nothing is queued: each of them is refused. */
export const promptTables: readonly Table<ComfyuiWorld>[] = [
  { title: 'ComfyUI: a job that is refused as a whole', rows: whole },
  { title: 'ComfyUI: a node that does not validate', rows: nodes },
]
