import type { FleetLabels, FleetNode } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { fleetLabels } from './spec'
import type { NodeAnswer, ServiceAnswer, TaskAnswer } from './answers'

/** The labels of a node that Regie reads and writes; all others are left as they are. */
const vramLabel = 'vram'
const capabilityLabel = 'compute-capability'
const modelPrefix = 'model.'

/** What is to be said of a node; what is left out stays. */
export type LabelChange = { [Field in keyof FleetLabels]?: FleetLabels[Field] | undefined }

/** What labels say for the placement. A value that is none is as if it were not there. */
export function readLabels(labels: Readonly<Record<string, string>>): FleetLabels {
  const vram = Number(labels[vramLabel])
  const capability = labels[capabilityLabel]
  const models = Object.entries(labels).flatMap(([key, value]) =>
    key.startsWith(modelPrefix) && value === 'yes' ? [key.slice(modelPrefix.length)] : [],
  )
  return {
    vram: Number.isInteger(vram) && vram > 0 ? vram : null,
    computeCapability: capability !== undefined && /^\d{1,2}\.\d$/.test(capability) ? capability : null,
    models: models.sort(),
  }
}

/** Labels with what is to be said put in, and nobody else's touched. */
export function writeLabels(
  labels: Readonly<Record<string, string>>,
  { vram, computeCapability, models }: LabelChange,
): Record<string, string> {
  const next = new Map(Object.entries(labels))
  const put = (key: string, value: string | number | null | undefined) => {
    if (value === null) next.delete(key)
    else if (value !== undefined) next.set(key, String(value))
  }
  put(vramLabel, vram)
  put(capabilityLabel, computeCapability)
  if (models) {
    for (const key of next.keys()) if (key.startsWith(modelPrefix)) next.delete(key)
    for (const model of models) next.set(modelPrefix + model, 'yes')
  }
  return Object.fromEntries(next)
}

const numbersOf = (version: string) => (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)

/** How a version stands to another one; a distribution's ending does not count. */
export function skewOf(version: string, leader: string): FleetNode['engine']['skew'] {
  if (!/^\d/.test(version) || !/^\d/.test(leader)) return 'unknown'
  const [own, others] = [numbersOf(version), numbersOf(leader)]
  for (let at = 0; at < Math.max(own.length, others.length); at++) {
    const difference = (own[at] ?? 0) - (others[at] ?? 0)
    if (difference !== 0) return difference < 0 ? 'older' : 'newer'
  }
  return 'same'
}

/** States of a task in which it holds, or is about to hold, something of its node. */
const atWork = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting', 'running'])

/** The names of the services that have a task on a node. */
function servicesOn(nodeId: string, tasks: readonly TaskAnswer[], services: readonly ServiceAnswer[]): string[] {
  const holders = new Set(
    services.filter(({ Spec }) => Spec.Labels?.[fleetLabels.holds] !== undefined).map(({ ID }) => ID),
  )
  const there = tasks.filter(
    (task) => task.NodeID === nodeId && atWork.has(task.Status.State) && !holders.has(task.ServiceID),
  )
  const names = there.map(({ ServiceID }) => services.find(({ ID }) => ID === ServiceID)?.Spec.Name ?? ServiceID)
  return [...new Set(names)].sort()
}

/** Swarm says 0.0.0.0 or nothing of the node that is asked itself; its manager's address has it. */
function addressOf({ Status, ManagerStatus }: NodeAnswer): string | null {
  const own = Status.Addr ?? ''
  if (own !== '' && own !== '0.0.0.0' && own !== '127.0.0.1') return own
  return ManagerStatus?.Addr.replace(/:\d+$/, '') || null
}

/** The nodes as they are shown: the managers first, each group by name. */
export function nodesOf(
  answers: readonly NodeAnswer[],
  tasks: readonly TaskAnswer[],
  services: readonly ServiceAnswer[],
  machineOf: (nodeId: string) => string | null,
): FleetNode[] {
  const leader = answers.find(({ ManagerStatus }) => ManagerStatus?.Leader)
  const leading = leader?.Description?.Engine?.EngineVersion ?? ''
  const nodes = answers.map((answer): FleetNode => {
    const { ID, Spec, Description, Status, ManagerStatus } = answer
    const version = Description?.Engine?.EngineVersion ?? ''
    return {
      ...{ id: ID, name: Description?.Hostname || (Spec.Name ?? ID), machineId: machineOf(ID) },
      ...{ role: Spec.Role, isLeader: ManagerStatus?.Leader === true, availability: Spec.Availability },
      ...{ state: Status.State, stateWords: Status.Message || null },
      reachability: Spec.Role === 'manager' ? (ManagerStatus?.Reachability ?? 'unknown') : null,
      address: addressOf(answer),
      engine: { version, skew: skewOf(version, leading) },
      resources: (Description?.Resources?.GenericResources ?? []).flatMap(({ NamedResourceSpec: named }) =>
        named ? [{ kind: named.Kind, value: named.Value }] : [],
      ),
      labels: readLabels(Spec.Labels ?? {}),
      services: servicesOn(ID, tasks, services),
    }
  })
  const rank = ({ role }: FleetNode) => (role === 'manager' ? 0 : 1)
  return nodes.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}

/**
 * What the Swarm would be without this manager: `last` where nobody managed it any more, `lost` where those that are
 * left and reached are too few to decide anything, else null.
 */
export function lossWithout(nodes: readonly FleetNode[], id: string): 'last' | 'lost' | null {
  const leaving = nodes.find((node) => node.id === id)
  if (leaving?.role !== 'manager') return null
  const others = nodes.filter((node) => node.role === 'manager' && node.id !== id)
  if (others.length === 0) return 'last'
  const reached = others.filter(({ state, reachability }) => state === 'ready' && reachability === 'reachable').length
  return reached < Math.floor(others.length / 2) + 1 ? 'lost' : null
}

/**
 * Throws a Problem where a node may not go: where the managers would be lost and its name was not given for that, and
 * always where it works. `fleet.last-manager`, `fleet.quorum`, `fleet.not-drained`.
 */
export function assertMayLeave(nodes: readonly FleetNode[], node: FleetNode, evenIfLost: string | undefined): void {
  const loss = lossWithout(nodes, node.id)
  if (loss !== null && evenIfLost !== node.name)
    throw new Problem(loss === 'last' ? 'fleet.last-manager' : 'fleet.quorum', { node: node.name })
  if (node.state === 'ready' && node.services.length > 0)
    throw new Problem('fleet.not-drained', { node: node.name, services: node.services.join(', ') })
}
