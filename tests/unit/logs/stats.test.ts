import { describe, expect, test } from 'vitest'
import { createStatsHistory } from '../../../electron/docker/stats/history'
import { readingOf, readSample } from '../../../electron/docker/stats/sample'
import type { ContainerReading } from '../../../shared/contract'

const linux = (at: string, more: Record<string, unknown> = {}) => ({
  read: at,
  preread: '0001-01-01T00:00:00Z',
  cpu_stats: { cpu_usage: { total_usage: 2_000_000_000 }, system_cpu_usage: 100_000_000_000, online_cpus: 4 },
  memory_stats: { usage: 800, limit: 4_000, stats: { inactive_file: 300 } },
  networks: { eth0: { rx_bytes: 1_000, tx_bytes: 10 }, eth1: { rx_bytes: 500, tx_bytes: 5 } },
  blkio_stats: {
    io_service_bytes_recursive: [
      { op: 'read', value: 40 },
      { op: 'write', value: 60 },
      { op: 'Read', value: 2 },
    ],
  },
  ...more,
})

describe('reading the engine’s statistics', () => {
  test('CPU is a share of the cores’ time, rates are bytes a second, memory is without the file cache', () => {
    const before = readSample(linux('2026-11-22T19:55:21Z'))
    const now = readSample(
      linux('2026-11-22T19:55:23Z', {
        cpu_stats: { cpu_usage: { total_usage: 3_000_000_000 }, system_cpu_usage: 108_000_000_000, online_cpus: 4 },
        networks: { eth0: { rx_bytes: 3_000, tx_bytes: 10 }, eth1: { rx_bytes: 500, tx_bytes: 5 } },
      }),
    )
    if (!now) throw new Error('not read')

    expect(readingOf(now, before)).toEqual({
      at: Date.parse('2026-11-22T19:55:23Z'),
      cpuPct: 50,
      memoryBytes: 500,
      memoryLimitBytes: 4_000,
      receivedPerS: 1_000,
      sentPerS: 0,
      readPerS: 0,
      writtenPerS: 0,
    })
  })

  test('cgroup v1 has other names, and lists its cores', () => {
    const sample = readSample(
      linux('2026-11-22T19:55:21Z', {
        cpu_stats: { cpu_usage: { total_usage: 1, percpu_usage: [1, 2] }, system_cpu_usage: 5 },
        memory_stats: { usage: 800, limit: 4_000, stats: { total_inactive_file: 100, inactive_file: 1 } },
      }),
    )

    expect(sample).toMatchObject({ cores: 2, memoryBytes: 700 })
  })

  test('what is not told is unknown: no network of its own, no block devices, nothing counted yet', () => {
    const sample = readSample(
      linux('2026-11-22T19:55:21Z', { networks: undefined, blkio_stats: { io_service_bytes_recursive: null } }),
    )
    if (!sample) throw new Error('not read')

    expect(sample).toMatchObject({ received: null, sent: null, read: null, written: null })
    expect(readingOf(sample, null)).toMatchObject({ cpuPct: null, receivedPerS: null, memoryBytes: 500 })
  })

  test('a cache larger than what is used is not taken off', () => {
    expect(
      readSample(linux('2026-11-22T19:55:21Z', { memory_stats: { usage: 5, stats: { inactive_file: 9 } } }))
        ?.memoryBytes,
    ).toBe(5)
  })

  test('counters that begin anew give no rate', () => {
    const before = readSample(linux('2026-11-22T19:55:21Z'))
    const now = readSample(
      linux('2026-11-22T19:55:22Z', {
        cpu_stats: { cpu_usage: { total_usage: 1 }, system_cpu_usage: 2 },
        networks: { eth0: { rx_bytes: 1 } },
      }),
    )
    if (!now) throw new Error('not read')

    expect(readingOf(now, before)).toMatchObject({ cpuPct: null, receivedPerS: null })
  })

  test('Windows counts in 100 ns of the clock, and has fields of its own', () => {
    const windows = (at: string, used: number) =>
      readSample({
        read: at,
        num_procs: 8,
        cpu_stats: { cpu_usage: { total_usage: used } },
        memory_stats: { privateworkingset: 77 },
        storage_stats: { read_size_bytes: 10, write_size_bytes: 20 },
      })
    const [before, now] = [windows('2026-11-22T19:55:21Z', 10_000_000), windows('2026-11-22T19:55:22Z', 25_000_000)]
    if (!now) throw new Error('not read')

    expect(now).toMatchObject({ cores: 8, memoryBytes: 77, read: 10, written: 20 })
    expect(readingOf(now, before).cpuPct).toBeCloseTo(150)
  })

  test.each([
    [
      'a stopped container',
      { read: '0001-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} },
    ],
    ['no object', 'x'],
    ['an empty object', {}],
  ])('%s gives no sample', (_, json) => {
    expect(readSample(json)).toBeNull()
  })
})

describe('the history of a container', () => {
  const start = Date.parse('2026-11-22T00:00:00Z')
  const reading = (seconds: number, cpuPct: number | null): ContainerReading => ({
    at: start + seconds * 1000,
    cpuPct,
    memoryBytes: 1,
    memoryLimitBytes: null,
    receivedPerS: null,
    sentPerS: null,
    readPerS: null,
    writtenPerS: null,
  })

  test('is finer the newer it is, and coarse points are means', () => {
    const history = createStatsHistory()
    for (let second = 0; second < 3_600; second++) history.put(reading(second, second % 10))
    const now = start + 3_600_000

    expect(history.points('10m', now)).toHaveLength(600)
    expect(history.points('2h', now)).toHaveLength(360)
    expect(history.points('24h', now)).toHaveLength(60)
    expect(history.points('2h', now)[0]).toMatchObject({
      at: start,
      spanMs: 10_000,
      cpuPct: 4.5,
      memoryLimitBytes: null,
    })
  })

  test('minutes in which nobody looked stand in where nothing finer is', () => {
    const history = createStatsHistory()
    history.put(reading(0, 50), { isLone: true })
    for (let second = 120; second < 130; second++) history.put(reading(second, 10))

    const points = history.points('10m', start + 130_000)

    expect(points.map(({ spanMs }) => spanMs)).toEqual([60_000, ...Array.from({ length: 10 }, () => 1_000)])
  })

  test('forgets what is older than its range', () => {
    const history = createStatsHistory()
    history.put(reading(0, 50))
    history.put(reading(86_400 + 60, 60))

    expect(history.points('24h', start + 86_460_000).map(({ cpuPct }) => cpuPct)).toEqual([60])
  })
})
