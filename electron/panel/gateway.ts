import { closedStages, createGateway, plainRefusal, type Stages } from '../gateway'
import { withAdmission } from '../gateway/admission'
import { Problem } from '../../shared/problems'
import type { Base } from './base'
import { buildAdmission } from './gateway-door'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** The stages of the gateway, put together of the parts that make them. What no part makes lets nobody pass. */
function stagesOf({ services }: Pick<BuiltServices, 'services'>): Stages {
  return {
    ...closedStages,
    ready: ({ asked: { serviceId: id } }, again = 0) =>
      again > 0
        ? { refused: new Problem('gateway.away', { id, detail: 'ECONNREFUSED' }), status: 502 }
        : { url: services.config(id).url },
    refuse: (_, refused) => plainRefusal(refused),
  }
}

/** The front door to the services, for people and scripts with keys of their own. */
export function buildGateway(
  base: Base,
  secrets: Secrets,
  built: BuiltServices,
  publicOrigins: () => readonly string[],
) {
  const { options, redact, listen, publish, reportBug, closing } = base
  const admission = buildAdmission(base, secrets, built, publicOrigins)
  const stages = withAdmission(stagesOf(built), admission)
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
