import { describe, expect, it } from 'vitest'
import type { WorkflowInput, WorkflowNode } from '../../../shared/contract'
import { destinationOf } from '../../../renderer/features/studio/dropped/destination'
import { looksOf } from '../../../renderer/features/studio/workflow/graph/looks'
import { isImportable, sortFiles, type ReadFile } from '../../../renderer/features/studio/workflow/model/files'
import { differencesOf, isSame } from '../../../renderer/features/studio/workflow/model/differences'
import { arrange, findInputs, moved, sharedNames } from '../../../renderer/features/studio/workflow/model/form'
import {
  changedValues,
  keptFrom,
  nothingKept,
  paramsOf,
  readKept,
  valueOf,
  withKept,
  withNewSeeds,
  withValue,
} from '../../../renderer/features/studio/workflow/model/kept'
import { box, layOut, mostNamed, neighbour } from '../../../renderer/features/studio/workflow/model/layout'
import {
  hostOf,
  nodesMissingOn,
  sortRows,
  standings,
  targetOf,
  formOn,
} from '../../../renderer/features/studio/workflow/model/needs'
import { scriptedDetail, scriptedNeeds, scriptedReports } from '../../support/scripted-workflows'

const detail = scriptedDetail()
const inputOf = (id: string): WorkflowInput => {
  const found = detail.form.find((one) => one.id === id)
  if (!found) throw new Error(`there is no input ${id}`)
  return found
}

describe('what is filled in for a workflow', () => {
  it('keeps what differs alone, and falls back where the workflow has another type of input now', () => {
    const steps = inputOf('3.steps')
    const kept = withValue(nothingKept, steps, 30)
    expect(changedValues(detail.form, kept)).toEqual({ '3.steps': 30 })
    expect(changedValues(detail.form, withValue(kept, steps, 24))).toEqual({})
    expect(valueOf({ ...steps, type: 'text', value: 'many' }, kept)).toBe('many')
  })

  it('draws a seed at each run unless it is locked, within what the input takes', () => {
    const seed = { ...inputOf('3.seed'), value: 77, max: 9 }
    const drawn = withNewSeeds([seed], nothingKept)
    expect(valueOf(seed, drawn)).toBeLessThanOrEqual(9)
    const locked = { ...nothingKept, locked: [seed.id] }
    expect(withNewSeeds([seed], locked).values).toEqual({})
    // The panel draws one that is left out.
    expect(paramsOf({ ...detail, form: [seed] }, locked).values).toEqual({ [seed.id]: 77 })
  })

  it('is sent as the version on screen, called by its prompt, or by its name where it has none', () => {
    const kept = withValue(nothingKept, inputOf('6.text'), ' a lamp ')
    const { id: workflow, version: workflowVersion } = detail
    expect(paramsOf(detail, kept)).toEqual({
      prompt: 'a lamp',
      workflow,
      workflowVersion,
      values: { '6.text': ' a lamp ' },
    })
    const none = { ...detail, form: [inputOf('3.steps')] }
    expect(paramsOf(none, kept)).toEqual({ prompt: detail.name, workflow, workflowVersion, values: {} })
  })

  it('is what something was run with, its seed locked and its images there', () => {
    const image = '0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11'
    const values = { '3.seed': 5, '4.image': image, '6.text': 'a lamp' }
    const kept = keptFrom(values, 'comfyui-demo')
    expect(kept).toMatchObject({ values, service: 'comfyui-demo', images: { [image]: { size: null } } })
    expect(withNewSeeds(detail.form, kept)).toEqual(kept)
    expect(paramsOf(detail, kept).values).toEqual(values)
  })

  it('is read again, and what is broken is not', () => {
    const all = withKept(new Map(), 'one', withValue(nothingKept, inputOf('3.steps'), 30))
    expect(readKept(JSON.stringify([...all]))).toEqual(all)
    for (const broken of [null, '', '[]', '{"a":1}', '[["x",{"values":{"a":null}}]]'])
      expect(readKept(broken).size).toBe(0)
  })

  it('is kept of fifty workflows, those that were changed last', () => {
    const many = Array.from({ length: 60 }, (_, n) => `w${n}`).reduce(
      (all, id) => withKept(all, id, nothingKept),
      readKept(null),
    )
    expect([many.size, many.has('w9'), many.has('w10')]).toEqual([50, false, true])
    expect([...withKept(many, 'w10', nothingKept).keys()].at(-1)).toBe('w10')
  })
})

