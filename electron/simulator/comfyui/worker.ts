import type { Hub } from './hub'
import type { Executor } from './executor'
import type { Outcome } from './run'
import type { Graph, Json } from './graph'
import { popItem, pushItem, removeItem, type QueueItem } from './queue'

type HistoryEntry = Outcome & { prompt: QueueItem }

/** The prompt queue, the history, and the one worker between them. */
export interface PromptWorker {
  enqueue: (prompt: {
    id: string
    graph: Graph
    extra: Json
    outputs: string[]
    number: number | null
    front: boolean
  }) => number
  running: () => QueueItem[]
  pending: () => readonly QueueItem[]
  /** Running and pending. */
  remaining: () => number
  remove: (ids: readonly unknown[]) => void
  clear: () => void
  history: Map<string, HistoryEntry>
  /** Stops the running prompt if it has this id, or whatever runs for null. */
  interrupt: (id: string | null) => void
  /** Acts between prompts, hence at once when idle. */
  free: (what: { unloadModels: boolean; freeMemory: boolean }) => void
}

const historyLimit = 10_000
const secretKeys = ['auth_token_comfy_org', 'api_key_comfy_org']

const withoutSecrets = (extra: Json): Json =>
  Object.fromEntries(Object.entries(extra).filter(([key]) => !secretKeys.includes(key)))

/** Adds a prompt to the history, which forgets the oldest. Returns its id. */
function remember(history: Map<string, HistoryEntry>, item: QueueItem, outcome: Outcome): string {
  const [number, id, graph, extra, outputs] = item
  history.set(id, { prompt: [number, id, graph, withoutSecrets(extra), outputs], ...outcome })
  const [oldest] = history.keys()
  if (history.size > historyLimit && oldest !== undefined) history.delete(oldest)
  return id
}

/** What the executor is to let go of at the next occasion. */
function createMemory(executor: Executor) {
  let [unloadModels, freeMemory] = [false, false]
  return {
    wish(what: { unloadModels: boolean; freeMemory: boolean }) {
      unloadModels ||= what.unloadModels
      freeMemory ||= what.freeMemory
    },
    free() {
      if (unloadModels) executor.unloadModels()
      if (freeMemory) executor.forgetResults()
      unloadModels = freeMemory = false
    },
  }
}

export function createPromptWorker(executor: Executor, hub: Hub, log: (line: string) => void): PromptWorker {
  const heap: QueueItem[] = []
  const history = new Map<string, HistoryEntry>()
  const memory = createMemory(executor)
  let running: QueueItem | null = null
  let counter = 0

  const remaining = () => heap.length + (running ? 1 : 0)
  const tellQueue = () => hub.send('status', { status: { exec_info: { queue_remaining: remaining() } } }, null)

  /** One worker at a time takes items until none is left. */
  async function work() {
    if (running) return
    for (let item = popItem(heap); item; item = popItem(heap)) {
      running = item
      tellQueue()
      const began = performance.now()
      const outcome = await executor.execute(item)
      // The history gets the entry a moment after `execution_success` was sent: a client may ask too early.
      await new Promise((resolve) => setImmediate(resolve))
      const id = remember(history, item, outcome)
      running = null
      tellQueue()
      const client = executor.current.clientId
      if (client !== null) hub.send('executing', { node: null, prompt_id: id }, client)
      log(`Prompt executed in ${((performance.now() - began) / 1000).toFixed(2)} seconds`)
      memory.free()
    }
  }

  return {
    enqueue({ id, graph, extra, outputs, number, front }) {
      const chosen = number ?? (front ? -counter : counter)
      if (number === null) counter += 1
      pushItem(heap, [chosen, id, graph, extra, outputs])
      tellQueue()
      setImmediate(() => void work())
      return chosen
    },
    running: () => (running ? [running] : []),
    pending: () => heap,
    remaining,
    remove(ids) {
      const removed = ids.filter((id) => typeof id === 'string' && removeItem(heap, id))
      if (removed.length > 0) tellQueue()
    },
    clear() {
      heap.length = 0
      tellQueue()
    },
    history,
    interrupt(id) {
      if (running && (id === null || running[1] === id)) executor.interrupt()
    },
    free(what) {
      memory.wish(what)
      if (!running) memory.free()
    },
  }
}
