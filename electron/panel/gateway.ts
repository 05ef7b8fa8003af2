import {
  closedStages,
  createGateway,
  createProving,
  createRule,
  plainRefusal,
  type Asked,
  type Stages,
} from '../gateway'
import { withAdmission } from '../gateway/admission'
import { withCounting } from '../gateway/counting'
import { withTurns } from '../gateway/turns'
import { withWaking } from '../gateway/waking'
import { kindOf } from '../kinds'
import { hasEnded } from '../services/load'
import { panelAt } from '../services/ports'
import type { Cards } from '../cards'
import type { Usage } from '../usage'
import type { Base } from './base'
import type { Numbers } from './cards'
import { buildAdmission } from './gateway-door'
import { buildWaking, type WakingParts } from './gateway-waking'
import { forgetRemovedPeople } from './removed-people'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** What the gateway is built on, beside the services and their secrets. */
interface GatewayParts extends WakingParts {
  usage: Usage
  /** The lines on the cards, and the places in the lines that services keep themselves. */
  cards: Cards
  numbers: Numbers
  publicOrigins: () => readonly string[]
  isTrustedProxy: (address: string) => boolean
}

/** What no part makes lets nobody pass. */
const without: Stages = { ...closedStages, refuse: (_, refused) => plainRefusal(refused) }

function buildRule(
  { ledger, redact, listen }: Base,
  { credentials }: Secrets,
  { services }: BuiltServices,
  { numbers }: Pick<GatewayParts, 'numbers'>,
): Stages['rule'] {
  return createRule({
    ...{ config: (id) => services.config(id), owners: ledger.owners, redact, listen },
    lendSecret: (credentialId) => credentials.lendSecret(credentialId),
    numberFor: (serviceId, { account }, jobId) => numbers.of(serviceId, account, jobId),
    hasEnded: (id) => !services.has(id) || hasEnded(services.get(id)),
  })
}

/** The front door to the services, for people and scripts with keys of their own; its stages are put together here. */
export function buildGateway(base: Base, secrets: Secrets, built: BuiltServices, parts: GatewayParts) {
  const { options, redact, listen, publish, reportBug, closing } = base
  forgetRemovedPeople(base.ledger, secrets.people.formerIds(), listen)
  const waking = buildWaking(base, secrets, built, parts)
  const admission = buildAdmission(base, secrets, built, {
    ...parts,
    cancelWaking: (id, guest) => waking.cancel(id, guest),
  })
  const ruled = { ...without, rule: buildRule(base, secrets, built, parts) }
  const isLocked = (id: string) => !kindOf(built.services.config(id).kind).gateway.keepsLine
  const jobs = new WeakMap<Asked, string>()
  const inTurns = withTurns(ruled, { cards: parts.cards, isLocked, jobs })
  const proving = createProving({ urlOf: (id) => built.services.config(id).url })
  // The door goes around all of them: it looks once more at who has waited in one. What a rotation asks to prove itself
  // must pass while all else is held for it.
  const stages = proving.around(withAdmission(withWaking(withCounting(inTurns, parts.usage, jobs), waking), admission))
  const gateway = closing.keep(
    createGateway({
      services: built.services,
      lendSecret: (credentialId) => secrets.credentials.lendSecret(credentialId),
      stages: options.gatewayStages?.(stages) ?? stages,
      authority: secrets.authority,
      isTrustedProxy: parts.isTrustedProxy,
      waiting: (id) => ({ held: waking.heldFor(id), waking: waking.of(id) }),
      alsoListening: () => panelAt(options.ownUrl?.()),
      ...{ redact, listen, publish, reportBug },
    }),
  )
  // Whoever may be in no longer has nothing open any more.
  closing.add(admission.onShrink(() => void gateway.inside.cut(({ guest }) => !admission.isStillIn(guest))))
  return { gateway, waking, throughGateway: proving.through((id) => gateway.at(id)) }
}
