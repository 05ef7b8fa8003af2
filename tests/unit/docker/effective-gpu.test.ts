import { describe, expect, test } from 'vitest'
import { effectiveGpu, type GpuQuestion } from '../../../electron/docker/inspect/gpu'

const ti = { index: 0, uuid: 'GPU-11111111-aaaa', name: 'RTX 3080 Ti' }
const rtx = { index: 1, uuid: 'GPU-22222222-bbbb', name: 'RTX 3090' }

type Asked = Partial<Omit<GpuQuestion, 'environment' | 'requests'>> & {
  env?: Record<string, string>
  ids?: string[]
  count?: number
}

function ask({ env = {}, ids, count, ...more }: Asked) {
  const request = { driver: 'nvidia', count: ids ? null : (count ?? -1), deviceIds: ids ?? [], capabilities: ['gpu'] }
  const asks = ids !== undefined || count !== undefined
  const { outcome, gpus, findings } = effectiveGpu({
    runtime: null,
    command: ['python', 'main.py'],
    platform: 'native',
    gpus: [ti, rtx],
    wantedUuid: null,
    ...more,
    environment: new Map(Object.entries(env)),
    requests: asks ? [request] : [],
  })
  return { outcome, gpus: gpus.map(({ index }) => index), findings: findings.map(({ problem }) => problem) }
}

describe('on native Linux', () => {
  test('nothing asked for is nothing', () => {
    expect(ask({ env: { NVIDIA_VISIBLE_DEVICES: 'all' } })).toEqual({ outcome: 'none', gpus: [], findings: [] })
  })

  test('ids are indices of nvidia-smi or UUIDs', () => {
    expect(ask({ ids: ['1'] })).toEqual({ outcome: 'these', gpus: [1], findings: [] })
    expect(ask({ ids: [rtx.uuid] })).toEqual({ outcome: 'these', gpus: [1], findings: [] })
    expect(ask({ ids: ['7'] }).findings).toEqual(['container.gpu-not-here'])
  })

  test('a count takes the first ones, and minus one all', () => {
    expect(ask({ count: 1 }).gpus).toEqual([0])
    expect(ask({ count: -1 }).gpus).toEqual([0, 1])
  })

  test('the runtime reads the variable where there are no requests', () => {
    expect(ask({ runtime: 'nvidia', env: { NVIDIA_VISIBLE_DEVICES: '1' } }).gpus).toEqual([1])
    expect(ask({ runtime: 'nvidia', env: { NVIDIA_VISIBLE_DEVICES: 'void' } }).gpus).toEqual([])
  })

  test('inside, GPUs are counted anew: a host index leaves no device', () => {
    expect(ask({ ids: ['1'], env: { CUDA_VISIBLE_DEVICES: '1' } })).toEqual({
      outcome: 'none',
      gpus: [],
      findings: ['container.gpu-no-such'],
    })
    expect(ask({ ids: ['1'], env: { CUDA_VISIBLE_DEVICES: '0' } }).gpus).toEqual([1])
  })

  test('the program’s own flag counts, as in `count: 1` with `--gpu-device-id 1`', () => {
    expect(ask({ count: 1, command: ['launch.py', '--gpu-device-id', '1'] }).findings).toEqual([
      'container.gpu-no-such',
    ])
    expect(ask({ count: 1, env: { FORGE_ARGS: '--api --gpu-device-id 0' } }).gpus).toEqual([0])
  })

  test('an index among several is ambiguous unless the order is that of the bus', () => {
    const several = { count: -1, env: { CUDA_VISIBLE_DEVICES: '0' } }
    expect(ask(several)).toEqual({ outcome: 'one-of', gpus: [0, 1], findings: ['container.gpu-order'] })
    expect(ask({ ...several, env: { ...several.env, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } })).toEqual({
      outcome: 'these',
      gpus: [0],
      findings: [],
    })
  })

  test('an empty list hides every GPU', () => {
    expect(ask({ count: -1, env: { CUDA_VISIBLE_DEVICES: '-1' } })).toMatchObject({
      outcome: 'none',
      findings: ['container.gpu-hidden'],
    })
  })
})

describe('under WSL2', () => {
  const wsl = { platform: 'wsl' as const }

  test('ids have no effect: every GPU is visible', () => {
    expect(ask({ ...wsl, ids: ['1'] })).toEqual({ outcome: 'these', gpus: [0, 1], findings: ['container.gpu-wsl'] })
  })

  test('an index for CUDA selects in CUDA’s own order, which looks inverted', () => {
    expect(ask({ ...wsl, ids: ['0'], env: { CUDA_VISIBLE_DEVICES: '0' } })).toEqual({
      outcome: 'one-of',
      gpus: [0, 1],
      findings: ['container.gpu-wsl', 'container.gpu-order-wsl'],
    })
  })

  test('a UUID for CUDA selects', () => {
    expect(ask({ ...wsl, count: -1, env: { CUDA_VISIBLE_DEVICES: rtx.uuid } })).toEqual({
      outcome: 'these',
      gpus: [1],
      findings: [],
    })
  })
})

test('another GPU than the service’s own is told', () => {
  expect(ask({ ids: ['0'], wantedUuid: rtx.uuid }).findings).toEqual(['container.gpu-other'])
  expect(ask({ ids: ['1'], wantedUuid: rtx.uuid }).findings).toEqual([])
})

test('GPUs of another machine are not guessed', () => {
  expect(ask({ ids: ['0'], platform: 'elsewhere' }).outcome).toBe('unknown')
})
