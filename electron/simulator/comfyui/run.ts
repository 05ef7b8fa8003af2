import { isLink, isObject, type Graph, type GraphNode, type Json } from './graph'
import type { Hub } from './hub'
import { str } from './python'
import { Interrupted, NodeException, type ShownImage } from './values'

/** What a finished prompt leaves in the history. */
export interface Outcome {
  outputs: Record<string, { images: ShownImage[] }>
  status: { status_str: 'success' | 'error'; completed: boolean; messages: [string, Json][] }
  meta: Record<string, Json>
}

const oomTips =
  'This error means you ran out of memory on your GPU.\n\n' +
  'TIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.'

export const isOom = (error: unknown) => error instanceof NodeException && error.type === 'torch.OutOfMemoryError'

/** JSON as Python's `json.dumps` writes it: separators with blanks, and ASCII only. */
export function asciiJson(value: unknown): string {
  const write = (item: unknown): string => {
    if (Array.isArray(item)) return `[${item.map(write).join(', ')}]`
    if (isObject(item)) {
      return `{${Object.entries(item)
        .map(([key, member]) => `${write(key)}: ${write(member)}`)
        .join(', ')}}`
    }
    const plain = JSON.stringify(item ?? null)
    // Control characters are escaped by JSON itself.
    return plain.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  }
  return write(value)
}

/** What a node's failure says of itself, in the words of the real program. */
function failureOf(error: unknown, node: GraphNode | undefined): Json {
  const name = error instanceof NodeException ? error.type : 'RuntimeError'
  const message = error instanceof Error ? error.message : String(error)
  const inputs = Object.entries(node?.inputs ?? {}).map(([key, value]) => [
    key,
    [isLink(value) ? '<linked>' : str(value)],
  ])
  return {
    exception_message: `${message}\n${isOom(error) ? oomTips : ''}`,
    exception_type: name,
    traceback: [
      '  File "/opt/ComfyUI/execution.py", line 496, in execute\n    output_data, output_ui, has_subgraph, has_pending_tasks = await get_output_data(prompt_id, unique_id, obj, input_data_all)\n',
    ],
    current_inputs: Object.fromEntries(inputs) as Json,
  }
}

/** An encoded preview frame. */
export interface Preview {
  mime: 'image/jpeg' | 'image/png'
  bytes: Buffer
}

/** Messages and history of one prompt while it runs. */
export interface Run {
  /** Sends a message with a timestamp to the owner and keeps it for the history. */
  record: (type: string, data: Json) => void
  start: (id: string) => void
  progress: (id: string, value: number, max: number, preview: Preview | null) => void
  finish: (id: string, shown: ShownImage[] | null) => void
  fail: (id: string, error: unknown, executed: string[]) => void
  outcome: (status: 'success' | 'error') => Outcome
}

export interface RunOptions {
  promptId: string
  graph: Graph
  owner: string | null
  hub: Hub
}

export function createRun({ promptId, graph, owner, hub }: RunOptions): Run {
  const messages: [string, Json][] = []
  const outputs: Outcome['outputs'] = {}
  const meta: Outcome['meta'] = {}
  const states: Record<string, Json> = {}

  // Directed messages of a prompt without client id go nowhere; progress of one goes to everybody.
  const toOwner = (type: string, data: Json) => {
    if (owner !== null) hub.send(type, data, owner)
  }
  const state = (id: string, value: number, max: number, name: 'running' | 'finished') => {
    const place = { node_id: id, prompt_id: promptId, display_node_id: id, parent_node_id: null, real_node_id: id }
    states[id] = { value, max, state: name, ...place }
    hub.send('progress_state', { prompt_id: promptId, nodes: { ...states } }, owner)
  }
  const keep = (type: string, data: Json): Json => {
    const full = { ...data, prompt_id: promptId, timestamp: Date.now() }
    messages.push([type, full])
    return full
  }

  const record = (type: string, data: Json) => toOwner(type, keep(type, data))

  return {
    record,
    start(id) {
      state(id, 0, 1, 'running')
      toOwner('executing', { node: id, display_node: id, prompt_id: promptId })
    },
    progress(id, value, max, preview) {
      const frame = preview && { promptId, nodeId: id, ...preview }
      state(id, value, max, 'running')
      if (frame) hub.preview(frame, owner, 'before')
      hub.send('progress', { value, max, prompt_id: promptId, node: id }, owner)
      if (frame) hub.preview(frame, owner, 'after')
    },
    finish(id, shown) {
      if (shown) {
        outputs[id] = { images: shown }
        meta[id] = { node_id: id, display_node: id, parent_node: null, real_node_id: id }
        toOwner('executed', { node: id, display_node: id, output: { images: shown }, prompt_id: promptId })
      }
      const max = Number(states[id]?.['max'] ?? 1)
      state(id, max, max, 'finished')
    },
    fail(id, error, executed) {
      const where = { node_id: id, node_type: graph[id]?.class_type ?? '', executed }
      // Unlike the others it goes out without an owner, too: to everybody then.
      if (error instanceof Interrupted) hub.send('execution_interrupted', keep('execution_interrupted', where), owner)
      else record('execution_error', { ...where, ...failureOf(error, graph[id]), current_outputs: executed })
    },
    outcome: (status) => ({
      outputs,
      status: { status_str: status, completed: status === 'success', messages },
      meta,
    }),
  }
}
