import { ownAddresses } from '../exposure/addresses'
import { createFleet, type FleetRoom } from '../fleet'
import type { Machines } from '../machines'
import type { Base } from './base'
import type { Secrets } from './secrets'

/** The Docker Swarm of the machines. */
export const buildFleet = ({ redact }: Base, { audit }: Secrets, machines: Machines): FleetRoom =>
  createFleet({
    ...{ machines, redact, auditFirst: (entry) => audit.appendFirst(entry) },
    ownAddresses: () => ownAddresses().flatMap(({ address, scope }) => (scope === 'machine' ? [address] : [])),
  })
