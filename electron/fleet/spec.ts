import type Dockerode from 'dockerode'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import type { FleetOrder } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { interpolate, type Lookup } from '../compose/files/interpolation'
import type { StackTemplate } from '../stacks/templates'
import { gpuKind } from './preparation'

/** The one network of all services of the fleet. Nothing of them listens anywhere else. */
export const fleetNetwork = 'regie-fleet'

/** Labels by which Regie knows what is its own; the Swarm keeps them, and Regie keeps no list beside it. */
export const fleetLabels = {
  stack: 'regie.stack',
  version: 'regie.stack-version',
  credential: 'regie.credential',
  /** Of a service that only holds the network for another one. */
  holds: 'regie.holds',
  /** Of a secret: the service that it belongs to. */
  service: 'regie.service',
  /** Of a secret: its place in the container. */
  target: 'regie.target',
  /** Of a secret: those of one version have the same. */
  secretVersion: 'regie.secret-version',
  /** Of a secret: that of its whole version. */
  fingerprint: 'regie.fingerprint',
} as const

const Duration = z.string().regex(/^\d+(ms|s|m|h)$/)
const Size = z.string().regex(/^\d+(b|k|m|g)$/i)

/** What a ready-made stack's Compose file says of its service, as far as Swarm has a place for it. */
const StackService = z.object({
  image: z.string(),
  user: z.string().regex(/^\d+:\d+$/),
  init: z.boolean(),
  stop_grace_period: Duration,
  environment: z.record(z.string(), z.string()),
  volumes: z.array(
    z.object({
      type: z.literal('bind'),
      source: z.string(),
      target: z.string(),
      read_only: z.boolean().default(false),
    }),
  ),
  mem_limit: Size,
  shm_size: Size,
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.literal('no-new-privileges:true')).min(1),
  healthcheck: z.object({
    ...{ test: z.array(z.string()), interval: Duration, timeout: Duration },
    ...{ retries: z.number().int(), start_period: Duration },
  }),
})
type StackService = z.infer<typeof StackService>

const nanoseconds = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const
const bytes = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const

function unitOf(text: string, units: Readonly<Record<string, number>>): number {
  const [, number = '0', unit = ''] = /^(\d+)([a-z]+)$/.exec(text.toLowerCase()) ?? []
  return Number(number) * (units[unit] ?? Number.NaN)
}

const filled = (value: unknown, variables: Lookup): unknown => {
  if (typeof value === 'string') return interpolate(value, variables)
  if (Array.isArray(value)) return value.map((one) => filled(one, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, variables)]))
}

const Services = z.object({ services: z.record(z.string(), z.unknown()) })

/** The service of a stack's Compose file, with an order's answers in the places of its variables. */
function stackService(
  composeFile: string,
  template: Pick<StackTemplate, 'id'>,
  order: Pick<FleetOrder, 'modelsFolder' | 'memoryGiB' | 'torchBuild'>,
): StackService {
  const variables = new Map([
    ...(order.modelsFolder === null ? [] : [['MODELS_FOLDER', order.modelsFolder] as const]),
    ...(order.memoryGiB === null ? [] : [['MEMORY_LIMIT', `${order.memoryGiB}g`] as const]),
    ...(order.torchBuild === null ? [] : [['TORCH_BUILD', order.torchBuild] as const]),
  ])
  const { services } = Services.parse(parse(composeFile))
  return StackService.parse(filled(services[template.id], variables))
}

/** Folders of a node are Linux's, wherever Regie runs. */
const onNode = (folder: string, source: string) => path.posix.resolve(folder, source)

/** A secret of a stack, and its place in the container. */
export interface SecretPlace {
  sink: StackTemplate['sinks'][number]
  target: string
}

const within = (folder: string, file: string) => file.startsWith(`${folder}/`)

/**
 * Where the secrets of a stack stand in its container. What seals browser sessions is none of them: each replica makes its
 * own, where it can write. Throws `fleet.secret-in-environment` for a stack that reads its secret from the environment:
 * whoever reads the service at an engine would read it there.
 */
export function secretPlaces(composeFile: string, template: StackTemplate): SecretPlace[] {
  const { volumes } = stackService(composeFile, template, { modelsFolder: null, memoryGiB: null, torchBuild: null })
  return template.sinks
    .filter(({ type }) => type !== 'session-key')
    .map((sink) => {
      const file = `./${sink.file.replaceAll('\\', '/')}`
      const volume = volumes.find(({ source }) => within(source, file))
      if (!volume) throw new Problem('fleet.secret-in-environment', { stack: template.id })
      return { sink, target: volume.target + file.slice(volume.source.length) }
    })
}

/** One version of a secret, as the Swarm holds it. */
export interface PlacedSecret {
  id: string
  name: string
  target: string
}

/** How a service is told to take secrets: at their places, readable by its own user alone. */
function secretReferences(user: string, secrets: readonly PlacedSecret[]) {
  const [UID = '0', GID = '0'] = user.split(':')
  return secrets.map(({ id, name, target }) => ({
    ...{ SecretID: id, SecretName: name },
    File: { Name: target, UID, GID, Mode: 0o400 },
  }))
}

/** Where a service may run, in Swarm's words. Swarm compares for equality alone. */
export function constraintsOf({ vram, computeCapability, models }: FleetOrder): string[] {
  return [
    'node.platform.os==linux',
    ...(vram === null ? [] : [`node.labels.vram==${vram}`]),
    ...(computeCapability === null ? [] : [`node.labels.compute-capability==${computeCapability}`]),
    ...models.map((model) => `node.labels.model.${model}==yes`),
  ]
}

