import * as z from 'zod'
import { saysMedia } from '../../../shared/media'
import { Graph } from './graph'

/** `GET /system_stats`, the part that Regie reads (ComfyUI server.py). */
export const SystemStats = z.object({
  system: z.object({ comfyui_version: z.string().optional(), argv: z.array(z.string()).catch([]).optional() }),
  /** In bytes; the index is PyTorch's own, and null for a processor. */
  devices: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        index: z.number().int().nullish(),
        vram_total: z.number(),
        vram_free: z.number(),
        torch_vram_total: z.number().nullish(),
        torch_vram_free: z.number().nullish(),
      }),
    )
    .optional()
    .catch([]),
})
export type SystemStats = z.infer<typeof SystemStats>

/** `GET /experiment/models/{folder}`: the files of a folder with their sizes in bytes (app/model_manager.py). */
export const ModelFiles = z.array(
  z.object({ name: z.string(), size: z.number().optional(), modified: z.number().optional() }),
)

/** A queue item: `[number, prompt_id, prompt, extra_data, outputs]`; of those that wait only the first two are read. */
const QueueItem = z.tuple([z.number(), z.string()]).rest(z.unknown())
export const Queue = z.object({
  queue_running: z.array(
    QueueItem.transform(([number, id, graph]): [number, string, Graph] => [number, id, Graph.catch({}).parse(graph)]),
  ),
  queue_pending: z.array(QueueItem.transform(([number, id]): [number, string] => [number, id])),
})
export type Queue = z.infer<typeof Queue>

/** One class of `GET /object_info/{class}`; an unknown class answers `{}`. */
export const ObjectInfo = z.record(
  z.string(),
  z.object({
    input: z
      .object({
        required: z.record(z.string(), z.array(z.unknown())).optional(),
        optional: z.record(z.string(), z.array(z.unknown())).optional(),
      })
      .optional(),
  }),
)
export type ObjectInfo = z.infer<typeof ObjectInfo>

/** Where each class of `GET /object_info` comes from, e.g. `nodes`, `custom_nodes.ComfyUI-KJNodes`. */
export const NodeModules = z.record(
  z.string(),
  z.object({ python_module: z.string().catch('') }).transform(({ python_module: module }) => module),
)

const Strings = z.array(z.string())

/** Choices of a drop-down: `[[…names], options]` (old nodes) or `["COMBO", {options: […names]}]` (new ones). */
export function choicesOf(info: ObjectInfo, classType: string, input: string): string[] {
  const inputs = info[classType]?.input
  const spec = inputs?.required?.[input] ?? inputs?.optional?.[input]
  if (!spec) return []
  const old = Strings.safeParse(spec[0])
  if (old.success) return old.data
  const modern = z.object({ options: Strings }).safeParse(spec[1])
  return modern.success ? modern.data.options : []
}

const NodeId = z.union([z.string(), z.number().transform(String)])

/** Payload of `execution_error`, over the socket and in history. */
export const ExecutionError = z.object({
  prompt_id: z.string().optional(),
  node_id: NodeId.nullish(),
  node_type: z.string().nullish(),
  exception_message: z.string().nullish(),
  exception_type: z.string().nullish(),
})
export type ExecutionError = z.infer<typeof ExecutionError>

/** Of an entry, what is read of it: files in its outputs, and how it ended. Workflows and other nodes' data are megabytes. */
function lean(entry: HistoryEntry): HistoryEntry {
  const { prompt, outputs, status } = entry
  return {
    ...entry,
    saysText: Object.values(outputs).some(({ text }) => Array.isArray(text) && text.some((one) => one !== '')),
    ...(prompt ? { prompt: [prompt[0], prompt[1], prompt[2]] } : {}),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([node, output]) => [
        node,
        Object.fromEntries(
          Object.entries(output).flatMap(([key, list]) =>
            Array.isArray(list) ? [[key, list.flatMap((element) => OutputFile.safeParse(element).data ?? [])]] : [],
          ),
        ),
      ]),
    ),
    ...(status ? { status: { ...status, messages: status.messages.filter(([name]) => ends.has(name)) } } : {}),
  }
}

/** Messages that tell how a job ended, and when it began and did. */
const ends = new Set([
  'execution_start',
  'execution_success',
  'execution_error',
  'execution_interrupted',
  'execution_cached',
])

const OutputFile = z.object({
  filename: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
})
export type OutputFile = z.infer<typeof OutputFile>

