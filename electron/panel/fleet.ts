import { renderSink, valueFor } from '../credentials/sinks/format'
import { mainField } from '../credentials/secrets'
import { ownAddresses } from '../exposure/addresses'
import { createFleet, type FleetNeeds, type FleetRoom } from '../fleet'
import type { Machines } from '../machines'
import { Problem } from '../../shared/problems'
import type { Base } from './base'
import type { Secrets } from './secrets'

/** What a credential's secret looks like at the places of a stack, for the length of one call. */
const lendFiles =
  (credentials: Secrets['credentials']): FleetNeeds['lendFiles'] =>
  async (credentialId, stack, places, use) => {
    const { scheme } = await credentials.get(credentialId)
    if (scheme !== stack.scheme) throw new Problem('fleet.wrong-scheme', { id: credentialId, stack: stack.id })
    return credentials.withSecret(credentialId, (secret) =>
      use(
        places.map(({ sink, target }) => {
          const field = sink.field ?? mainField[scheme]
          const place = { id: target, type: sink.type, path: target, key: sink.key ?? null, field, requires: null }
          return renderSink(place, secret, valueFor(credentialId, field, secret), null)
        }),
      ),
    )
  }

/** The Docker Swarm of the machines. */
export const buildFleet = (
  { redact, reportBug, options }: Base,
  { audit, credentials }: Secrets,
  machines: Machines,
): FleetRoom =>
  createFleet({
    ...{ machines, redact, reportBug, auditFirst: (entry) => audit.appendFirst(entry) },
    ...{ templates: options.programs.stacks, lendFiles: lendFiles(credentials) },
    ownAddresses: () => ownAddresses().flatMap(({ address, scope }) => (scope === 'machine' ? [address] : [])),
  })