/** So many cards of whichever node has them free; dockerode's types leave the outer name away. */
type Cards = Dockerode.GenericResource & { DiscreteResourceSpec: Dockerode.DiscreteGenericResource }
const cardsOf = (count: number): Cards[] =>
  count === 0 ? [] : [{ DiscreteResourceSpec: { Kind: gpuKind, Value: count } }]

/** Engines that do not know it yet pass over it; dockerode's types are as old. */
const noNewPrivileges: Dockerode.Privileges & { NoNewPrivileges: true } = { NoNewPrivileges: true }

/** How long a replica that came up is watched before the next one is touched, in ns. */
const monitorNs = 15e9

const rolling = { Parallelism: 1, Order: 'stop-first', Monitor: monitorNs, MaxFailureRatio: 0 } as const

/** The folders of the stack, on the node; those that only hold secrets are left out, for the Swarm brings these. */
function mountsOf({ volumes, shm_size }: StackService, template: StackTemplate, order: FleetOrder) {
  const secretFolders = new Set(template.sinks.map(({ file }) => `./${path.posix.dirname(file.replaceAll('\\', '/'))}`))
  const folders = volumes
    .filter(({ source }) => !secretFolders.has(source))
    .map(({ source, target, read_only }) => ({
      ...{ Type: 'bind' as const, Source: onNode(order.folder, source), Target: target, ReadOnly: read_only },
    }))
  // Swarm has no size of shared memory: a file system in memory at its place is the same.
  const shared = {
    Type: 'tmpfs' as const,
    Source: '',
    Target: '/dev/shm',
    TmpfsOptions: { SizeBytes: unitOf(shm_size, bytes), Mode: 0o1777 },
  }
  return [...folders, shared]
}

/** The environment of the stack without the choice of a card: the Swarm chooses it, and the runtime shows no other. */
const environmentOf = ({ environment }: StackService) =>
  Object.entries(environment).flatMap(([name, value]) => (name === 'CUDA_VISIBLE_DEVICES' ? [] : [`${name}=${value}`]))

/**
 * What Swarm is told of a service, from its stack's Compose file. Never by `docker stack deploy`, which drops half of the
 * file and would publish the port to everybody: no port is published here.
 */
export function serviceSpec(
  composeFile: string,
  template: StackTemplate,
  { order, secrets }: { order: FleetOrder; secrets: readonly PlacedSecret[] },
) {
  const stack = stackService(composeFile, template, order)
  const { test, interval, timeout, retries, start_period } = stack.healthcheck
  return {
    Name: order.name,
    Labels: {
      [fleetLabels.stack]: template.id,
      [fleetLabels.version]: template.version,
      [fleetLabels.credential]: order.credentialId,
    },
    TaskTemplate: {
      ContainerSpec: {
        ...{ Image: order.image ?? stack.image, User: stack.user, Init: stack.init, Env: environmentOf(stack) },
        ...{ Mounts: mountsOf(stack, template, order), CapabilityDrop: stack.cap_drop },
        Privileges: noNewPrivileges,
        StopGracePeriod: unitOf(stack.stop_grace_period, nanoseconds),
        Healthcheck: {
          ...{ Test: test, Interval: unitOf(interval, nanoseconds), Timeout: unitOf(timeout, nanoseconds) },
          ...{ Retries: retries, StartPeriod: unitOf(start_period, nanoseconds) },
        },
        Secrets: secretReferences(stack.user, secrets),
      },
      Resources: {
        Limits: { MemoryBytes: unitOf(stack.mem_limit, bytes) },
        Reservations: {
          GenericResources: cardsOf(order.gpus),
        },
      },
      RestartPolicy: { Condition: 'any', Delay: 5e9 },
      Placement: { Constraints: constraintsOf(order) },
      Networks: [{ Target: fleetNetwork }],
    },
    Mode: { Replicated: { Replicas: order.replicas } },
    UpdateConfig: { ...rolling, FailureAction: 'rollback' },
    // A roll-back that a node refuses once goes on: one that pauses would leave two versions beside each other.
    RollbackConfig: { ...rolling, FailureAction: 'continue' },
    // Names lead to each replica, and no virtual address hides which one answers.
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

/** The name of what holds the network of one service on every node. */
export const holderOf = (service: string) => `${service}-network`

/**
 * What keeps the network on every node: a container of the same image that does nothing. Without it the first replica of a
 * node brings the network and the last one takes it away, which to Swarm is a change of the node; and at each change of a
 * node Swarm rejects whatever has a card there and is on its way (swarmkit's constraint enforcer asks whether the card is
 * free, and takes yes for no). An update would so be rolled back for nothing.
 */
export function holderSpec(service: string, image: string, user: string) {
  return {
    Name: holderOf(service),
    Labels: { [fleetLabels.holds]: service },
    TaskTemplate: {
      ContainerSpec: {
        ...{ Image: image, User: user, Init: true, CapabilityDrop: ['ALL'], ReadOnly: true },
        ...{ Privileges: noNewPrivileges, Env: ['NVIDIA_VISIBLE_DEVICES=void'], Command: ['/bin/sleep', 'infinity'] },
      },
      Resources: { Limits: { MemoryBytes: 32 * bytes.m } },
      RestartPolicy: { Condition: 'any', Delay: 5e9 },
      Placement: { Constraints: ['node.platform.os==linux'] },
      Networks: [{ Target: fleetNetwork }],
    },
    Mode: { Global: {} },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}
