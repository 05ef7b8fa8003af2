import { describe, expect, it } from 'vitest'
import { convertWorkflow, parseWorkflow } from '../../../../electron/kinds/comfyui/convert'
import { Board, nodeOf, textToImageBoard } from './board'
import { classes, convert, converted, fileOf, problemOf, textToImage } from './support'

const bytesOf = (text: string) => ({ name: 'a.json', bytes: Buffer.from(text) })
const refusal = (file: { name: string; bytes: Buffer }) =>
  problemOf(() => convertWorkflow(parseWorkflow(file), classes))

/** Subgraphs in each other, each of so many of the next, down to one node. */
function nest(depth: number, each: number): Record<string, unknown> {
  const subgraphs = Array.from({ length: depth }, (_, at) => {
    const board = new Board(`s${at}`)
    for (let i = 1; i <= each; i += 1)
      board.add(i, at + 1 < depth ? `s${at + 1}` : 'LoadImage', { values: ['a.png', 'image'] })
    return board
  })
  const root = new Board()
  root.add(1, 's0')
  return root.file(subgraphs)
}

describe('a file made to do harm', () => {
  it('is larger than what is read', () => {
    expect(refusal({ name: 'a', bytes: Buffer.alloc(16 * 2 ** 20 + 1, ' ') })).toBe('workflow-file.too-large')
  })

  it('is nested so deeply that walking through it would end the program', () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`
    expect(refusal(bytesOf(deep))).toBe('workflow-file.too-deep')
    const inside = JSON.stringify(textToImage).replace('"seed":7', `"seed":${'['.repeat(300)}${']'.repeat(300)}`)
    expect(refusal(bytesOf(inside))).toBe('workflow-file.too-deep')
    // Brackets in a text are none.
    const spoken = JSON.stringify({
      ...textToImage,
      '6': { ...textToImage['6'], inputs: { text: '['.repeat(5000), clip: ['4', 1] } },
    })
    expect(refusal(bytesOf(spoken))).toBeNull()
  })

  it.each([
    ['nodes', 'workflow-file.too-many-nodes', { nodes: Array.from({ length: 5001 }, (_, id) => ({ id, type: 'A' })) }],
    ['links', 'workflow-file.too-many-links', { nodes: [], links: Array.from({ length: 1_000_000 }, () => 0) }],
    [
      'inputs of a node',
      'workflow-file.too-many-inputs',
      { nodes: [{ id: 1, type: 'A', inputs: Array.from({ length: 100_001 }, () => 0) }] },
    ],
    [
      'subgraphs',
      'workflow-file.too-many-subgraphs',
      { nodes: [], definitions: { subgraphs: Array.from({ length: 1001 }, (_, id) => ({ id: `s${id}` })) } },
    ],
    [
      'links of a subgraph’s input',
      'workflow-file.too-many-links',
      {
        nodes: [],
        definitions: {
          subgraphs: [{ id: 's', inputs: [{ name: 'a', linkIds: Array.from({ length: 50_001 }, () => 0) }] }],
        },
      },
    ],
    [
      'shown widgets of a subgraph',
      'workflow-file.too-many-inputs',
      {
        nodes: [{ id: 1, type: 'A', properties: { proxyWidgets: Array.from({ length: 100_001 }, () => ['1', 'a']) } }],
      },
    ],
  ])('has too many %s', (_, problem, json) => {
    expect(refusal(fileOf(json))).toBe(problem)
  })

  it('has millions of values, which are counted before they fill the memory', () => {
    const many = `[${'0,'.repeat(2_000_000)}0]`
    expect(refusal(bytesOf(many))).toBe('workflow-file.too-many-values')
    expect(refusal(bytesOf(`[${'{},'.repeat(1_000_000)}0]`))).toBe('workflow-file.too-many-values')
    // Commas in a text are none.
    expect(refusal(bytesOf(JSON.stringify({ ...textToImage, note: many })))).toBeNull()
  })

  it('has too many nodes or inputs in API format', () => {
    const nodes = Array.from({ length: 5001 }, (_, id) => [String(id), { class_type: 'A', inputs: {} }])
    expect(refusal(fileOf(Object.fromEntries(nodes)))).toBe('workflow-file.too-many-nodes')
    const inputs = Object.fromEntries(Array.from({ length: 100_001 }, (_, at) => [`i${at}`, 1]))
    expect(refusal(fileOf({ '1': { class_type: 'A', inputs } }))).toBe('workflow-file.too-many-inputs')
  })

  it('has subgraphs in subgraphs that would become a million million nodes', () => {
    expect(refusal(fileOf(nest(12, 10)))).toBe('workflow-file.too-many-nodes')
  })

  it('has subgraphs nested deeper than anybody does: refused by name', () => {
    expect(convert(nest(60, 1))).toMatchObject({
      workflow: null,
      refused: [{ title: 's50', reason: { problem: 'workflow-node.subgraph' } }],
    })
  })

  it('has a subgraph that contains itself, at once or by way of another', () => {
    const [a, b, self] = [new Board('a'), new Board('b'), new Board('self')]
    a.add(1, 'b')
    b.add(1, 'a')
    self.add(7, 'self')
    for (const [boards, node] of [[[a, b], '1:1:1'] as const, [[self], '1:7'] as const]) {
      const root = new Board()
      root.add(1, boards[0].name)
      expect(convert(root.file([...boards]))).toMatchObject({
        workflow: null,
        refused: [{ node, reason: { problem: 'workflow-node.subgraph', params: { detail: 'contains itself' } } }],
      })
    }
  })

  it('has two subgraphs of one id', () => {
    expect(convert(textToImageBoard().file([new Board('a'), new Board('a')]))).toMatchObject({
      workflow: null,
      refused: [{ node: 'a', reason: { problem: 'workflow-node.subgraph' } }],
    })
  })

  it('has choices without end, each written again for thousands of inputs', () => {
    const choices = Array.from({ length: 1000 }, (_, at) => `lora-${at}`)
    const many = { ...classes, Many: { input: { required: { lora_name: [choices, {}] } }, output_node: true } }
    const nodes = Array.from({ length: 600 }, (_, id) => [
      String(id),
      { class_type: 'Many', inputs: { lora_name: 'lora-1' } },
    ])
    expect(problemOf(() => convert(Object.fromEntries(nodes), many))).toBe('workflow-file.too-many-inputs')
  })

  it('has names that JavaScript gives a meaning to', () => {
    for (const text of [
      JSON.stringify(textToImage).replace('"20"', '"__proto__"').replace('"3":', '"__proto__":'),
      JSON.stringify(textToImage).replace('"steps":', '"__proto__":'),
    ])
      expect(convertWorkflow(parseWorkflow(bytesOf(text)), classes)).toMatchObject({
        workflow: null,
        refused: [{ reason: { problem: 'workflow-node.bad' } }],
      })
    for (const type of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const { workflow } = convert({ ...textToImage, '9': { class_type: type, inputs: { images: ['8', 0] } } })
      expect(workflow?.needs[0]).toMatchObject({ need: { type: 'node', name: type } })
    }
    const board = textToImageBoard()
    nodeOf(board, 3).widgets_values_named = JSON.parse('{"__proto__": {"seed": 1}}') as Record<string, unknown>
    expect(converted(board.file()).api['3']?.inputs['seed']).toBe(7)
    expect(({} as Record<string, unknown>)['seed']).toBeUndefined()
  })

  it('has chains as long as it may: read in time that grows with its length', () => {
    const board = textToImageBoard()
    for (let id = 100; id < 4900; id += 1)
      board.add(id, 'Reroute', { outputs: ['*'], inputs: { '': { type: '*', from: [id === 100 ? 8 : id - 1, 0] } } })
    board.add(5000, 'PreviewImage', { inputs: { images: { type: 'IMAGE', from: [4899, 0] } } })
    expect(converted(board.file()).api['5000']?.inputs).toEqual({ images: ['8', 0] })
    const row = Array.from({ length: 4900 }, (_, at) => [
      String(at + 100),
      { class_type: 'ImageInvert', inputs: { image: [at === 0 ? '8' : String(at + 99), 0] } },
    ])
    const last = { class_type: 'PreviewImage', inputs: { images: ['4999', 0] } }
    expect(converted({ ...textToImage, ...Object.fromEntries(row), '5000': last }).graph).toHaveLength(4908)
  })

  it('is JSON of any other shape: it is read or refused, and nothing else', () => {
    const odd = [null, 0, -1, '', 'x', [], {}, [[]], { nodes: 1 }, [1, 'x'], true]
    for (const value of odd)
      for (const key of ['nodes', 'links', 'definitions', 'extra', 'version']) {
        const problem = problemOf(() => convert({ ...textToImageBoard().file(), [key]: value }))
        expect(problem === null || problem.startsWith('workflow-file.')).toBe(true)
      }
    for (const value of odd)
      for (const key of [
        'id',
        'type',
        'mode',
        'pos',
        'inputs',
        'outputs',
        'widgets_values',
        'widgets_values_named',
        'properties',
        'title',
      ]) {
        const { nodes, ...rest } = textToImageBoard().file()
        const changed = (nodes as Record<string, unknown>[]).map((one, at) =>
          at % 2 === 0 ? { ...one, [key]: value } : one,
        )
        expect(problemOf(() => convert({ ...rest, nodes: changed }))).toBeNull()
      }
  })
})
