import { closedStages, createGateway, createRule, plainRefusal, type Stages } from '../gateway'
import { withAdmission } from '../gateway/admission'
import { withCounting } from '../gateway/counting'
import { Problem } from '../../shared/problems'
import type { Usage } from '../usage'
import type { Base } from './base'
import { buildAdmission } from './gateway-door'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** The stages of the gateway, put together of the parts that make them. What no part makes lets nobody pass. */
function stagesOf(rule: Stages['rule'], { services }: Pick<BuiltServices, 'services'>): Stages {
  return {
    ...closedStages,
    rule,
    ready: ({ asked: { serviceId: id } }, again = 0) =>
      again > 0
        ? { refused: new Problem('gateway.away', { id, detail: 'ECONNREFUSED' }), status: 502 }
        : { url: services.config(id).url },
    refuse: (_, refused) => plainRefusal(refused),
  }
}

function buildRule(
  { ledger, redact, listen }: Base,
  { credentials }: Secrets,
  { services }: BuiltServices,
): Stages['rule'] {
  return createRule({
    ...{ config: (id) => services.config(id), owners: ledger.owners, redact, listen },
    lendSecret: (credentialId) => credentials.lendSecret(credentialId),
    numberFor: () => null,
  })
}

/** The front door to the services, for people and scripts with keys of their own. */
export function buildGateway(
  base: Base,
  secrets: Secrets,
  built: BuiltServices,
  { usage, publicOrigins }: { usage: Usage; publicOrigins: () => readonly string[] },
) {
  const { options, redact, listen, publish, reportBug, closing } = base
  const admission = buildAdmission(base, secrets, built, publicOrigins)
  const stages = withCounting(withAdmission(stagesOf(buildRule(base, secrets, built), built), admission), usage)
  const gateway = closing.keep(
    createGateway({
      services: built.services,
      lendSecret: (credentialId) => secrets.credentials.lendSecret(credentialId),
      stages: options.gatewayStages?.(stages) ?? stages,
      authority: secrets.authority,
      ...{ redact, listen, publish, reportBug },
    }),
  )
  // Whoever may be in no longer has nothing open any more.
  closing.add(admission.onShrink(() => void gateway.inside.cut(({ guest }) => !admission.isStillIn(guest))))
  return gateway
}
