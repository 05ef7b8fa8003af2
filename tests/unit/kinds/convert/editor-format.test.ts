import { describe, expect, it } from 'vitest'
import { graphOfImported } from '../../../../electron/kinds/comfyui/imported'
import { parseWorkflow } from '../../../../electron/kinds/comfyui/convert'
import { ReadWorkflow } from '../../../../electron/workflows/record'
import { Board, nodeOf, textToImageBoard, untitled } from './board'
import { convert, converted, fileOf, textToImage } from './support'

const plain = untitled(converted(textToImage).api)
const inputsOf = (json: unknown, id: string) => converted(json).api[id]?.inputs

describe('a file of the editor', () => {
  it.each([0.4, 1] as const)('of version %s becomes the graph that the editor would send', (version) => {
    const file = textToImageBoard().file([], version)
    const { workflow, ...rest } = convert(file)
    expect(untitled(workflow?.api ?? {})).toEqual(plain)
    expect(rest).toMatchObject({
      format: 'editor',
      formatVersion: String(version),
      nodes: 7,
      refused: [],
      reason: null,
    })
    expect(workflow?.graph.find(({ id }) => id === '6')).toMatchObject({ title: 'What to draw', from: ['4'] })
  })

  it('names the server’s classes only', () => {
    const board = textToImageBoard()
    board.add(20, 'Note', { values: ['x'] })
    board.add(21, 'Reroute')
    board.add(22, 'PrimitiveNode')
    expect(parseWorkflow(fileOf(board.file())).classes).not.toEqual(expect.arrayContaining(['Note']))
    expect(parseWorkflow(fileOf(board.file())).classes).toHaveLength(6)
  })

  it('has no control behind a seed that another program wrote', () => {
    const board = textToImageBoard()
    nodeOf(board, 3).widgets_values = [7, 25, 7, 'dpmpp_2m', 'karras', 1]
    expect(untitled(converted(board.file()).api)).toEqual(plain)
  })

  it('has values by name, as some nodes write them', () => {
    const board = textToImageBoard()
    const values = { seed: 7, steps: 25, cfg: 7, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 1 }
    nodeOf(board, 3).widgets_values = values
    expect(untitled(converted(board.file()).api)).toEqual(plain)
  })

  it('goes by names where the places do not fit', () => {
    const board = textToImageBoard()
    const node = nodeOf(board, 3)
    node.widgets_values = ['euler', 7, 25, 7]
    node.widgets_values_named = {
      seed: 7,
      steps: 25,
      cfg: 7,
      sampler_name: 'dpmpp_2m',
      scheduler: 'karras',
      denoise: 1,
    }
    expect(untitled(converted(board.file()).api)).toEqual(plain)
  })

  it('lacks a value that a newer class has: it is the class’s own', () => {
    const board = textToImageBoard()
    nodeOf(board, 3).widgets_values = [7, 'fixed', 25, 7, 'dpmpp_2m', 'karras']
    expect(inputsOf(board.file(), '3')?.['denoise']).toBe(1)
  })

  it('keeps the picture’s name, and steps over what stands behind it', () => {
    const board = new Board()
    board.add(1, 'LoadImage', { values: ['cat.png', 'image'], outputs: ['IMAGE', 'MASK'] })
    board.add(2, 'ImageScale', {
      values: ['lanczos', 640, 480, 'center'],
      outputs: ['IMAGE'],
      inputs: { image: { type: 'IMAGE', from: [1, 0] } },
    })
    board.add(3, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [2, 0] } } })
    expect(converted(board.file()).api).toMatchObject({
      '1': { inputs: { image: 'cat.png' } },
      '2': { inputs: { upscale_method: 'lanczos', width: 640, height: 480, crop: 'center', image: ['1', 0] } },
    })
    expect(converted(board.file()).form.find(({ id }) => id === '1.image')).toMatchObject({
      type: 'image',
      role: 'image',
    })
  })

  it('has choices that bring inputs, and inputs that grow', () => {
    const board = new Board()
    board.add(1, 'LoadImage', { values: ['a.png', 'image'], outputs: ['IMAGE'] })
    board.add(2, 'BatchImagesNode', {
      outputs: ['IMAGE'],
      inputs: { 'images.image0': { type: 'IMAGE', from: [1, 0] }, 'images.image1': { type: 'IMAGE', from: [1, 0] } },
    })
    board.add(3, 'SaveImageAdvanced', {
      values: ['x', 'exr', '32-bit float', 'HDR'],
      inputs: { images: { type: 'IMAGE', from: [2, 0] } },
    })
    expect(converted(board.file()).api).toMatchObject({
      '2': { inputs: { 'images.image0': ['1', 0], 'images.image1': ['1', 0] } },
      '3': {
        inputs: {
          filename_prefix: 'x',
          format: 'exr',
          'format.bit_depth': '32-bit float',
          'format.input_color_space': 'HDR',
        },
      },
    })
  })

  it('has no field for a choice that brings inputs: another would want others', () => {
    const board = textToImageBoard()
    board.add(20, 'SaveImageAdvanced', {
      ...{ values: ['x', 'png', '16-bit', 'sRGB'], inputs: { images: { type: 'IMAGE', from: [8, 0] } } },
    })
    const ids = converted(board.file()).form.flatMap(({ node, input }) => (node === '20' ? [input] : []))
    expect(ids).toEqual(['filename_prefix', 'format.bit_depth', 'format.input_color_space'])
  })

  it('sends what the editor sends without keeping it, and lists so that they are no links', () => {
    const board = new Board()
    board.add(1, 'LoadImage', { values: ['a.png', 'image'], outputs: ['IMAGE'] })
    board.add(2, 'ImageCompare', { values: [], inputs: { image_a: { type: 'IMAGE', from: [1, 0] } } })
    expect(inputsOf(board.file(), '2')).toEqual({ compare_view: { __value__: ['', ''] }, image_a: ['1', 0] })
  })
})

