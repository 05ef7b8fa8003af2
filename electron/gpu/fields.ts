import type { Gpu, GpuHardware } from '../../shared/contract'

type Reading = {
  [K in keyof Gpu]-?: number | null extends Gpu[K] ? (Gpu[K] extends number | null ? K : never) : never
}[keyof Gpu]
type Text = 'busId' | 'driverVersion' | 'computeCapability' | 'pstate' | 'computeMode' | 'migMode'

/** One column of the query: nvidia-smi's name, and what it becomes. */
export type Field =
  | { query: string; as: 'slowedBy'; former: string | null }
  | { query: string; as: 'index' | 'uuid' | 'name' }
  | { query: string; as: Exclude<Reading, Text>; kind: 'number' }
  | { query: string; as: Text; kind: 'text' }
  | { query: string; as: 'hardware'; part: keyof GpuHardware }

/**
 * The columns that are asked for. `name` is free text and nothing is quoted, so it stays last; `index` and `uuid`
 * come first, because they tell a row from a message.
 */
export const allFields: readonly Field[] = [
  { query: 'index', as: 'index' },
  { query: 'uuid', as: 'uuid' },
  { query: 'pci.bus_id', as: 'busId', kind: 'text' },
  { query: 'memory.total', as: 'memoryTotalMiB', kind: 'number' },
  { query: 'memory.used', as: 'memoryUsedMiB', kind: 'number' },
  { query: 'memory.free', as: 'memoryFreeMiB', kind: 'number' },
  { query: 'utilization.gpu', as: 'utilizationPct', kind: 'number' },
  { query: 'utilization.memory', as: 'memoryUtilizationPct', kind: 'number' },
  { query: 'temperature.gpu', as: 'temperatureC', kind: 'number' },
  { query: 'power.draw', as: 'powerW', kind: 'number' },
  { query: 'power.limit', as: 'powerLimitW', kind: 'number' },
  { query: 'fan.speed', as: 'fanPct', kind: 'number' },
  { query: 'clocks.sm', as: 'clockSmMHz', kind: 'number' },
  { query: 'clocks.mem', as: 'clockMemMHz', kind: 'number' },
  { query: 'pstate', as: 'pstate', kind: 'text' },
  { query: 'clocks_event_reasons.active', as: 'slowedBy', former: 'clocks_throttle_reasons.active' },
  { query: 'compute_mode', as: 'computeMode', kind: 'text' },
  { query: 'mig.mode.current', as: 'migMode', kind: 'text' },
  { query: 'driver_version', as: 'driverVersion', kind: 'text' },
  { query: 'compute_cap', as: 'computeCapability', kind: 'text' },
  { query: 'pcie.link.gen.current', as: 'hardware', part: 'pcieGen' },
  { query: 'pcie.link.gen.max', as: 'hardware', part: 'pcieGenMax' },
  { query: 'pcie.link.width.current', as: 'hardware', part: 'pcieWidth' },
  { query: 'pcie.link.width.max', as: 'hardware', part: 'pcieWidthMax' },
  { query: 'ecc.mode.current', as: 'hardware', part: 'eccMode' },
  { query: 'ecc.errors.corrected.volatile.total', as: 'hardware', part: 'eccCorrected' },
  { query: 'ecc.errors.uncorrected.volatile.total', as: 'hardware', part: 'eccUncorrected' },
  { query: 'clocks.max.sm', as: 'hardware', part: 'clockSmMaxMHz' },
  { query: 'clocks.max.memory', as: 'hardware', part: 'clockMemMaxMHz' },
  { query: 'power.default_limit', as: 'hardware', part: 'powerDefaultLimitW' },
  { query: 'power.min_limit', as: 'hardware', part: 'powerMinLimitW' },
  { query: 'power.max_limit', as: 'hardware', part: 'powerMaxLimitW' },
  { query: 'enforced.power.limit', as: 'hardware', part: 'powerEnforcedLimitW' },
  { query: 'name', as: 'name' },
]

/** Without these a row says nothing; a driver that refuses one of them cannot be used. */
const core = new Set(['index', 'uuid', 'memory.total', 'memory.used', 'name'])

/** Those that every driver has and that say how much room there is. */
export const memoryFields: readonly Field[] = allFields.filter(
  ({ as, query }) => core.has(query) || as === 'memoryFreeMiB',
)

/**
 * The columns without one that this driver does not know, or with the name that it had before; `null` when it is one of
 * the core.
 */
export function withoutField(fields: readonly Field[], query: string): readonly Field[] | null {
  const refused = fields.find((field) => field.query === query)
  if (refused && 'former' in refused) {
    const { former, as } = refused
    if (former !== null) return fields.map((field) => (field === refused ? { query: former, as, former: null } : field))
  }
  const left = fields.filter((field) => field.query !== query)
  return core.has(query) || left.length === fields.length ? null : left
}

/** Columns by their names, in the order of the table; those that it does not have are left out. */
export const pickFields = (queries: readonly string[]): readonly Field[] =>
  allFields.filter(({ query }) => queries.includes(query))
