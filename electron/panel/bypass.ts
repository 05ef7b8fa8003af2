import { createBypassWatch } from '../gateway/bypass'
import type { Generations } from '../generation'
import type { LoadOf } from '../rotation/policy'
import type { Services } from '../services'
import { hasEnded } from '../services/load'
import type { OpenTrials } from '../trial/open'
import type { Usage } from '../usage'

interface BypassParts {
  usage: Pick<Usage, 'on'>
  generations: Pick<Generations, 'pendingOn'>
  trials: Pick<OpenTrials, 'on'>
  loadOf: LoadOf
  reportBug: (error: unknown) => void
}

/** Begins to notice jobs that came around the gateway, on the services that it listens for. */
export function watchBypass(services: Services, { usage, generations, trials, loadOf, reportBug }: BypassParts) {
  const watch = createBypassWatch({
    watched: () =>
      services.list().flatMap((service) => {
        const isOpen = services.config(service.id).gateway?.enabled === true
        return isOpen && service.operation === null && !hasEnded(service) ? [service.id] : []
      }),
    loadOf,
    known: (id) => [...[...usage.on(id), ...generations.pendingOn(id)].map((job) => job.id), ...trials.on(id)],
    reportBug,
  })
  watch.begin()
  return watch
}
