import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { StackId } from './stacks'

/** A graphics card, or another thing by its name, that a node offers to what runs there. */
const FleetResource = z.object({ kind: z.string(), value: z.string() })

/** A file of a model, as a node's label names it. */
const FleetModel = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'letters, digits, dots, dashes and underscores')

/** What a person says of a node, for the placement of services. Null: not said. */
export const FleetLabels = z.object({
  /** Of its cards, in GiB. */
  vram: z.number().int().min(1).max(4096).nullable(),
  computeCapability: z
    .string()
    .regex(/^\d{1,2}\.\d$/, 'as 8.6')
    .nullable(),
  models: z.array(FleetModel).max(64),
})
export type FleetLabels = z.infer<typeof FleetLabels>

const Role = z.enum(['manager', 'worker'])
const Availability = z.enum(['active', 'pause', 'drain'])

/** A node of the Swarm. */
export const FleetNode = z.object({
  id: z.string(),
  /** Its host name. */
  name: z.string(),
  /** The attached machine that it is; null: none that answers. */
  machineId: z.string().nullable(),
  role: Role,
  isLeader: z.boolean(),
  availability: Availability,
  state: z.enum(['ready', 'down', 'disconnected', 'unknown']),
  /** Swarm's own words beside its state. */
  stateWords: z.string().nullable(),
  /** Whether the other managers reach it; null for a worker. */
  reachability: z.enum(['reachable', 'unreachable', 'unknown']).nullable(),
  address: z.string().nullable(),
  engine: z.object({
    version: z.string(),
    /** Against the leader's. */
    skew: z.enum(['same', 'older', 'newer', 'unknown']),
  }),
  resources: z.array(FleetResource),
  labels: FleetLabels,
  /** The services that run there, or are about to. */
  services: z.array(z.string()),
})
export type FleetNode = z.infer<typeof FleetNode>

/**
 * How a machine stands to the Swarm. `none`: it is in none. `elsewhere`: in another one. `locked`: its Swarm waits for
 * its key. `pending`: it is joining. `unknown`: its engine does not answer. `refused`: it cannot be a node.
 */
export const FleetMachine = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['manager', 'worker', 'none', 'elsewhere', 'locked', 'pending', 'unknown', 'refused']),
  nodeId: z.string().nullable(),
  reason: ReasonSchema.optional(),
  /** Addresses under which other machines may reach it, the likeliest first; a person may know a better one. */
  addresses: z.array(z.string()),
})
export type FleetMachine = z.infer<typeof FleetMachine>

/**
 * The Swarm of the machines. `none`: they are in none. `manager`: one of them manages it and tells what follows.
 * `worker`: it is managed by machines that are not attached. `locked`: its managers wait for their key. `unknown`: no
 * engine could be asked.
 */
export const Fleet = z.object({
  state: z.enum(['none', 'manager', 'worker', 'locked', 'unknown']),
  id: z.string().nullable(),
  /** The machine that told it. */
  managerId: z.string().nullable(),
  reason: ReasonSchema.optional(),
  nodes: z.array(FleetNode),
  machines: z.array(FleetMachine),
})
export type Fleet = z.infer<typeof Fleet>

/** A port that nodes open to each other, and to nobody else. */
export const FleetPort = z.object({
  port: z.number().int(),
  protocol: z.enum(['tcp', 'udp', 'tcp+udp']),
  use: z.enum(['management', 'discovery', 'network']),
})
export type FleetPort = z.infer<typeof FleetPort>

/** What it means to make a machine the first manager of a Swarm, or to let it join, told before it is done. */
export const FleetPlan = z.object({
  machineId: z.string(),
  /** Why it cannot be done; null where it can. */
  refused: ReasonSchema.nullable(),
  addresses: z.array(z.string()),
  ports: z.array(FleetPort),
})
export type FleetPlan = z.infer<typeof FleetPlan>

/** One thing that a node needs to give its cards to services. `unknown`: it could not be looked at, as the words say. */
export const FleetNeed = z.object({
  id: z.enum(['resources', 'runtime', 'hook']),
  state: z.enum(['ok', 'missing', 'unknown']),
  words: ReasonSchema,
  /** The file on that machine, and what is to stand in it; null where it is not known. */
  file: z.string(),
  lines: z.string().nullable(),
})
export type FleetNeed = z.infer<typeof FleetNeed>

