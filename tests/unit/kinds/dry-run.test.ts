import { describe, expect, it } from 'vitest'
import { dryRunOf, readDryRun } from '../../../electron/kinds/comfyui/dry-run'
import type { Graph } from '../../../electron/kinds/comfyui/graph'

const classes = {
  EmptyImage: { input: { required: { width: ['INT', {}], height: ['INT', {}] } }, output: ['IMAGE'] },
  ImageInvert: { input: { required: { image: ['IMAGE'] } }, output: ['IMAGE'] },
  SaveImage: {
    input: { required: { images: ['IMAGE'], filename_prefix: ['STRING', {}] } },
    output: [],
    output_node: true,
  },
  PreviewImage: { input: { required: { images: ['IMAGE'] } }, output: [], output_node: true },
}
const node = (type: string, inputs: Record<string, unknown>) => ({ class_type: type, inputs })
const image = node('EmptyImage', { width: 64, height: 64 })
const save = (from: string) => node('SaveImage', { images: [from, 0], filename_prefix: 'x' })
const fault = ['asked', 'not', 'run']

describe('a graph that asks without running', () => {
  it('has a fault in every output, and is otherwise as it was', () => {
    const graph: Graph = { '1': image, '2': save('1'), '3': save('1') }
    const run = dryRunOf(graph, classes)

    expect(run?.made).toEqual([
      { node: '2', input: 'filename_prefix' },
      { node: '3', input: 'filename_prefix' },
    ])
    expect(run?.graph['2']?.inputs).toEqual({ images: ['1', 0], filename_prefix: fault })
    expect(run?.graph['1']).toEqual(image)
    expect(graph['2']?.inputs['filename_prefix']).toBe('x')
  })

  it('has it in what an output depends on, where the output has only links', () => {
    const graph = {
      '1': image,
      '2': node('ImageInvert', { image: ['1', 0] }),
      '3': node('PreviewImage', { images: ['2', 0] }),
    }

    expect(dryRunOf(graph, classes)?.made).toEqual([{ node: '1', input: 'width' }])
  })

  it('has none where a class looks for a given file itself, which would end its validation', () => {
    const loads = {
      ...classes,
      LoadImage: { input: { required: { image: [[], { image_upload: true }] } }, output: ['IMAGE'] },
    }
    const shows = {
      ImageCompare: {
        input: { required: { view: ['IMAGECOMPARE', {}] }, optional: { a: ['IMAGE'] } },
        output_node: true,
      },
    }
    const graph = { '1': node('LoadImage', { image: 'a.png' }), '2': node('PreviewImage', { images: ['1', 0] }) }
    expect(dryRunOf(graph, loads)).toBeNull()
    const compared = { ...graph, '2': node('ImageCompare', { view: { __value__: ['', ''] }, a: ['1', 0] }) }
    expect(dryRunOf(compared, { ...loads, ...shows })?.made).toEqual([{ node: '2', input: 'view' }])
  })

  it.each<[string, Graph]>([
    ['a class is unknown: another could take its place', { '1': image, '2': save('1'), '3': node('Gone', {}) }],
    ['nothing would be run for', { '1': image }],
    ['an output has no place for one', { '1': image, '2': save('1'), '3': node('PreviewImage', {}) }],
    // An input that the class does not have is passed over by the server: a fault there would be none.
    ['only an unknown input has a value', { '3': node('PreviewImage', { note: 'x' }) }],
    ['an unknown input leads to the place', { '1': image, '3': node('PreviewImage', { other: ['1', 0] }) }],
    [
      'links lead round',
      { '1': node('ImageInvert', { image: ['2', 0] }), '2': node('ImageInvert', { image: ['1', 0] }), '3': save('1') },
    ],
  ])('is none where %s', (_, graph) => {
    expect(dryRunOf(graph, classes)).toBeNull()
  })

  it('is made of 50,000 nodes in a row', () => {
    const row = Array.from({ length: 50_000 }, (_, at): [string, Graph[string]] => [
      `n${at}`,
      at === 0 ? image : node('ImageInvert', { image: [`n${at - 1}`, 0] }),
    ])

    expect(
      dryRunOf({ ...Object.fromEntries(row), end: node('PreviewImage', { images: ['n49999', 0] }) }, classes)?.made,
    ).toEqual([{ node: 'n0', input: 'width' }])
  })
})

describe('the answer', () => {
  const made = [{ node: '2', input: 'filename_prefix' }]
  const own = { type: 'bad_linked_input', message: 'Bad linked input', extra_info: { input_name: 'filename_prefix' } }
  const small = {
    type: 'value_smaller_than_min',
    message: 'Value 0 smaller than min of 1',
    extra_info: { input_name: 'height' },
  }
  const answer = (nodes: Record<string, object[]>, type = 'prompt_outputs_failed_validation') => ({
    error: { type, message: 'Prompt outputs failed validation', details: '' },
    node_errors: Object.fromEntries(Object.entries(nodes).map(([id, errors]) => [id, { class_type: 'C', errors }])),
  })

  it('accepts where no fault is named but those that were made', () => {
    expect(readDryRun({ made }, 400, answer({ '2': [own] }))).toEqual({ verdict: 'accepted' })
  })

  it.each([
    ['another node', { '1': [small], '2': [own] }, ['1']],
    ['the same node', { '2': [own, small] }, ['2']],
    ['the same kind of fault elsewhere', { '2': [own, { ...own, extra_info: { input_name: 'images' } }] }, ['2']],
  ])('refuses with what is named of %s, without what was made', (_, nodes, named) => {
    const read = readDryRun({ made }, 400, answer(nodes))

    if (read.verdict !== 'refused') throw new Error(read.verdict)
    expect(Object.keys(read.answer.node_errors)).toEqual(named)
    expect(JSON.stringify(read.answer)).not.toContain('filename_prefix')
  })

  it('refuses what is refused as a whole', () => {
    expect(readDryRun({ made }, 400, answer({}, 'missing_node_type'))).toMatchObject({ verdict: 'refused' })
  })

  it.each<[string, number, unknown]>([
    ['a fault was not looked for', 400, answer({})],
    ['it is another program’s', 400, { detail: 'no' }],
    ['the server broke', 500, null],
  ])('knows nothing where %s', (_, status, body) => {
    expect(readDryRun({ made }, status, body)).toEqual({ verdict: 'unknown' })
  })

  it('says so where the job was taken all the same', () => {
    expect(readDryRun({ made }, 200, { prompt_id: 'x', node_errors: {} })).toEqual({ verdict: 'queued' })
  })
})
