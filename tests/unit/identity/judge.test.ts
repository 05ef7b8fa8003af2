import { describe, expect, it } from 'vitest'
import { effectiveGpu } from '../../../electron/docker/inspect/gpu'
import { concerns, judgeService, ordersOf, type AskedService } from '../../../electron/identity/judge'
import { platformOf } from '../../../electron/identity'
import { cardOf } from '../../support/cards'

const known = { computeCapability: '8.6', powerLimitW: 350 }
const ti = cardOf({
  ...known,
  uuid: 'GPU-80aaaaaa',
  index: 0,
  name: 'NVIDIA GeForce RTX 3080 Ti',
  memoryTotalMiB: 12_288,
})
const big = cardOf({
  ...known,
  uuid: 'GPU-90aaaaaa',
  index: 1,
  name: 'NVIDIA GeForce RTX 3090',
  memoryTotalMiB: 24_576,
})
const cards = [ti, big]

type Question = Parameters<typeof effectiveGpu>[0]

const asking = (environment: Record<string, string>, change: Partial<Question> = {}) =>
  effectiveGpu({
    requests: [{ driver: 'nvidia', count: -1, deviceIds: [], capabilities: ['gpu'] }],
    ...{ runtime: null, command: [], platform: 'wsl', gpus: cards, wantedUuid: null },
    environment: new Map(Object.entries(environment)),
    ...change,
  })

const device = (name: string | null, totalMiB: number) => [
  { name, index: 0, totalMiB, freeMiB: 0, reservedMiB: null, activeMiB: null },
]
const reports3090 = device('NVIDIA GeForce RTX 3090', 24_259)
const reportsTi = device('NVIDIA GeForce RTX 3080 Ti', 12_053)

const service = (change: Partial<AskedService>): AskedService => ({
  ...{ id: 'forge', meant: null, asked: null, askedIn: null, devices: null },
  ...change,
})
const inFiles = (environment: Record<string, string>) => ({ asked: asking(environment), askedIn: 'files' as const })

describe('whether a service works on the card that is meant', () => {
  it.each([
    [
      'a UUID, and the report agrees',
      { meant: big.uuid, ...inFiles({ CUDA_VISIBLE_DEVICES: big.uuid }), devices: reports3090 },
      'agrees',
      'identity.agrees',
    ],
    [
      'an index in CUDA’s own order that gives the other card',
      { meant: big.uuid, ...inFiles({ CUDA_VISIBLE_DEVICES: '1' }), devices: reportsTi },
      'contradicts',
      'identity.contradicts',
    ],
    [
      'the same, before it ever ran',
      { meant: big.uuid, ...inFiles({ CUDA_VISIBLE_DEVICES: '1' }) },
      'contradicts',
      'identity.settings-differ',
    ],
    [
      'the same index by bus',
      {
        meant: big.uuid,
        ...inFiles({ CUDA_VISIBLE_DEVICES: '1', CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }),
        devices: reports3090,
      },
      'agrees',
      'identity.agrees',
    ],
    ['nothing that says which, so CUDA’s first', { ...inFiles({}), devices: reports3090 }, 'agrees', 'identity.agrees'],
    [
      'settings alone that the report contradicts',
      { ...inFiles({ CUDA_VISIBLE_DEVICES: ti.uuid }), devices: reports3090 },
      'contradicts',
      'identity.contradicts',
    ],
    [
      'no report',
      { meant: big.uuid, ...inFiles({ CUDA_VISIBLE_DEVICES: big.uuid }) },
      'unknown',
      'identity.unreported',
    ],
    [
      'a card that this machine has not',
      { meant: big.uuid, devices: device('NVIDIA H200', 143_771) },
      'unclear',
      'identity.elsewhere',
    ],
    ['nothing asked', { devices: reports3090 }, 'unclear', 'identity.unasked'],
    [
      'a report without a name, by its size',
      { meant: ti.uuid, devices: device(null, 12_053) },
      'agrees',
      'identity.agrees',
    ],
  ] as const)('by %s', (_, change, state, problem) => {
    expect(judgeService(service(change), cards)).toMatchObject({ state, reason: { problem } })
  })

  it('does not tell two alike apart by a report, but by the processes', () => {
    const twin = { ...big, uuid: 'GPU-91aaaaaa', index: 2 }
    const meant = service({ id: 'comfyui', meant: big.uuid, devices: reports3090 })
    expect(judgeService(meant, [big, twin])).toMatchObject({ state: 'unclear', reason: { problem: 'identity.alike' } })
    const processes = [{ pid: 1, name: 'python', memoryMiB: 9_000, serviceId: 'comfyui' }]
    expect(judgeService(meant, [big, { ...twin, processes }])).toMatchObject({
      ...{ state: 'contradicts', seenOn: [twin.uuid] },
    })
    expect(judgeService(meant, [{ ...big, processes }, twin])).toMatchObject({ state: 'agrees', seenOn: [big.uuid] })
  })

  it('does not follow an index where CUDA’s order is not known', () => {
    const alike = [big, { ...big, uuid: 'GPU-91aaaaaa', index: 2 }]
    const asked = asking({ CUDA_VISIBLE_DEVICES: '1' }, { gpus: alike })
    expect(judgeService(service({ asked, askedIn: 'container' }), alike).requested).toMatchObject({ gives: null })
  })

  it('follows the program’s own flag before the variable, in every spelling of the settings', () => {
    const asked = asking({ CUDA_VISIBLE_DEVICES: '0' }, { command: ['launch.py', '--gpu-device-id', '1'] })
    const { requested } = judgeService(service({ asked, askedIn: 'files' }), cards)
    expect(requested).toEqual({
      in: 'files',
      settings: ['count: all (gpu)', 'CUDA_VISIBLE_DEVICES=0', '--gpu-device-id 1'],
      gives: [ti.uuid],
    })
  })

  it('concerns a card that is meant, given, reported or worked on, and no other', () => {
    const judged = judgeService(service({ meant: ti.uuid, devices: reports3090 }), cards)
    expect(concerns(judged, ti.uuid)).toBe(true)
    expect(concerns(judged, big.uuid)).toBe(true)
    expect(concerns(judged, 'GPU-other')).toBe(false)
  })
})

describe('a card’s numbers', () => {
  it('stand beside the others’, by bus', () => {
    expect(
      ordersOf([big, ti]).cards.map(({ uuid, smi, pciBusId, fastestFirst }) => [uuid, smi, pciBusId, fastestFirst]),
    ).toEqual([
      [ti.uuid, 0, 0, 1],
      [big.uuid, 1, 1, 0],
    ])
    expect(ordersOf(cards).command).toContain('CUDA_DEVICE_ORDER=FASTEST_FIRST')
  })

  it.each([
    ['desktop', false, 'wsl'],
    ['native', true, 'wsl'],
    ['native', false, 'native'],
    ['rootless', false, 'native'],
    ['remote', true, 'elsewhere'],
    [null, false, 'native'],
  ] as const)('count in containers of a %s engine (WSL: %s) as on %s', (engine, isWsl, platform) => {
    expect(platformOf(engine, { isWsl })).toBe(platform)
  })
})
