import type { Fleet, FleetNode, FleetPlan, FleetPort, FleetPreparation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createSerial, type Serial } from '../async/serial'
import { addressesOf, lookAtFleet, refusalOf, type Look, type LookNeeds, type Member } from './look'
import { changeNode, initSwarm, joinSwarm, leaveSwarm, type NodeChange } from './membership'
import { assertMayLeave, lossWithout } from './nodes'
import { preparationOf } from './preparation'
import { createFleetServices, createHandingOut, type FleetServicesNeeds } from './services'

export type { FleetMachines } from './asking'

export type FleetNeeds = FleetServicesNeeds

export type FleetRoom = ReturnType<typeof createFleet>

/** https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
const ports: readonly FleetPort[] = [
  { port: 2377, protocol: 'tcp', use: 'management' },
  { port: 7946, protocol: 'tcp+udp', use: 'discovery' },
  { port: 4789, protocol: 'udp', use: 'network' },
]

function nodeIn({ fleet, manager }: Look, id: string) {
  if (!manager) throw new Problem('fleet.no-manager')
  const node = fleet.nodes.find((one) => one.id === id)
  if (!node) throw new Problem('fleet.no-node', { id })
  return { node, manager }
}

/** A machine that is to become a node. Throws a Problem where it cannot. */
function candidateIn({ seen, standings }: Look, id: string): Member {
  const found = seen.find(({ machine }) => machine.id === id)
  const standing = standings.get(id)
  if (!found || !standing) throw new Problem('machine.unknown', { id })
  if (standing.reason) throw new Problem(standing.reason.problem, standing.reason.params)
  if (!found.docker) throw new Problem('fleet.machine-away', { machine: found.machine.name })
  if (standing.state !== 'none') throw new Problem('fleet.already', { machine: found.machine.name })
  return { machine: found.machine, docker: found.docker }
}

/** What is noted of a change, by its fields. */
const toldOf = (change: NodeChange) => ({
  ...(change.availability !== undefined && { availability: change.availability }),
  ...(change.role !== undefined && { role: change.role }),
  ...(change.labels !== undefined && { labels: JSON.stringify(change.labels) }),
})

/** What is asked of the fleet, each time anew. */
function createReading(needs: LookNeeds) {
  return {
    get: async (): Promise<Fleet> => (await lookAtFleet(needs)).fleet,
    plan(machineId: string): FleetPlan {
      const machine = needs.machines.list().find(({ id }) => id === machineId)
      if (!machine) throw new Problem('machine.unknown', { id: machineId })
      const away = machine.state === 'connected' ? null : new Problem('fleet.machine-away', { machine: machine.name })
      return {
        ...{ machineId, refused: refusalOf(machine) ?? away?.reason ?? null },
        ...{ addresses: addressesOf(machine, needs.ownAddresses), ports: [...ports] },
      }
    },
    async preparation(id: string): Promise<FleetPreparation> {
      const now = await lookAtFleet(needs)
      const { node } = nodeIn(now, id)
      const own = now.seen.find(({ machine }) => machine.id === node.machineId)
      const { machine } = own ?? {}
      if (!machine) return preparationOf(node, null)
      const defaultRuntime = own?.info?.DefaultRuntime ?? null
      return preparationOf(node, { id: machine.id, name: machine.name, gpus: machine.gpus, defaultRuntime })
    },
  }
}

/** What is done to it, one thing at a time. */
function createActing({ auditFirst, ...needs }: FleetNeeds, inTurn: Serial) {
  const look = () => lookAtFleet(needs)
  const fleetNow = async (): Promise<Fleet> => (await look()).fleet
  return {
    init: ({ machineId, address }: { machineId: string; address: string }, who: string): Promise<Fleet> =>
      inTurn(async () => {
        const now = await look()
        if (now.fleet.state !== 'none') throw new Problem('fleet.there-is-one')
        const { machine, docker } = candidateIn(now, machineId)
        await auditFirst({ who, action: 'fleet.made', target: machineId, details: { address } })
        await initSwarm({ machine, docker }, address, needs.redact)
        return fleetNow()
      }),
    join: (
      { machineId, address, role }: { machineId: string; address: string; role: FleetNode['role'] },
      who: string,
    ): Promise<Fleet> =>
      inTurn(async () => {
        const now = await look()
        if (!now.manager) throw new Problem('fleet.no-manager')
        const candidate = candidateIn(now, machineId)
        await auditFirst({ who, action: 'fleet.joined', target: machineId, details: { address, role } })
        await joinSwarm({ ...candidate, manager: now.manager }, { address, role }, needs.redact)
        return fleetNow()
      }),
    changeNode: ({ id, ...change }: NodeChange & { id: string }, who: string): Promise<Fleet> =>
      inTurn(async () => {
        const now = await look()
        const { node, manager } = nodeIn(now, id)
        const loss = change.role === 'worker' ? lossWithout(now.fleet.nodes, id) : null
        if (loss !== null)
          throw new Problem(loss === 'last' ? 'fleet.last-manager' : 'fleet.quorum', { node: node.name })
        await auditFirst({ who, action: 'fleet.node-changed', target: node.name, details: toldOf(change) })
        await changeNode(manager, id, change, needs.redact)
        return fleetNow()
      }),
    removeNode: ({ id, evenIfLost }: { id: string; evenIfLost?: string | undefined }, who: string): Promise<Fleet> =>
      inTurn(async () => {
        const now = await look()
        const { node } = nodeIn(now, id)
        assertMayLeave(now.fleet.nodes, node, evenIfLost)
        const own = now.seen.find(({ machine }) => machine.id === node.machineId)
        const leaving = own?.docker ? { machine: own.machine, docker: own.docker } : null
        if (!leaving && node.state !== 'down') throw new Problem('fleet.node-not-attached', { node: node.name })
        const loss = lossWithout(now.fleet.nodes, id)
        // A manager that leaves cannot be asked afterwards.
        const manager = now.managers.find(({ machine }) => loss !== null || machine.id !== node.machineId)
        if (!manager) throw new Problem('fleet.no-other-manager', { node: node.name })
        await auditFirst({ who, action: 'fleet.node-removed', target: node.name, details: { id } })
        await leaveSwarm({ node, manager, leaving, loss }, needs.redact)
        return fleetNow()
      }),
  }
}

/**
 * The Docker Swarm of the machines. Everything is Swarm's own: what is shown is asked of a manager each time, and what is
 * done is one call of its API.
 */
export function createFleet(needs: FleetNeeds) {
  const inTurn = createSerial()
  const services = { ...createFleetServices(needs, inTurn), ...createHandingOut(needs) }
  return { ...createReading(needs), ...createActing(needs, inTurn), ...services }
}
