import * as z from 'zod'

/** What engines answer of a Swarm, as far as it is read; fields that are missing or of another kind are unknown. */
const text = z.string().catch('')
const labels = z.record(z.string(), z.string()).nullish().catch(null)
const optional = <T extends z.ZodType>(of: T) => of.nullish().catch(null)

/** Of `/info`. */
export const InfoAnswer = z.object({
  OperatingSystem: text,
  DefaultRuntime: optional(z.string()),
  Runtimes: optional(z.record(z.string(), z.unknown())),
  Swarm: z
    .object({
      NodeID: text,
      // A state of a later engine is no node that may be made one.
      LocalNodeState: z.enum(['inactive', 'pending', 'active', 'error', 'locked']).catch('error'),
      ControlAvailable: z.boolean().catch(false),
      Error: text,
      Cluster: optional(z.object({ ID: text })),
    })
    .nullish()
    .catch(null),
})
export type InfoAnswer = z.infer<typeof InfoAnswer>

const Resource = z.object({
  NamedResourceSpec: optional(z.object({ Kind: z.string(), Value: z.string() })),
})

/** One of `/nodes`. Its description is missing until the node has been there. */
export const NodeAnswer = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.object({
    Name: optional(z.string()),
    Labels: labels,
    Role: z.enum(['worker', 'manager']),
    Availability: z.enum(['active', 'pause', 'drain']),
  }),
  Description: optional(
    z.object({
      Hostname: text,
      Engine: optional(z.object({ EngineVersion: text })),
      Resources: optional(z.object({ GenericResources: optional(z.array(Resource)) })),
    }),
  ),
  Status: z.object({
    State: z.enum(['unknown', 'down', 'ready', 'disconnected']).catch('unknown'),
    Message: optional(z.string()),
    Addr: optional(z.string()),
  }),
  ManagerStatus: optional(
    z.object({
      Leader: z.boolean().optional().catch(false),
      Reachability: z.enum(['unknown', 'unreachable', 'reachable']).catch('unknown'),
      Addr: text,
    }),
  ),
})
export type NodeAnswer = z.infer<typeof NodeAnswer>

const ContainerSecrets = optional(
  z.object({ Secrets: optional(z.array(z.object({ SecretID: text, File: optional(z.object({ Name: text })) }))) }),
)

/** One of `/tasks`. */
export const TaskAnswer = z.object({
  ID: z.string(),
  ServiceID: text,
  NodeID: text,
  Slot: z.number().catch(0),
  DesiredState: text,
  Status: z.object({ State: text, Timestamp: text, Err: optional(z.string()) }),
  GenericResources: optional(z.array(Resource)),
  Spec: optional(z.object({ ContainerSpec: ContainerSecrets })),
})
export type TaskAnswer = z.infer<typeof TaskAnswer>

/** One of `/services`. */
export const ServiceAnswer = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: labels,
    Mode: optional(z.object({ Replicated: optional(z.object({ Replicas: z.number().catch(0) })) })),
    TaskTemplate: z.object({
      ContainerSpec: optional(z.object({ Image: text })),
      Placement: optional(z.object({ Constraints: optional(z.array(z.string())) })),
    }),
  }),
  UpdateStatus: optional(z.object({ State: text, Message: text })),
})
export type ServiceAnswer = z.infer<typeof ServiceAnswer>

/** A service to be changed: an update says all of its spec again, also what Regie knows nothing of. */
export const WholeService = z.object({
  Version: z.object({ Index: z.number() }),
  Spec: z.record(z.string(), z.unknown()),
  UpdateStatus: optional(z.object({ State: text })),
})
export type WholeService = z.infer<typeof WholeService>

/** The secrets that a spec names, with all that is said of each, in their places. */
export const SpecWithSecrets = z.looseObject({
  TaskTemplate: z.looseObject({
    ContainerSpec: z.looseObject({
      Secrets: z.array(
        z.looseObject({ SecretID: z.string(), SecretName: z.string(), File: z.looseObject({ Name: z.string() }) }),
      ),
    }),
  }),
})

/** One of `/secrets`: no engine ever tells the secret itself. */
export const SecretAnswer = z.object({ ID: z.string(), Spec: z.object({ Name: text, Labels: labels }) })

/** What an engine answers when it has made something. */
export const CreatedAnswer = z.union([
  z.object({ ID: z.string() }),
  z.object({ id: z.string() }).transform(({ id }) => ({ ID: id })),
])

/** `/swarm`, for the token that lets a machine join: it stays in the core. */
export const SwarmAnswer = z.object({ JoinTokens: z.object({ Worker: z.string(), Manager: z.string() }) })

/** Those of a list that can be read. */
export function readAll<T>(schema: z.ZodType<T>, answer: unknown): T[] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((one) => {
    const read = schema.safeParse(one)
    return read.success ? [read.data] : []
  })
}
