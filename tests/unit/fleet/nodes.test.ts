import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InfoAnswer, NodeAnswer, readAll, ServiceAnswer, TaskAnswer } from '../../../electron/fleet/answers'
import { wordsOf } from '../../../electron/fleet/asking'
import { addressesOf, refusalOf } from '../../../electron/fleet/look'
import { assertMayLeave, lossWithout, nodesOf, readLabels, skewOf, writeLabels } from '../../../electron/fleet/nodes'
import { preparationOf, type NodeMachine } from '../../../electron/fleet/preparation'
import { asItIs } from '../../../electron/logs/cutting'
import type { FleetNode, Machine } from '../../../shared/contract'

const node = (name: string, change: Partial<FleetNode> = {}): FleetNode => ({
  ...{ id: name, name, machineId: name, role: 'manager', isLeader: false, availability: 'active', state: 'ready' },
  ...{ stateWords: null, reachability: 'reachable', address: null, engine: { version: '29.1.0', skew: 'same' } },
  ...{ resources: [], labels: { vram: null, computeCapability: null, models: [] }, services: [] },
  ...change,
})

describe('the managers of a Swarm', () => {
  it('are the last, or too few, without one that leaves; a worker is never missed', () => {
    const down = { state: 'down', reachability: 'unreachable' } as const
    expect(lossWithout([node('a')], 'a')).toBe('last')
    expect(lossWithout([node('a'), node('b')], 'a')).toBeNull()
    expect(lossWithout([node('a'), node('b', down)], 'a')).toBe('lost')
    expect(lossWithout([node('a'), node('b', down)], 'b')).toBeNull()
    expect(lossWithout([node('a'), node('b'), node('c', down)], 'a')).toBe('lost')
    expect(lossWithout([node('a'), node('b'), node('c')], 'a')).toBeNull()
    expect(lossWithout([node('a'), node('w', { role: 'worker', reachability: null })], 'w')).toBeNull()
  })

  it('are lost only by the name of the node, which lets none go that works', () => {
    const last = node('atelier')
    expect(() => assertMayLeave([last], last, undefined)).toThrow('last manager')
    expect(() => assertMayLeave([last], last, 'studio')).toThrow('last manager')
    expect(() => assertMayLeave([last], last, 'atelier')).not.toThrow()
    const working = node('atelier', { services: ['comfyui', 'forge'] })
    expect(() => assertMayLeave([working], working, 'atelier')).toThrow('comfyui, forge')
    expect(() => assertMayLeave([working, node('b')], working, undefined)).toThrow('comfyui, forge')
    const gone = { ...working, state: 'down' as const }
    expect(() => assertMayLeave([gone, node('b')], gone, undefined)).not.toThrow()
  })
})

describe('what is said of a node', () => {
  it('stands in labels of its own, and nobody else’s are touched', () => {
    const said = { vram: 48, computeCapability: '8.6', models: ['flux', 'qwen-image'] }
    const labels = writeLabels({ rack: '3', 'model.old': 'yes', vram: '24' }, said)
    expect(labels).toEqual({
      ...{ rack: '3', vram: '48', 'compute-capability': '8.6', 'model.flux': 'yes', 'model.qwen-image': 'yes' },
    })
    expect(readLabels(labels)).toEqual(said)
    expect(writeLabels(labels, { vram: null })).not.toHaveProperty('vram')
    expect(writeLabels(labels, { vram: undefined })).toEqual(labels)
  })

  it('is nothing where a label is no such value', () => {
    const labels = { vram: '-1', 'compute-capability': 'new', 'model.flux': 'no' }
    expect(readLabels(labels)).toEqual({ vram: null, computeCapability: null, models: [] })
  })
})

describe('an engine beside the leader’s', () => {
  it.each([
    ['20.10.24+dfsg1', '20.10.24', 'same'],
    ['20.10.9', '20.10.24', 'older'],
    ['29.1', '28.9.3', 'newer'],
    ['', '28.9.3', 'unknown'],
    ['dev', '28.9.3', 'unknown'],
  ] as const)('%s beside %s is %s', (version, leader, skew) => {
    expect(skewOf(version, leader)).toBe(skew)
  })
})

describe('answers of engines', () => {
  it('are read as far as they can be, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        nodesOf(readAll(NodeAnswer, answer), [], [], () => null)
        InfoAnswer.safeParse(answer)
      }),
    )
  })

  it('name the address of the node that was asked, which tells none of itself', () => {
    const [asked] = nodesOf(
      readAll(NodeAnswer, [
        {
          ...{ ID: 'n1', Version: { Index: 1 }, Spec: { Role: 'manager', Availability: 'active' } },
          ...{ Status: { State: 'ready', Addr: '0.0.0.0' } },
          ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '10.0.0.5:2377' },
        },
      ]),
      [],
      [],
      () => 'atelier',
    )
    expect(asked).toMatchObject({ name: 'n1', address: '10.0.0.5', machineId: 'atelier', isLeader: true })
  })

  it('name the services on a node, but for what only holds a network there', () => {
    const [one] = nodesOf(
      readAll(NodeAnswer, [
        {
          ...{ ID: 'n1', Version: { Index: 1 }, Spec: { Role: 'worker', Availability: 'active' } },
          Status: { State: 'ready' },
        },
      ]),
      readAll(
        TaskAnswer,
        ['s1', 's2'].map((ServiceID) => ({ ID: ServiceID, ServiceID, NodeID: 'n1', Status: { State: 'running' } })),
      ),
      readAll(ServiceAnswer, [
        { ID: 's1', Spec: { Name: 'comfyui', TaskTemplate: {} } },
        { ID: 's2', Spec: { Name: 'comfyui-network', Labels: { 'regie.holds': 'comfyui' }, TaskTemplate: {} } },
      ]),
      () => null,
    )
    expect(one?.services).toEqual(['comfyui'])
  })

  it('carry no token that lets a machine in', () => {
    expect(wordsOf(new Error('cannot join with SWMTKN-1-5abc-9xyz now'), asItIs)).toBe('cannot join with SWMTKN-… now')
  })
})

