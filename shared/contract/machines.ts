import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { EngineInfo } from './docker'
import { Gpu } from './gpus'

/** How a machine's Docker engine is reached: as a Docker context says, or at an address. */
export const MachineAddress = z.discriminatedUnion('by', [
  z.object({ by: z.literal('context'), context: z.string().min(1).max(255) }),
  z.object({
    by: z.literal('address'),
    /** `ssh://user@host`, `tcp://host:2376`, or a socket of this machine. */
    address: z.string().min(1).max(2048),
    /** Where `ca.pem`, `cert.pem` and `key.pem` lie on Regie's machine; null: TLS is not asked for. */
    certFolder: z.string().min(1).max(4096).nullable().default(null),
  }),
])
export type MachineAddress = z.infer<typeof MachineAddress>

/** A card of a machine, as its nvidia-smi tells it; null is unknown and never 0. */
export const MachineGpu = Gpu.pick({
  ...{ index: true, uuid: true, name: true, driverVersion: true, utilizationPct: true, memoryUsedMiB: true },
  ...{ memoryTotalMiB: true, temperatureC: true, powerW: true, powerLimitW: true },
})
export type MachineGpu = z.infer<typeof MachineGpu>

/** The cards of a machine. `unknown`: they could not be asked, as the reason says. `none`: it has no driver or no card. */
export const MachineGpus = z.object({
  state: z.enum(['known', 'none', 'unknown']),
  /** When they were asked; null: never. */
  at: Timestamp.nullable(),
  cards: z.array(MachineGpu),
  reason: ReasonSchema.optional(),
})
export type MachineGpus = z.infer<typeof MachineGpus>

/** A machine: a Docker engine with its cards. `local` is that of Regie itself, and is always there. */
export const Machine = z.object({
  id: z.string(),
  name: z.string(),
  isLocal: z.boolean(),
  /** Null: Docker's own rules, as under Settings. */
  address: MachineAddress.nullable(),
  /** `away`: it does not answer; what is told of it is of `seenAt`, and what runs there is unknown. */
  state: z.enum(['connecting', 'connected', 'away']),
  /** Since when it is in that state. */
  since: Timestamp,
  /** When its engine answered last; null: not since Regie was started. */
  seenAt: Timestamp.nullable(),
  nextTryAt: Timestamp.nullable(),
  /** Why it does not answer, and the command that mends that. */
  reason: ReasonSchema.optional(),
  command: z.string().optional(),
  /** Where its engine answers, as Docker writes it; null: not known yet. */
  endpoint: z.string().nullable(),
  engine: EngineInfo.nullable(),
  gpus: MachineGpus,
  /** Its containers; null: not known yet. */
  containers: z.object({ running: z.number().int(), all: z.number().int() }).nullable(),
  /** Its Compose projects, by name. */
  projects: z.array(z.object({ name: z.string(), running: z.number().int(), all: z.number().int() })),
})
export type Machine = z.infer<typeof Machine>

/** One thing that a machine needs. `unknown`: it could not be looked at, as the words say. */
export const MachineCheck = z.object({
  id: z.enum(['engine', 'compose', 'driver', 'toolkit']),
  state: z.enum(['ok', 'missing', 'unknown']),
  words: ReasonSchema,
  /** What mends it, to be copied; to be run on that machine, but for `compose`, which Regie's own machine needs. */
  command: z.string().nullable(),
})
export type MachineCheck = z.infer<typeof MachineCheck>

export const MachineTest = z.object({ checks: z.array(MachineCheck), tookMs: z.number().int() })
export type MachineTest = z.infer<typeof MachineTest>

const tags = ['machines']
const MachineId = z
  .string()
  .min(1)
  .max(63)
  .meta({ examples: ['atelier'] })
const Name = z.string().trim().min(1).max(64)
const example = { id: 'atelier', name: 'Atelier', address: { by: 'address', address: 'ssh://regie@atelier' } }

export const machines = {
  list: procedure('admin')
    .route({
      method: 'GET',
      path: '/machines',
      tags,
      summary: 'This machine, and the Docker engines of others that are attached',
    })
    .output(z.array(Machine)),
  create: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store], example })
    .route({
      method: 'POST',
      path: '/machines',
      tags,
      summary: 'Attach a machine by a Docker context, ssh or TLS; nothing on it is changed',
    })
    .input(z.object({ id: Slug, name: Name.optional(), address: MachineAddress }))
    .output(Machine),
  update: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', 'CONFLICT', ...gives.store],
    example: { name: 'Atelier' },
  })
    .route({ method: 'PATCH', path: '/machines/{id}', tags, summary: 'Rename a machine, or reach it another way' })
    .input(z.object({ id: MachineId, name: Name.optional(), address: MachineAddress.optional() }))
    .output(Machine),
  remove: procedure('admin', { errors: ['NOT_FOUND', 'CONFLICT', ...gives.store] })
    .route({
      method: 'DELETE',
      path: '/machines/{id}',
      tags,
      summary: 'Detach a machine; nothing on it is changed',
    })
    .input(z.object({ id: MachineId }))
    .output(z.void()),
  reconnect: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({ method: 'POST', path: '/machines/{id}/reconnect', tags, summary: 'Look for its engine again, now' })
    .input(z.object({ id: MachineId }))
    .output(Machine),
  test: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({
      method: 'POST',
      path: '/machines/{id}/test',
      tags,
      summary: 'What a machine has and lacks: engine, Compose, NVIDIA driver, container toolkit',
    })
    .input(z.object({ id: MachineId }))
    .output(MachineTest),
  testAddress: procedure('admin', { reauth: true, errors: [], example: { address: example.address } })
    .route({
      method: 'POST',
      path: '/machines/test-address',
      tags,
      summary: 'The same of an address, before it is attached',
    })
    .input(z.object({ address: MachineAddress }))
    .output(MachineTest),
}