describe('the form of a workflow', () => {
  const { pinned, nodes } = arrange(detail)

  it('has pinned inputs first in their order, and all others once, by node', () => {
    expect(pinned.map(({ id }) => id)).toEqual(detail.pinned)
    const sampler = nodes.find(({ node }) => node === '3')
    expect(sampler).toMatchObject({ title: 'KSampler', all: 4, pinned: 2 })
    const all = [...pinned, ...nodes.flatMap(({ inputs }) => inputs)].map(({ id }) => id)
    expect(all.toSorted()).toEqual(detail.form.map(({ id }) => id).toSorted())
  })

  it('passes over a pin whose input is gone', () => {
    expect(arrange({ form: detail.form, pinned: ['gone', '3.steps'] }).pinned.map(({ id }) => id)).toEqual(['3.steps'])
  })

  it('finds inputs by their names and nodes by theirs', () => {
    const nameOf = ({ input }: WorkflowInput) => input
    expect(findInputs(nodes, 'sampler_n', nameOf).map(({ inputs }) => inputs.map(({ id }) => id))).toEqual([
      ['3.sampler_name'],
    ])
    expect(findInputs(nodes, 'LORA', nameOf).map(({ title }) => title)).toEqual(['LoraLoader'])
    expect(findInputs(nodes, '#22', nameOf)).toHaveLength(1)
    expect(findInputs(nodes, 'nothing such', nameOf)).toEqual([])
  })

  it('moves one of a list, and names apart what is called the same', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(sharedNames([inputOf('6.text'), inputOf('7.text'), inputOf('3.cfg')], ({ input }) => input)).toEqual(
      new Set(['text']),
    )
  })
})

describe('what a workflow needs', () => {
  it('is chosen from what the service has now', () => {
    const needs = scriptedNeeds({ one: 'complete', two: 'complete' })
    const [one] = needs.services
    if (one) one.choices = { '3.sampler_name': ['lcm'] }
    const choicesOn = (id: string) =>
      formOn(detail, needs, id).form.find((input) => input.id === '3.sampler_name')?.choices
    expect(choicesOn('one')).toEqual(['lcm'])
    expect(choicesOn('two')).toEqual(inputOf('3.sampler_name').choices)
    expect(formOn(detail, undefined, null)).toBe(detail)
  })

  const needs = scriptedNeeds({ full: 'complete', half: 'lacking', off: 'silent' })

  it('says of each service whether it has everything', () => {
    expect(standings(needs)).toEqual([
      { id: 'full', state: 'complete', missing: 0 },
      { id: 'half', state: 'missing', missing: 3 },
      { id: 'off', state: 'unknown', missing: 0 },
    ])
    expect(sortRows(needs).missing.map(({ need }) => need.name)).toEqual([
      'UltralyticsDetectorProvider',
      '4x-UltraSharp.pth',
      'face_yolov8m.pt',
    ])
    expect([...nodesMissingOn(needs, 'half')].toSorted()).toEqual(['34', '37'])
  })

  it('runs where everything is and the service is ready, on the chosen one where that can', () => {
    expect(targetOf(needs, ['full', 'half', 'off'], null)).toMatchObject({
      able: ['full'],
      runs: 'full',
      nearest: null,
    })
    const two = scriptedNeeds({ one: 'complete', two: 'complete' })
    expect(targetOf(two, ['one', 'two'], 'two').runs).toBe('two')
    expect(targetOf(two, ['one'], 'two').runs).toBe('one')
  })

  it('runs nowhere else: what cannot be asked has not everything', () => {
    expect(targetOf(needs, ['half', 'off'], 'off')).toMatchObject({ runs: null, nearest: { id: 'half', missing: 3 } })
    expect(targetOf(scriptedNeeds({ off: 'silent' }), ['off'], null)).toEqual({
      known: ['off'],
      ...{ able: [], runs: null, nearest: null },
    })
  })
})

describe('a link that a workflow’s file gives', () => {
  it('is shown with its host where it is a web page, and never where it is anything else', () => {
    expect(hostOf('https://example.org/4x.pth')).toBe('example.org')
    expect(hostOf('https://trusted.example@example.org/4x.pth')).toBe('example.org')
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://10.0.0.1/', '//x', ''])
      expect(hostOf(url)).toBeNull()
  })
})

