import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import {
  OpenAttention,
  Credential,
  GatewayListener,
  Generation,
  Gpu,
  Rotation,
  Service,
  Sleeper,
  type PanelEvent,
} from '../../../shared/contract'
import { createListeners } from '../../../electron/async/listeners'
import type { Figures } from '../../../electron/ledger'
import { createExposition } from '../../../electron/metrics/exposition'
import { makeInstruments } from '../../../electron/metrics/instruments'
import type { MetricsPorts } from '../../../electron/metrics'
import { sampleOf } from '../../support/sample'

const service = (id: string, change: Partial<Service>): Service => ({
  ...sampleOf(Service),
  id,
  kind: 'comfyui',
  ...change,
})
const health = (state: Service['health']['state']) => ({ ...sampleOf(Service).health, state })
const generation = (change: Partial<Generation>): PanelEvent => ({
  type: 'generation',
  generation: {
    ...sampleOf(Generation),
    serviceId: 'qwen',
    createdAt: 1000,
    startedAt: null,
    finishedAt: null,
    ...change,
  },
})
const rotation = (change: Partial<Rotation>): PanelEvent => ({
  type: 'rotation',
  rotation: { ...sampleOf(Rotation), credentialId: 'qwen', startedAt: 1000, finishedAt: null, ...change },
})

/** The same series, whatever the order of its labels. */
const inOrder = (key: string) => {
  const [name = '', labels = ''] = key.split(/[{}]/)
  return `${name}{${labels
    .split(/,(?=\w+=)/)
    .toSorted()
    .join()}}`.replace('{}', '')
}

