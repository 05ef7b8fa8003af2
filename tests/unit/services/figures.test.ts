import { describe, expect, it } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { createFigures, figuresOfService } from '../../../electron/services/figures'
import { devicesOf as comfyuiDevices } from '../../../electron/kinds/comfyui/devices'
import { SystemStats } from '../../../electron/kinds/comfyui/schemas'
import { devicesOf as forgeDevices } from '../../../electron/kinds/forge/memory'
import { Memory } from '../../../electron/kinds/forge/schemas'
import { cardOf } from '../../support/cards'

const mib = 2 ** 20

describe('what services tell of their cards', () => {
  it('reads ComfyUI’s, without what PyTorch puts around the name', () => {
    const stats = SystemStats.parse({
      system: {},
      devices: [
        {
          ...{ name: 'cuda:0 NVIDIA GeForce RTX 3090 : cudaMallocAsync', type: 'cuda', index: 0 },
          ...{ vram_total: 24_260 * mib, vram_free: 10_100 * mib },
          ...{ torch_vram_total: 1_000 * mib, torch_vram_free: 100 * mib },
        },
      ],
    })
    expect(comfyuiDevices(stats)).toEqual([
      {
        ...{ name: 'NVIDIA GeForce RTX 3090', index: 0, totalMiB: 24_260, freeMiB: 10_000 },
        ...{ reservedMiB: 1_000, activeMiB: 900 },
      },
    ])
  })

  it('takes a processor for no card, and an answer without devices for none', () => {
    const cpu = { name: 'cpu', type: 'cpu', index: null, vram_total: 1, vram_free: 1 }
    expect(comfyuiDevices(SystemStats.parse({ system: {}, devices: [cpu] }))).toEqual([])
    expect(comfyuiDevices(SystemStats.parse({ system: {} }))).toEqual([])
    expect(comfyuiDevices(SystemStats.parse({ system: {}, devices: 'none' }))).toEqual([])
  })

  it('reads Forge’s, and an error in place of figures', () => {
    const both = { current: 0, peak: 0 }
    const cuda = {
      ...{ system: { free: 20_000 * mib, used: 1, total: 24_000 * mib }, active: both },
      ...{ reserved: { current: 7_000 * mib, peak: 1 }, allocated: both },
    }
    expect(forgeDevices(Memory.parse({ ram: {}, cuda }))).toEqual([
      { name: null, index: null, totalMiB: 24_000, freeMiB: 20_000, reservedMiB: 7_000, activeMiB: 0 },
    ])
    expect(forgeDevices(Memory.parse({ cuda: { error: 'unavailable' } }))).toEqual([])
  })
})

const config = (change: Partial<ServiceConfig>) =>
  ({ id: 'comfyui', kind: 'comfyui', runtime: 'compose', ...change }) as ServiceConfig // what is read of it

const device = (name: string | null, totalMiB: number) => ({
  ...{ name, index: 0, totalMiB, freeMiB: 0, reservedMiB: 5_000, activeMiB: null },
})

const small = cardOf({ uuid: 'GPU-80', name: 'NVIDIA GeForce RTX 3080 Ti', memoryTotalMiB: 12_288 })
const large = cardOf({ uuid: 'GPU-90', name: 'NVIDIA GeForce RTX 3090', memoryTotalMiB: 24_576 })

describe('the card that a service means', () => {
  it.each([
    ['by its name', {}, device('NVIDIA GeForce RTX 3090', 24_260), [small, large], 'GPU-90'],
    ['by its size, where it tells no name', {}, device(null, 12_045), [small, large], 'GPU-80'],
    [
      'by what it was given, of two alike',
      { gpuUuid: 'GPU-91' },
      device(null, 24_260),
      [large, { ...large, uuid: 'GPU-91' }],
      'GPU-91',
    ],
    ['none of two alike', {}, device(null, 24_260), [large, { ...large, uuid: 'GPU-91' }], null],
    [
      'none where it tells another than it was given',
      { gpuUuid: 'GPU-80' },
      device('NVIDIA GeForce RTX 3090', 24_260),
      [small],
      null,
    ],
    [
      'none of another machine',
      { runtime: 'external' as const },
      device('NVIDIA GeForce RTX 3090', 24_260),
      [large],
      null,
    ],
    [
      'where its process is',
      {},
      device(null, 24_260),
      [large, { ...large, uuid: 'GPU-91', processes: [{ pid: 1, name: '', memoryMiB: 1, serviceId: 'comfyui' }] }],
      'GPU-91',
    ],
  ] as const)('%s', (_, change, told, cards, uuid) => {
    const figures = figuresOfService(config(change), [told], cards)
    expect(figures.map(({ card }) => card)).toEqual(uuid === null ? [] : [uuid])
  })
})

describe('asking the services', () => {
  it('keeps what one told before while it does not answer, and forgets one that is not ready', async () => {
    let ready = [config({ gpuUuid: 'GPU-90' })]
    let isMute = false
    const figures = createFigures({
      ready: () => ready,
      devices: () => (isMute ? Promise.reject(new Error('late')) : Promise.resolve([device(null, 24_260)])),
    })
    expect(figures.on({ gpus: [large] })).toEqual([])
    await figures.refresh()
    isMute = true
    await figures.refresh()
    expect(figures.on({ gpus: [large] })).toEqual([{ serviceId: 'comfyui', card: 'GPU-90', reservedMiB: 5_000 }])
    ready = []
    expect(figures.on({ gpus: [large] })).toEqual([])
  })
})
