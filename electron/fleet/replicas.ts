import type { FleetReplica, FleetService } from '../../shared/contract'
import { StackId } from '../../shared/contract'
import type { NodeAnswer, ServiceAnswer, TaskAnswer } from './answers'
import { fleetLabels } from './spec'

/** Whether it keeps the network for a service of ours: it is known by its label, for anybody may take its name. */
export const isHolderOf = ({ Spec }: ServiceAnswer, service: string) => Spec.Labels?.[fleetLabels.holds] === service

/** Whether Regie has deployed it. */
export const isOurs = ({ Spec }: ServiceAnswer) => Spec.Labels?.[fleetLabels.stack] !== undefined

const starting = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting'])
const waiting = new Set(['new', 'allocated', 'pending'])
const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

/** What Swarm's states of a task are to a person; it has fourteen. */
export function stateOf({ DesiredState, Status: { State } }: Pick<TaskAnswer, 'DesiredState' | 'Status'>) {
  const isWanted = DesiredState === 'running' || DesiredState === 'ready'
  if (!isWanted) return ended.has(State) ? null : 'leaving'
  if (waiting.has(State)) return 'waiting'
  if (starting.has(State)) return 'starting'
  if (State === 'running') return 'running'
  return ended.has(State) ? 'failed' : 'unknown'
}

const timeOf = ({ Status }: TaskAnswer): number | null => Date.parse(Status.Timestamp) || null

/** The words of the last task of a slot that failed: Swarm makes a new one at once, which knows of none. */
function lastFailure(slot: number, tasks: readonly TaskAnswer[]): string | null {
  const failed = tasks.filter((task) => task.Slot === slot && task.Status.Err)
  const newest = failed.sort((a, b) => (timeOf(b) ?? 0) - (timeOf(a) ?? 0))[0]
  return newest?.Status.Err ?? null
}

/** The replicas of a service as they are now, by slot; what has ended and was replaced is left out. */
export function replicasOf(tasks: readonly TaskAnswer[], nodes: readonly NodeAnswer[]): FleetReplica[] {
  const replicas = tasks.flatMap((task): FleetReplica[] => {
    const state = stateOf(task)
    if (state === null) return []
    const node = nodes.find(({ ID }) => ID === task.NodeID)
    const gpus = (task.GenericResources ?? []).flatMap(({ NamedResourceSpec: named }) => (named ? [named.Value] : []))
    const isWell = state === 'running' || state === 'leaving'
    return [
      {
        ...{ id: task.ID, slot: task.Slot, nodeId: task.NodeID || null, nodeName: node?.Description?.Hostname || null },
        ...{ gpus, state, since: timeOf(task) },
        words: isWell ? null : task.Status.Err || lastFailure(task.Slot, tasks),
      },
    ]
  })
  return replicas.sort((a, b) => a.slot - b.slot || (a.since ?? 0) - (b.since ?? 0))
}

/** What Swarm says of the last change of a service. */
export const updateOf = (state: string | undefined): FleetService['update'] =>
  state ? (updates[state] ?? 'unknown') : 'none'

const updates: Readonly<Record<string, FleetService['update']>> = {
  ...{ updating: 'updating', completed: 'completed', paused: 'paused' },
  ...{ rollback_started: 'rolling-back', rollback_paused: 'paused', rollback_completed: 'rolled-back' },
}

/** A service as it is shown. */
export function serviceOf(
  { ID, Spec, UpdateStatus }: ServiceAnswer,
  tasks: readonly TaskAnswer[],
  nodes: readonly NodeAnswer[],
): FleetService {
  const { Labels, Mode, TaskTemplate } = Spec
  const stackId = StackId.safeParse(Labels?.[fleetLabels.stack])
  return {
    ...{ name: Spec.Name, stackId: stackId.success ? stackId.data : null },
    credentialId: Labels?.[fleetLabels.credential] ?? null,
    image: TaskTemplate.ContainerSpec?.Image ?? '',
    wanted: Mode?.Replicated?.Replicas ?? 0,
    constraints: TaskTemplate.Placement?.Constraints ?? [],
    update: updateOf(UpdateStatus?.State),
    updateWords: UpdateStatus?.Message || null,
    replicas: replicasOf(
      tasks.filter(({ ServiceID }) => ServiceID === ID),
      nodes,
    ),
  }
}