export const FleetPreparation = z.object({
  nodeId: z.string(),
  machineId: z.string().nullable(),
  needs: z.array(FleetNeed),
  /** What brings the engine to read them, to be run on that machine. */
  command: z.string(),
})
export type FleetPreparation = z.infer<typeof FleetPreparation>

/** A folder on the nodes: theirs, so a path of Linux. */
const NodeFolder = z
  .string()
  .max(1024)
  .regex(/^(?:\/[\w.@+ -]+)+$/, 'an absolute path without .. or variables')
  .refine((folder) => folder.split('/').every((part) => part !== '..' && part !== '.'), 'a path without . or ..')

/** A service of a ready-made stack, to run on the nodes of the Swarm. */
export const FleetOrder = z.object({
  /** Its name in the Swarm. */
  name: Slug,
  stackId: StackId,
  /** What it asks for; of the stack's own scheme. */
  credentialId: RecordId,
  /** Null: the stack's own name; built on each node, or in a registry that each node reaches. */
  image: z
    .string()
    .max(255)
    .regex(/^[a-z0-9][\w.:/@-]*$/i)
    .nullable()
    .default(null),
  /** PyTorch's build in the stack's own name, e.g. `cu126`; null: the stack's usual one. */
  torchBuild: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/)
    .nullable()
    .default(null),
  replicas: z.number().int().min(0).max(64).default(1),
  /** Cards for each replica. */
  gpus: z.number().int().min(0).max(16).default(1),
  /** Null: what the stack says. */
  memoryGiB: z.number().int().min(1).max(4096).nullable().default(null),
  /** The folder on each node in which the stack's own ones lie (models, outputs, cache, …). */
  folder: NodeFolder,
  /** Null: the folder `models` in that one. */
  modelsFolder: NodeFolder.nullable().default(null),
  /** Only on nodes of which exactly this is said. */
  vram: FleetLabels.shape.vram.default(null),
  computeCapability: FleetLabels.shape.computeCapability.default(null),
  models: FleetLabels.shape.models.default([]),
})
export type FleetOrder = z.infer<typeof FleetOrder>

/** One replica of a service, or the place of one that waits. */
export const FleetReplica = z.object({
  id: z.string(),
  slot: z.number().int(),
  nodeId: z.string().nullable(),
  nodeName: z.string().nullable(),
  /** The cards that the Swarm gave it. */
  gpus: z.array(z.string()),
  /** `waiting`: no node has room for it. `leaving`: it is being stopped. */
  state: z.enum(['waiting', 'starting', 'running', 'leaving', 'failed', 'unknown']),
  since: Timestamp.nullable(),
  /** Why it waits or failed, in Swarm's own words. */
  words: z.string().nullable(),
})
export type FleetReplica = z.infer<typeof FleetReplica>

export const FleetService = z.object({
  name: z.string(),
  stackId: StackId.nullable(),
  credentialId: z.string().nullable(),
  image: z.string(),
  /** How many there are to be. */
  wanted: z.number().int(),
  constraints: z.array(z.string()),
  /** What became of its last change. */
  update: z.enum(['none', 'updating', 'completed', 'paused', 'rolling-back', 'rolled-back', 'unknown']),
  updateWords: z.string().nullable(),
  replicas: z.array(FleetReplica),
})
export type FleetService = z.infer<typeof FleetService>

/** How handing out a secret ended; rolled back: a replica did not come up with it, and all have the former one. */
export const FleetHandOut = z.object({ outcome: z.enum(['handed-out', 'rolled-back']), service: FleetService })
export type FleetHandOut = z.infer<typeof FleetHandOut>

const tags = ['fleet']
const NodeId = z
  .string()
  .regex(/^[a-z0-9]{1,64}$/)
  .meta({ examples: ['mrxvye9v1xwopjn10limgcez3'] })
const MachineId = z
  .string()
  .min(1)
  .max(63)
  .meta({ examples: ['atelier'] })
/** An address of a machine in the network of the fleet: no name, for its nodes ask no name server. */
const Address = z.union([z.ipv4(), z.ipv6()]).meta({ examples: ['10.0.0.5'] })

