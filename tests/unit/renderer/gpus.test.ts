import { describe, expect, it } from 'vitest'
import { attribute } from '../../../renderer/features/gpus/shares'
import { addSamples, type GpuFeed } from '../../../renderer/features/gpus/gpu-history'
import type { Gpu, GpuReport } from '../../../shared/contract'

const gpu = (change: Partial<Gpu> = {}): Gpu => ({
  index: 0,
  uuid: 'GPU-1',
  name: 'NVIDIA GeForce RTX 3090',
  busId: null,
  driverVersion: null,
  computeCapability: null,
  utilizationPct: 50,
  memoryUtilizationPct: null,
  memoryUsedMiB: 10_000,
  memoryTotalMiB: 24_576,
  memoryFreeMiB: null,
  temperatureC: 60,
  powerW: null,
  powerLimitW: null,
  fanPct: null,
  clockSmMHz: null,
  clockMemMHz: null,
  pstate: null,
  computeMode: null,
  migMode: null,
  processes: [],
  ...change,
})

const holder = (serviceId: string | null, memoryMiB: number | null, pid = 1) => ({
  pid,
  name: 'python',
  memoryMiB,
  serviceId,
})

describe('the memory of a GPU', () => {
  it('is attributed to services, largest first, and the rest to nobody', () => {
    const { shares, freeMiB } = attribute(
      gpu({ processes: [holder('forge', 1000), holder('comfyui', 7000, 2), holder('comfyui', 500, 3)] }),
    )
    expect(shares).toEqual([
      { serviceId: 'comfyui', mib: 7500, series: '1', pids: [2, 3] },
      { serviceId: 'forge', mib: 1000, series: '2', pids: [1] },
      { serviceId: null, mib: 1500, series: 'rest', pids: [] },
    ])
    expect(freeMiB).toBe(14_576)
  })

  it('is unknown rather than zero where the driver does not tell', () => {
    const attribution = attribute(gpu({ memoryUsedMiB: null, processes: [holder('comfyui', null)] }))
    expect(attribution).toEqual({ shares: [], freeMiB: null, perProcessUnknown: true })
  })
})

const report = (sampledAt: number, change: Partial<GpuReport> = {}): GpuReport => ({
  state: 'live',
  sampledAt,
  gpus: [gpu()],
  ...change,
})

const feedOf = (reports: GpuReport[]) =>
  reports.reduce<GpuFeed['history']>((history, one) => addSamples(history, one), new Map()).get('GPU-1') ?? []

describe('the history of a GPU', () => {
  it('holds two minutes', () => {
    const samples = feedOf(Array.from({ length: 200 }, (_, second) => report(second * 1000)))
    expect([samples.length, samples[0]?.at]).toEqual([121, 79_000])
  })

  it('leaves a gap where no sample came for long', () => {
    const samples = feedOf([report(1000), report(9000)])
    expect(samples.map(({ at, utilizationPct }) => [at, utilizationPct])).toEqual([
      [1000, 50],
      [1001, null],
      [9000, 50],
    ])
  })

  it('takes no stale report for a new sample', () => {
    expect(feedOf([report(1000), report(1000, { state: 'stale' }), report(1000)])).toHaveLength(1)
  })
})