describe('what does not run', () => {
  it('is muted: what it gave is not there', () => {
    const board = textToImageBoard()
    board.add(20, 'PreviewImage', { mode: 2, inputs: { images: { type: 'IMAGE', from: [8, 0] } } })
    const { workflow, skipped } = convert(board.file())
    expect(untitled(workflow?.api ?? {})).toEqual(plain)
    expect(skipped).toEqual([{ node: '20', title: 'PreviewImage', why: 'muted' }])
    expect(workflow?.graph.find(({ id }) => id === '20')).toMatchObject({ state: 'muted', from: ['8'] })
  })

  it('is bypassed: what goes in of the same type comes out', () => {
    const board = textToImageBoard()
    board.add(20, 'LoraLoader', {
      ...{ mode: 4, values: ['a.safetensors', 1, 1], outputs: ['MODEL', 'CLIP'] },
      inputs: { model: { type: 'MODEL', from: [4, 0] }, clip: { type: 'CLIP', from: [4, 1] } },
    })
    for (const [id, slot, from] of [
      [3, 0, 0],
      [6, 0, 1],
      [7, 0, 1],
    ] as const) {
      const [first] = nodeOf(board, id).inputs
      if (first) first.link = board.link([20, from], id, slot, first.type)
    }
    const { workflow, skipped } = convert(board.file())
    expect(untitled(workflow?.api ?? {})).toEqual(plain)
    expect(skipped).toEqual([{ node: '20', title: 'LoraLoader', why: 'bypassed' }])
    expect(workflow?.needs.map(({ need }) => need.name)).not.toContain('a.safetensors')
  })

  it('is bypassed with nothing of that type: the input is as if nothing were linked, and what needs it is refused', () => {
    const board = textToImageBoard()
    nodeOf(board, 4).mode = 4
    const { workflow, refused } = convert(board.file())
    expect(workflow).toBeNull()
    expect(refused.map(({ node, reason }) => [node, reason.problem, reason.params])).toContainEqual([
      ...['3', 'workflow-node.input-missing', { input: 'model', type: 'KSampler' }],
    ])
  })

  it('are notes, which are kept as text', () => {
    const board = textToImageBoard()
    board.add(20, 'Note', { values: ['Use a tall size.'] })
    board.add(21, 'MarkdownNote', { values: ['## Models'] })
    const { workflow, skipped } = convert(board.file())
    expect(workflow?.notes).toEqual(['Use a tall size.', '## Models'])
    expect(skipped.map(({ why }) => why)).toEqual(['note', 'note'])
  })

  it('is an ornament of unknown class that nothing is linked to', () => {
    const board = textToImageBoard()
    board.add(20, 'Label (rgthree)', { values: ['Step 1'] })
    expect(convert(board.file())).toMatchObject({ refused: [], skipped: [{ node: '20', why: 'unused' }] })
  })
})

