import type { FleetNode } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { engineError } from '../docker/exec'
import type { Redact } from '../logs/cutting'
import { NodeAnswer, SwarmAnswer } from './answers'
import { acted, asked } from './asking'
import type { Member } from './look'
import { writeLabels, type LabelChange } from './nodes'
import { settles } from './settles'

/** Makes a Swarm of one machine. Its nodes speak to each other at `address`, and nothing else of it is opened. */
export async function initSwarm({ machine, docker }: Member, address: string, redact: Redact): Promise<void> {
  await acted(machine, redact, (options) =>
    docker.swarmInit({ ...options, ListenAddr: listening(address), AdvertiseAddr: address }),
  )
}

/** At the one address alone: a machine may have others, that lead where its nodes are none. */
const listening = (address: string) => `${address.includes(':') ? `[${address}]` : address}:2377`

/** Where the managers that are reached take in nodes. */
async function managersOf({ machine, docker }: Member, redact: Redact): Promise<string[]> {
  const answer: unknown = await asked(machine, redact, (options) => docker.listNodes(options))
  const nodes = Array.isArray(answer) ? answer.flatMap((one) => NodeAnswer.safeParse(one).data ?? []) : []
  return nodes.flatMap(({ ManagerStatus }) =>
    ManagerStatus?.Reachability === 'reachable' && ManagerStatus.Addr !== '' ? [ManagerStatus.Addr] : [],
  )
}

/** A node as the manager has it; null where it has none of that id. */
async function nodeAt({ machine, docker }: Member, id: string, redact: Redact): Promise<NodeAnswer | null> {
  return asked(machine, redact, async () => {
    try {
      const answer: unknown = await docker.getNode(id).inspect()
      return NodeAnswer.parse(answer)
    } catch (error) {
      if (engineError(error).status === 404) return null
      throw error
    }
  })
}

/**
 * Lets a machine join. The token goes from one engine to the other and nowhere else: it is in no answer, no log and no
 * audit entry.
 */
export async function joinSwarm(
  { machine, docker, manager }: Member & { manager: Member },
  { address, role }: { address: string; role: FleetNode['role'] },
  redact: Redact,
): Promise<void> {
  const remote = await managersOf(manager, redact)
  const answer: unknown = await asked(manager.machine, redact, () => manager.docker.swarmInspect())
  const swarm = SwarmAnswer.safeParse(answer)
  if (!swarm.success || remote.length === 0) throw new Problem('fleet.no-manager')
  const { Worker, Manager } = swarm.data.JoinTokens
  await acted(machine, redact, (options) =>
    docker.swarmJoin({
      ...options,
      ...{ ListenAddr: listening(address), AdvertiseAddr: address, RemoteAddrs: remote },
      JoinToken: role === 'manager' ? Manager : Worker,
    }),
  )
}

/** What of a node is to be another; what is left out stays. */
export interface NodeChange {
  availability?: FleetNode['availability'] | undefined
  role?: FleetNode['role'] | undefined
  labels?: LabelChange | undefined
}

/** Changes a node; whoever changed it meanwhile is not undone: what it has now is read anew. */
export async function changeNode(manager: Member, id: string, change: NodeChange, redact: Redact): Promise<void> {
  for (let tries = 1; ; tries++) {
    const node = await nodeAt(manager, id, redact)
    if (!node) throw new Problem('fleet.no-node', { id })
    const { Spec, Version } = node
    const spec = {
      ...(Spec.Name != null && { Name: Spec.Name }),
      Labels: change.labels ? writeLabels(Spec.Labels ?? {}, change.labels) : (Spec.Labels ?? {}),
      Role: change.role ?? Spec.Role,
      Availability: change.availability ?? Spec.Availability,
    }
    try {
      // The version alone is part of the address; dockerode would put all of it there.
      const options = { _query: { version: Version.Index }, _body: spec }
      await asked(manager.machine, redact, () => manager.docker.getNode(id).update(options))
      return
    } catch (error) {
      const isStale = error instanceof Problem && /out of sequence/.test(error.message)
      if (!isStale || tries >= 3) throw error
    }
  }
}

/** Lets a node leave, and takes it off the list. */
export async function leaveSwarm(
  {
    node,
    manager,
    leaving,
    loss,
  }: { node: FleetNode; manager: Member; leaving: Member | null; loss: 'last' | 'lost' | null },
  redact: Redact,
): Promise<void> {
  const isGone = loss !== null
  if (node.role === 'manager' && !isGone) {
    await changeNode(manager, node.id, { role: 'worker' }, redact)
    const isWorker = async () => !(await nodeAt(manager, node.id, redact))?.ManagerStatus
    if (!(await settles(isWorker))) throw new Problem('fleet.still-manager', { node: node.name })
  }
  // With force only where a person has said so: an engine that leaves as the last manager forgets the Swarm.
  if (leaving) await acted(leaving.machine, redact, () => leaving.docker.swarmLeave(isGone ? { force: true } : {}))
  if (loss === 'last') return
  // It has left, or is down: the list is all that is left of it. Where the managers were lost, nobody can change that.
  const removing = asked(manager.machine, redact, () => manager.docker.getNode(node.id).remove({ force: true }))
  await (isGone ? removing.catch(() => undefined) : removing)
}
