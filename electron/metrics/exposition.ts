import { openMetricsContentType, Registry, type OpenMetricsContentType } from 'prom-client'
import { coalesce } from '../async/coalesce'
import { countingEvents, countingUse } from './counting'
import { makeInstruments, type AnyRegistry } from './instruments'
import type { MetricsPorts } from './ports'
import { readNow } from './reading'

export interface Told {
  type: string
  text: string
}

/** OpenMetrics, and Prometheus' older text: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export type Form = 'open' | 'plain'

export interface Exposition {
  /** Everything as it is now. */
  tell(form: Form): Promise<Told>
  close(): void
}

/** One form with instruments of its own: the library renames counters for good when it tells them in OpenMetrics. */
function createForm(registry: AnyRegistry, ports: MetricsPorts) {
  const instruments = makeInstruments(registry)
  const ends = [ports.listen(countingEvents(instruments)), ports.onCounted(countingUse(instruments))]
  return {
    // One at a time: a second reading would empty the gauges that the first is telling.
    tell: coalesce(async (): Promise<Told> => {
      await readNow(instruments, ports)
      return { type: registry.contentType, text: await registry.metrics() }
    }),
    close() {
      for (const end of ends) end()
    },
  }
}

/** Counts from now on, and reads the rest whenever it is asked. */
export function createExposition(ports: MetricsPorts): Exposition {
  const openRegistry = new Registry<OpenMetricsContentType>()
  openRegistry.setContentType(openMetricsContentType)
  const forms = { open: createForm(openRegistry, ports), plain: createForm(new Registry(), ports) }
  return {
    tell: (form) => forms[form].tell(),
    close() {
      forms.open.close()
      forms.plain.close()
    },
  }
}
