import type { Attention } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { PanelParts } from '../api/context'
import type { AttentionList } from '../attention'
import { createMetrics, createMetricsTokens, type Metrics } from '../metrics'
import { metricsToken } from '../storage/config'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

type Watched = Pick<PanelParts, 'about' | 'services' | 'cards' | 'usage' | 'gateway' | 'sleeping'> & {
  attention: Pick<AttentionList, 'readKnown'>
}

/** Null where a Problem says that it cannot be told just now, as while the vault is locked. */
async function orUnknown<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** The metrics of this panel. */
export function buildMetrics(
  { options, listen, closing }: Base,
  { audit, vault, credentials }: Secrets,
  { gpus }: WatchedMachine,
  { about, services, cards, attention, usage, gateway, sleeping }: Watched,
): Metrics {
  const tokens = createMetricsTokens({
    store: metricsToken(options.config),
    auditFirst: (entry) => audit.appendFirst(entry),
  })
  return closing.keep(
    createMetrics(
      {
        ...{ about, listen, onCounted: usage.onCounted },
        gateway: () => gateway.read(),
        sleepers: () => sleeping.read(),
        services: () => services.list(),
        gpus: () => gpus.report(),
        waiting: () => cards.waiting(),
        vault: () => vault.status(),
        credentials: () => orUnknown(() => credentials.list()),
        attention: () => orUnknown<Attention>(() => attention.readKnown()),
      },
      tokens,
    ),
  )
}
