import type { Behaviour } from '../behaviour'
import { encodePng } from '../media/png'
import { encodeJpeg } from '../media/raster'
import { denoise, paintPicture, type PictureRequest } from '../picture'
import { pause } from '../slices'
import { isLink, isObject, type Graph, type Json } from './graph'
import type { Hub } from './hub'
import { nodeClasses } from './nodes'
import { argumentsOf, type Argument, type NodeContext, type NodeResult } from './nodes/node'
import type { QueueItem } from './queue'
import { str } from './python'
import { Interrupted, NodeException, type ShownImage, type Value } from './values'

/** What a finished prompt leaves in the history. */
export interface Outcome {
  outputs: Record<string, { images: ShownImage[] }>
  status: { status_str: 'success' | 'error'; completed: boolean; messages: [string, Json][] }
  meta: Record<string, Json>
}

export interface ExecutorOptions {
  folder: string
  behaviour: () => Behaviour
  hub: Hub
  /** Ends when the server closes. */
  closing: AbortSignal
  crash: () => void
  log: (line: string) => void
}

/** Runs prompts one after another, and keeps the results of the last one's nodes for reuse. */
export interface Executor {
  execute: (item: QueueItem) => Promise<Outcome>
  /** Asks the running prompt to stop at its next step or node. */
  interrupt: () => void
  /** The node that runs now and the client that submitted its prompt. */
  current: () => { clientId: string | null; node: string | null }
  forgetResults: () => void
  unloadModels: () => void
  modelsLoaded: () => boolean
}

interface Cached {
  result: NodeResult
}

const oomTips =
  'This error means you ran out of memory on your GPU.\n\n' +
  'TIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.'

/** What a node's result depends on: its class, its inputs, and the same of everything upstream. */
function signatures(graph: Graph, folder: string): Map<string, string> {
  const known = new Map<string, string>()
  const sign = (id: string): string => {
    const before = known.get(id)
    if (before !== undefined) return before
    const { class_type, inputs = {} } = graph[id] ?? { class_type: '' }
    const parts = Object.entries(inputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, isLink(value) ? [sign(value[0]), value[1]] : value])
    const changed = nodeClasses.get(class_type)?.changed?.(inputs, folder) ?? ''
    const signature = JSON.stringify([class_type, changed, parts])
    known.set(id, signature)
    return signature
  }
  for (const id of Object.keys(graph)) sign(id)
  return known
}

/** All nodes that the outputs need, inputs before users, preferring nodes that finish an output. */
function order(graph: Graph, outputs: readonly string[]): string[] {
  const sources = (id: string) =>
    Object.values(graph[id]?.inputs ?? {}).flatMap((value) => (isLink(value) ? [value[0]] : []))
  const sequence: string[] = []
  const visit = (id: string) => {
    if (sequence.includes(id)) return
    for (const source of sources(id)) visit(source)
    sequence.push(id)
  }
  for (const output of outputs) visit(output)
  return sequence
}

export function createExecutor(options: ExecutorOptions): Executor {
  const { folder, hub, behaviour } = options
  const loaded = new Set<string>()
  let results = new Map<string, Cached>()
  let interrupted = false
  const isInterrupted = () => interrupted
  let current: { clientId: string | null; node: string | null } = { clientId: null, node: null }

  async function load(file: string) {
    if (loaded.has(file)) return
    options.log(`Requested to load ${file}`)
    await pause(behaviour().loadMs, options.closing)
    loaded.add(file)
    options.log('loaded completely 9.5367431640625e+25 7910.4 True')
  }

  async function execute(item: QueueItem): Promise<Outcome> {
    const [, promptId, graph, extra, outputs] = item
    const owner = typeof extra['client_id'] === 'string' ? extra['client_id'] : null
    interrupted = false
    current = { clientId: owner, node: null }
    const run = createRun({ promptId, graph, owner, hub })
    run.record('execution_start', {})
    const signed = signatures(graph, folder)
    const sequence = order(graph, outputs)
    // Only results that this graph can use stay (ComfyUI's classic cache).
    const wanted = new Set(signed.values())
    results = new Map([...results].filter(([signature]) => wanted.has(signature)))
    const cached = sequence.filter((id) => results.has(signed.get(id) ?? ''))
    run.record('execution_cached', { nodes: cached })
    const values = new Map<string, Value[]>()
    for (const id of sequence) {
      const signature = signed.get(id) ?? ''
      const reused = results.get(signature)
      if (reused) {
        values.set(id, reused.result.values)
        if (reused.result.shown) run.finish(id, reused.result.shown)
        continue
      }
      try {
        if (isInterrupted()) throw new Interrupted()
        run.start(id)
        current.node = id
        const result = await runNode({ id, item, values, run, owner })
        values.set(id, result.values)
        results.set(signature, { result })
        run.finish(id, result.shown ?? null)
      } catch (error) {
        run.fail(id, error, [...values.keys()])
        if (isOom(error)) loaded.clear()
        current.node = null
        return run.outcome('error')
      }
    }
    current.node = null
    run.record('execution_success', {})
    return run.outcome('success')
  }

  async function runNode(job: {
    id: string
    item: QueueItem
    values: ReadonlyMap<string, Value[]>
    run: Run
    owner: string | null
  }): Promise<NodeResult> {
    const { id, item, values, run, owner } = job
    const [, , graph, extra] = item
    const node = graph[id]
    const type = node && nodeClasses.get(node.class_type)
    if (!type) throw new Error(`node ${id} has no class`)
    const args = new Map(
      Object.entries(node.inputs ?? {}).map(([name, value]): [string, Argument] => [
        name,
        isLink(value) ? (values.get(value[0])?.at(value[1]) ?? null) : (value as Argument), // literals were validated
      ]),
    )
    const info = isObject(extra['extra_pnginfo']) ? extra['extra_pnginfo'] : {}
    const texts = {
      prompt: asciiJson(graph),
      ...Object.fromEntries(Object.entries(info).map(([k, v]) => [k, asciiJson(v)])),
    }
    const context: NodeContext = {
      folder,
      behaviour: behaviour(),
      texts,
      load,
      sample: (steps, first) => sample({ id, run, owner, steps, first }),
    }
    return type.run(argumentsOf(args), context)
  }

  async function sample(job: { id: string; run: Run; owner: string | null; steps: number; first: PictureRequest }) {
    const { id, run, owner, steps, first } = job
    const { preview } = behaviour()
    const longest = Math.max(first.width, first.height)
    const scale = Math.min(512, Math.ceil(longest / 3)) / longest
    const small =
      preview === 'none'
        ? null
        : await paintPicture({
            ...first,
            width: Math.max(8, Math.round(first.width * scale)),
            height: Math.max(8, Math.round(first.height * scale)),
          })
    let due = performance.now()
    for (let step = 1; step <= steps; step++) {
      const plan = behaviour()
      // Preparing previews takes part of the step's time.
      due = Math.max(performance.now(), due + plan.stepMs)
      await pause(due - performance.now(), options.closing)
      if (plan.hangAtStep === step) await new Promise((resolve) => options.closing.addEventListener('abort', resolve))
      if (options.closing.aborted || isInterrupted()) throw new Interrupted()
      if (plan.oomAtStep === step) throw new NodeException('torch.OutOfMemoryError', 'Allocation on device ')
      if (plan.crashAtStep === step) options.crash()
      if (plan.dropSocketAtStep === step && owner !== null) hub.cut(owner)
      const seen = small && denoise(small, step / steps, first.seed + step)
      const mime = preview === 'png' ? 'image/png' : 'image/jpeg'
      const bytes = seen && (preview === 'png' ? await encodePng(seen) : encodeJpeg(seen))
      run.progress(id, step, steps, bytes && { mime, bytes })
    }
  }

  return {
    execute,
    interrupt: () => void (interrupted = true),
    current: () => current,
    forgetResults: () => results.clear(),
    unloadModels: () => loaded.clear(),
    modelsLoaded: () => loaded.size > 0,
  }
}

