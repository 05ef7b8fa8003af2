import type { ServiceControl } from '../../credentials/control'
import { disturbance, type LoadOf } from './load'

/** Keeps rotations that nobody waits for from disturbing a service that has become busy. */
export interface Guard {
  /** The control with two more looks: before anything is touched, and just before a service is restarted. */
  over(control: ServiceControl): ServiceControl
  /** Does something during which these services must not be disturbed while they are busy. */
  during<T>(serviceIds: readonly string[], work: () => Promise<T>): Promise<T>
}

export function createGuard(loadOf: LoadOf): Guard {
  const guarded = new Set<string>()
  const look = async (serviceId: string) => {
    if (!guarded.has(serviceId)) return
    const problem = disturbance(await loadOf(serviceId))
    if (problem) throw problem
  }
  return {
    over: (control) => ({
      ...control,
      async prepare(serviceId, files, how) {
        await look(serviceId)
        await control.prepare(serviceId, files, how)
      },
      async effectOf(serviceId, files) {
        const effect = await control.effectOf(serviceId, files)
        await look(serviceId)
        return effect
      },
    }),
    async during(serviceIds, work) {
      for (const id of serviceIds) guarded.add(id)
      try {
        return await work()
      } finally {
        for (const id of serviceIds) guarded.delete(id)
      }
    },
  }
}
