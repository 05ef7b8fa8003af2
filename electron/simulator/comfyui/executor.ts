import { isLink, isObject, type Graph, type GraphNode, type Json } from './graph'
import type { Hub } from './hub'
import { createLoader, type LoaderOptions } from './loader'
import { nodeClasses } from './nodes'
import { argumentsOf, type Argument, type NodeContext, type NodeResult } from './nodes/node'
import { order, signatures } from './plan'
import type { QueueItem } from './queue'
import { asciiJson, createRun, isOom, type Outcome, type Run } from './run'
import { sample } from './sampling'
import { spoil } from './spoiling'
import { Interrupted } from './values'

export interface ExecutorOptions extends LoaderOptions {
  hub: Hub
  crash: () => void
}

/** What a node is given: literals, and what other nodes made. */
const inputsOf = (node: GraphNode, values: ReadonlyMap<string, Argument[]>) =>
  new Map(
    Object.entries(node.inputs ?? {}).map(([name, value]): [string, Argument] => [
      name,
      isLink(value) ? (values.get(value[0])?.at(value[1]) ?? null) : (value as Argument), // literals were validated
    ]),
  )

/** What is written into a picture of a prompt. */
function textsOf(graph: Graph, extra: Json) {
  const info = isObject(extra['extra_pnginfo']) ? extra['extra_pnginfo'] : {}
  const others = Object.entries(info).map(([key, value]): [string, string] => [key, asciiJson(value)])
  return { prompt: asciiJson(graph), ...Object.fromEntries(others) }
}

/** A prompt at work: what tells of it, and what its nodes have made so far. */
interface Work {
  item: QueueItem
  owner: string | null
  run: Run
  values: Map<string, Argument[]>
}

/** Runs prompts one after another, and keeps the results of the last one's nodes for reuse. */
export class Executor {
  readonly #options: ExecutorOptions
  readonly #models: ReturnType<typeof createLoader>
  #results = new Map<string, NodeResult>()
  #interrupted = false
  #current: { clientId: string | null; node: string | null } = { clientId: null, node: null }

  constructor(options: ExecutorOptions) {
    this.#options = options
    this.#models = createLoader(options)
  }

  async execute(item: QueueItem): Promise<Outcome> {
    const { folder, hub } = this.#options
    const [, promptId, graph, extra, outputs] = item
    const owner = typeof extra['client_id'] === 'string' ? extra['client_id'] : null
    this.#interrupted = false
    this.#current = { clientId: owner, node: null }
    const run = createRun({ promptId, graph, owner, hub })
    run.record('execution_start', {})
    const signed = signatures(graph, folder)
    const sequence = order(graph, outputs)
    // Only results that this graph can use stay (ComfyUI's classic cache).
    const wanted = new Set(signed.values())
    this.#results = new Map([...this.#results].filter(([signature]) => wanted.has(signature)))
    const cached = sequence.filter((id) => this.#results.has(signed.get(id) ?? ''))
    run.record('execution_cached', { nodes: this.#options.behaviour().saysCached ? sequence : cached })
    const work = { item, owner, run, values: new Map<string, Argument[]>() }
    for (const id of sequence) {
      if (await this.#makeNode(work, id, signed.get(id) ?? '')) continue
      this.#current.node = null
      return run.outcome('error')
    }
    this.#current.node = null
    run.record('execution_success', {})
    return run.outcome('success')
  }

  /** Asks the running prompt to stop at its next step or node. */
  interrupt() {
    this.#interrupted = true
  }

  /** The node that runs now and the client that submitted its prompt. */
  get current(): { readonly clientId: string | null; readonly node: string | null } {
    return this.#current
  }

  get hasModels(): boolean {
    return !this.#models.isEmpty()
  }

  forgetResults() {
    this.#results.clear()
  }

  unloadModels() {
    this.#models.unload()
  }

  /** Reuses what the node made before, or runs it. False when it fails, which is told. */
  async #makeNode(work: Work, id: string, signature: string): Promise<boolean> {
    const { run, values } = work
    const reused = this.#results.get(signature)
    if (reused) {
      values.set(id, reused.values)
      if (reused.shown) run.finish(id, reused.shown)
      return true
    }
    try {
      if (this.#interrupted) throw new Interrupted()
      run.start(id)
      this.#current.node = id
      const result = await this.#runNode(work, id)
      values.set(id, result.values)
      this.#results.set(signature, result)
      run.finish(id, result.shown ?? null)
      return true
    } catch (error) {
      run.fail(id, error, [...values.keys()])
      if (isOom(error)) this.#models.unload()
      return false
    }
  }

  async #runNode({ item, values, run, owner }: Work, id: string): Promise<NodeResult> {
    const [, , graph, extra] = item
    const node = graph[id]
    const type = node && nodeClasses.get(node.class_type)
    if (!type) throw new Error(`node ${id} has no class`)
    const isInterrupted = () => this.#interrupted
    const context: NodeContext = {
      folder: this.#options.folder,
      behaviour: this.#options.behaviour(),
      texts: textsOf(graph, extra),
      load: this.#models.load,
      sample: async (steps, first) => {
        await this.#models.toCard()
        await sample({ ...this.#options, isInterrupted }, { id, run, owner, steps, first })
      },
    }
    const { picture } = context.behaviour
    const result = await type.run(argumentsOf(inputsOf(node, values)), context)
    return picture === 'painted' ? result : { ...result, values: result.values.map((value) => spoil(value, picture)) }
  }
}
