import type { Gpu, GpuReport } from '../../shared/contract'

export const firstCard = 'GPU-00000000-0000-0000-0000-000000000001'

/** A card as nvidia-smi tells it; everything unknown but what is given. */
export const cardOf = (more: Partial<Gpu> = {}): Gpu => ({
  ...{ index: 0, uuid: firstCard, name: 'RTX 3090', busId: null, driverVersion: null, computeCapability: null },
  ...{ utilizationPct: null, memoryUtilizationPct: null, memoryUsedMiB: null, memoryTotalMiB: 24_576 },
  ...{ memoryFreeMiB: null, temperatureC: null, powerW: null, powerLimitW: 350, fanPct: null, clockSmMHz: null },
  ...{ clockMemMHz: null, pstate: null, computeMode: null, migMode: null, processes: [] },
  ...more,
})

/** A sample of some cards at a moment. */
export const sampleAt = (sampledAt: number, ...gpus: Gpu[]): GpuReport => ({ state: 'live', sampledAt, gpus })
