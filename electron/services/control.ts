import type { Foresight, ServiceControl } from '../credentials/control'
import { referencesOf } from '../../shared/given-text'
import { createApplying } from './applying'
import { accepts } from './prober'
import type { ServicesOptions } from './options'
import type { Supervisors } from './supervisors'

/** What credentials and rotations ask of services, by their ids. */
export function createControl(
  { all, of }: Pick<Supervisors, 'all' | 'of'>,
  { engine, compose }: Pick<ServicesOptions, 'engine' | 'compose'>,
): ServiceControl & Foresight {
  const applying = createApplying({
    ...{ engine, compose },
    configOf: (id) => of(id).config(),
    runtimeOf: (id) => of(id).runtime(),
    unmanageable: (id) => of(id).unmanageable(),
  })
  return {
    ...applying,
    async prepare(serviceId, files) {
      // Whoever has it for himself would refuse the restart: said before anything is written.
      of(serviceId).assertUnclaimed()
      await applying.prepare(serviceId, files)
    },
    usersOf: (credentialId) =>
      all().flatMap((supervisor) => {
        const { id, kind, runtime, url, health, credentialId: own, process } = supervisor.service()
        const running = supervisor.isUp() || !['absent', 'stopped', 'unhealthy', 'unreachable'].includes(health.state)
        const isGiven = process !== undefined && referencesOf(process).some((one) => one.credentialId === credentialId)
        const isOpened = own === credentialId
        if (!isGiven && !isOpened) return []
        return [{ id, kind, runtime, url, running, ...(isGiven && { given: isOpened ? 'too' : 'only' }) }]
      }),
    async restart(serviceId, signal) {
      await of(serviceId).restart(signal)
    },
    async recreate(serviceId, signal) {
      await of(serviceId).recreate(signal)
    },
    async standing(serviceId) {
      const supervisor = of(serviceId)
      const { unknown } = await supervisor.runtime().presence()
      await supervisor.look()
      if (unknown) return 'unknown'
      const { runtime, url } = supervisor.config()
      if (runtime !== 'external') return supervisor.isUp() ? 'running' : 'stopped'
      return (await accepts(url)) ? 'running' : 'stopped'
    },
    async refresh(serviceId) {
      await of(serviceId).look()
    },
  }
}
