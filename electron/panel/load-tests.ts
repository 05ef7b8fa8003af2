import type { Cards } from '../cards'
import { createLoadTestStore, LoadTestPart, type LoadTestOptions } from '../load-test'
import type { LoadOf } from '../rotation/policy'
import { hasEnded } from '../services/load'
import { gpuOf } from '../services/start-order'
import type { OpenTrials } from '../trial/open'
import type { Updates } from '../updates/updates'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import { rotatedOf } from './rotations'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** So many golden checks are looked through for one of the same. */
const lookedThrough = 50

/** Load tests, in the line with everybody's jobs. */
export function buildLoadTests(
  { publish, listen, reportBug, closing }: Base,
  { audit, credentials }: Pick<Secrets, 'audit' | 'credentials'>,
  { gpus }: Pick<WatchedMachine, 'gpus'>,
  parts: Pick<BuiltServices, 'services' | 'gallery' | 'goldenStore'> & {
    cards: Cards
    trials: OpenTrials
    loadOf: LoadOf
    updates: Pick<Updates, 'list'>
    wakeForTest: LoadTestOptions['wake']
  },
) {
  const { services, gallery, goldenStore, cards, trials, loadOf, updates, wakeForTest } = parts
  const isUpdated = (id: string) =>
    updates.list().some(({ serviceId, state }) => serviceId === id && (state === 'running' || state === 'rolling-back'))
  return closing.keep(
    new LoadTestPart({
      ...{ cards, trials, loadOf, audit, publish, listen, reportBug },
      store: createLoadTestStore(gallery.database),
      service: (id) => services.get(id),
      services: () => services.list(),
      backendOf: (id) => services.backend(id),
      gpus: (signal) => gpus.watch(signal),
      cardOf: (id) => gpuOf(services.config(id), gpus.last().gpus),
      isAsleep: (service) => service.idle.wake && service.operation === null && hasEnded(service),
      wake: wakeForTest,
      underWay(id) {
        if (isUpdated(id)) return 'update'
        return credentials.isOpen() && rotatedOf(credentials, services.config(id)) !== null ? 'rotation' : null
      },
      goldenMs(id, { width, height, steps, family }, model) {
        const same = goldenStore.checks(id, 0, lookedThrough).find(({ made, warmMs, conditions }) => {
          const isSame = made?.width === width && made.height === height && made.steps === steps
          return isSame && made.family === family && conditions.model === model && warmMs !== null
        })
        return same?.warmMs ?? null
      },
    }),
  )
}