describe('nodes of the editor’s own', () => {
  it('hand on what comes in: reroutes, one after the other', () => {
    const board = textToImageBoard()
    board.add(20, 'Reroute', { outputs: ['*'], inputs: { '': { type: '*', from: [4, 0] } } })
    board.add(21, 'Reroute', { outputs: ['MODEL'], inputs: { '': { type: '*', from: [20, 0] } } })
    const [model] = nodeOf(board, 3).inputs
    if (model) model.link = board.link([21, 0], 3, 0, 'MODEL')
    expect(untitled(converted(board.file()).api)).toEqual(plain)
  })

  it('hand a value on by its name', () => {
    const board = textToImageBoard()
    board.add(20, 'SetNode', {
      values: ['the model'],
      outputs: ['*'],
      inputs: { MODEL: { type: 'MODEL', from: [4, 0] } },
    })
    board.add(21, 'GetNode', { values: ['the model'], outputs: ['MODEL'] })
    const [model] = nodeOf(board, 3).inputs
    if (model) model.link = board.link([21, 0], 3, 0, 'MODEL')
    expect(untitled(converted(board.file()).api)).toEqual(plain)
  })

  it('hold a value for widgets that were turned to inputs, one for several', () => {
    const board = textToImageBoard()
    board.add(20, 'PrimitiveNode', { title: 'Side', values: [896, 'fixed'], outputs: ['INT'] })
    const size = nodeOf(board, 5)
    size.inputs = [
      { name: 'width', type: 'INT', widget: { name: 'width' }, link: board.link([20, 0], 5, 0, 'INT') },
      { name: 'height', type: 'INT', widget: { name: 'height' }, link: board.link([20, 0], 5, 1, 'INT') },
    ]
    const read = converted(board.file())
    expect(read.api['5']?.inputs).toEqual({ width: 896, height: 896, batch_size: 1 })
    expect(read.form.filter(({ node }) => node === '5').map(({ id }) => id)).toEqual(['5.width', '5.batch_size'])
    expect(read.together).toEqual({ '5.width': [{ node: '5', input: 'height' }] })
    // What is kept of it is all of it, and whoever sets the one sets the other.
    expect(ReadWorkflow.parse(read)).toEqual({ ...read, readBy: null })
    const workflow = { ...read, graph: read.api, name: 'Portrait', version: 1 }
    const { '5': set } = graphOfImported({ values: { '5.width': 640 } }, workflow, new Map())
    expect(set?.inputs).toEqual({ width: 640, height: 640, batch_size: 1 })
  })

  it('lead round: refused by name', () => {
    const board = textToImageBoard()
    board.add(20, 'Reroute', { outputs: ['*'], inputs: { '': { type: '*', from: [20, 0] } } })
    const [model] = nodeOf(board, 3).inputs
    if (model) model.link = board.link([20, 0], 3, 0, 'MODEL')
    expect(convert(board.file())).toMatchObject({
      workflow: null,
      refused: [{ node: '3', reason: { problem: 'workflow-node.loop' } }],
    })
  })
})

