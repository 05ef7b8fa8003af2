import { Problem } from '../../../shared/problems'
import type { ResolvedParams } from '../backend'
import { answerProblem, callFor, wordsOf, type BackendClient, type Call, type Question } from '../client'
import type { HttpAnswer } from '../http'
import { parseJson } from '../json'
import { answerLimits, sizeText } from '../limits'
import type { ReadAs, ReadingName } from '../reading/readings'
import type { BackendTiming } from '../timing'
import { isOutOfMemory } from '../words'
import { requestBody, type Offer } from './choose'
import { whyNotFound } from './not-found'
import { Invalid, Refused, type Info, type Schedulers, type TaskProgress } from './schemas'
import { spoolAnswer, type Spooled } from './spool'

const offerLastsMs = 10_000
/** The pictures of a job, which lie on disk until `release`, and what the service says of them. */
export interface Pictures extends Pick<Spooled, 'images' | 'release'> {
  info: Info
}

/** What a WebUI without schedulers does: as each sampler has it. */
const ownSchedule: Schedulers = [{ name: 'automatic', label: 'Automatic', aliases: null }]

export type ForgeApi = ReturnType<typeof createForgeApi>

/** The calls of Forge's `/sdapi/v1` that Regie makes (modules/api/api.py), each answer read by a schema. */
export function createForgeApi(client: BackendClient, timing: BackendTiming, spoolFolder?: string) {
  let kept: { at: number; offer: Promise<Offer> } | null = null
  const timeoutMs = timing.callMs
  const at = (path: string, signal: AbortSignal) => ({ path: `/sdapi/v1/${path}`, timeoutMs, signal })

  /** A 404 is explained by what else answers. */
  async function fetched(call: Call): Promise<HttpAnswer> {
    const answer = await client.call(call)
    if (answer.status === 404) throw (await whyNotFound(client, call)).problem
    return answer
  }

  async function read<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R>> {
    const answer = await fetched(callFor(name, question))
    client.expectOk(answer, question)
    return client.pick(name, question, answer.body)
  }

  /** The same where another status or another answer says nothing. */
  async function told<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R> | null> {
    const answer = await client.call(callFor(name, question))
    if (answer.status >= 500) client.expectOk(answer, question)
    if (answer.status !== 200) return null
    return client.pick(name, question, answer.body).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
  }

  /** A1111 knows schedulers since 1.9; before that each sampler has its own. */
  async function schedulersOf(signal: AbortSignal): Promise<Schedulers> {
    const question = at('schedulers', signal)
    const answer = await client.call(callFor('schedulers', question))
    if (answer.status === 404) return ownSchedule
    client.expectOk(answer, question)
    return client.pick('schedulers', question, answer.body)
  }

  async function fetchOffer(signal: AbortSignal): Promise<Offer> {
    const [models, samplers, schedulers, options] = await Promise.all([
      read('models', at('sd-models', signal)),
      read('samplers', at('samplers', signal)),
      schedulersOf(signal),
      read('options', at('options', signal)),
    ])
    const loaded = options.sd_model_checkpoint ?? null
    return { models, samplers: samplers.map(({ name }) => name), schedulers, loaded: loaded === '' ? null : loaded }
  }

  async function post(path: string, signal: AbortSignal) {
    const call = { ...at(path, signal), method: 'POST', kind: 'act' } as const
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
    models: (signal: AbortSignal) => read('models', at('sd-models', signal)),
    options: (signal: AbortSignal) => read('options', at('options', signal)),
    progress: (withImage: boolean, signal: AbortSignal) =>
      read('progress', {
        ...at(`progress?skip_current_image=${withImage ? 'false' : 'true'}`, signal),
      }),
    /**
     * How one task stands, by its own id. Null where that is not told: without the web UI there is no such route.
     * `seenPreview`: the last preview that is known; null asks for none. Throws a Problem when nothing answers, or when
     * the service fails.
     */
    task(id: string, seenPreview: number | null, signal: AbortSignal): Promise<TaskProgress | null> {
      const json = { id_task: id, id_live_preview: seenPreview ?? -1, live_preview: seenPreview !== null }
      return told('task', { method: 'POST', path: '/internal/progress', json, timeoutMs, signal })
    },
    /** Tasks that wait in the queue, those of the API too; null without the web UI, which alone has the route. */
    async waiting(signal: AbortSignal): Promise<number | null> {
      return (await told('pending-tasks', { path: '/internal/pending-tasks', timeoutMs, signal }))?.size ?? null
    },
    /** Answers when the pictures are done and on disk. `taskId` is the name under which `task` tells of it. */
    async txt2img(taskId: string, params: ResolvedParams, signal: AbortSignal): Promise<Pictures> {
      const call = {
        method: 'POST',
        path: '/sdapi/v1/txt2img',
        json: { ...requestBody(params), force_task_id: taskId },
        timeoutMs: timing.jobMs,
        kind: 'pictures',
        signal,
      } as const
      const answer = await client.download(call)
      if ('pieces' in answer) {
        const limit = answerLimits.pictures
        const size = sizeText(limit)
        const tooLong = () =>
          new Problem('backend.answer-too-large', { asked: `POST ${call.path}`, size: `> ${size}`, limit: size })
        const { rest, images, release } = await spoolAnswer(answer.pieces, { folder: spoolFolder, limit, tooLong })
        try {
          const { info } = await client.pick('pictures', call, rest)
          return { images, info, release }
        } catch (error) {
          await release()
          throw error
        }
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
  // Neo refuses an unknown sampler so.
  if (answer.status === 400) {
    const refused = Refused.safeParse(json)
    return refused.success ? new Problem('backend.job-refused', { detail: refused.data.detail }) : null
  }
  if (answer.status < 500) return null
  const name = json !== null && typeof json === 'object' && 'error' in json ? json.error : null
  const message = wordsOf({ ...answer, tookMs: 0 })
  const detail = (typeof name === 'string' && name !== message ? `${name}: ${message}` : message).slice(0, 1000)
  if (isOutOfMemory(detail)) return new Problem('backend.out-of-memory', { detail })
  // Forge's own handler makes JSON; plain text comes from the server around it.
  return json === undefined ? null : new Problem('backend.execution-failed', { node: 'txt2img', detail })
}
