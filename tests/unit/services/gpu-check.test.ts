import { describe, expect, test } from 'vitest'
import { readFacts } from '../../../electron/services/container/facts'
import { judgeGpu, readUuids, type GpuQuestion } from '../../../electron/services/container/gpu'
import { reason } from '../../../shared/problems'
import { inspected } from '../docker/container-inspected'

const one = 'GPU-1a2b3c4d-0000-0000-0000-000000000001'
const two = 'GPU-9f8e7d6c-0000-0000-0000-000000000002'
const listed = (...uuids: string[]) =>
  uuids.map((uuid, index) => `GPU ${index}: NVIDIA GeForce RTX 3090 (UUID: ${uuid})`).join('\n')

const ask = (
  answer: { exitCode?: number; started?: boolean; output: string } | GpuQuestion['answer'],
  more: Partial<Omit<GpuQuestion, 'request'>> & { request?: Partial<GpuQuestion['request']> } = {},
) => {
  const { request, ...others } = more
  const found = judgeGpu({
    id: 'comfyui-qwen',
    isDesktop: false,
    gpuUuid: null,
    cudaVisible: null,
    ...others,
    request: { ids: [], count: 1, ...request },
    answer: 'problem' in answer ? answer : { exitCode: 0, started: true, ...answer },
  })
  return { ...found, reason: found.reason?.problem ?? null }
}

describe('the GPU inside a container', () => {
  test('is there: its UUIDs are the evidence', () => {
    expect(ask({ output: listed(one, two) })).toEqual({ state: 'ok', answered: `${one}, ${two}`, reason: null })
  })

  test('of a Jetson, whose UUID has no prefix, is there and is counted', () => {
    const orin = '54d0709b-558d-5a59-9c65-0c5fc14a21a4'

    expect(ask({ output: listed(orin) }, { cudaVisible: '0' })).toMatchObject({ state: 'ok', answered: orin })
    expect(ask({ output: listed(orin) }, { cudaVisible: '1' })).toMatchObject({ reason: 'check.cuda-index' })
  })

  test.each<[words: string, problem: string, fix: string | undefined]>([
    ['Failed to initialize NVML: Unknown Error', 'check.gpu-lost', 'recreate'],
    ['Failed to initialize NVML: GPU access blocked by the operating system', 'check.gpu-blocked', 'recreate'],
    [
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161',
      'check.gpu-mismatch',
      'recreate',
    ],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 'check.gpu-no-driver', undefined],
    ["NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", 'check.gpu-no-driver', undefined],
    ['No devices were found', 'check.gpu-none', 'recreate'],
  ])('“%s” is %s, mended by %s', (output, problem, fix) => {
    const found = ask({ exitCode: 255, output })

    expect(found).toMatchObject({ state: 'failed', answered: output.split('\n')[0], reason: problem })
    expect(found.fix).toBe(fix)
  })

  test('cannot be told where there is no nvidia-smi, or no answer', () => {
    const noProgram = { exitCode: 127, started: false, output: 'OCI runtime exec failed: exec failed' }
    expect(ask(noProgram)).toMatchObject({ state: 'unknown', reason: 'check.gpu-no-tool' })
    const silent = reason('container.exec-timeout', { program: 'nvidia-smi', seconds: 15, container: 'c0ffee' })
    expect(ask({ problem: silent })).toMatchObject({ state: 'unknown', reason: 'container.exec-timeout' })
    expect(ask({ exitCode: 3, output: '' })).toMatchObject({ state: 'failed', reason: 'check.gpu-failed' })
  })

  test.each<[what: string, cudaVisible: string, uuids: string[], problem: string | null]>([
    ['an index of the host in a container with one GPU', '1', [one], 'check.cuda-index'],
    ['an index that is there', '1', [one, two], null],
    ['a UUID that is there', two, [one, two], null],
    ['a UUID that is not', two, [one], 'check.cuda-uuid'],
    ['the beginning of a UUID', 'GPU-1a2b', [one], null],
    ['nothing, which hides all', '', [one], 'check.cuda-hidden'],
    ['-1, which hides all', '-1', [one], 'check.cuda-hidden'],
    ['all', 'all', [one], 'check.cuda-word'],
  ])('CUDA_VISIBLE_DEVICES names %s', (_, cudaVisible, uuids, problem) => {
    expect(ask({ output: listed(...uuids) }, { cudaVisible }).reason).toBe(problem)
  })

  test('another GPU than was asked for, or than the service is meant for', () => {
    expect(ask({ output: listed(one) }, { request: { ids: [two] } })).toMatchObject({
      state: 'failed',
      reason: 'check.gpu-other',
    })
    expect(ask({ output: listed(one) }, { gpuUuid: two })).toMatchObject({
      state: 'warning',
      reason: 'check.gpu-other',
    })
    expect(ask({ output: listed(one) }, { request: { ids: ['0'] }, gpuUuid: one }).state).toBe('ok')
  })

  test('under WSL2 every GPU is visible, and only a UUID in CUDA_VISIBLE_DEVICES chooses one', () => {
    const output = listed(one, two)
    expect(ask({ output }, { isDesktop: true, request: { ids: [one] } })).toMatchObject({
      state: 'warning',
      reason: 'check.gpu-all',
    })
    expect(ask({ output }, { isDesktop: true, gpuUuid: one, cudaVisible: '0' })).toMatchObject({
      state: 'warning',
      reason: 'check.cuda-order',
    })
    expect(ask({ output }, { isDesktop: true, gpuUuid: one, cudaVisible: one }).state).toBe('ok')
  })

  test('slices of a MIG card are listed with their GPU', () => {
    const output = `GPU 0: NVIDIA A100 (UUID: ${one})\n  MIG 1g.10gb     Device  0: (UUID: MIG-a686709d-0000-0000-0000-000000000000)`
    expect(readUuids(output)).toEqual([one, 'MIG-a686709d-0000-0000-0000-000000000000'])
  })
})

describe('whether a container asks for a GPU', () => {
  const gpuOf = (host: Record<string, unknown>, env: string[] = []) =>
    readFacts(inspected({ host, config: { Env: env } })).gpu
  const request = (more: object) => ({
    DeviceRequests: [{ Driver: 'nvidia', Count: 0, DeviceIDs: null, Capabilities: [['gpu']], ...more }],
  })

  test('by a device request: ids, a count, or all', () => {
    expect(gpuOf(request({ DeviceIDs: ['0'] }), ['CUDA_VISIBLE_DEVICES=0'])).toEqual({
      ids: ['0'],
      count: null,
    })
    expect(gpuOf(request({ Count: -1 }))).toEqual({ ids: [], count: 'all' })
    expect(gpuOf(request({ Driver: '', Count: 1 }))?.count).toBe(1)
    expect(gpuOf(request({ Driver: 'cdi', Capabilities: null, DeviceIDs: ['nvidia.com/gpu=all'] }))).toEqual({
      ids: [],
      count: 'all',
    })
  })

  test('by NVIDIA’s runtime and its variable; the variable alone asks for nothing', () => {
    expect(gpuOf({ Runtime: 'nvidia' }, ['NVIDIA_VISIBLE_DEVICES=0,1'])?.ids).toEqual(['0', '1'])
    expect(gpuOf({ Runtime: 'nvidia' }, ['NVIDIA_VISIBLE_DEVICES=all'])?.count).toBe('all')
    expect(gpuOf({ Runtime: 'nvidia' }, ['NVIDIA_VISIBLE_DEVICES=void'])).toBeNull()
    expect(gpuOf({}, ['NVIDIA_VISIBLE_DEVICES=all'])).toBeNull()
  })
})