describe('a file of the editor is refused', () => {
  it('where a class is not known and its values have no names: by name of the node', () => {
    const board = textToImageBoard()
    board.add(20, 'MyFilter', {
      values: [1, 2],
      outputs: ['IMAGE'],
      inputs: { image: { type: 'IMAGE', from: [8, 0] } },
    })
    board.add(21, 'SaveImage', { values: ['y'], inputs: { images: { type: 'IMAGE', from: [20, 0] } } })
    expect(convert(board.file())).toMatchObject({
      ...{ workflow: null, reason: null },
      refused: [{ node: '20', title: 'MyFilter', reason: { problem: 'workflow-node.unknown' } }],
    })
    nodeOf(board, 20).widgets_values_named = { strength: 1, size: 2 }
    const { api, needs } = converted(board.file())
    expect(api['20']?.inputs).toEqual({ strength: 1, size: 2, image: ['8', 0] })
    expect(needs).toContainEqual({ need: { type: 'node', name: 'MyFilter' }, nodes: ['20'], bytes: null, url: null })
  })

  it('where it has a group node of older editors, which only the editor takes apart', () => {
    const board = textToImageBoard()
    board.add(20, 'workflow>Upscale', { outputs: ['IMAGE'], inputs: { image: { type: 'IMAGE', from: [8, 0] } } })
    board.add(21, 'SaveImage', { values: ['y'], inputs: { images: { type: 'IMAGE', from: [20, 0] } } })
    expect(parseWorkflow(fileOf(board.file())).classes).not.toContain('workflow>Upscale')
    expect(convert(board.file())).toMatchObject({
      workflow: null,
      refused: [{ node: '20', reason: { problem: 'workflow-node.editor-only' } }],
    })
  })

  it('where no ComfyUI could be asked, which says so once; but where all values have names, there is nothing to ask', () => {
    const board = textToImageBoard()
    const { form } = converted(board.file())
    for (const node of board.nodes)
      node.widgets_values_named = Object.fromEntries(
        form.flatMap((input) => (input.node === String(node.id) ? [[input.input, input.value]] : [])),
      )
    expect(untitled(converted(board.file(), null).api)).toEqual(plain)
    expect(convert(textToImageBoard().file(), null)).toMatchObject({
      ...{ workflow: null, refused: [], reason: { problem: 'workflow-file.needs-service' } },
    })
  })

  it('where values do not fit their widgets', () => {
    const board = textToImageBoard()
    nodeOf(board, 3).widgets_values = ['euler', 'karras', 7, 25]
    expect(convert(board.file())).toMatchObject({
      workflow: null,
      refused: [{ node: '3', reason: { problem: 'workflow-node.bad' } }],
    })
  })

  it.each([
    ['a node without a class', { id: 30 }],
    ['two nodes of one id', { id: 3, type: 'KSampler' }],
  ])('for %s', (_, node) => {
    const { nodes, ...rest } = textToImageBoard().file()
    expect(convert({ ...rest, nodes: [...(nodes as unknown[]), node] })).toMatchObject({
      workflow: null,
      refused: [{ reason: { problem: 'workflow-node.bad' } }],
    })
  })
})

describe('what a file says of its models', () => {
  it('is told with what it needs: where it can be had, and in which folder it belongs', () => {
    const board = textToImageBoard()
    nodeOf(board, 4).properties = {
      models: [{ name: 'sd_xl_base_1.0.safetensors', url: 'https://example.org/xl', directory: 'checkpoints' }],
    }
    expect(converted(board.file()).needs[0]).toMatchObject({
      need: { folder: 'models/checkpoints' },
      url: 'https://example.org/xl',
    })
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'not one', 7])('is no address: %s', (url) => {
    const board = textToImageBoard()
    nodeOf(board, 4).properties = { models: [{ name: 'sd_xl_base_1.0.safetensors', url, directory: '../..' }] }
    expect(converted(board.file()).needs[0]).toMatchObject({ need: { folder: 'models/checkpoints' }, url: null })
  })
})
