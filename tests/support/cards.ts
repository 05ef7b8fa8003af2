import type { Gpu } from '../../shared/contract'

/** A card of which only what is given is known. */
export const cardOf = (change: Partial<Gpu>): Gpu => ({
  ...{ index: 0, uuid: 'GPU-0', name: 'NVIDIA GeForce RTX 3090', busId: null, driverVersion: null },
  ...{ computeCapability: null, utilizationPct: null, memoryUtilizationPct: null, memoryUsedMiB: null },
  ...{ memoryTotalMiB: null, memoryFreeMiB: null, temperatureC: null, powerW: null, powerLimitW: null, fanPct: null },
  ...{ clockSmMHz: null, clockMemMHz: null, pstate: null, computeMode: null, migMode: null, processes: [] },
  ...change,
})
