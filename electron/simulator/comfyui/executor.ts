import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Behaviour } from '../behaviour'
import { pause } from '../slices'
import { isLink, isObject } from './graph'
import type { Hub } from './hub'
import { nodeClasses } from './nodes'
import { argumentsOf, type Argument, type NodeContext, type NodeResult } from './nodes/node'
import { order, signatures } from './plan'
import type { QueueItem } from './queue'
import { asciiJson, createRun, isOom, type Outcome, type Run } from './run'
import { sample } from './sampling'
import { Interrupted, NodeException, type Value } from './values'

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

export function createExecutor(options: ExecutorOptions): Executor {
  const { folder, hub, behaviour } = options
  const loaded = new Set<string>()
  let results = new Map<string, Cached>()
  let interrupted = false
  const isInterrupted = () => interrupted
  let current: { clientId: string | null; node: string | null } = { clientId: null, node: null }

  /** A file that was put there and is too small for a model fails as the real reader of safetensors does. */
  async function read(file: string) {
    for (const kind of ['checkpoints', 'diffusion_models']) {
      const there = await stat(path.join(folder, 'models', kind, file)).catch(() => null)
      // Nobody puts real weights of gigabytes beside a simulator: what is smaller is no model.
      if (there && there.size < 2 ** 28) {
        const why = there.size < 8 ? 'header too small' : 'header too large'
        throw new NodeException(
          'safetensors._safetensors_rust.SafetensorError',
          `Error while deserializing header: ${why}`,
        )
      }
    }
  }

  async function load(file: string) {
    if (loaded.has(file)) return
    await read(file)
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
      sample: (steps, first) => sample({ ...options, isInterrupted }, { id, run, owner, steps, first }),
    }
    return type.run(argumentsOf(args), context)
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
