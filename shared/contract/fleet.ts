import * as z from 'zod'
import { gives, procedure, ReasonSchema } from './base'

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
}
