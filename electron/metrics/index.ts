import type { Exposition, Told } from './exposition'
import type { MetricsPorts } from './ports'
import type { MetricsTokens } from './token'

export type { CountedListener, MetricsPorts } from './ports'
export { createMetricsTokens, isMetricsTokenShaped, type MetricsTokens } from './token'

/** What a monitor reads of Regie, and who may. */
export interface Metrics {
  tokens: MetricsTokens
  /** Everything as it is now. `accept`: the header of who asks. */
  tell(accept: string | null): Promise<Told>
  /** Counts from now on. */
  begin(): void
  close(): Promise<void>
}

/** The library is loaded once the panel has started: nobody's first page waits for it. */
export function createMetrics(ports: MetricsPorts, tokens: MetricsTokens): Metrics {
  let exposition: Promise<Exposition> | null = null
  const load = () => (exposition ??= import('./exposition').then(({ createExposition }) => createExposition(ports)))
  return {
    tokens,
    async tell(accept) {
      const isOpen = accept?.includes('application/openmetrics-text') ?? false
      return (await load()).tell(isOpen ? 'open' : 'plain')
    },
    begin: () => void load(),
    async close() {
      ;(await exposition)?.close()
    },
  }
}