describe('a machine as a node', () => {
  const machine = (kind: 'native' | 'desktop' | 'rootless' | 'remote', operatingSystem: string): Machine => ({
    ...{
      id: 'm',
      name: 'Desk',
      isLocal: true,
      address: null,
      state: 'connected',
      since: 0,
      seenAt: 0,
      nextTryAt: null,
    },
    engine: {
      ...{ version: '29', apiVersion: '1.50', kind, operatingSystem, nvidiaRuntime: null },
      ...{ cgroupDriver: '', memoryBytes: null },
    },
    ...{ endpoint: null, gpus: { state: 'none', at: null, cards: [] }, containers: null, projects: [] },
  })

  it('is refused by name where its engine is Docker Desktop, also a remote one, or runs without root', () => {
    expect(refusalOf(machine('desktop', 'Docker Desktop'))?.message).toContain('Desk runs Docker Desktop')
    expect(refusalOf(machine('remote', 'Docker Desktop 4.55'))?.problem).toBe('fleet.desktop')
    expect(refusalOf(machine('rootless', 'Debian 13'))?.problem).toBe('fleet.rootless')
    expect(refusalOf(machine('native', 'Debian 13'))).toBeNull()
  })

  it('is reached at the address by which Regie reaches it, where that is one, else at its own', () => {
    const at = (endpoint: string | null, isLocal = false) =>
      addressesOf({ ...machine('remote', ''), endpoint, isLocal }, () => ['192.168.1.5'])
    expect(at('tcp://10.0.0.6:2376')).toEqual(['10.0.0.6'])
    expect(at('ssh://regie@atelier')).toEqual([])
    expect(at('npipe:////./pipe/docker_engine', true)).toEqual(['192.168.1.5'])
    expect(at('unix:///var/run/docker.sock', true)).toEqual(['192.168.1.5'])
    expect(at(null)).toEqual([])
  })
})

describe('what a node needs to give its cards', () => {
  const uuid = 'GPU-1a2b3c4d-0000-1111-2222-333344445555'
  const card = {
    ...{ index: 0, uuid, name: 'NVIDIA RTX A5000', driverVersion: '575.64', utilizationPct: null },
    ...{ memoryUsedMiB: null, memoryTotalMiB: null, temperatureC: null, powerW: null, powerLimitW: null },
  }
  const machine = (change: Partial<NodeMachine> = {}): NodeMachine => ({
    ...{ id: 'atelier', name: 'Atelier', gpus: { state: 'known', at: 1, cards: [card] }, defaultRuntime: 'nvidia' },
    ...change,
  })
  const offering = (...values: string[]) =>
    node('atelier', { resources: values.map((value) => ({ kind: 'NVIDIA-GPU', value })) })
  const states = (of: FleetNode, on: NodeMachine | null) => preparationOf(of, on).needs.map(({ state }) => state)

  it('is there where every card is offered, in whole or by the beginning of its UUID', () => {
    expect(states(offering(uuid), machine())).toEqual(['ok', 'ok', 'unknown'])
    expect(states(offering('GPU-1a2b3c4d'), machine())).toEqual(['ok', 'ok', 'unknown'])
  })

  it('is missing where a card is not offered, or one is that it has not, with the line of its own cards', () => {
    expect(states(offering(), machine({ defaultRuntime: 'runc' }))).toEqual(['missing', 'missing', 'unknown'])
    expect(states(offering(uuid, 'GPU-other'), machine())[0]).toBe('missing')
    expect(preparationOf(offering(), machine()).needs.map(({ lines }) => lines)).toEqual([
      `"node-generic-resources": ["NVIDIA-GPU=${uuid}"]`,
      '"default-runtime": "nvidia"',
      'swarm-resource = "DOCKER_RESOURCE_NVIDIA-GPU"',
    ])
  })

  it('is unknown where the machine is not attached or its cards cannot be asked, and nothing where it has none', () => {
    expect(states(offering(uuid), null)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(states(offering(uuid), machine({ gpus: { state: 'unknown', at: null, cards: [] } }))[0]).toBe('unknown')
    expect(states(offering(), machine({ gpus: { state: 'none', at: 1, cards: [] } }))[0]).toBe('ok')
  })
})
