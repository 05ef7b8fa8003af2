import type { ServiceKind } from '../../../shared/contract'
import { kindIds, kinds } from '../../../shared/kinds'
import { Problem } from '../../../shared/problems'
import { kindOf } from '../../kinds'
import { authorization } from '../../kinds/client'
import { exchange } from '../../kinds/http'
import type { Redact } from '../../logs/cutting'
import type { Secret } from '../../vault/secret'
import type { Answer, Answers } from '../../kinds/symptoms'
import type { SurfaceRow } from '../../kinds/surfaces'
import { first as firstOf, isOwn, jsonOf, plainWords, readAnswer, silence } from './answers'
import * as z from 'zod'

export interface Target {
  kind: ServiceKind
  url: string
  signal: AbortSignal
  redact: Redact
}

interface Question {
  method?: 'GET' | 'POST'
  path: string
  /** As shown; the path where it is left out. */
  shown?: string
  accept?: string
  origin?: string
  secret?: Secret
  form?: Record<string, string>
}

const timeoutMs = 5000

/** Sends a question without cookies, redirects or a proxy. Null when nothing comes back but a network's error. */
async function send({ kind, url, signal, redact }: Target, question: Question) {
  const { method = 'GET', path, accept = 'application/json', origin, secret, form } = question
  const header = secret ? authorization(kinds[kind].scheme, secret) : null
  return exchange({
    method,
    url: url + path,
    headers: {
      accept,
      'user-agent': 'Regie doctor',
      ...(origin === undefined ? {} : { origin }),
      ...(header === null ? {} : { authorization: header }),
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    body: form ? new URLSearchParams(form).toString() : undefined,
    timeoutMs,
    kind: 'page',
    // Of a page that was let in only what it is like is told; its title is redacted below.
    take: { 200: 'raw' },
    redact,
    signal,
  })
}

/** Asks once; silence is an answer too. Throws the signal's reason when it is aborted. */
export async function ask(target: Target, question: Question): Promise<Answer> {
  const asked = question.shown ?? `${question.method ?? 'GET'} ${question.path}`
  try {
    const about = { kind: target.kind, url: target.url, asked, isForm: question.form !== undefined }
    return readAnswer(about, await send(target, question))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { detail } = error.params
    return silence(asked, error.id === 'backend.timeout' ? 'timeout' : typeof detail === 'string' ? detail : error.id)
  }
}

/** Whether the service lets a secret in where it refuses strangers. */
export async function isLetIn(target: Target, secret: Secret, origin?: string): Promise<boolean> {
  const question = { path: kinds[target.kind].protectedPath, secret, ...(origin === undefined ? {} : { origin }) }
  return (await ask(target, question)).status === 200
}

/** Asks what needs no secret: the protected path first, and what else its kind has to be asked. */
export async function askAsStranger(target: Target): Promise<Answers> {
  const { surfaces, symptoms } = kindOf(target.kind)
  const answers: Answers = {}
  const put = async ({ doctor: id, path, headers }: SurfaceRow) => {
    if (id) answers[id] = await ask(target, { path, ...(headers?.['accept'] ? { accept: headers['accept'] } : {}) })
  }
  const [first, ...others] = surfaces.filter(({ doctor }) => doctor !== undefined)
  if (first) await put(first)
  const { stranger } = answers
  if (!stranger || stranger.status === null || (symptoms.asksOnlyItself && !isOwn(stranger))) return answers
  await Promise.all(others.map(put))
  return answers
}

/** Asks with the vault's secret, at the protected path and at the sign-in form. */
export async function askWithSecret(target: Target, secret: Secret, known: Answers): Promise<Answers> {
  const { stranger } = known
  if (!stranger || (!stranger.refused && !isOwn(stranger))) return {}
  const path = kinds[target.kind].protectedPath
  const ours = await ask(target, { path, secret })
  const answers: Answers = { ours }
  const origin = stranger.allowOrigin
  if (ours.status !== 200 && origin !== null && origin !== '*')
    answers['with-origin'] = await ask(target, { path, secret, origin })
  const form = kindOf(target.kind).symptoms.form(secret, known)
  if (form) answers[form.id] = await ask(target, { method: 'POST', path: '/login', form: form.fields })
  return answers
}

const Title = z.object({ info: z.object({ title: z.string() }) })
const RegieHealth = z.object({ status: z.literal('ok'), version: z.string() })

async function bodyOf(target: Target, path: string, accept?: string) {
  try {
    return await send(target, { path, ...(accept === undefined ? {} : { accept }) })
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** Who answers in the service's place, by what it answers. Nothing secret is sent. */
export async function recognise(target: Target): Promise<string | null> {
  for (const kind of kindIds.filter((one) => one !== target.kind)) {
    const { name, protectedPath: path } = kinds[kind]
    if (isOwn(await ask({ ...target, kind }, { path }))) return name
  }
  const health = await bodyOf(target, '/api/v1/health')
  if (RegieHealth.safeParse(jsonOf(health?.body.toString('utf8') ?? '')).success) return 'Regie'
  const described = await bodyOf(target, '/openapi.json')
  const title = Title.safeParse(jsonOf(described?.body.toString('utf8') ?? '')).data?.info.title
  if (title !== undefined && title !== '') return plainWords(target.redact(title))
  const page = await bodyOf(target, '/', 'text/html')
  const named = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(page?.body.toString('utf8') ?? '')?.[1]
  const words = plainWords(target.redact(named ?? firstOf(page?.headers['server']) ?? ''))
  return words === '' ? null : words
}
