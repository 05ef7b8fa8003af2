import { describe, expect, it } from 'vitest'
import { CardWarnings } from '../../../electron/attention/cards'
import type { Gpu, GpuReport } from '../../../shared/contract'

const card = (more: Partial<Gpu>): Gpu => ({
  ...{
    index: 1,
    uuid: 'GPU-1',
    name: 'NVIDIA GeForce RTX 3090',
    busId: null,
    driverVersion: null,
    computeCapability: null,
  },
  ...{ utilizationPct: null, memoryUtilizationPct: null, memoryUsedMiB: 1_000, memoryTotalMiB: 24_000 },
  ...{ memoryFreeMiB: 23_000, temperatureC: 60, powerW: null, powerLimitW: null, fanPct: null, clockSmMHz: null },
  ...{ clockMemMHz: null, pstate: null, computeMode: null, migMode: null, processes: [], ...more },
})

const report = (gpu: Gpu, sampledAt = 10): GpuReport => ({ state: 'live', sampledAt, gpus: [gpu] })

describe('a card at its limit', () => {
  it('is told from 93 °C on, with its worst, until it has cooled below 88 °C', () => {
    const cards = new CardWarnings()
    expect(cards.take(report(card({ temperatureC: 92 })))).toBe(false)
    expect(cards.take(report(card({ temperatureC: 93 }), 20))).toBe(true)
    expect(cards.all()).toMatchObject([
      {
        ...{ uuid: 'GPU-1', kind: 'gpu-hot', since: 20 },
        reason: { problem: 'gpu.hot', params: { gpu: 'RTX 3090 (GPU 1)', celsius: 93 } },
      },
    ])
    // It swings by a degree each second: only a new worst is news.
    expect(cards.take(report(card({ temperatureC: 90 }), 30))).toBe(false)
    expect(cards.take(report(card({ temperatureC: 95 }), 40))).toBe(true)
    expect(cards.all()).toMatchObject([{ since: 20, reason: { params: { celsius: 95 } } }])
    expect(cards.take(report(card({ temperatureC: 87 }), 50))).toBe(true)
    expect(cards.all()).toEqual([])
  })

  it('is told when its memory is full, and names the services that hold it', () => {
    const processes = [
      { pid: 1, name: 'python', memoryMiB: 12_000, serviceId: 'forge-neo' },
      { pid: 2, name: 'python', memoryMiB: 11_000, serviceId: 'forge-neo' },
      { pid: 3, name: 'Xorg', memoryMiB: 800, serviceId: null },
    ]
    const cards = new CardWarnings()
    cards.take(report(card({ memoryUsedMiB: 23_800, processes })))
    expect(cards.all()).toMatchObject([
      { kind: 'gpu-full', services: ['forge-neo'], reason: { problem: 'gpu.full', params: { percent: 99 } } },
    ])
  })

  it('is told when its driver slows it down, until it has not for half a minute', () => {
    const cards = new CardWarnings()
    expect(cards.take(report(card({ slowedBy: [] }), 0))).toBe(false)
    expect(cards.take(report(card({ slowedBy: ['heat'] }), 1_000))).toBe(true)
    const told = {
      kind: 'gpu-slowed',
      since: 1_000,
      reason: { problem: 'gpu.slowed-heat', params: { gpu: 'RTX 3090 (GPU 1)' } },
    }
    expect(cards.all()).toMatchObject([told])
    // It comes and goes with each second.
    expect(cards.take(report(card({ slowedBy: [] }), 2_000))).toBe(false)
    expect(cards.take(report(card({ slowedBy: ['heat'] }), 3_000))).toBe(false)
    expect(cards.take(report(card({ slowedBy: ['power-brake', 'heat'] }), 4_000))).toBe(true)
    expect(cards.all()).toMatchObject([{ reason: { problem: 'gpu.slowed-power-brake' } }])
    expect(cards.take(report(card({ slowedBy: [] }), 33_999))).toBe(false)
    expect(cards.take(report(card({ slowedBy: [] }), 34_000))).toBe(true)
    expect(cards.all()).toEqual([])
  })

  it('claims nothing of what is unknown or stale', () => {
    const cards = new CardWarnings()
    expect(cards.take(report(card({ temperatureC: null, memoryUsedMiB: null })))).toBe(false)
    expect(cards.take({ ...report(card({ temperatureC: 99 })), state: 'stale' })).toBe(false)
  })
})
