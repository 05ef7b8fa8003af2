import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { ServiceContainer } from './services'

/** Whether a masked value is one that the vault holds. */
const VaultMatch = z.enum(['same', 'differs', 'unknown'])

/** One variable of a container's environment. A secret's value never leaves the core. */
export const ContainerVariable = z.object({
  name: z.string(),
  /** The value, with every secret in it as `[secret <fingerprint>]`; empty when the whole value is one. */
  value: z.string(),
  secret: z
    .object({
      /** First 12 hex digits of SHA-256. */
      fingerprint: z.string(),
      /** `differs`: it should be the service's credential and is not, so the container must be recreated. */
      vault: VaultMatch,
      /** The credential that it is, or should be. */
      credentialId: z.string().nullable(),
    })
    .nullable(),
})
export type ContainerVariable = z.infer<typeof ContainerVariable>

export const ContainerPort = z.object({
  /** E.g. `8188/tcp`. */
  container: z.string(),
  hostIp: z.string().nullable(),
  hostPort: z.number().int().nullable(),
  /** Who can reach it as it is bound now. */
  reach: z.enum(['this-machine', 'network', 'not-published']),
})
export type ContainerPort = z.infer<typeof ContainerPort>

/** Which GPUs a container asks for, and which its programs really get. */
export const EffectiveGpu = z.object({
  requests: z.array(
    z.object({
      driver: z.string(),
      /** −1: all; null where ids are given. */
      count: z.number().int().nullable(),
      deviceIds: z.array(z.string()),
      capabilities: z.array(z.string()),
    }),
  ),
  runtime: z.string().nullable(),
  nvidiaVisibleDevices: z.string().nullable(),
  cudaVisibleDevices: z.string().nullable(),
  cudaDeviceOrder: z.string().nullable(),
  /** A flag of the program itself that chooses the GPU, e.g. `--gpu-device-id 1`. */
  programFlag: z.string().nullable(),
  /** Under WSL2 every GPU is visible, whatever is asked for. */
  platform: z.enum(['native', 'wsl', 'elsewhere']),
  /** `one-of`: it is one of these, but nothing says which. */
  outcome: z.enum(['none', 'these', 'one-of', 'unknown']),
  gpus: z.array(z.object({ uuid: z.string(), index: z.number().int(), name: z.string() })),
  findings: z.array(ReasonSchema),
})
export type EffectiveGpu = z.infer<typeof EffectiveGpu>

/** A container as the engine describes it, without its secrets. */
export const ContainerDetails = z.object({
  at: Timestamp,
  id: z.string(),
  name: z.string(),
  state: ServiceContainer.shape.state,
  image: z.object({
    name: z.string(),
    id: z.string(),
    /** What the name stands for now; null when there is no image of that name any more. */
    currentId: z.string().nullable(),
    /** Made from another image than its name stands for now; null when it cannot be told. */
    isStale: z.boolean().nullable(),
    builtAt: Timestamp.nullable(),
  }),
  createdAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  restartCount: z.number().int().nonnegative(),
  /** Entry point and arguments as run; secrets in them are `[secret <fingerprint>]`. */
  command: z.array(z.string()),
  workingDir: z.string(),
  /** Empty: the image's user, usually root. */
  user: z.string(),
  tty: z.boolean(),
  mounts: z.array(z.object({ type: z.string(), source: z.string(), destination: z.string(), writable: z.boolean() })),
  networks: z.array(z.object({ name: z.string(), address: z.string().nullable(), aliases: z.array(z.string()) })),
  ports: z.array(ContainerPort),
  restartPolicy: z.object({ name: z.string(), maximumRetries: z.number().int() }),
  healthcheck: z
    .object({
      test: z.array(z.string()),
      intervalMs: z.number().nullable(),
      timeoutMs: z.number().nullable(),
      startPeriodMs: z.number().nullable(),
      retries: z.number().int().nullable(),
      status: z.string().nullable(),
    })
    .nullable(),
  /** null: no limit. */
  limits: z.object({
    memoryBytes: z.number().nullable(),
    swapBytes: z.number().nullable(),
    cpus: z.number().nullable(),
    pids: z.number().nullable(),
    sharedMemoryBytes: z.number().nullable(),
  }),
  security: z.object({
    isPrivileged: z.boolean(),
    noNewPrivileges: z.boolean(),
    readOnlyRoot: z.boolean(),
    addedCapabilities: z.array(z.string()),
  }),
  log: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  environment: z.array(ContainerVariable),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  gpu: EffectiveGpu,
})
export type ContainerDetails = z.infer<typeof ContainerDetails>

export const containers = {
  get: procedure('admin', { errors: gives.engine })
    .route({
      method: 'GET',
      path: '/services/{id}/container',
      tags: ['containers'],
      summary: 'The container behind a Compose service: image, mounts, networks, environment without secrets, GPU',
    })
    .input(z.object({ id: Slug }))
    .output(ContainerDetails),
}
