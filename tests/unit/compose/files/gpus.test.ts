import { describe, expect, it } from 'vitest'
import { asksOf, idsOf, readCudaVisible, type GpuSettings } from '../../../../electron/compose/files/gpus'

const none: GpuSettings = { deploy: [], gpus: null, devices: [], runtime: null, visible: null }

describe('the GPUs that a service asks for', () => {
  it.each<[string, Partial<GpuSettings>, string[]]>([
    ['nothing', {}, []],
    ['deploy, all by silence', { deploy: [{ driver: 'nvidia', capabilities: ['gpu'] }] }, ['all']],
    ['deploy, a count', { deploy: [{ capabilities: ['gpu'], count: 2 }] }, ['2']],
    ['deploy, all as a word and as -1', { deploy: [{ driver: 'nvidia', count: 'all' }] }, ['all']],
    ['deploy, names', { deploy: [{ driver: 'nvidia', ids: ['0', 'GPU-1'] }] }, ['0', 'GPU-1']],
    ['deploy, another device', { deploy: [{ driver: 'tpu', capabilities: ['tpu'], count: 1 }] }, []],
    ['gpus: all', { gpus: 'all' }, ['all']],
    ['gpus: without capabilities', { gpus: [{ ids: ['1'] }] }, ['1']],
    ['CDI in devices', { devices: ['/dev/dri', 'nvidia.com/gpu=0'] }, ['nvidia.com/gpu=0']],
    ['CDI, all', { devices: ['nvidia.com/gpu=all'] }, ['all']],
    ['CDI as a driver', { deploy: [{ driver: 'cdi', ids: ['nvidia.com/gpu=1'] }] }, ['nvidia.com/gpu=1']],
    ['the runtime and its variable', { runtime: 'nvidia', visible: '0, 1' }, ['0', '1']],
    ['the runtime, void', { runtime: 'nvidia', visible: 'void' }, []],
    ['the variable without the runtime', { visible: 'all' }, []],
  ])('%s', (_, settings, ids) => {
    expect(idsOf(asksOf({ ...none, ...settings }))).toEqual(ids)
  })
})

describe('CUDA_VISIBLE_DEVICES', () => {
  it.each([
    ['0', 1, null],
    ['0, GPU-1a2b', 2, null],
    ['MIG-1', 1, null],
    ['all', 0, 'all'],
    ['', 0, ''],
    ['-1', 0, '-1'],
    ['NoDevFiles', 0, 'NoDevFiles'],
    ['1,all,0', 1, 'all'],
    ['nvidia.com/gpu=0', 0, 'nvidia.com/gpu=0'],
  ])('%j', (value, count, stopsAt) => {
    const read = readCudaVisible(value)
    expect([read?.entries.length, read?.stopsAt]).toEqual([count, stopsAt])
  })

  it('not set, it hides nothing', () => {
    expect(readCudaVisible(undefined)).toBeNull()
  })
})
