import { describe, expect, it } from 'vitest'
import { convertWorkflow, parseWorkflow } from '../../../../electron/kinds/comfyui/convert'
import { WorkflowDetail } from '../../../../shared/contract'
import { classes, convert, converted, fileOf, problemOf, textToImage } from './support'

/** What a workflow's inputs are to a person, by id. */
const rolesIn = ({ form }: Pick<WorkflowDetail, 'form'>): Record<string, string> =>
  Object.fromEntries(form.flatMap(({ id, role }) => (role === null ? [] : [[id, role]])))

describe('a graph in API format', () => {
  it('is taken as it is', () => {
    const { workflow, ...rest } = convert(textToImage)
    expect(workflow?.api).toMatchObject(textToImage)
    expect(rest).toEqual({
      ...{ format: 'api', formatVersion: null, nodes: 7, subgraphs: 0, skipped: [], reason: null, refused: [] },
    })
  })

  it('becomes a form: what stands behind the sampler’s inputs is told by following them', () => {
    const read = converted(textToImage)
    expect(rolesIn(read)).toEqual({
      '3.cfg': 'cfg',
      '3.denoise': 'denoise',
      '3.sampler_name': 'sampler',
      '3.scheduler': 'scheduler',
      '3.seed': 'seed',
      '3.steps': 'steps',
      '4.ckpt_name': 'model',
      '5.batch_size': 'batch',
      '5.height': 'height',
      '5.width': 'width',
      '6.text': 'prompt',
      '7.text': 'negativePrompt',
    })
    expect(read.pinned.slice(0, 6)).toEqual(['6.text', '7.text', '5.width', '5.height', '5.batch_size', '3.seed'])
    expect(read.form.find(({ id }) => id === '6.text')).toMatchObject({ nodeTitle: 'What to draw', multiline: true })
    expect(read.form.find(({ id }) => id === '3.sampler_name')).toMatchObject({ type: 'choice' })
    expect(read.form.find(({ id }) => id === '3.steps')).toMatchObject({ type: 'integer', min: 1, max: 10_000 })
  })

  it('names its files by folder', () => {
    expect(converted(textToImage).needs).toEqual([
      {
        need: {
          ...{ type: 'file', name: 'sd_xl_base_1.0.safetensors', folder: 'models/checkpoints', role: 'checkpoint' },
        },
        ...{ nodes: ['4'], bytes: null, url: null },
      },
    ])
  })

  it('is read without a ComfyUI too, with every class as something it needs', () => {
    const read = converted(textToImage, null)
    expect(read.api).toMatchObject(textToImage)
    expect(rolesIn(read)).toEqual(rolesIn(converted(textToImage)))
    expect(read.needs.map(({ need }) => need.name)).toContain('KSampler')
  })

  it('names the classes to ask about, each once', () => {
    expect(parseWorkflow(fileOf(textToImage)).classes.toSorted()).toEqual([
      ...['CLIPTextEncode', 'CheckpointLoaderSimple', 'EmptyLatentImage', 'KSampler', 'SaveImage', 'VAEDecode'],
    ])
  })

  it('lacks a class: that is what it needs, and it can be kept', () => {
    const read = converted({ ...textToImage, '9': { class_type: 'SaveElsewhere', inputs: { images: ['8', 0] } } })
    expect(read.needs[0]).toMatchObject({ need: { type: 'node', name: 'SaveElsewhere' }, nodes: ['9'] })
  })

  it('leaves out what no result depends on, and says so', () => {
    const { workflow, skipped } = convert({
      ...textToImage,
      '20': { class_type: 'CLIPTextEncode', inputs: { text: 'nobody takes it', clip: ['4', 1] } },
    })
    expect(skipped).toEqual([{ node: '20', title: 'CLIPTextEncode', why: 'unused' }])
    expect(Object.keys(workflow?.api ?? {})).not.toContain('20')
  })

  it.each([
    ['wrapped, as it is sent', { prompt: textToImage, extra_data: {} }],
    ['with notes beside its nodes', { _meta: { by: 'Ann' }, version: 1, ...textToImage }],
  ])('%s', (_, json) => {
    expect(converted(json).api).toMatchObject(textToImage)
  })

  it('keeps a list that is no link as the server wants it', () => {
    const read = converted({
      ...textToImage,
      '4': { ...textToImage['4'], inputs: { ckpt_name: 'a', tags: [1, 2, 3] } },
    })
    expect(read.api['4']?.inputs['tags']).toEqual({ __value__: [1, 2, 3] })
  })

  it('has a seed that JavaScript rounds up past what the server takes: it takes the largest', () => {
    const text = JSON.stringify(textToImage).replace('"seed":7', '"seed":18446744073709551615')
    const file = { name: 'a.json', bytes: Buffer.from(text) }
    const api = JSON.stringify(convertWorkflow(parseWorkflow(file), classes).workflow?.api)
    expect(BigInt(/"seed":(\d+)/.exec(api)?.[1] ?? '')).toBeLessThanOrEqual(2n ** 64n - 1n)
  })

  it('fits the contract, whatever roles it has', () => {
    const { form, pinned, graph, skipped, notes } = converted(textToImage)
    expect(
      WorkflowDetail.pick({ form: true, pinned: true, graph: true, skipped: true, notes: true }).safeParse({
        ...{ form, pinned, graph, skipped, notes },
      }).success,
    ).toBe(true)
  })
})

describe('a graph in API format is refused', () => {
  const loop = { class_type: 'VAEDecode', inputs: { samples: ['8', 0], vae: ['4', 2] } }
  it.each([
    ['a node has no class', { ...textToImage, '8': { class_type: 7, inputs: {} } }, '8', 'workflow-node.bad'],
    ['inputs are a list', { ...textToImage, '8': { class_type: 'A', inputs: [1] } }, '8', 'workflow-node.bad'],
    ['a link leads nowhere', { ...textToImage, '8': loopTo('99') }, '8', 'workflow-node.input-missing'],
    ['links lead round', { ...textToImage, '8': loop }, '8', 'workflow-node.loop'],
  ])('where %s, by the name of the node', (_, json, node, problem) => {
    const { workflow, refused } = convert(json)
    expect(workflow).toBeNull()
    expect(refused.map((one) => [one.node, one.reason.problem])).toEqual([[node, problem]])
  })

  it('where nothing in it gives a result', () => {
    const rest = Object.entries(textToImage).filter(([id]) => id !== '9')
    expect(convert(Object.fromEntries(rest))).toMatchObject({
      workflow: null,
      reason: { problem: 'workflow-file.makes-nothing' },
    })
  })

  it.each([
    ['no JSON', 'not json'],
    ['a text', '"text"'],
    ['no nodes', '{"a": 1}'],
    ['a list', '[]'],
    ['binary', Buffer.from([0xff, 0xfe, 0x00])],
  ])('where there is %s', (_, bytes) => {
    const read = () => parseWorkflow({ name: 'a.json', bytes: Buffer.from(bytes) })
    expect(problemOf(read)).toBe('workflow-file.not-one')
    // Its words are of one language: nothing but the file's name is put into them.
    expect(read).toThrow(expect.objectContaining({ params: { name: 'a.json' } }))
  })
})

function loopTo(node: string) {
  return { class_type: 'VAEDecode', inputs: { samples: [node, 0], vae: ['4', 2] } }
}
