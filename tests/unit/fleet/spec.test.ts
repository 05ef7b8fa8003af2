import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAll, ServiceAnswer, TaskAnswer } from '../../../electron/fleet/answers'
import { isOurs, replicasOf, serviceOf, stateOf } from '../../../electron/fleet/replicas'
import { constraintsOf, holderSpec, secretPlaces, serviceSpec } from '../../../electron/fleet/spec'
import { templateOf } from '../../../electron/stacks/templates'
import { FleetOrder, type StackId } from '../../../shared/contract'

const composeOf = (id: StackId) =>
  readFileSync(path.resolve(import.meta.dirname, `../../../resources/stacks/${id}/compose.yaml`), 'utf8')
const order = (change: Partial<FleetOrder> = {}) =>
  FleetOrder.parse({
    ...{ name: 'comfyui', stackId: 'comfyui-qwen', credentialId: 'login', folder: '/srv/regie/comfyui', ...change },
  })
const specOf = (change: Partial<FleetOrder> = {}) =>
  serviceSpec(composeOf('comfyui-qwen'), templateOf('comfyui-qwen'), {
    order: order(change),
    secrets: [{ id: 's1', name: 'regie-comfyui-v1', target: '/opt/ComfyUI/login/PASSWORD' }],
  })

describe('what Swarm is told of a stack', () => {
  it('is what its Compose file says, where Swarm has a place for it', () => {
    const { TaskTemplate, Labels, Mode } = specOf({ replicas: 3, gpus: 2 })
    const { ContainerSpec, Resources } = TaskTemplate
    expect(ContainerSpec).toMatchObject({
      ...{ Image: 'regie/comfyui-qwen:0.38.1-cu130', User: '1000:1000', Init: true, CapabilityDrop: ['ALL'] },
      ...{ StopGracePeriod: 20e9, Privileges: { NoNewPrivileges: true } },
      Healthcheck: {
        Test: ['CMD', 'python', '/opt/regie/healthcheck.py'],
        Interval: 30e9,
        Retries: 3,
        StartPeriod: 180e9,
      },
    })
    expect(Resources).toEqual({
      Limits: { MemoryBytes: 46 * 1024 ** 3 },
      Reservations: { GenericResources: [{ DiscreteResourceSpec: { Kind: 'NVIDIA-GPU', Value: 2 } }] },
    })
    expect(ContainerSpec.Mounts).toContainEqual({
      ...{ Type: 'tmpfs', Source: '', Target: '/dev/shm', TmpfsOptions: { SizeBytes: 8 * 1024 ** 3, Mode: 0o1777 } },
    })
    expect(Mode).toEqual({ Replicated: { Replicas: 3 } })
    expect(Labels).toEqual({
      ...{ 'regie.stack': 'comfyui-qwen', 'regie.stack-version': '0.38.1', 'regie.credential': 'login' },
    })
  })

  it('publishes no port, has one network, and leaves the choice of a card to Swarm', () => {
    const spec = specOf()
    expect(spec.EndpointSpec).toEqual({ Mode: 'dnsrr' })
    expect(JSON.stringify(spec)).not.toMatch(/Ports|PublishedPort|CUDA_VISIBLE_DEVICES/)
    expect(spec.TaskTemplate.Networks).toEqual([{ Target: 'regie-fleet' }])
    expect(specOf({ gpus: 0 }).TaskTemplate.Resources.Reservations.GenericResources).toEqual([])
  })

  it('rolls back by itself, and does not stop half way back', () => {
    const { UpdateConfig, RollbackConfig } = specOf()
    expect(UpdateConfig).toMatchObject({ FailureAction: 'rollback', Order: 'stop-first', Parallelism: 1 })
    expect(RollbackConfig).toMatchObject({ FailureAction: 'continue', Order: 'stop-first' })
  })

  it('has its folders on the nodes, and its secret from Swarm, for its own user alone', () => {
    const { ContainerSpec } = specOf({ modelsFolder: '/mnt/models' }).TaskTemplate
    const folders = ContainerSpec.Mounts.filter(({ Type }) => Type === 'bind').map(({ Source, Target }) => [
      Source,
      Target,
    ])
    expect(folders).toEqual([
      ['/mnt/models', '/opt/ComfyUI/models'],
      ['/srv/regie/comfyui/outputs', '/opt/ComfyUI/output'],
      ['/srv/regie/comfyui/cache', '/cache'],
      ['/srv/regie/comfyui/user', '/opt/ComfyUI/user'],
      ['/srv/regie/comfyui/input', '/opt/ComfyUI/input'],
      ['/srv/regie/comfyui/custom_nodes', '/opt/ComfyUI/own_nodes'],
    ])
    expect(ContainerSpec.Secrets).toEqual([
      {
        ...{ SecretID: 's1', SecretName: 'regie-comfyui-v1' },
        File: { Name: '/opt/ComfyUI/login/PASSWORD', UID: '1000', GID: '1000', Mode: 0o400 },
      },
    ])
  })

  it('asks for nodes by what is said of them', () => {
    expect(constraintsOf(order({ vram: 48, computeCapability: '8.6', models: ['qwen-image'] }))).toEqual([
      ...['node.platform.os==linux', 'node.labels.vram==48', 'node.labels.compute-capability==8.6'],
      'node.labels.model.qwen-image==yes',
    ])
  })

  it('keeps its network on every node by a container that sees no card and no secret', () => {
    const holder = holderSpec('comfyui', 'regie/comfyui-qwen:1', '1000:1000')
    expect(holder).toMatchObject({ Name: 'comfyui-network', Mode: { Global: {} } })
    expect(holder.TaskTemplate).toMatchObject({
      ContainerSpec: { Env: ['NVIDIA_VISIBLE_DEVICES=void'], CapabilityDrop: ['ALL'], ReadOnly: true },
      Networks: [{ Target: 'regie-fleet' }],
    })
    expect(JSON.stringify(holder)).not.toMatch(/Secrets|GenericResources|Mounts|Ports/)
  })

  it('never climbs out of a folder or brings a variable', () => {
    for (const folder of ['relative', '/srv/../etc', '/srv/$HOME', '/srv/./x', '/', 'C:\\regie'])
      expect(FleetOrder.safeParse({ ...order(), folder }).success, folder).toBe(false)
  })
})

