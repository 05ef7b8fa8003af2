import { isIP } from 'node:net'
import type Dockerode from 'dockerode'
import type { Fleet, FleetMachine, Machine } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { parseEndpoint } from '../docker/connection/endpoint'
import type { Redact } from '../logs/cutting'
import type { InfoAnswer } from './answers'
import { asked, infoOf, rosterOf, type FleetMachines } from './asking'
import { nodesOf } from './nodes'

export interface LookNeeds {
  machines: FleetMachines
  redact: Redact
  /** Addresses of Regie's own machine that lead outside, the likeliest first. */
  ownAddresses: () => string[]
}

/** One machine, and what its engine said just now; `why`: why it said nothing. */
export interface Seen {
  machine: Machine
  docker: Dockerode | null
  info: InfoAnswer | null
  why: Reason | null
}

/** A machine with its engine. */
export interface Member {
  machine: Machine
  docker: Dockerode
}

/** What was seen of the fleet, and whom to ask further. */
export interface Look {
  fleet: Fleet
  seen: Seen[]
  /** The machine that manages the Swarm and answered, with its engine; null where there is none. */
  manager: Member | null
  /** All that manage it. */
  managers: Member[]
  /** How a machine stands to it, and why; by the machine's id. */
  standings: ReadonlyMap<string, Standing>
}

/** Why an engine cannot be a node, whatever is tried; null where it can. */
export function refusalOf({ name, engine }: Machine): Reason | null {
  if (!engine) return null
  if (engine.kind === 'desktop' || engine.operatingSystem.startsWith('Docker Desktop'))
    return reason('fleet.desktop', { machine: name })
  return engine.kind === 'rootless' ? reason('fleet.rootless', { machine: name }) : null
}

/** Under which addresses other machines may reach one. */
export function addressesOf({ isLocal, endpoint }: Machine, ownAddresses: () => string[]): string[] {
  const read = endpoint === null ? null : parseEndpoint(endpoint)
  if (read?.kind === 'tcp' || read?.kind === 'ssh') return isIP(read.host) === 0 ? [] : [read.host]
  return isLocal ? ownAddresses() : []
}

async function see(machine: Machine, { machines, redact }: LookNeeds): Promise<Seen> {
  try {
    if (machine.state !== 'connected') throw new Problem('fleet.machine-away', { machine: machine.name })
    const docker = await machines.client(machine.id)
    const info = await asked(machine, redact, () => infoOf(docker))
    return { machine, docker, info, why: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { machine, docker: null, info: null, why: error.reason }
  }
}

/** How a machine stands to the Swarm. */
interface Standing {
  state: FleetMachine['state']
  reason?: Reason
}

/** How a machine stands to the Swarm whose nodes these are. */
function standingOf({ machine, info, why }: Seen, nodeIds: ReadonlySet<string> | null): Standing {
  const refused = refusalOf(machine)
  if (refused) return { state: 'refused', reason: refused }
  const swarm = info?.Swarm
  if (!info) return { state: 'unknown', ...(why && { reason: why }) }
  if (!swarm) return { state: 'none' }
  switch (swarm.LocalNodeState) {
    case 'inactive':
      return { state: 'none' }
    case 'pending':
    case 'error':
      return { state: 'pending' }
    case 'locked':
      return { state: 'locked', reason: reason('fleet.locked', { machine: machine.name }) }
    case 'active': {
      if (nodeIds && !nodeIds.has(swarm.NodeID))
        return { state: 'elsewhere', reason: reason('fleet.elsewhere', { machine: machine.name }) }
      return { state: swarm.ControlAvailable ? 'manager' : 'worker' }
    }
  }
}

const nodeIdOf = ({ info }: Seen): string | null => info?.Swarm?.NodeID || null

/** What holds where no machine tells of a Swarm's nodes. */
function stateWithout(machines: readonly FleetMachine[]): Fleet['state'] {
  const has = (state: FleetMachine['state']) => machines.some((machine) => machine.state === state)
  if (has('locked')) return 'locked'
  if (has('worker') || has('pending') || has('manager')) return 'worker'
  return has('none') ? 'none' : 'unknown'
}

/** The nodes as the first manager that answers tells them; managers that do not are passed over. */
async function askManagers(seen: readonly Seen[], redact: Redact) {
  for (const { machine, docker, info } of seen) {
    if (!docker || info?.Swarm?.LocalNodeState !== 'active' || !info.Swarm.ControlAvailable) continue
    try {
      const roster = await asked(machine, redact, (options) => rosterOf(docker, options))
      return { ok: { machine, docker, roster, id: info.Swarm.Cluster?.ID || null }, why: null }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // A manager that lost the others answers, and decides nothing: another one may.
      if (seen.every((one) => one.machine.id === machine.id || !one.info?.Swarm?.ControlAvailable))
        return { ok: null, why: error.reason }
    }
  }
  return { ok: null, why: null }
}

/** Looks at every machine at once: one that is slow delays no other longer than an answer may take. */
export async function lookAtFleet(needs: LookNeeds): Promise<Look> {
  const seen = await Promise.all(needs.machines.list().map((machine) => see(machine, needs)))
  const { ok, why } = await askManagers(seen, needs.redact)
  const nodeIds = ok ? new Set(ok.roster.nodes.map(({ ID }) => ID)) : null
  const standings = new Map(seen.map((one) => [one.machine.id, standingOf(one, nodeIds)]))
  const machines = seen.map((one): FleetMachine => {
    const { id, name } = one.machine
    const addresses = addressesOf(one.machine, needs.ownAddresses)
    return { id, name, ...(standings.get(id) ?? { state: 'unknown' }), nodeId: nodeIdOf(one), addresses }
  })
  const machineOf = (nodeId: string) => machines.find((machine) => machine.nodeId === nodeId)?.id ?? null
  const fleet: Fleet = {
    ...{ state: ok ? 'manager' : stateWithout(machines), id: ok?.id ?? null, managerId: ok?.machine.id ?? null },
    ...(why && { reason: why }),
    nodes: ok ? nodesOf(ok.roster.nodes, ok.roster.tasks, ok.roster.services, machineOf) : [],
    machines,
  }
  const managers = seen.flatMap(({ machine, docker }) =>
    docker && standings.get(machine.id)?.state === 'manager' ? [{ machine, docker }] : [],
  )
  return { fleet, seen, standings, managers, manager: ok && { machine: ok.machine, docker: ok.docker } }
}