describe('the map of a graph', () => {
  const node = (id: string, from: string[] = [], at: WorkflowNode['at'] = null): WorkflowNode => ({
    ...{ id, title: id, type: id, at, state: 'runs', from },
  })
  const overlaps = (boxes: ReturnType<typeof layOut>['boxes']) =>
    boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => Math.abs(a.x - b.x) < box.width && Math.abs(a.y - b.y) < box.height)
        .map((b) => `${a.id} ${b.id}`),
    )

  it('keeps the editor’s order of columns and rows, and no box lies on another', () => {
    const { boxes } = layOut(detail.graph)
    const at = (id: string) => boxes.find((one) => one.id === id)
    expect(boxes).toHaveLength(31)
    expect(overlaps(boxes)).toEqual([])
    expect(at('1')?.x).toBeLessThan(at('8')?.x ?? 0)
    expect(at('6')?.y).toBeLessThan(at('7')?.y ?? 0)
  })

  it('goes by what takes from what where the file has no places, also in a circle', () => {
    const { boxes } = layOut([node('c', ['b']), node('a'), node('b', ['a', 'd']), node('d', ['b'])])
    const at = (id: string) => boxes.find((one) => one.id === id)?.x ?? 0
    expect(at('a')).toBeLessThan(at('b'))
    expect(at('b')).toBeLessThan(at('c'))
    expect(overlaps(boxes)).toEqual([])
  })

  it('shows a subgraph as one box from sixty nodes on, and nodes that only the editor has never', () => {
    const inner = Array.from({ length: mostNamed }, (_, n) => node(`7:${n}`, n === 0 ? ['1'] : [`7:${n - 1}`]))
    const { boxes } = layOut([node('1'), ...inner, node('9', ['7:59']), { ...node('n'), state: 'editor-only' }])
    expect(boxes.map(({ id, nodes, from }) => [id, nodes.length, from])).toEqual([
      ['1', 1, []],
      ['7', mostNamed, ['1']],
      ['9', 1, ['7']],
    ])
  })

  it('says what is pinned and missing, and knows the way to the next box', () => {
    const looks = looksOf(detail, new Set(['34']))
    expect(['3', '34', '18', '40', '1'].map((id) => looks.get(id))).toEqual([
      'pinned',
      'missing',
      'bypassed',
      'muted',
      'plain',
    ])
    const boxes = [node('a'), node('b'), node('c')].map((one, n) => ({
      ...{ id: one.id, title: one.id, nodes: [one.id], state: one.state, from: [], x: n * 100, y: n === 2 ? 50 : 0 },
    }))
    expect(neighbour(boxes, { x: 0, y: 0 }, 'ArrowRight')?.id).toBe('b')
    expect(neighbour(boxes, { x: 0, y: 0 }, 'ArrowDown')?.id).toBe('c')
    expect(neighbour(boxes, { x: 0, y: 0 }, 'ArrowLeft')).toBeNull()
  })
})

describe('versions and files', () => {
  it('tells what is different between two versions', () => {
    const before = {
      ...detail,
      pinned: ['3.steps', 'gone'],
      form: detail.form.slice(0, -1),
      graph: detail.graph.slice(1),
    }
    const after = {
      ...detail,
      pinned: ['3.steps', '3.seed'],
      form: detail.form.map((one) => (one.id === '3.cfg' ? { ...one, value: 5 } : one)),
    }
    const found = differencesOf(before, after)
    expect(found.nodesAdded).toEqual(['UNETLoader'])
    expect(found.inputsAdded).toHaveLength(1)
    expect(found.changed.map(({ input, before: was }) => [input.id, was, input.value])).toEqual([['3.cfg', 1, 5]])
    expect(found.pinned.map(({ id }) => id)).toEqual(['3.seed'])
    expect(isSame(found)).toBe(false)
    expect(isSame(differencesOf(detail, detail))).toBe(true)
    expect(differencesOf(detail, { ...detail, pinned: detail.pinned.toReversed() }).isReordered).toBe(true)
  })

  it('imports what is recognised or lacks something, and nothing that is refused or there already', () => {
    const files = Object.values(scriptedReports).map((report, key): ReadFile => ({
      ...{ key, file: new File([], report.fileName), state: { type: 'read', report } },
    }))
    expect(files.filter(isImportable).map(({ file }) => file.name)).toEqual(['portrait-relight.json', 'lighthouse.png'])
    expect(sortFiles(files)[0]?.file.name).toBe('dreamy-interiors-v9.json')
  })
})

describe('files that are dropped', () => {
  const json = { name: 'flow.json', bytes: new TextEncoder().encode('{"3":{}}') }
  const text = { name: 'notes.txt', bytes: new TextEncoder().encode('hello') }

  it('are imported by who may, where they are workflows, several, or dropped at the workflows', () => {
    const admin = { mayImport: true, atWorkflows: false }
    expect(destinationOf([json], admin)).toEqual({ type: 'import' })
    expect(destinationOf([text, text], admin)).toEqual({ type: 'import' })
    expect(destinationOf([text], { ...admin, atWorkflows: true })).toEqual({ type: 'import' })
    expect(destinationOf([text], admin)).toEqual({ type: 'nothing' })
  })

  it('are never imported by a user, nor looked into where they are too large', () => {
    const user = { mayImport: false, atWorkflows: true }
    expect(destinationOf([json], user)).toEqual({ type: 'nothing' })
    expect(destinationOf([json, json], user)).toEqual({ type: 'nothing' })
    expect(destinationOf([{ name: 'big.png', bytes: null }], { mayImport: true, atWorkflows: false })).toEqual({
      type: 'nothing',
    })
  })
})
