import type { ServiceKind } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { Problem } from '../../../shared/problems'
import { authorization } from '../../kinds/client'
import { exchange } from '../../kinds/http'
import type { Redact } from '../../logs/cutting'
import type { Secret } from '../../vault/secret'
import type { Answer, Evidence } from '../evidence'
import { first, isOwn, jsonOf, plainWords, readAnswer, silence } from './answers'
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

/** The route that a service of each kind protects. */
export const protectedPath: Record<ServiceKind, string> = { comfyui: '/system_stats', forge: '/sdapi/v1/options' }

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
    return readAnswer(asked, target.url, await send(target, question))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { detail } = error.params
    return silence(asked, error.id === 'backend.timeout' ? 'timeout' : typeof detail === 'string' ? detail : error.id)
  }
}

/** Whether the service lets a secret in where it refuses strangers. */
export async function isLetIn(target: Target, secret: Secret, origin?: string): Promise<boolean> {
  const question = { path: protectedPath[target.kind], secret, ...(origin === undefined ? {} : { origin }) }
  return (await ask(target, question)).status === 200
}

/** Asks what needs no secret. */
export async function askAsStranger(target: Target): Promise<Evidence['answers']> {
  const { kind } = target
  const stranger = await ask(target, { path: protectedPath[kind] })
  if (stranger.status === null) return { stranger }
  if (kind === 'forge') {
    const [config, ping, extension] = await Promise.all([
      ask(target, { path: '/config' }),
      ask(target, { path: '/internal/ping' }),
      ask(target, { path: '/sdapi/v1/loras' }),
    ])
    return { stranger, config, ping, extension }
  }
  if (!isOwn(kind, stranger)) return { stranger }
  const [empty, page] = await Promise.all([
    ask(target, { path: '/system_stats?token=', shown: 'GET /system_stats?token=' }),
    ask(target, { path: '/login', accept: 'text/html' }),
  ])
  return { stranger, 'empty-token': empty, 'login-page': page }
}

/**
 * Asks with the vault's secret. The web login of ComfyUI-Login is only tried where signing in writes nothing: before the
 * first password it would set one, and where the PASSWORD file holds no name, the service writes the file anew with the
 * name that came, or leaves it empty when none came. The page asks for a name in both cases.
 */
export async function askWithSecret(
  target: Target,
  secret: Secret,
  known: Evidence['answers'],
): Promise<Evidence['answers']> {
  const { kind } = target
  const { stranger } = known
  if (!stranger || (!stranger.refused && !isOwn(kind, stranger))) return {}
  const path = protectedPath[kind]
  const ours = await ask(target, { path, secret })
  const answers: Evidence['answers'] = { ours }
  const origin = stranger.allowOrigin
  if (ours.status !== 200 && origin !== null && origin !== '*')
    answers['with-origin'] = await ask(target, { path, secret, origin })
  const { password, username } = secret
  const page = known['login-page']?.page
  const writesNothing =
    page?.password === 'set' && !page.asksForName && known['empty-token']?.status === 401 && stranger.status === 401
  if (kind === 'comfyui' && writesNothing && password !== null)
    answers['web-login'] = await ask(target, { method: 'POST', path: '/login', form: { password } })
  if (kind === 'forge' && known.config?.status === 401 && password !== null && username !== null)
    answers['gradio-login'] = await ask(target, { method: 'POST', path: '/login', form: { username, password } })
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
  const other: ServiceKind = target.kind === 'comfyui' ? 'forge' : 'comfyui'
  if (isOwn(other, await ask(target, { path: protectedPath[other] }))) return other === 'forge' ? 'Forge' : 'ComfyUI'
  const health = await bodyOf(target, '/api/v1/health')
  if (RegieHealth.safeParse(jsonOf(health?.body.toString('utf8') ?? '')).success) return 'Regie'
  const described = await bodyOf(target, '/openapi.json')
  const title = Title.safeParse(jsonOf(described?.body.toString('utf8') ?? '')).data?.info.title
  if (title !== undefined && title !== '') return plainWords(target.redact(title))
  const page = await bodyOf(target, '/', 'text/html')
  const named = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(page?.body.toString('utf8') ?? '')?.[1]
  const words = plainWords(target.redact(named ?? first(page?.headers['server']) ?? ''))
  return words === '' ? null : words
}
