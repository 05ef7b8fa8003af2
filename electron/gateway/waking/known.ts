import type { Service } from '../../../shared/contract'
import type { WakingOptions } from './options'

/** Services as the last event of each told them: to put one together anew for each request costs more than the rest. */
export function createKnown({ services, listen }: Pick<WakingOptions, 'services' | 'listen'>) {
  const known = new Map<string, Service>()
  return {
    /** Throws `service.not-found`. */
    get: (id: string): Service => known.get(id) ?? services.get(id),
    /** Follows them, and tells of each change; returns what ends that. */
    follow: (changed: (service: Service) => void) =>
      listen((event) => {
        if (event.type === 'service-removed') known.delete(event.id)
        if (event.type !== 'service') return
        known.set(event.service.id, event.service)
        changed(event.service)
      }),
  }
}

export type Known = ReturnType<typeof createKnown>
