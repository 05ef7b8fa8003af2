import { closedStages, createGateway, plainRefusal, type Stages } from '../gateway'
import { Problem } from '../../shared/problems'
import type { Base } from './base'
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
  { options, redact, listen, publish, reportBug, closing }: Base,
  { credentials, authority }: Secrets,
  built: BuiltServices,
) {
  const stages = stagesOf(built)
  return closing.keep(
    createGateway({
      services: built.services,
      lendSecret: (credentialId) => credentials.lendSecret(credentialId),
      stages: options.gatewayStages?.(stages) ?? stages,
      ...{ authority, redact, listen, publish, reportBug },
    }),
  )
}
