import type { ProofRow, RotationPlan, ServiceKind, ServiceSessions, SessionsFate } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { Problem } from '../../shared/problems'
import { kindOf } from '../kinds'
import type { Sessions } from '../kinds/backend'
import type { CredentialsContext } from '../credentials/context'
import { askOnce, type OldSessions, type ProofTarget } from '../credentials/proof'
import type { CredentialRecord } from '../credentials/record'
import { withRequirement } from '../credentials/sinks/plan'

/** Signing in costs a bcrypt round; a service that takes longer than this, in ms, is not waited for. */
const signInMs = 5_000

/** Whether a rotation ends the browser sessions of such a service. */
const endsSessions = (record: CredentialRecord, kind: ServiceKind): boolean =>
  kindOf(kind).sessions.endedBy === 'key'
    ? record.sinks.some(({ type }) => type === 'session-key')
    : record.sinks.some((sink) => withRequirement(sink, true).requires !== 'nothing')

type Action = RotationPlan['services'][number]['action']

/**
 * What a rotation makes of the browser sessions of a service that is made to read its sinks in this way. ComfyUI-Login
 * keeps none of them: a cookie is good as long as the key that sealed it (reference: comfyui-login, Sessions and
 * cookies). Gradio keeps them in its process.
 */
export function sessionsFate(record: CredentialRecord, kind: ServiceKind, action: Action): SessionsFate {
  const isRead = action === 'restart' || action === 'recreate'
  if (kindOf(kind).sessions.endedBy === 'process') return isRead ? 'end' : 'next-start'
  if (record.scheme !== kinds[kind].scheme) return 'unknown'
  if (endsSessions(record, kind)) return isRead ? 'end' : 'next-start'
  // A new container brings the plugin's folder, and so another key, unless that folder is mounted.
  return action === 'recreate' ? 'unknown' : 'stay'
}

/** The same after a rotation: what was shown by a session that was open before counts as seen. */
export const sessionsAfter = (serviceId: string, fate: SessionsFate, rows: readonly ProofRow[]): ServiceSessions => {
  const row = rows.find((one) => one.serviceId === serviceId && one.purpose === 'session')
  return { serviceId, fate: row?.old.state === 'pass' ? 'ended' : fate }
}

/**
 * Signs in with the present secret on every running service whose sessions a rotation promises to end, so that its
 * proof can show them dead. Where nobody can sign in there is nothing to show. The cookies stay in memory.
 */
export async function openSessions(
  context: CredentialsContext,
  record: CredentialRecord,
  signal: AbortSignal,
): Promise<OldSessions | undefined> {
  const { sessionsOf } = context
  const users = context.usersOf(record.id).filter(({ running, runtime }) => running && runtime !== 'external')
  const promised = users.filter(({ kind }) => endsSessions(record, kind))
  if (!sessionsOf || record.secret.password === null) return undefined
  const cookies = new Map<string, string>()
  await Promise.all(
    promised.map(async (user) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(signInMs)])
      const cookie = await signIn(context, { user, record, sessions: sessionsOf(user.kind) }, limit).catch(
        (error: unknown) => {
          if (error instanceof Problem || limit.aborted) return null
          throw error
        },
      )
      if (cookie !== null) cookies.set(user.id, cookie)
    }),
  )
  signal.throwIfAborted()
  return { of: sessionsOf, cookies }
}

async function signIn(
  { surfacesOf }: CredentialsContext,
  { user, record, sessions }: { user: ProofTarget; record: CredentialRecord; sessions: Sessions },
  signal: AbortSignal,
): Promise<string | null> {
  // A service without a password might take this one as its first: only one that knows the secret is asked.
  const surface = surfacesOf(user.kind).find(({ purpose }) => purpose === sessions.provenBy)
  if (!surface || (surface.applies && !(await surface.applies(user.url, signal)))) return null
  if ((await askOnce(surface, user.url, record.secret, signal))?.status !== surface.expect.right) return null
  const opened = await sessions.open(user.url, record.secret, signal)
  if (!('cookie' in opened)) return null
  const answer = await sessions.ask(user.url, opened.cookie, signal)
  return answer.status === sessions.expect.right ? opened.cookie : null
}
