import { describe, expect, it } from 'vitest'
import { Board, type Ref } from './board'
import { convert, converted } from './support'

/** A subgraph that draws: its text and width go in, the rest is its own. */
function drawing(name = 'draw'): Board {
  const board = new Board(name)
  const [text, width] = [board.input('text', 'STRING', 'Prompt'), board.input('width', 'INT')]
  board.add(4, 'CheckpointLoaderSimple', { values: ['xl.safetensors'], outputs: ['MODEL', 'CLIP', 'VAE'] })
  board.add(5, 'EmptyLatentImage', {
    ...{ values: [512, 768, 1], outputs: ['LATENT'], inputs: { width: { type: 'INT', widget: true, from: width } } },
  })
  const clip = { type: 'CLIP', from: [4, 1] as Ref }
  board.add(6, 'CLIPTextEncode', {
    ...{ values: ['a fox'], outputs: ['CONDITIONING'] },
    inputs: { clip, text: { type: 'STRING', widget: true, from: text } },
  })
  board.add(7, 'ConditioningZeroOut', {
    ...{ outputs: ['CONDITIONING'], inputs: { conditioning: { type: 'CONDITIONING', from: [6, 0] } } },
  })
  board.add(3, 'KSampler', {
    ...{ values: [7, 'randomize', 8, 1, 'euler', 'simple', 1], outputs: ['LATENT'] },
    inputs: {
      model: { type: 'MODEL', from: [4, 0] },
      positive: { type: 'CONDITIONING', from: [6, 0] },
      negative: { type: 'CONDITIONING', from: [7, 0] },
      latent_image: { type: 'LATENT', from: [5, 0] },
    },
  })
  board.add(8, 'VAEDecode', {
    ...{
      outputs: ['IMAGE'],
      inputs: { samples: { type: 'LATENT', from: [3, 0] }, vae: { type: 'VAE', from: [4, 2] } },
    },
  })
  board.output('image', 'IMAGE', [8, 0])
  return board
}

type Host = Parameters<Board['add']>[2]

/** A file in which a node stands for the subgraph, and what it gives is saved. */
function fileWith(host: Host, inner = drawing(), extra: Record<string, unknown> = {}): Record<string, unknown> {
  const root = new Board()
  root.add(1, inner.name, { outputs: ['IMAGE'], ...host })
  root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
  return root.file([inner], 0.4, extra)
}

const valuesIn = (json: unknown, prefix = '1:') => {
  const { api } = converted(json)
  return { ...api[`${prefix}6`]?.inputs, ...api[`${prefix}5`]?.inputs, ...api[`${prefix}3`]?.inputs }
}

