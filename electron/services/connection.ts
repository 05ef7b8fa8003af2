import type { ConnectionResult, ConnectionTest, ServiceKind, TypedSecret } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { Credentials } from '../credentials'
import { checkField } from '../credentials/secrets'
import type { BackendProbe, ImageBackend, ProbeEvidence } from '../kinds/backend'
import { isConnectionRefused } from '../kinds/http'
import type { LendSecret } from '../vault/secret'
import type { Redactor } from '../vault/redactor'

/** How long one question and the whole test may take, in ms. */
export const connectionLimits = { callMs: 5_000, wholeMs: 12_000 }

export interface ConnectionQuestion {
  kind: ServiceKind
  url: string
  credentialId?: string | undefined
  secret?: TypedSecret | undefined
}

interface ConnectionOptions {
  /** Speaks to a service of a kind, no question longer than `connectionLimits.callMs`. */
  backendAt: (at: Pick<ConnectionQuestion, 'kind' | 'url'>, lend: LendSecret) => ImageBackend
  credentials: Pick<Credentials, 'has' | 'withSecret' | 'lendSecret'>
  redactor: Pick<Redactor, 'learn' | 'forget'>
  audit: Pick<Audit, 'appendFirst'>
  limits?: typeof connectionLimits
}

const stranger: LendSecret = async (use) => use(null)

/** What a failure means to somebody who has just typed an address. */
function resultOf({ outcome, reason: why }: ProbeEvidence): ConnectionResult {
  switch (why?.problem) {
    case undefined:
      return outcome === 'proven' ? 'protected' : 'other-program'
    case 'backend.open':
    case 'backend.ui-only-protected':
    case 'backend.empty-token':
      return 'open'
    case 'backend.credential-needed':
      return 'credential-needed'
    case 'backend.refused':
      return 'credential-refused'
    case 'backend.timeout':
      return 'timed-out'
    case 'backend.host-unknown':
      return 'host-unknown'
    case 'backend.tls':
      return 'tls'
    case 'backend.unreachable':
      return unreachable(why)
    case 'backend.server-error':
      return 'unready'
    default:
      return outcome === 'refused' ? 'credential-refused' : 'other-program'
  }
}

/** Nobody is there, something else speaks there, or TLS does not come about. */
function unreachable(why: Reason): ConnectionResult {
  if (isConnectionRefused(why)) return 'connection-refused'
  const detail = String(why.params['detail'] ?? '')
  if (/^(?:EPROTO|ERR_SSL|ERR_TLS)/.test(detail)) return 'tls'
  return detail.startsWith('HPE_') ? 'other-program' : 'unreachable'
}

/** Of the ladder's last rung that was climbed: what was asked, and what it says. */
function readProbe({ evidence }: BackendProbe): Omit<ConnectionTest, 'tookMs'> {
  const last = evidence.at(-1)
  if (!last) throw new Error('a climb without evidence')
  const { asked, answered, version = null, reason: why = null, settling } = last
  const result = settling === true ? 'unready' : resultOf(last)
  return { result, asked, answered, version, reason: why }
}

/**
 * Tries addresses and credentials before they are saved. The ladder is climbed as a stranger first, and with the secret
 * only where that is refused: what lets everybody in, or is another program, is told none. No redirect is followed, each
 * answer has its limit, and the whole test its time.
 */
export function createConnectionTests(options: ConnectionOptions) {
  const { backendAt, credentials, redactor, audit, limits = connectionLimits } = options

  /** The secret that is to be tried; null where none is. Throws before anything is asked: also of what no vault takes. */
  async function lendingOf({ credentialId, secret }: ConnectionQuestion): Promise<LendSecret | null> {
    if (secret) {
      const { username = null, password = null, token = null } = secret
      // What no header can hold would be left out, and the service be said to ask for what was given.
      if (token !== null) checkField('token', 'token', token)
      return async (use) => use({ username, password, token })
    }
    if (credentialId === undefined) return null
    await credentials.withSecret(credentialId, () => undefined)
    return credentials.lendSecret(credentialId)
  }

  async function climb(question: ConnectionQuestion, signal: AbortSignal, who: string) {
    const lend = await lendingOf(question)
    const first = readProbe(await backendAt(question, stranger).probe(signal, 'authenticated'))
    if (first.result !== 'credential-needed' || lend === null) return first
    const { credentialId, secret, url } = question
    if (!secret && credentialId !== undefined)
      await audit.appendFirst({ who, action: 'credential.tried', target: credentialId, details: { url } })
    return readProbe(await backendAt(question, lend).probe(signal, 'authenticated'))
  }

  return async (question: ConnectionQuestion, who: string, caller: AbortSignal): Promise<ConnectionTest> => {
    const startedAt = performance.now()
    const tookMs = () => Math.round(performance.now() - startedAt)
    const typed = Object.values(question.secret ?? {}).filter((value) => value !== undefined)
    // A service may repeat what it is sent.
    for (const value of typed) redactor.learn(value)
    const limit = AbortSignal.timeout(limits.wholeMs)
    try {
      const found = await climb(question, AbortSignal.any([caller, limit]), who)
      return { ...found, tookMs: tookMs() }
    } catch (error) {
      if (!limit.aborted || caller.aborted) throw error
      const { origin: url } = new URL(question.url)
      const why = reason('backend.timeout', { url, seconds: Math.round(limits.wholeMs / 1000) })
      return { result: 'timed-out', asked: '', answered: '', tookMs: tookMs(), version: null, reason: why }
    } finally {
      for (const value of typed) redactor.forget(value)
    }
  }
}

export type TestConnection = ReturnType<typeof createConnectionTests>
