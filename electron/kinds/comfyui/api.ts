import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../../../shared/problems'
import type { BackendImage } from '../backend'
import { answerProblem, callFor, type BackendClient } from '../client'
import type { ReadAs, ReadingName } from '../reading/readings'
import type { BackendTiming } from '../timing'
import { choiceKey, type Choices } from './bind'
import { validationProblem } from './errors'
import { factsOf, type Facts } from './facts'
import { choicesOf, outputFiles, type HistoryEntry, type NodeErrors, type ObjectInfo, type OutputFile } from './schemas'
import type { Graph } from './workflows'

/** Drop-downs that Regie reads. `/object_info` as a whole is up to 10 MB, one class a few kB. */
const dropDowns = [
  ['KSampler', 'sampler_name'],
  ['KSampler', 'scheduler'],
  ['CheckpointLoaderSimple', 'ckpt_name'],
  ['UNETLoader', 'unet_name'],
  ['CLIPLoader', 'clip_name'],
  ['VAELoader', 'vae_name'],
] as const

const choicesLastMs = 10_000
const viewMs = 30 * 60_000

/** Where a prompt is on the server. The queue and the history live in its memory: a restart forgets both. */
export type Whereabouts =
  | { state: 'pending'; ahead: number }
  | { state: 'running'; graph: Graph }
  | { state: 'ended'; entry: HistoryEntry }
  | { state: 'unknown' }

export type ComfyApi = ReturnType<typeof createComfyApi>