describe('a subgraph', () => {
  it('is laid out: its nodes are called by the way to them', () => {
    const { api, nodes, graph } = converted(fileWith({ values: ['a cat', 640] }))
    expect(Object.keys(api).toSorted()).toEqual(['1:3', '1:4', '1:5', '1:6', '1:7', '1:8', '2'])
    expect(api['2']?.inputs['images']).toEqual(['1:8', 0])
    expect(nodes).toBe(8)
    expect(graph.map(({ id }) => id)).not.toContain('1')
  })

  it.each<[string, Host, Record<string, unknown>]>([
    ['the values of its node, in order', { values: ['a cat', 640] }, { text: 'a cat', width: 640 }],
    ['its own, where the node has none', {}, { text: 'a fox', width: 512 }],
    ['its own, where the list is empty', { values: [] }, { text: 'a fox', width: 512 }],
    ['some of both', { values: [null, 640] }, { text: 'a fox', width: 640 }],
    [
      'those of an older list, by node and widget',
      {
        values: [640, 99, 'a cat'],
        properties: {
          proxyWidgets: [
            ['5', 'width'],
            ['3', 'seed'],
            ['6', 'text'],
          ],
        },
      },
      { width: 640, seed: 99, text: 'a cat' },
    ],
    [
      'those of a list with a third text, and with the way in the name',
      {
        values: [12, 3],
        properties: {
          proxyWidgets: [
            ['3', '3: steps', '3'],
            ['3', 'cfg', '3'],
          ],
        },
      },
      { steps: 12, cfg: 3 },
    ],
    [
      'those of the list’s own inputs',
      {
        values: ['a cat', 640],
        properties: {
          proxyWidgets: [
            ['-1', 'text'],
            ['-1', 'width'],
          ],
        },
      },
      { text: 'a cat', width: 640 },
    ],
    [
      'those that a newer editor put aside',
      {
        values: ['x', 640],
        properties: { proxyWidgetErrorQuarantine: [{ originalEntry: ['-1', 'text'], hostValue: 'aside' }] },
      },
      { text: 'aside', width: 640 },
    ],
    [
      'none of a widget that is not there',
      {
        values: ['fixed', 5],
        properties: {
          proxyWidgets: [
            ['3', 'control_after_generate'],
            ['99', 'x'],
          ],
        },
      },
      { seed: 7 },
    ],
  ])('has %s', (_, host, values) => {
    expect(valuesIn(fileWith(host))).toMatchObject(values)
  })

  it('is used twice, with values of its own each', () => {
    const root = new Board()
    for (const [id, text] of [
      [1, 'a cat'],
      [11, 'a dog'],
    ] as const) {
      root.add(id, 'draw', { values: [text, 640], outputs: ['IMAGE'] })
      root.add(id + 1, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [id, 0] } } })
    }
    const file = root.file([drawing()])
    expect(valuesIn(file, '1:')).toMatchObject({ text: 'a cat' })
    expect(valuesIn(file, '11:')).toMatchObject({ text: 'a dog' })
  })

  it('takes from outside what is linked to its node', () => {
    const inner = drawing()
    const root = new Board()
    root.add(20, 'PrimitiveStringMultiline', { values: ['from outside'], outputs: ['STRING'] })
    root.add(21, 'PrimitiveNode', { values: [896, 'fixed'], outputs: ['INT'] })
    root.add(1, 'draw', {
      ...{ values: ['stale', 1], outputs: ['IMAGE'] },
      inputs: {
        width: { type: 'INT', widget: true, from: [21, 0] },
        text: { type: 'STRING', widget: true, from: [20, 0] },
      },
    })
    root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    const read = converted(root.file([inner]))
    expect(read.api['1:6']?.inputs['text']).toEqual(['20', 0])
    expect(read.api['1:5']?.inputs['width']).toBe(896)
    expect(read.form.find(({ id }) => id === '20.value')).toMatchObject({ role: 'prompt', value: 'from outside' })
  })

  it('lies in another, whose node gives the values', () => {
    const outer = new Board('outer')
    const text = outer.input('text', 'STRING')
    outer.add(5, 'draw', {
      ...{ values: ['inner', 640], outputs: ['IMAGE'], inputs: { text: { type: 'STRING', widget: true, from: text } } },
    })
    outer.output('image', 'IMAGE', [5, 0])
    const root = new Board()
    root.add(1, 'outer', { values: ['outermost'], outputs: ['IMAGE'] })
    root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    expect(valuesIn(root.file([outer, drawing()]), '1:5:')).toMatchObject({ text: 'outermost', width: 640 })
    const [host] = root.nodes
    if (host) delete host.widgets_values
    expect(valuesIn(root.file([outer, drawing()]), '1:5:')).toMatchObject({ text: 'inner', width: 640 })
  })

  it('gives one value to several: one input of the form', () => {
    const inner = drawing()
    const latent = inner.nodes.find(({ id }) => id === 5)
    latent?.inputs.push({
      name: 'height',
      type: 'INT',
      widget: { name: 'height' },
      link: inner.link([-10, 1], 5, 1, 'INT'),
    })
    const read = converted(fileWith({ values: ['a cat', 640] }, inner))
    expect(read.api['1:5']?.inputs).toMatchObject({ width: 640, height: 640 })
    expect(read.together).toEqual({ '1:5.width': [{ node: '1:5', input: 'height' }] })
    expect(read.form.map(({ id }) => id)).not.toContain('1:5.height')
  })

  it('has texts of its own beside the one that its node has: that one is the prompt', () => {
    const inner = drawing()
    const encode = inner.nodes.find(({ id }) => id === 6)
    const text = encode?.inputs.find(({ name }) => name === 'text')
    inner.add(30, 'PrimitiveStringMultiline', { values: ['You are an expert.'], outputs: ['STRING'] })
    inner.add(31, 'StringConcatenate', {
      ...{ values: ['', '', ' '], outputs: ['STRING'] },
      inputs: {
        string_a: { type: 'STRING', widget: true, from: [30, 0] },
        string_b: { type: 'STRING', widget: true, from: [-10, 0] },
      },
    })
    inner.inputs[0]?.linkIds.shift()
    if (text) text.link = inner.link([31, 0], 6, 1, 'STRING')
    const { form } = converted(fileWith({ values: ['a cat', 640] }, inner))
    expect(form.filter(({ role }) => role === 'prompt').map(({ id, value }) => [id, value])).toEqual([
      ['1:31.string_b', 'a cat'],
    ])
  })

  it('has no place on the map itself: nothing comes from it there', () => {
    const root = new Board()
    root.add(1, 'draw', { outputs: ['IMAGE'] })
    root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    root.add(3, 'PreviewImage', { mode: 2, inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    const { graph } = converted(root.file([drawing()]))
    const ids = new Set(graph.map(({ id }) => id))
    expect(graph.flatMap(({ from }) => from).filter((id) => !ids.has(id))).toEqual([])
    expect(graph.find(({ id }) => id === '2')?.from).toEqual(['1:8'])
  })

  it('is muted: nothing of it runs', () => {
    const { workflow, reason, refused } = convert(fileWith({ mode: 2 }))
    expect(workflow).toBeNull()
    expect([...refused.map((one) => one.reason.problem), reason?.problem]).toContain('workflow-node.input-missing')
  })

  it('is bypassed: what goes in comes out', () => {
    const inner = new Board('brighten')
    inner.output(
      'image',
      'IMAGE',
      inner.add(5, 'ImageInvert', {
        ...{ outputs: ['IMAGE'], inputs: { image: { type: 'IMAGE', from: inner.input('image', 'IMAGE') } } },
      }),
    )
    const root = new Board()
    root.add(9, 'LoadImage', { values: ['a.png', 'image'], outputs: ['IMAGE'] })
    root.add(1, 'brighten', { mode: 4, outputs: ['IMAGE'], inputs: { image: { type: 'IMAGE', from: [9, 0] } } })
    root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    const { workflow, skipped } = convert(root.file([inner]))
    expect(workflow?.api['2']?.inputs['images']).toEqual(['9', 0])
    expect(skipped).toEqual([{ node: '1', title: 'brighten', why: 'bypassed' }])
  })

  it('hands on what goes in', () => {
    const inner = new Board('nothing')
    inner.output('image', 'IMAGE', inner.input('image', 'IMAGE'))
    const root = new Board()
    root.add(9, 'LoadImage', { values: ['a.png', 'image'], outputs: ['IMAGE'] })
    root.add(1, 'nothing', { outputs: ['IMAGE'], inputs: { image: { type: 'IMAGE', from: [9, 0] } } })
    root.add(2, 'SaveImage', { values: ['x'], inputs: { images: { type: 'IMAGE', from: [1, 0] } } })
    expect(converted(root.file([inner])).api['2']?.inputs['images']).toEqual(['9', 0])
  })
})

describe('an app', () => {
  const app = (inputs: unknown) =>
    convert(fileWith({ values: ['a cat', 640] }, drawing(), { linearMode: true, linearData: { inputs } }))

  it('has its inputs pinned, in its order, those of a subgraph’s node as well', () => {
    const { format, workflow } = app([
      [1, 'width'],
      ['2', 'filename_prefix'],
      [1, 'text'],
    ])
    expect(format).toBe('app')
    expect(workflow?.pinned).toEqual(['1:5.width', '2.filename_prefix', '1:6.text'])
    expect(workflow?.form.find(({ id }) => id === '1:6.text')).toMatchObject({ label: 'Prompt', role: 'prompt' })
  })

  it('names what is not there: the usual inputs are shown first', () => {
    expect(app([[1, 'gone'], [77, 'seed'], 'x', [null]]).workflow?.pinned[0]).toBe('1:6.text')
  })
})