function metrics(change: Partial<MetricsPorts> = {}) {
  const bus = createListeners<[PanelEvent]>()
  const counted = createListeners<[string, Partial<Figures>]>()
  const exposition = createExposition({
    about: () => ({ version: '0.7.0', commit: 'abc', startedAt: 1_700_000_000_000 }),
    services: () => [
      service('qwen', { health: health('ready'), queue: { running: 1, waiting: null } }),
      service('forge', { kind: 'forge', health: health('locked-out'), queue: null }),
    ],
    gpus: () => Promise.resolve({ state: 'live', sampledAt: 1, gpus: [] }),
    waiting: () => [{ serviceId: 'qwen' }, { serviceId: 'qwen' }],
    gateway: () => ({ listeners: [] }),
    sleepers: () => Promise.resolve([]),
    vault: () => ({ state: 'open' }),
    credentials: () => Promise.resolve([{ ...sampleOf(Credential), id: 'qwen', state: 'drifted', drifted: 2 }]),
    attention: () => Promise.resolve({ items: [] }),
    ...{ listen: bus.on, onCounted: counted.on },
    ...change,
  })
  const series = async () => {
    const { text } = await exposition.tell('plain')
    const known = new Map(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [inOrder(line.slice(0, line.lastIndexOf(' '))), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    )
    const keys = [...known.keys()]
    return {
      keys: () => keys,
      has: (key: string) => known.has(inOrder(key)),
      get: (key: string) => known.get(inOrder(key)),
    }
  }
  return { exposition, series, tell: bus.tell, count: counted.tell }
}

describe('what is so now', () => {
  it('has a series for every state of each service, and none for what a service does not tell', async () => {
    const series = await metrics().series()
    expect(series.get('regie_service_state{service="qwen",kind="comfyui",machine="local",state="ready"}')).toBe(1)
    expect(series.get('regie_service_state{service="qwen",kind="comfyui",machine="local",state="locked-out"}')).toBe(0)
    expect(series.get('regie_service_state{service="forge",kind="forge",machine="local",state="locked-out"}')).toBe(1)
    expect(series.get('regie_services{state="locked-out"}')).toBe(1)
    expect(series.get('regie_service_up{service="forge",machine="local"}')).toBe(0)
    expect(series.get('regie_service_queue_running{service="qwen",machine="local"}')).toBe(1)
    expect(series.has('regie_service_queue_waiting{service="qwen",machine="local"}')).toBe(false)
    expect(series.get('regie_line_waiting{service="qwen",machine="local"}')).toBe(2)
    expect(series.get('regie_credential_drifted_locations{credential="qwen"}')).toBe(2)
    expect(series.get('regie_info{version="0.7.0",commit="abc"}')).toBe(1)
    expect(series.get('regie_start_time_seconds')).toBe(1_700_000_000)
    expect(series.get('regie_resident_memory_bytes')).toBeGreaterThan(1_000_000)
  })

  it('tells a card in base units, and nothing of one that is not known', async () => {
    const card = { ...sampleOf(Gpu), uuid: 'GPU-1', name: 'RTX "A"\n', driverVersion: null }
    const known = {
      ...{ ...card, utilizationPct: 40, memoryUsedMiB: 2, memoryTotalMiB: 4, temperatureC: 61, powerW: null },
      processes: [
        { pid: 1, name: 'python', memoryMiB: 1, serviceId: 'qwen' },
        { pid: 2, name: 'python', memoryMiB: 1, serviceId: 'qwen' },
        { pid: 3, name: 'python', memoryMiB: null, serviceId: 'forge' },
      ],
    }
    const series = await metrics({
      gpus: () => Promise.resolve({ state: 'live', sampledAt: 1, gpus: [known] }),
    }).series()
    expect(series.get('regie_gpu_utilization_ratio{gpu="GPU-1",machine="local"}')).toBeCloseTo(0.4)
    expect(series.get('regie_gpu_memory_used_bytes{gpu="GPU-1",machine="local"}')).toBe(2 * 1024 * 1024)
    expect(series.get('regie_service_vram_bytes{service="qwen",machine="local",gpu="GPU-1"}')).toBe(2 * 1024 * 1024)
    expect(series.has('regie_service_vram_bytes{service="forge",machine="local",gpu="GPU-1"}')).toBe(false)
    expect(series.has('regie_gpu_power_watts{gpu="GPU-1",machine="local"}')).toBe(false)
    expect(series.keys().find((key) => key.startsWith('regie_gpu_info'))).toContain(String.raw`name="RTX \"A\"\n"`)
    const stale = await metrics({
      gpus: () => Promise.resolve({ state: 'stale', sampledAt: 1, gpus: [known] }),
    }).series()
    expect(stale.get('regie_gpus_live')).toBe(0)
    expect(stale.keys().filter((key) => key.startsWith('regie_gpu_'))).toEqual([])
  })

  it('tells the rest while the vault is locked', async () => {
    const series = await metrics({
      vault: () => ({ state: 'locked' }),
      credentials: () => Promise.resolve(null),
      attention: () => Promise.resolve(null),
    }).series()
    expect(series.get('regie_vault_open')).toBe(0)
    expect(series.keys().filter((key) => key.startsWith('regie_credential'))).toEqual([])
    expect(series.get('regie_service_up{service="qwen",machine="local"}')).toBe(1)
  })

  it('forgets a service, an item and a listener that is gone', async () => {
    let isThere = true
    const { series } = metrics({
      services: () => (isThere ? [service('qwen', { health: health('ready') })] : []),
      attention: () =>
        Promise.resolve({ items: isThere ? [{ ...sampleOf(OpenAttention), kind: 'disk-low', urgent: true }] : [] }),
      gateway: () => ({
        listeners: isThere ? [{ ...sampleOf(GatewayListener), serviceId: 'qwen', state: 'failed', sockets: 3 }] : [],
      }),
      sleepers: () => Promise.resolve(isThere ? [{ ...sampleOf(Sleeper), serviceId: 'qwen', state: 'asleep' }] : []),
    })
    const there = await series()
    expect(there.get('regie_attention_items{kind="disk-low",urgent="true"}')).toBe(1)
    expect(there.get('regie_gateway_listening{service="qwen",machine="local"}')).toBe(0)
    expect(there.get('regie_gateway_websockets{service="qwen",machine="local"}')).toBe(3)
    expect(there.get('regie_service_asleep{service="qwen",machine="local"}')).toBe(1)
    isThere = false
    const gone = (await series()).keys()
    expect(gone.filter((key) => /^regie_(?:attention|service_|gateway_(?:listening|websockets))/.test(key))).toEqual([])
  })
})

describe('what is counted', () => {
  it('is counted once for each generation and rotation, when it ends', async () => {
    const { series, tell } = metrics()
    tell(generation({ id: 'a', state: 'queued' }))
    tell(generation({ id: 'a', state: 'running', startedAt: 1500 }))
    const done = generation({ id: 'a', state: 'succeeded', startedAt: 1500, finishedAt: 4000 })
    // Told again when somebody tags it, and of one that ended before the panel started.
    for (const event of [done, done, generation({ id: 'old', state: 'succeeded', finishedAt: 1 })]) tell(event)
    tell(generation({ id: 'b', state: 'queued' }))
    tell(generation({ id: 'b', state: 'failed', finishedAt: 4000 }))
    tell(rotation({ id: 'r', state: 'running' }))
    tell(rotation({ id: 'r', state: 'rolled-back', finishedAt: 9000 }))
    tell(rotation({ id: 'r', state: 'rolled-back', finishedAt: 9000 }))
    const of = await series()
    expect(of.get('regie_generations_total{service="qwen",outcome="succeeded"}')).toBe(1)
    expect(of.get('regie_generations_total{service="qwen",outcome="failed"}')).toBe(1)
    expect(of.get('regie_generations_total{service="qwen",outcome="cancelled"}')).toBe(0)
    expect(of.get('regie_generation_duration_seconds_count{service="qwen"}')).toBe(1)
    expect(of.get('regie_generation_duration_seconds_sum{service="qwen"}')).toBe(3)
    expect(of.get('regie_generation_wait_seconds_sum{service="qwen"}')).toBe(0.5)
    expect(of.get('regie_rotations_total{credential="qwen",outcome="rolled-back"}')).toBe(1)
    expect(of.get('regie_rotation_duration_seconds_sum{outcome="rolled-back"}')).toBe(8)
  })

  it('adds up what people use, by the service alone', async () => {
    const { series, count } = metrics()
    count('qwen', { requests: 2, bytesIn: 10, bytesOut: 100 })
    count('qwen', { requests: 1, jobs: 1, failed: 1, images: 2, gpuMs: 1500, refused: 1 })
    const of = await series()
    const figures = ['gateway_requests', 'gateway_received_bytes', 'gateway_sent_bytes', 'jobs', 'jobs_failed']
    const more = ['images', 'job_gpu_seconds', 'jobs_refused']
    expect([...figures, ...more].map((name) => of.get(`regie_${name}_total{service="qwen"}`))).toEqual([
      ...[3, 10, 100, 1, 1],
      ...[2, 1.5, 1],
    ])
    expect(of.get('regie_jobs_total{service="forge"}')).toBe(0)
  })
})

it('both forms say the same, each by its rules', async () => {
  const { exposition } = metrics()
  const [open, plain] = await Promise.all([exposition.tell('open'), exposition.tell('plain')])
  expect(open.type).toMatch(/^application\/openmetrics-text/)
  expect(open.text.trimEnd().endsWith('# EOF')).toBe(true)
  expect(open.text).toContain('# TYPE regie_generations counter')
  expect(plain.text).toContain('# TYPE regie_generations_total counter')
  const values = (text: string) => text.split('\n').filter((line) => line.startsWith('regie_service_state'))
  expect(values(open.text)).toEqual(values(plain.text))
})

it('whatever the dashboard and the rules name is a metric of Regie’s', async () => {
  const { read, counted } = makeInstruments(new Registry())
  // The library keeps a metric's own description under this name, which its types do not tell.
  const names = new Set(
    [...Object.values(read), ...Object.values(counted)].map((each) => String(Reflect.get(each, 'name'))),
  )
  expect(names.size).toBeGreaterThan(35)
  const folder = path.resolve(import.meta.dirname, '../../../resources/monitoring')
  for (const file of ['grafana-dashboard.json', 'regie.rules.yml']) {
    const text = await readFile(path.join(folder, file), 'utf8')
    const used = [...new Set(text.match(/\bregie_[a-z_]+/g))].map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter((name) => !names.has(name))).toEqual([])
  }
})
