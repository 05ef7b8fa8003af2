import { alertRules, type AlertLimits } from '../../shared/alert-rules'
import type { Cards } from '../cards'
import { GoldenPart } from '../golden'
import { gpuOf } from '../services/start-order'
import type { OpenTrials } from '../trial/open'
import type { LoadOf } from '../rotation/policy'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** What golden checks stand on. */
export type ForGolden = Pick<BuiltServices, 'services' | 'goldenStore'> & {
  cards: Cards
  trials: OpenTrials
  loadOf: LoadOf
}

/** Golden checks, in the line with everybody's jobs; which of them count as slower is a limit of the alerts. */
export function buildGolden(
  { options, paths, publish, listen, reportBug, closing }: Base,
  { audit }: Pick<Secrets, 'audit'>,
  { gpus }: Pick<WatchedMachine, 'gpus'>,
  { services, goldenStore: store, cards, trials, loadOf }: ForGolden,
  limits: () => AlertLimits,
) {
  return closing.keep(
    new GoldenPart({
      ...{ store, cards, trials, loadOf, audit, publish, listen, reportBug, folder: paths.golden },
      service: (id) => services.get(id),
      services: () => services.list(),
      backendOf: (id) => services.backend(id),
      gpus: (signal) => gpus.watch(signal),
      cardOf: (id) => gpuOf(services.config(id), gpus.last().gpus),
      limitPct: () => (limits()['golden-slower'] ?? alertRules['golden-slower'].limit)?.begins ?? 0,
      ...(options.goldenPatience && { patience: options.goldenPatience }),
    }),
  )
}