const isOom = (error: unknown) => error instanceof NodeException && error.type === 'torch.OutOfMemoryError'

/** JSON as Python's `json.dumps` writes it: separators with blanks, and ASCII only. */
function asciiJson(value: unknown): string {
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

/** Messages and history of one prompt while it runs. */
interface Run {
  /** Sends a message with a timestamp to the owner and keeps it for the history. */
  record: (type: string, data: Json) => void
  start: (id: string) => void
  progress: (
    id: string,
    value: number,
    max: number,
    preview: { mime: 'image/jpeg' | 'image/png'; bytes: Buffer } | null,
  ) => void
  finish: (id: string, shown: ShownImage[] | null) => void
  fail: (id: string, error: unknown, executed: string[]) => void
  outcome: (status: 'success' | 'error') => Outcome
}

function createRun({
  promptId,
  graph,
  owner,
  hub,
}: {
  promptId: string
  graph: Graph
  owner: string | null
  hub: Hub
}): Run {
  const messages: [string, Json][] = []
  const outputs: Outcome['outputs'] = {}
  const meta: Outcome['meta'] = {}
  const states: Record<string, Json> = {}

  // Directed messages of a prompt without client id go nowhere; progress of one goes to everybody.
  const toOwner = (type: string, data: Json) => {
    if (owner !== null) hub.send(type, data, owner)
  }
  const state = (id: string, value: number, max: number, name: 'running' | 'finished') => {
    states[id] = {
      value,
      max,
      state: name,
      node_id: id,
      prompt_id: promptId,
      display_node_id: id,
      parent_node_id: null,
      real_node_id: id,
    }
    hub.send('progress_state', { prompt_id: promptId, nodes: { ...states } }, owner)
  }
  const keep = (type: string, data: Json): Json => {
    const full = { ...data, prompt_id: promptId, timestamp: Date.now() }
    messages.push([type, full])
    return full
  }

  return {
    record: (type, data) => toOwner(type, keep(type, data)),
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
      const type = graph[id]?.class_type ?? ''
      if (error instanceof Interrupted) {
        hub.send(
          'execution_interrupted',
          keep('execution_interrupted', { node_id: id, node_type: type, executed }),
          null,
        )
        return
      }
      const name = error instanceof NodeException ? error.type : 'RuntimeError'
      const message = error instanceof Error ? error.message : String(error)
      const inputs = Object.entries(graph[id]?.inputs ?? {}).map(([key, value]) => [
        key,
        [isLink(value) ? '<linked>' : str(value)],
      ])
      const data = {
        node_id: id,
        node_type: type,
        executed,
        exception_message: `${message}\n${isOom(error) ? oomTips : ''}`,
        exception_type: name,
        traceback: [
          '  File "/opt/ComfyUI/execution.py", line 496, in execute\n    output_data, output_ui, has_subgraph, has_pending_tasks = await get_output_data(prompt_id, unique_id, obj, input_data_all)\n',
        ],
        current_inputs: Object.fromEntries(inputs) as Json,
        current_outputs: executed,
      }
      toOwner('execution_error', keep('execution_error', data))
    },
    outcome: (status) => ({
      outputs,
      status: { status_str: status, completed: status === 'success', messages },
      meta,
    }),
  }
}
