import type { Service, ServiceProject, StartPlan } from '../../../shared/contract'

/** Whether a service will find room on its GPU: `short` when less is free than it took last time. */
export type Room = 'enough' | 'short' | 'unknown'

export function roomOf({ gpu, tookLastTimeMiB }: StartPlan): Room {
  if (!gpu || gpu.freeMiB === null || tookLastTimeMiB === null) return 'unknown'
  return gpu.freeMiB >= tookLastTimeMiB ? 'enough' : 'short'
}

/** Services that start one after the other, because they share a GPU; those with none to share start at once. */
export interface StartGroup {
  gpuUuid: string | null
  ids: string[]
}

export function startOrder(services: readonly Service[]): StartGroup[] {
  const groups: StartGroup[] = []
  for (const { id, gpu } of services) {
    const group = gpu && groups.find(({ gpuUuid }) => gpuUuid === gpu.uuid)
    if (group) group.ids.push(id)
    else groups.push({ gpuUuid: gpu?.uuid ?? null, ids: [id] })
  }
  return groups
}

/** The other services of Regie's that stand for a part of the same Compose project: they end with it when it is taken down. */
export const projectMates = ({ id }: Pick<Service, 'id'>, project: ServiceProject): string[] =>
  project.services.flatMap(({ serviceId }) => (serviceId === null || serviceId === id ? [] : [serviceId]))
