import { Problem } from '../../../shared/problems'
import type { FamilyParams } from '../backend'
import { answerProblem, wordsOf, type BackendClient } from '../client'
import type { HttpAnswer } from '../http'
import { parseJson } from '../json'
import { answerLimits, sizeText } from '../limits'
import { isOutOfMemory } from '../words'
import { pictureFields, requestBody, type ModulesOf } from './choose'
import { whyNotFound } from './not-found'
import { Invalid, Refused, type Info } from './schemas'
import { spoolAnswer, type Spooled } from './spool'

/** The pictures of a job, which lie on disk until `release`, and what the service says of them. */
export interface Pictures extends Pick<Spooled, 'images' | 'release'> {
  info: Info
}

/** The pictures that a job begins with. */
export interface Given {
  source: Buffer
  mask: Buffer | null
}

interface Sending {
  timeoutMs: number
  spoolFolder: string | undefined
  signal: AbortSignal
}

interface Sent {
  taskId: string
  params: FamilyParams
  /** What stands beside a checkpoint that is only a part of its model. */
  modules: ModulesOf | null
  given: Given | null
}

/** Sends a job and answers when its pictures are done and on disk. Throws a Problem, and leaves nothing there, when it fails. */
export async function txt2img(
  client: BackendClient,
  { taskId, params, modules, given }: Sent,
  { timeoutMs, spoolFolder, signal }: Sending,
): Promise<Pictures> {
  const call = {
    method: 'POST',
    path: given === null ? '/sdapi/v1/txt2img' : '/sdapi/v1/img2img',
    json: { ...requestBody(params, modules), ...(given && pictureFields(params, given)), force_task_id: taskId },
    timeoutMs,
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