const errors = ['NOT_FOUND', ...gives.engine, ...gives.store] as const

export const fleet = {
  get: procedure('admin')
    .route({ method: 'GET', path: '/fleet', tags, summary: 'The Docker Swarm of the machines, with its nodes' })
    .output(Fleet),
  plan: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({
      method: 'GET',
      path: '/fleet/machines/{machineId}/plan',
      tags,
      summary: 'What it means for a machine to be a node: its addresses, and the ports that it opens',
    })
    .input(z.object({ machineId: MachineId }))
    .output(FleetPlan),
  init: procedure('admin', { reauth: true, errors, example: { machineId: 'atelier', address: '10.0.0.5' } })
    .route({ method: 'POST', path: '/fleet/init', tags, summary: 'Make a Swarm, with a machine as its first manager' })
    .input(z.object({ machineId: MachineId, address: Address }))
    .output(Fleet),
  join: procedure('admin', {
    reauth: true,
    errors,
    example: { machineId: 'atelier', address: '10.0.0.6', role: 'worker' },
  })
    .route({ method: 'POST', path: '/fleet/nodes', tags, summary: 'Let an attached machine join the Swarm' })
    .input(z.object({ machineId: MachineId, address: Address, role: Role.default('worker') }))
    .output(Fleet),
  changeNode: procedure('admin', { reauth: true, errors, example: { availability: 'drain' } })
    .route({
      method: 'PATCH',
      path: '/fleet/nodes/{id}',
      tags,
      summary: 'Take a node out of work or back in, change its role, or what is said of it',
    })
    .input(
      z.object({
        id: NodeId,
        availability: Availability.optional(),
        role: Role.optional(),
        labels: FleetLabels.partial().optional(),
      }),
    )
    .output(Fleet),
  removeNode: procedure('admin', { reauth: true, errors, example: { evenIfLost: 'atelier' } })
    .route({ method: 'DELETE', path: '/fleet/nodes/{id}', tags, summary: 'Let a drained node leave the Swarm' })
    .input(
      z.object({
        id: NodeId,
        /** The name of the node: it leaves even where the Swarm loses its managers by that. */
        evenIfLost: z.string().max(255).optional(),
      }),
    )
    .output(Fleet),
  preparation: procedure('admin', { errors })
    .route({
      method: 'GET',
      path: '/fleet/nodes/{id}/preparation',
      tags,
      summary: 'What a node needs to give its cards to services, and whether it has it',
    })
    .input(z.object({ id: NodeId }))
    .output(FleetPreparation),
  services: procedure('admin', { errors })
    .route({
      method: 'GET',
      path: '/fleet/services',
      tags,
      summary: 'The services on the Swarm, with each replica, its node and cards, and why one waits',
    })
    .output(z.array(FleetService)),
  deploy: procedure('admin', {
    reauth: true,
    errors: [...errors, 'UNPROCESSABLE_CONTENT'],
    example: { name: 'qwen', stackId: 'comfyui-qwen', credentialId: 'qwen', folder: '/srv/regie/qwen' },
  })
    .route({
      method: 'POST',
      path: '/fleet/services',
      tags,
      summary: 'Run a ready-made stack on the Swarm: its secret is handed out by Swarm, and no port is published',
    })
    .input(FleetOrder)
    .output(FleetService),
  scale: procedure('admin', { errors, example: { replicas: 2 } })
    .route({ method: 'PATCH', path: '/fleet/services/{id}', tags, summary: 'How many replicas there are to be' })
    .input(z.object({ id: Slug, replicas: FleetOrder.shape.replicas.unwrap() }))
    .output(FleetService),
  removeService: procedure('admin', { errors })
    .route({
      method: 'DELETE',
      path: '/fleet/services/{id}',
      tags,
      summary: 'Stop a service on all nodes, and remove its secret from the Swarm; folders stay',
    })
    .input(z.object({ id: Slug }))
    .output(z.void()),
  handOut: procedure('admin', { errors })
    .route({
      method: 'POST',
      path: '/fleet/services/{id}/secret',
      tags,
      summary: 'Hand out the secret that the credential has now, one replica after the other; ends when all have it',
    })
    .input(z.object({ id: Slug }))
    .output(FleetHandOut),
}
