import type { Service } from '../../shared/contract'
import { serviceOfContainer } from './belongs'
import { createDeeds, type Deed } from './who'

/** The services that there are, and what Regie does to them. */
export function createKnown() {
  const services = new Map<string, Service>()
  const deeds = createDeeds()
  /** Ends of operations that nobody announced. */
  const unannounced = new Map<string, () => void>()

  const projectMates = (serviceId: string) => {
    const project = services.get(serviceId)?.compose
    if (!project) return []
    return [...services.values()].filter(({ compose }) => compose?.file === project.file).map(({ id }) => id)
  }
  return {
    services,
    deeds,
    ownerOf: ({ id, labels }: { id: string; labels: Readonly<Record<string, string>> }): string | null =>
      serviceOfContainer(services.values(), id, labels),
    /** What Regie did to a service then. A `down` takes the whole project with it. */
    deedAt(serviceId: string, time: number): Deed | null {
      const own = deeds.at([serviceId], time)
      if (own) return own
      const mates = deeds.at(projectMates(serviceId), time)
      return mates?.operation === 'down' ? mates : null
    },
    /** Takes a service as it is now; answers how it was before. An operation that nobody announced is Regie's as well. */
    note(service: Service): Service | null {
      const { id, operation } = service
      const before = services.get(id) ?? null
      services.set(id, service)
      if (operation === null) {
        unannounced.get(id)?.()
        unannounced.delete(id)
      } else if (!deeds.current(id)) unannounced.set(id, deeds.begin({ serviceId: id, operation, name: null }))
      return before
    },
  }
}

export type Known = ReturnType<typeof createKnown>