/** One entry of `GET /history/{id}`. Outputs hold arrays under any key; an element with `filename` is a file. */
export const HistoryEntry = z.object({
  prompt: z
    .tuple([z.number(), z.string(), Graph.catch({})])
    .rest(z.unknown())
    .nullish()
    .catch(null),
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Whether a node shows text (`PreviewAny`, `SaveText`). */
  saysText: z.boolean().optional().catch(undefined),
  status: z
    .object({
      status_str: z.string(),
      messages: z.array(z.tuple([z.string(), z.unknown()]).rest(z.unknown())).default([]),
    })
    .nullish(),
})
export type HistoryEntry = z.infer<typeof HistoryEntry>
export const History = z.record(z.string(), HistoryEntry.transform(lean))

/**
 * The files of an entry, in the order in which nodes made them: images and videos under whatever key (`images`, `gifs`,
 * `video`), and others too (`audio`, `3d`, `files`). Temporary previews count where nothing that Regie keeps was saved.
 */
export function outputFiles(entry: HistoryEntry): OutputFile[] {
  const files: OutputFile[] = []
  for (const output of Object.values(entry.outputs))
    for (const list of Object.values(output)) {
      if (!Array.isArray(list)) continue
      for (const element of list) {
        const file = OutputFile.safeParse(element)
        if (file.success) files.push(file.data)
      }
    }
  const saved = files.filter((file) => file.type !== 'temp')
  return saved.some(({ filename }) => saysMedia(filename)) ? saved : files
}

const Timed = z.object({ timestamp: z.number() })

/** When a finished entry began and ended by ComfyUI's clock (Unix ms); null where it does not tell both. */
export function spanOf(entry: HistoryEntry): { from: number; to: number } | null {
  const messages = entry.status?.messages ?? []
  const timeOf = (isMeant: (name: string) => boolean) => {
    const found = Timed.safeParse(messages.findLast(([name]) => isMeant(name))?.[1])
    return found.success ? found.data.timestamp : null
  }
  const from = timeOf((name) => name === 'execution_start')
  const to = timeOf((name) => /^execution_(?:success|error|interrupted)$/.test(name))
  return from === null || to === null ? null : { from, to: Math.max(from, to) }
}

const CachedNodes = z.object({ nodes: z.array(NodeId) })

/** How a finished entry ended. Failed and interrupted are told apart only by the kind of message. */
export function outcomeOf(
  entry: HistoryEntry,
): { state: 'succeeded'; cached: boolean } | { state: 'interrupted' } | { state: 'failed'; error: ExecutionError } {
  const messages = entry.status?.messages ?? []
  const find = (type: string) => messages.findLast(([name]) => name === type)
  const error = find('execution_error')
  if (error) return { state: 'failed', error: ExecutionError.catch({}).parse(error[1]) }
  if (find('execution_interrupted')) return { state: 'interrupted' }
  if (entry.status && entry.status.status_str !== 'success') return { state: 'failed', error: {} }
  const cached = CachedNodes.safeParse(find('execution_cached')?.[1])
  return { state: 'succeeded', cached: cached.success && isCached(entry, new Set(cached.data.nodes)) }
}

/**
 * Whether the pictures are old ones: every node that gave an output was answered from the cache. What lies before them
 * says nothing: a cache that drops intermediate results lists them no more, and nodes that nothing needs are in no list.
 */
function isCached(entry: HistoryEntry, cached: ReadonlySet<string>): boolean {
  const outputs = Object.keys(entry.outputs)
  return outputs.length > 0 && outputs.every((node) => cached.has(node))
}

const NodeErrors = z.record(
  z.string(),
  z.object({
    class_type: z.string().optional(),
    errors: z
      .array(
        z.object({
          type: z.string(),
          message: z.string(),
          details: z.string().default(''),
          extra_info: z
            .object({
              input_name: z.string().optional(),
              input_config: z.unknown().optional(),
              received_value: z.unknown().optional(),
            })
            .nullish(),
        }),
      )
      .default([]),
  }),
)
export type NodeErrors = z.infer<typeof NodeErrors>

/** A 200 of `POST /prompt`: outputs that failed validation were dropped and are listed in `node_errors`. */
const Submitted = z.object({ prompt_id: z.string(), node_errors: NodeErrors.catch({}).default({}) })

/** A 400 of `POST /prompt`. */
export const Refused = z.object({
  error: z.union([z.string(), z.object({ type: z.string(), message: z.string(), details: z.string().default('') })]),
  node_errors: NodeErrors.catch({}).default({}),
})
export type Refused = z.infer<typeof Refused>

/** A 200 or a 400 of `POST /prompt`. */
export const Submission = z.union([Submitted, Refused])
