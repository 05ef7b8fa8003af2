import { describe, expect, it } from 'vitest'
import type { BackendEvent } from '../../../electron/kinds'
import { advance, newJob, type Job, type JobInput } from '../../../electron/kinds/comfyui/job'
import { readMessage } from '../../../electron/kinds/comfyui/messages'

const job: Job = {
  promptId: 'mine',
  graph: {
    '1': { class_type: 'CheckpointLoaderSimple', inputs: {} },
    '2': { class_type: 'KSampler', inputs: {} },
    '3': { class_type: 'VAEDecode', inputs: {} },
    '4': { class_type: 'SaveImage', inputs: {} },
  },
}
const status = (remaining: number) => ({
  type: 'status',
  data: { status: { exec_info: { queue_remaining: remaining } } },
})
const executing = (node: string | null, prompt_id = 'mine') => ({
  type: 'executing',
  data: { node, display_node: node, prompt_id },
})
const progress = (value: number, prompt_id = 'mine') => ({
  type: 'progress',
  data: { value, max: 4, prompt_id, node: '2' },
})
const progressState = (value: number, max: number) => ({
  type: 'progress_state',
  data: { prompt_id: 'mine', nodes: { '2': { value, max, state: 'running', node_id: '2', prompt_id: 'mine' } } },
})
const frame = (promptId: string | null): JobInput => ({
  type: 'frame',
  frame: { promptId, mime: 'image/jpeg', bytes: new Uint8Array([1]) },
})

function play(inputs: (JobInput | object)[]) {
  let state = newJob
  const events: BackendEvent[] = []
  for (const input of inputs) {
    let read: JobInput
    if ('type' in input && input.type === 'frame') read = input
    else {
      const message = readMessage(JSON.stringify(input))
      if (!message) continue
      read = { type: 'message', message }
    }
    const next = advance(state, read, job)
    state = next.state
    events.push(...next.events)
  }
  return { state, events, story: events.map((e) => (e.type === 'progress' ? `${e.phase} ${e.step ?? '-'}` : e.type)) }
}

describe('advance', () => {
  it('tells loading, sampling, decoding and saving of a recorded normal run', () => {
    const { state, story } = play([
      status(1),
      status(1),
      { type: 'execution_start', data: { prompt_id: 'mine', timestamp: 1 } },
      { type: 'execution_cached', data: { nodes: [], prompt_id: 'mine', timestamp: 1 } },
      progressState(0, 1),
      executing('1'),
      executing('2'),
      progressState(1, 4),
      progress(1),
      frame('mine'),
      progressState(2, 4),
      progress(2),
      progress(3),
      progress(4),
      executing('3'),
      executing('4'),
      { type: 'executed', data: { node: '4', prompt_id: 'mine', output: {} } },
      { type: 'execution_success', data: { prompt_id: 'mine', timestamp: 2 } },
      status(0),
      executing(null),
    ])
    expect(story).toEqual([
      'running',
      'loading -',
      'sampling 0',
      'sampling 1',
      'preview',
      'sampling 2',
      'sampling 3',
      'sampling 4',
      'decoding -',
      'saving -',
    ])
    expect(state.stage).toBe('settled')
  })

  it('is not settled by success alone: the history may not have the entry yet', () => {
    const { state } = play([executing('1'), { type: 'execution_success', data: { prompt_id: 'mine' } }])
    expect(state.stage).toBe('running')
  })

  it('ignores what belongs to other prompts', () => {
    const { state, events } = play([
      executing('2', 'other'),
      progress(1, 'other'),
      frame('other'),
      executing(null, 'other'),
      { type: 'execution_interrupted', data: { prompt_id: 'other', node_id: '2' } },
      { type: 'execution_error', data: { prompt_id: 'other', exception_message: 'x' } },
    ])
    expect(events).toEqual([])
    expect(state).toBe(newJob)
  })

  it('takes a preview without prompt only while its own prompt runs', () => {
    expect(play([frame(null)]).events).toEqual([])
    expect(play([executing('2'), progress(1), frame(null)]).events.at(-1)).toMatchObject({ type: 'preview', step: 1 })
    expect(play([executing('2'), executing(null), frame(null)]).story).not.toContain('preview')
  })

  it('does not end at the executing frame without prompt that follows a reconnect', () => {
    const { state } = play([executing('2'), { type: 'executing', data: { node: null } }])
    expect(state.stage).toBe('running')
  })

  it('remembers which nodes were cached, an error and an interruption', () => {
    const { state } = play([
      { type: 'execution_cached', data: { nodes: ['1', 2], prompt_id: 'mine' } },
      { type: 'execution_error', data: { prompt_id: 'mine', node_id: 2, exception_type: 'RuntimeError' } },
      { type: 'execution_interrupted', data: { prompt_id: 'mine', node_id: '2' } },
    ])
    expect([...state.cached]).toEqual(['1', '2'])
    expect(state.error).toMatchObject({ node_id: '2', exception_type: 'RuntimeError' })
    expect(state.interrupted).toBe(true)
  })

  it('ignores messages of custom nodes and torn JSON', () => {
    expect(readMessage('{"type":"crystools.monitor","data":{}}')).toBeNull()
    expect(readMessage('{"type":"progress","data":{"value":"many"}}')).toBeNull()
    expect(readMessage('{"type":"prog')).toBeNull()
  })
})
