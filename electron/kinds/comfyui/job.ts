import type { BackendEvent } from '../backend'
import type { PreviewFrame } from './frames'
import type { ComfyMessage } from './messages'
import type { ExecutionError } from './schemas'
import type { Graph } from './graph'

/** What is known of one prompt from the messages so far. */
export interface JobState {
  stage: 'submitted' | 'running' | 'settled'
  phase: 'loading' | 'sampling' | 'decoding' | 'saving' | null
  node: string | null
  step: number | null
  steps: number | null
  cached: ReadonlySet<string>
  interrupted: boolean
  error: ExecutionError | null
}

export interface Job {
  promptId: string
  graph: Graph
}

export type JobInput = { type: 'message'; message: ComfyMessage } | { type: 'frame'; frame: PreviewFrame }

export const newJob: JobState = {
  stage: 'submitted',
  phase: null,
  node: null,
  step: null,
  steps: null,
  cached: new Set(),
  interrupted: false,
  error: null,
}

interface Advanced {
  state: JobState
  events: BackendEvent[]
}

/**
 * Moves one job forward by one message or preview of the WebSocket. Messages of other prompts change nothing.
 * `settled` means that the worker closed the item: its history entry exists (ComfyUI execution.py, main.py).
 */
export function advance(state: JobState, input: JobInput, job: Job): Advanced {
  if (state.stage === 'settled') return { state, events: [] }
  if (input.type === 'frame') return showPreview(state, input.frame, job)
  const { message } = input
  if (message.type === 'status') return { state, events: [] }
  const id = message.data.prompt_id
  // An `executing` or `progress` without id can only be about the prompt that runs now.
  if (id === undefined ? state.stage !== 'running' : id !== job.promptId) return { state, events: [] }
  const started = begin(state)
  const next = apply(started.state, message, job)
  return { state: next.state, events: [...started.events, ...next.events] }
}

/** The service works on the job now, as a message or a look at the queue told. */
export function begin(state: JobState): Advanced {
  if (state.stage !== 'submitted') return { state, events: [] }
  const { state: loading, events } = enter({ ...state, stage: 'running' }, 'loading')
  return { state: loading, events: [{ type: 'running' }, ...events] }
}

function apply(state: JobState, message: Exclude<ComfyMessage, { type: 'status' }>, job: Job): Advanced {
  switch (message.type) {
    case 'execution_start':
    case 'execution_success':
      return { state, events: [] }
    case 'execution_cached':
      return { state: { ...state, cached: new Set(message.data.nodes) }, events: [] }
    case 'executing': {
      const { node } = message.data
      if (node !== null) return execute(state, node, job)
      // Without id it repeats the state at connection time and ends nothing.
      return message.data.prompt_id === undefined
        ? { state, events: [] }
        : { state: { ...state, stage: 'settled', node: null }, events: [] }
    }
    case 'progress':
      return sample(state, message.data.value, message.data.max)
    case 'progress_state': {
      // Every node reports here, most of them 0/1: only several steps are sampling.
      const busy = Object.values(message.data.nodes).find((node) => node.state === 'running' && node.max > 1)
      return busy && busy.value > 0 ? sample(state, busy.value, busy.max) : { state, events: [] }
    }
    case 'execution_error':
      return { state: { ...state, error: message.data }, events: [] }
    case 'execution_interrupted':
      return { state: { ...state, interrupted: true }, events: [] }
    default:
      return message satisfies never
  }
}

function execute(state: JobState, node: string, job: Job): Advanced {
  const classType = job.graph[node]?.class_type ?? ''
  const entered = { ...state, node }
  // Its first step is told when it is done: sampling begins before.
  if (/^(KSampler|KSamplerAdvanced|SamplerCustom|SamplerCustomAdvanced)$/.test(classType))
    return beginSampling(entered, stepsOf(job.graph, node))
  if (/^VAEDecode/.test(classType)) return enter(entered, 'decoding')
  if (/^(?:(?:Save|Preview)(?:Image|Animated|Video|WEBM)|VHS_VideoCombine$)/.test(classType))
    return enter(entered, 'saving')
  return { state: entered, events: [] }
}

function enter(state: JobState, phase: 'loading' | 'decoding' | 'saving'): Advanced {
  if (state.phase === phase) return { state, events: [] }
  return {
    state: { ...state, phase, step: null, steps: null },
    events: [{ type: 'progress', phase, step: null, steps: null, fraction: null }],
  }
}

/** The steps that a sampler's node was given, or the node of its schedule; null where others choose them. */
function stepsOf(graph: Job['graph'], node: string): number | null {
  const sigmas = graph[node]?.inputs['sigmas']
  const schedule: unknown = Array.isArray(sigmas) ? sigmas[0] : node
  const steps = typeof schedule === 'string' ? graph[schedule]?.inputs['steps'] : null
  return typeof steps === 'number' && steps > 0 ? steps : null
}

function beginSampling(state: JobState, steps: number | null): Advanced {
  return {
    state: { ...state, phase: 'sampling', step: 0, steps },
    events: [{ type: 'progress', phase: 'sampling', step: 0, steps, fraction: steps === null ? null : 0 }],
  }
}

function sample(state: JobState, value: number, max: number): Advanced {
  if (max <= 0 || (state.phase === 'sampling' && state.step === value && state.steps === max))
    return { state, events: [] }
  const step = Math.trunc(value)
  const steps = Math.trunc(max)
  return {
    state: { ...state, phase: 'sampling', step: value, steps: max },
    events: [{ type: 'progress', phase: 'sampling', step, steps, fraction: Math.min(1, Math.max(0, value / max)) }],
  }
}

function showPreview(state: JobState, frame: PreviewFrame, job: Job): Advanced {
  // A frame of type 1 goes to every client and names no prompt: it is this job's only while this job runs.
  const ours = frame.promptId === null ? state.stage === 'running' : frame.promptId === job.promptId
  if (!ours) return { state, events: [] }
  return { state, events: [{ type: 'preview', mime: frame.mime, bytes: frame.bytes, step: state.step }] }
}
