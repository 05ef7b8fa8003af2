import type { z } from 'zod'
import { Problem } from '../../../shared/problems'
import type { ResolvedParams } from '../backend'
import { answerProblem, wordsOf, type BackendClient, type Call } from '../client'
import type { HttpAnswer } from '../http'
import { parseJson } from '../json'
import type { BackendTiming } from '../timing'
import { isOutOfMemory } from '../words'
import { requestBody, type Offer } from './choose'
import { whyNotFound } from './not-found'
import {
  Invalid,
  Models,
  Options,
  PendingTasks,
  Progress,
  Samplers,
  Schedulers,
  TaskProgress,
  Txt2Img,
} from './schemas'

const offerLastsMs = 10_000
/** Eight pictures of 2048² as PNG in base64. */
const maxAnswerBytes = 512 * 2 ** 20

/** What a WebUI without schedulers does: as each sampler has it. */
const ownSchedule: Schedulers = [{ name: 'automatic', label: 'Automatic', aliases: null }]

export type ForgeApi = ReturnType<typeof createForgeApi>

/** The calls of Forge's `/sdapi/v1` that Regie makes (modules/api/api.py), each answer read by a schema. */
export function createForgeApi(client: BackendClient, timing: BackendTiming) {
  let kept: { at: number; offer: Promise<Offer> } | null = null
  const timeoutMs = timing.callMs
  const at = (path: string, signal: AbortSignal) => ({ path: `/sdapi/v1/${path}`, timeoutMs, signal })

  /** A 404 is explained by what else answers. */
  async function fetched(call: Call): Promise<HttpAnswer> {
    const answer = await client.call(call)
    if (answer.status === 404) throw (await whyNotFound(client, call)).problem
    return answer
  }

  async function read<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    return client.parse(schema, call, await fetched(call))
  }

  /** A1111 knows schedulers since 1.9; before that each sampler has its own. */
  async function schedulersOf(signal: AbortSignal): Promise<Schedulers> {
    const call = at('schedulers', signal)
    const answer = await client.call(call)
    return answer.status === 404 ? ownSchedule : client.parse(Schedulers, call, answer)
  }

  async function fetchOffer(signal: AbortSignal): Promise<Offer> {
    const [models, samplers, schedulers, options] = await Promise.all([
      read(Models, at('sd-models', signal)),
      read(Samplers, at('samplers', signal)),
      schedulersOf(signal),
      read(Options, at('options', signal)),
    ])
    const loaded = options.sd_model_checkpoint ?? null
    return { models, samplers: samplers.map(({ name }) => name), schedulers, loaded: loaded === '' ? null : loaded }
  }

  async function post(path: string, signal: AbortSignal) {
    const call = { ...at(path, signal), method: 'POST' } as const
    client.expectOk(await fetched(call), call)
  }

  return {
    /** Models, samplers and schedulers, at most 10 s old. */
    offer(signal: AbortSignal): Promise<Offer> {
      if (kept && performance.now() - kept.at < offerLastsMs) return kept.offer
      const entry = { at: performance.now(), offer: fetchOffer(signal) }
      kept = entry
      entry.offer.catch(() => {
        if (kept === entry) kept = null
      })
      return entry.offer
    },
    models: (signal: AbortSignal) => read(Models, at('sd-models', signal)),
    options: (signal: AbortSignal) => read(Options, at('options', signal)),
    progress: (withImage: boolean, signal: AbortSignal) =>
      read(Progress, {
        ...at(`progress?skip_current_image=${withImage ? 'false' : 'true'}`, signal),
      }),
    /**
     * How one task stands, by its own id. Null where that is not told: without the web UI there is no such route.
     * `seenPreview`: the last preview that is known; null asks for none. Throws a Problem when nothing answers, or when
     * the service fails.
     */
    async task(id: string, seenPreview: number | null, signal: AbortSignal): Promise<TaskProgress | null> {
      const json = { id_task: id, id_live_preview: seenPreview ?? -1, live_preview: seenPreview !== null }
      const call = { method: 'POST', path: '/internal/progress', json, timeoutMs, signal } as const
      const answer = await client.call(call)
      if (answer.status >= 500) client.expectOk(answer, call)
      const task = TaskProgress.safeParse(answer.status === 200 ? parseJson(answer.body.toString('utf8')) : null)
      return task.success ? task.data : null
    },
    /** Tasks that wait in the queue, those of the API too; null without the web UI, which alone has the route. */
    async waiting(signal: AbortSignal): Promise<number | null> {
      const answer = await client.call({ path: '/internal/pending-tasks', timeoutMs, signal })
      const tasks = PendingTasks.safeParse(answer.status === 200 ? parseJson(answer.body.toString('utf8')) : null)
      return tasks.success ? tasks.data.size : null
    },
    /** Answers when the pictures are done. `taskId` is the name under which `task` tells of it. */
    async txt2img(taskId: string, params: ResolvedParams, signal: AbortSignal) {
      const call = {
        method: 'POST',
        path: '/sdapi/v1/txt2img',
        json: { ...requestBody(params), force_task_id: taskId },
        timeoutMs: timing.jobMs,
        maxBytes: maxAnswerBytes,
        isPictures: true,
        signal,
      } as const
      const answer = await client.call(call)
      if (answer.status === 200) {
        const done = Txt2Img.safeParse(parseJson(answer.body.toString('utf8')))
        if (done.success) return done.data
        throw new Problem('backend.unexpected-answer', {
          asked: 'POST /sdapi/v1/txt2img',
          kind: 'Forge',
          detail: '200',
        })
      }
      if (answer.status === 404) throw (await whyNotFound(client, call)).problem
      throw jobProblem(answer) ?? answerProblem(answer, { kind: client.kind, url: client.url, call })
    },
    /** Stops whatever job runs, whoever sent it. */
    interrupt: (signal: AbortSignal) => post('interrupt', signal),
    free: (signal: AbortSignal) => post('unload-checkpoint', signal),
  }
}

/** What a refused or failed `txt2img` says; null for answers that are not about the job. */
export function jobProblem(answer: Pick<HttpAnswer, 'status' | 'body' | 'headers'>): Problem | null {
  const json = parseJson(answer.body.toString('utf8'))
  if (answer.status === 422) {
    const invalid = Invalid.safeParse(json)
    if (!invalid.success) return new Problem('backend.job-refused', { detail: 'no details' })
    const { detail } = invalid.data
    if (typeof detail === 'string') return new Problem('backend.job-refused', { detail })
    const [first] = detail
    if (!first) return new Problem('backend.job-refused', { detail: 'no details' })
    return new Problem('backend.input-refused', {
      node: 'txt2img',
      input: first.loc.filter((part) => part !== 'body').join('.'),
      detail: first.msg,
    })
  }
  if (answer.status < 500) return null
  const name = json !== null && typeof json === 'object' && 'error' in json ? json.error : null
  const message = wordsOf({ ...answer, tookMs: 0 })
  const detail = (typeof name === 'string' && name !== message ? `${name}: ${message}` : message).slice(0, 1000)
  if (isOutOfMemory(detail)) return new Problem('backend.out-of-memory', { detail })
  // Forge's own handler makes JSON; plain text comes from the server around it.
  return json === undefined ? null : new Problem('backend.execution-failed', { node: 'txt2img', detail })
}
