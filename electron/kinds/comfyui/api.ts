import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../../../shared/problems'
import type { BackendImage } from '../backend'
import type { BackendClient, Question } from '../client'
import type { ReadAs } from '../reading/readings'
import type { BackendTiming } from '../timing'
import { createOffered } from './offered'
import { pictureOf } from './pictures'
import { outputFiles, type HistoryEntry } from './schemas'
import { submitGraph, type Posted } from './submit'
import type { Graph } from './graph'

/** Where a prompt is on the server. The queue and the history live in its memory: a restart forgets both. */
export type Whereabouts =
  | { state: 'pending'; ahead: number }
  | { state: 'running'; graph: Graph }
  | { state: 'ended'; entry: HistoryEntry }
  | { state: 'unknown' }

function placeIn(queue: ReadAs<'queue'>, promptId: string): Whereabouts | null {
  const { queue_running: running, queue_pending: pending } = queue
  const atWork = running.find(([, id]) => id === promptId)
  if (atWork) return { state: 'running', graph: atWork[2] }
  const mine = pending.find(([, id]) => id === promptId)
  // `queue_pending` is in heap order; the smaller number runs first.
  return mine ? { state: 'pending', ahead: running.length + pending.filter(([n]) => n < mine[0]).length } : null
}

export type ComfyApi = ReturnType<typeof createComfyApi>

/** The calls of ComfyUI's HTTP API that Regie makes (server.py), each answer read by a schema. */
export function createComfyApi(client: BackendClient, timing: BackendTiming) {
  const timeoutMs = timing.callMs

  const queue = (signal: AbortSignal) => client.read('queue', { path: '/queue', timeoutMs, signal })

  async function post(path: string, json: unknown, signal: AbortSignal) {
    const call = { method: 'POST', path, json, timeoutMs, kind: 'act', signal } as const
    client.expectOk(await client.call(call), call)
  }

  async function ended(promptId: string, signal: AbortSignal): Promise<HistoryEntry | null> {
    const path = `/history/${encodeURIComponent(promptId)}`
    return (await client.read('history', { path, timeoutMs, signal }))[promptId] ?? null
  }

  async function look(promptId: string, signal: AbortSignal): Promise<Whereabouts> {
    // The queue first: the server moves an item to the history at the moment it leaves the queue.
    const queued = placeIn(await queue(signal), promptId)
    if (queued) return queued
    const entry = await ended(promptId, signal)
    return entry ? { state: 'ended', entry } : { state: 'unknown' }
  }

  return {
    look,
    ended,
    queue,
    stats: (signal: AbortSignal, asked: Pick<Question, 'credential'> = {}) =>
      client.read('system-stats', { ...asked, path: '/system_stats', timeoutMs, signal }),
    ...createOffered(client, timeoutMs),
    /** Every class of nodes with the module that it comes from: up to 10 MB, and some seconds. */
    nodeModules: (signal: AbortSignal) =>
      client.read('node-modules', { path: '/object_info', timeoutMs: 6 * timeoutMs, signal }),
    submit: (job: Posted, signal: AbortSignal) => submitGraph(client, timeoutMs, job, signal),
    /** Takes a prompt off the queue, and interrupts it where it runs by then. */
    async cancel(promptId: string, signal: AbortSignal) {
      await post('/queue', { delete: [promptId] }, signal)
      // Before 0.3.57 an interrupt does not read whose job is meant, and stops whatever runs.
      const isRunning = placeIn(await queue(signal), promptId)?.state === 'running'
      if (isRunning) await post('/interrupt', { prompt_id: promptId }, signal)
    },
    interruptAnything: (signal: AbortSignal) => post('/interrupt', {}, signal),
    free: (signal: AbortSignal) => post('/free', { unload_models: true, free_memory: true }, signal),
    /** The history entry of a prompt that the worker has closed. It may take a moment to appear. */
    async settled(promptId: string, signal: AbortSignal): Promise<HistoryEntry> {
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const entry = await ended(promptId, signal)
        if (entry) return entry
        await delay(200, undefined, { signal })
      }
      throw new Problem('backend.job-lost')
    },
    /** The files of an entry; none is fetched before it is read. Throws a Problem where there are none. */
    images(entry: HistoryEntry, signal: AbortSignal): BackendImage[] {
      const images = outputFiles(entry).map((file) => pictureOf(client, file, signal))
      if (images.length === 0) throw new Problem('backend.no-images')
      return images
    },
  }
}
