import type { PanelEvent, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { kindOf } from '../kinds'
import { createClient } from '../kinds/client'
import { isOwnAnswer, type GatewayWorld, type Isolation, type Visitor } from '../kinds/gateway'
import type { Owners } from '../ledger'
import type { LendSecret } from '../vault/secret'
import { refusedBy } from './answering'
import { createPageSession } from './page-session'
import type { Asked, Guest, Refused, Route, Stages } from './stages'

export interface RulingOptions {
  /** Throws a Problem for an unknown service. */
  config: (id: string) => ServiceConfig
  owners: Owners
  lendSecret: (credentialId: string | null) => LendSecret
  redact: (text: string) => string
  /** The place in ComfyUI's line for this person's next job; null: as the service counts. */
  numberFor: (serviceId: string, visitor: Visitor, jobId: string) => number | null
  /** Whether it is known that nothing runs behind a service, or there is none any more. */
  hasEnded: (serviceId: string) => boolean
  listen: Listen<[PanelEvent]>
}

/** How long the service may take to answer a question of the rules' own, in ms. */
const askMs = 10_000
/** So much of a path is shown in a refusal. */
const shownPath = 80

/** What the isolation of one service may use. */
function worldOf(
  { serviceId, kind: program }: Pick<Asked, 'serviceId' | 'kind'>,
  { config, owners, lendSecret, redact, numberFor, hasEnded }: RulingOptions,
): GatewayWorld {
  // As it is when it is asked: a service may get another credential.
  const lent: LendSecret = (use) => lendSecret(config(serviceId).credentialId ?? null)(use)
  const session = createPageSession(kindOf(program), lent)
  return {
    serviceId,
    owners: {
      note: (what, id, { account, keyId }) => owners.note(serviceId, what, id, { account, key: keyId }),
      of: (what, id) => owners.of(serviceId, what, id),
      othersBelow: (what, begin, account) => owners.othersBelow(serviceId, what, begin, account),
    },
    unknownRoutes: () => config(serviceId).gateway?.unknownRoutes === true,
    numberFor: (visitor, jobId) => numberFor(serviceId, visitor, jobId),
    hasEnded: () => hasEnded(serviceId),
    async ask({ method, target: path, json, kind, isOfPage = false }) {
      const { url } = config(serviceId)
      const client = createClient({ serviceId, kind: program, url, lendSecret: lent, redact })
      const asked = async () =>
        client.call({
          ...{ method, path, json, timeoutMs: askMs, signal: AbortSignal.timeout(askMs) },
          ...(isOfPage && { cookie: await session.cookieFor(url, path) }),
          ...(kind === 'status' ? { kind: 'act', take: { 200: 'nothing' } } : { kind, take: { 200: 'raw' } }),
        })
      const answer = await asked()
      return isOfPage && answer.status === 401 && (await session.renew(url, path)) ? asked() : answer
    },
  }
}

/**
 * What may be asked by whom, as each kind's list says, and how it is narrowed. What is owned on a service is forgotten with
 * the service.
 */
export function createRule(options: RulingOptions): Stages['rule'] {
  const { config, owners, listen } = options
  const isolations = new Map<string, Isolation>()
  listen((event) => {
    if (event.type !== 'service-removed') return
    for (const key of isolations.keys()) if (key.endsWith(` ${event.id}`)) isolations.delete(key)
    owners.forgetService(event.id)
  })

  function isolationOf({ serviceId, kind }: Asked): Isolation {
    const key = `${kind} ${serviceId}`
    const isolation = isolations.get(key) ?? kindOf(kind).gateway.isolate(worldOf({ serviceId, kind }, options))
    isolations.set(key, isolation)
    return isolation
  }

  const forbidden = (refused: Problem): Refused => ({ refused, status: 403 })

  /** What is one's own, and jobs: as the kind's isolation has it. */
  async function handled(asked: Asked, rule: Route['rule'], { account, keyId, role }: Guest) {
    try {
      const handling = await isolationOf(asked).handle(asked, { account, keyId, role })
      if (isOwnAnswer(handling)) return { own: handling }
      return { rule: handling.isJob ? ('job' as const) : rule, handling }
    } catch (error) {
      if (error instanceof Problem) return refusedBy(error)
      throw error
    }
  }

  return (asked, guest) => {
    const { role } = guest
    const { serviceId: id, path } = asked
    const { rule } = kindOf(asked.kind).gateway.route(asked)
    if (role !== 'admin') {
      if (rule === 'admin') return forbidden(new Problem('gateway.admin-only', { id }))
      if (rule === 'unknown' && config(id).gateway?.unknownRoutes !== true)
        return forbidden(new Problem('gateway.unknown-route', { id, path: path.slice(0, shownPath) }))
    }
    return rule === 'job' || rule === 'own' ? handled(asked, rule, guest) : { rule }
  }
}