describe('the secret of a stack', () => {
  it('stands at the place of its file; what seals sessions is each replica’s own', () => {
    const places = secretPlaces(composeOf('comfyui-qwen'), templateOf('comfyui-qwen'))
    expect(places.map(({ target, sink }) => [target, sink.type])).toEqual([
      ['/opt/ComfyUI/login/PASSWORD', 'comfyui-login'],
    ])
  })

  it.each(['forge-neo', 'forge-turbo'] as const)('is refused where %s reads it from its environment', (id) => {
    expect(() => secretPlaces(composeOf(id), templateOf(id))).toThrow('environment')
  })
})

describe('the replicas of a service', () => {
  const task = (change: Record<string, unknown>) => ({
    ...{ ID: 't1', ServiceID: 's', NodeID: '', Slot: 1, DesiredState: 'running' },
    Status: { State: 'running', Timestamp: '2026-12-01T12:40:00Z' },
    ...change,
  })
  const read = (...tasks: unknown[]) => replicasOf(readAll(TaskAnswer, tasks), [])

  it('say in Swarm’s words why one waits, also where only its forerunner knew', () => {
    const waits = { State: 'pending', Timestamp: '2026-12-01T12:40:00Z', Err: 'no suitable node' }
    expect(read(task({ Status: waits, DesiredState: 'ready' }))).toMatchObject([
      { state: 'waiting', words: 'no suitable node' },
    ])
    const failed = { State: 'rejected', Timestamp: '2026-12-01T12:39:00Z', Err: 'bind source path does not exist' }
    const again = read(
      task({ ID: 't0', DesiredState: 'shutdown', Status: failed }),
      task({ Status: { State: 'preparing', Timestamp: '2026-12-01T12:40:00Z' } }),
    )
    expect(again).toMatchObject([{ id: 't1', state: 'starting', words: 'bind source path does not exist' }])
  })

  it('are what they are until they have ended', () => {
    const of = (DesiredState: string, State: string) => stateOf({ DesiredState, Status: { State, Timestamp: '' } })
    expect(of('shutdown', 'running')).toBe('leaving')
    expect(of('shutdown', 'shutdown')).toBeNull()
    expect(of('running', 'starting')).toBe('starting')
    expect(of('running', 'failed')).toBe('failed')
    expect(of('running', 'a state of a later Swarm')).toBe('unknown')
  })

  it('are read whatever an engine answers, and others’ services are not ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        read(answer)
        for (const service of readAll(ServiceAnswer, answer)) serviceOf(service, [], [])
      }),
    )
    const [other] = readAll(ServiceAnswer, [{ ID: 's', Spec: { Name: 'web', Labels: { a: 'b' }, TaskTemplate: {} } }])
    expect(other && isOurs(other)).toBe(false)
  })
})
