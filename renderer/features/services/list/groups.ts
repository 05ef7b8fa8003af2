import type { Gpu, Service } from '../../../../shared/contract'

export const groupings = ['none', 'gpu', 'machine', 'tag'] as const
export type Grouping = (typeof groupings)[number]

/** Services below one head. */
export interface ServiceGroup {
  /** Stays the same for as long as it is the same group. */
  key: string
  head:
    | { of: 'none' }
    | { of: 'gpu'; gpu: Gpu }
    /** A card that is not there. */
    | { of: 'absent-gpu'; uuid: string }
    | { of: 'no-gpu' | 'other-machines' | 'untagged' }
    | { of: 'machine'; machine: string }
    | { of: 'tag'; tag: string }
  services: Service[]
}

/** This machine, in a grouping by machine. */
export const thisMachine = 'local'

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The machine that a service runs on, as far as its address tells. */
export function machineOf({ runtime, url }: Pick<Service, 'runtime' | 'url'>): string {
  if (runtime !== 'external') return thisMachine
  const { hostname } = new URL(url)
  return loopback.test(hostname) ? thisMachine : hostname
}

/** The machines of all services: with one there is nothing to group by. */
export const machinesOf = (services: readonly Service[]): string[] => [...new Set(services.map(machineOf))]

function headOnGpu(service: Service, gpus: readonly Gpu[]): ServiceGroup['head'] {
  const uuid = service.gpu?.uuid
  const gpu = gpus.find((one) => one.uuid === uuid)
  if (gpu) return { of: 'gpu', gpu }
  if (uuid !== undefined) return { of: 'absent-gpu', uuid }
  return { of: machineOf(service) === thisMachine ? 'no-gpu' : 'other-machines' }
}

function headsOf(service: Service, by: Grouping, gpus: readonly Gpu[]): ServiceGroup['head'][] {
  switch (by) {
    case 'none':
      return [{ of: 'none' }]
    case 'gpu':
      return [headOnGpu(service, gpus)]
    case 'machine':
      return [{ of: 'machine', machine: machineOf(service) }]
    case 'tag':
      return service.tags.length === 0 ? [{ of: 'untagged' }] : service.tags.map((tag) => ({ of: 'tag', tag }))
  }
}

function keyOf(head: ServiceGroup['head']): string {
  switch (head.of) {
    case 'gpu':
      return `gpu ${head.gpu.uuid}`
    case 'absent-gpu':
      return `gpu ${head.uuid}`
    case 'machine':
      return `machine ${head.machine}`
    case 'tag':
      return `tag ${head.tag}`
    case 'none':
    case 'no-gpu':
    case 'other-machines':
    case 'untagged':
      return head.of
  }
}

const headOrder = ['none', 'gpu', 'absent-gpu', 'machine', 'tag', 'no-gpu', 'other-machines', 'untagged'] as const

/**
 * Services below heads, each group in their order: cards as nvidia-smi counts them, other heads by name, what has none
 * last. By tag a service stands below each of its tags.
 */
export function groupServices(services: readonly Service[], by: Grouping, gpus: readonly Gpu[]): ServiceGroup[] {
  const groups = new Map<string, ServiceGroup>()
  for (const service of services)
    for (const head of headsOf(service, by, gpus)) {
      const key = keyOf(head)
      const group = groups.get(key) ?? { key, head, services: [] }
      group.services.push(service)
      groups.set(key, group)
    }
  const place = ({ head }: ServiceGroup) => headOrder.indexOf(head.of)
  const index = ({ head }: ServiceGroup) => (head.of === 'gpu' ? head.gpu.index : 0)
  return [...groups.values()].toSorted(
    (a, b) => place(a) - place(b) || index(a) - index(b) || a.key.localeCompare(b.key, undefined, { numeric: true }),
  )
}