/** The calls of ComfyUI's HTTP API that Regie makes (server.py), each answer read by a schema. */
export function createComfyApi(client: BackendClient, timing: BackendTiming) {
  let kept: { at: number; choices: Promise<Choices> } | null = null
  let known: { at: number; facts: Promise<Facts> } | null = null
  const timeoutMs = timing.callMs

  async function fetchChoices(signal: AbortSignal): Promise<Choices> {
    const classes = [...new Set(dropDowns.map(([classType]) => classType))]
    const infos = await Promise.all(
      classes.map((name) => client.read('object-info', { path: `/object_info/${name}`, timeoutMs, signal })),
    )
    const info: ObjectInfo = Object.fromEntries(infos.flatMap((part) => Object.entries(part)))
    return Object.fromEntries(
      dropDowns.map(([classType, input]) => [choiceKey(classType, input), choicesOf(info, classType, input)]),
    )
  }

  /** What only some versions tell, or nobody: it is left out then. */
  async function told<R extends ReadingName>(name: R, path: string, signal: AbortSignal): Promise<ReadAs<R> | null> {
    try {
      return await client.read(name, { path, timeoutMs, signal })
    } catch (error) {
      if (error instanceof Problem) return null
      throw error
    }
  }

  async function fetchFacts(signal: AbortSignal): Promise<Facts> {
    const [stats, checkpoints, diffusionModels] = await Promise.all([
      told('system-stats', '/system_stats', signal),
      told('model-files', '/experiment/models/checkpoints', signal),
      told('model-files', '/experiment/models/diffusion_models', signal),
    ])
    return factsOf(stats, [...(checkpoints ?? []), ...(diffusionModels ?? [])])
  }

  const queue = (signal: AbortSignal) => client.read('queue', { path: '/queue', timeoutMs, signal })

  async function post(path: string, json: unknown, signal: AbortSignal) {
    const call = { method: 'POST', path, json, timeoutMs, kind: 'act', signal } as const
    client.expectOk(await client.call(call), call)
  }

  async function look(promptId: string, signal: AbortSignal): Promise<Whereabouts> {
    // The queue first: the server moves an item to the history at the moment it leaves the queue.
    const { queue_running: running, queue_pending: pending } = await queue(signal)
    const atWork = running.find(([, id]) => id === promptId)
    if (atWork) return { state: 'running', graph: atWork[2] }
    const mine = pending.find(([, id]) => id === promptId)
    // `queue_pending` is in heap order; the smaller number runs first.
    if (mine) return { state: 'pending', ahead: running.length + pending.filter(([n]) => n < mine[0]).length }
    const path = `/history/${encodeURIComponent(promptId)}`
    const entry = (await client.read('history', { path, timeoutMs, signal }))[promptId]
    return entry ? { state: 'ended', entry } : { state: 'unknown' }
  }

  async function* piecesOf(file: OutputFile, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const query = new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type })
    const call = { path: `/view?${query}`, timeoutMs: viewMs, kind: 'pictures', signal } as const
    const answer = await client.download(call)
    if ('pieces' in answer) yield* answer.pieces
    else if (answer.status === 404) throw new Problem('backend.image-gone', { file: file.filename })
    else throw answerProblem(answer, { kind: client.kind, url: client.url, call })
  }

  const view = (file: OutputFile, signal: AbortSignal): BackendImage => ({
    pieces: () => piecesOf(file, signal),
    place: [file.type, ...file.subfolder.split(/[\\/]/)].filter((part) => part !== '').join('/'),
  })

  return {
    look,
    queue,
    stats: (signal: AbortSignal) => client.read('system-stats', { path: '/system_stats', timeoutMs, signal }),
    /** Names in the drop-downs, at most 10 s old. */
    choices(signal: AbortSignal): Promise<Choices> {
      if (kept && performance.now() - kept.at < choicesLastMs) return kept.choices
      const entry = { at: performance.now(), choices: fetchChoices(signal) }
      kept = entry
      entry.choices.catch(() => {
        if (kept === entry) kept = null
      })
      return entry.choices
    },
    /** What else the service tells of itself, at most 10 s old; what it does not tell is left out. */
    facts(signal: AbortSignal): Promise<Facts> {
      if (known && performance.now() - known.at < choicesLastMs) return known.facts
      const entry = { at: performance.now(), facts: fetchFacts(signal) }
      known = entry
      entry.facts.catch(() => {
        if (known === entry) known = null
      })
      return entry.facts
    },
    /** Posts a graph under the caller's own id. Returns the outputs that were dropped; throws what was refused. */
    async submit(
      job: { promptId: string; clientId: string; graph: Graph; previewMethod: string | null },
      signal: AbortSignal,
    ): Promise<NodeErrors> {
      const { graph, promptId, clientId, previewMethod } = job
      const extra = previewMethod === null ? {} : { extra_data: { preview_method: previewMethod } }
      const json = { prompt: graph, prompt_id: promptId, client_id: clientId, ...extra }
      const question = { method: 'POST', path: '/prompt', json, timeoutMs: 3 * timeoutMs, signal } as const
      const answer = await client.call(callFor('submission', question))
      if (answer.status !== 200 && answer.status !== 400)
        throw answerProblem(answer, { kind: client.kind, url: client.url, call: question })
      const submission = await client.pick('submission', question, answer.body)
      if ('prompt_id' in submission && answer.status === 200) return submission.node_errors
      if ('error' in submission && answer.status === 400)
        throw validationProblem(submission, job.graph, await fetchChoices(signal))
      throw new Problem('backend.job-refused', { detail: String(answer.status) })
    },
    /** Takes a prompt off the queue and interrupts it if it runs: both, since it may start in between. */
    async cancel(promptId: string, signal: AbortSignal) {
      await post('/queue', { delete: [promptId] }, signal)
      await post('/interrupt', { prompt_id: promptId }, signal)
    },
    interruptAnything: (signal: AbortSignal) => post('/interrupt', {}, signal),
    free: (signal: AbortSignal) => post('/free', { unload_models: true, free_memory: true }, signal),
    /** The history entry of a prompt that the worker has closed. It may take a moment to appear. */
    async settled(promptId: string, signal: AbortSignal): Promise<HistoryEntry> {
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const where = await look(promptId, signal)
        if (where.state === 'ended') return where.entry
        await delay(200, undefined, { signal })
      }
      throw new Problem('backend.job-lost')
    },
    /** The files of an entry; none is fetched before it is read. Throws a Problem where there are none. */
    images(entry: HistoryEntry, signal: AbortSignal): BackendImage[] {
      const images = outputFiles(entry).map((file) => view(file, signal))
      if (images.length === 0) throw new Problem('backend.no-images')
      return images
    },
  }
}
