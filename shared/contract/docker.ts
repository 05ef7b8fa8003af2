import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { ServiceKind } from './service-config'

/** One place where a Docker engine was looked for. */
export const EngineAttempt = z.object({
  source: z.enum(['setting', 'DOCKER_HOST', 'context', 'default']),
  /** As Docker writes it, e.g. `unix:///var/run/docker.sock`; empty where nothing is set. */
  endpoint: z.string(),
  /** What came back, e.g. `ENOENT`, `connected`; empty where it was not asked. */
  answered: z.string(),
})
export type EngineAttempt = z.infer<typeof EngineAttempt>

/** What the engine says of itself. */
export const EngineInfo = z.object({
  version: z.string(),
  apiVersion: z.string(),
  /** `desktop`: Docker Desktop; `remote`: over TCP or ssh. */
  kind: z.enum(['native', 'desktop', 'rootless', 'remote']),
  operatingSystem: z.string(),
  /** Whether the engine knows NVIDIA's runtime; null where it does not tell (CDI). */
  nvidiaRuntime: z.boolean().nullable(),
  cgroupDriver: z.string(),
  /** The memory of the machine, or of the virtual one that the engine runs in; null where it does not tell. */
  memoryBytes: z.number().nullable(),
})
export type EngineInfo = z.infer<typeof EngineInfo>

export const EngineStatus = z.object({
  state: z.enum(['connecting', 'connected', 'unreachable']),
  since: Timestamp,
  /** Why it is not connected, and what to do on this operating system. */
  reason: ReasonSchema.optional(),
  /** A command to copy that mends it, e.g. `sudo usermod -aG docker $USER`. */
  command: z.string().optional(),
  attempts: z.array(EngineAttempt),
  /** When it was last looked for. */
  triedAt: Timestamp,
  /** When it is tried again by itself; null while connected. */
  nextTryAt: Timestamp.nullable(),
  info: EngineInfo.nullable(),
  /** The Compose program: Docker's plugin, or `docker-compose`; null when there is none or it was not looked for. */
  compose: z.object({ program: z.enum(['plugin', 'standalone']), version: z.string() }).nullable(),
  /** The operating system that the panel runs on, for its instructions. */
  platform: z.enum(['linux', 'windows', 'macos']),
  /** The address set in Regie, in place of Docker's own rules; null: Docker's rules. */
  address: z.string().nullable(),
})
export type EngineStatus = z.infer<typeof EngineStatus>

/**
 * Why it is not sure what a Compose service is, or where it answers. `name-only`: nothing but its name speaks for it;
 * `weak`: not even that; `two-kinds`: it speaks for both; `helper`: it is named like a program that stands beside a
 * backend. `no-port`: none is published; `port-unknown`: none of the published ones is one that such a program has;
 * `several-ports`: more than one is; `port-not-published`: its arguments name another; `host-network`: it has the
 * machine's own ports, and its arguments name none.
 */
export const GuessDoubt = z.enum([
  'name-only',
  'weak',
  'two-kinds',
  'helper',
  'no-port',
  'port-unknown',
  'several-ports',
  'port-not-published',
  'host-network',
])
export type GuessDoubt = z.infer<typeof GuessDoubt>

/** What a Compose service is taken for. `why` names the strongest sign, e.g. `image yanwk/comfyui-boot`. */
export const ServiceLikeness = z.discriminatedUnion('state', [
  z.object({ state: z.literal('sure'), kind: ServiceKind, url: z.string(), why: z.string() }),
  z.object({
    state: z.literal('unsure'),
    kind: ServiceKind.nullable(),
    /** Where it may answer; a person decides. */
    urls: z.array(z.string()),
    why: z.string(),
    doubts: z.array(GuessDoubt),
  }),
  z.object({ state: z.literal('neither') }),
])
export type ServiceLikeness = z.infer<typeof ServiceLikeness>

export const ComposeProjectService = z.object({
  /** Its name in the Compose file. */
  name: z.string(),
  image: z.string().nullable(),
  container: z.object({ id: z.string(), name: z.string(), state: z.string() }).nullable(),
  /** Published ports, as they are bound now, else as the file asks. */
  ports: z.array(z.object({ hostIp: z.string(), hostPort: z.number().int(), containerPort: z.number().int() })),
  /** What Regie takes it for where it is sure of it. */
  guess: z.object({ kind: ServiceKind, url: z.string(), why: z.string() }).nullable(),
  /** The same with what is doubtful: there a person decides. */
  likeness: ServiceLikeness,
  /** The GPU that it asks for, when it names one by UUID. */
  gpuUuid: z.string().nullable(),
  /** The service of Regie that it already is. */
  serviceId: z.string().nullable(),
})
export type ComposeProjectService = z.infer<typeof ComposeProjectService>

/** A Compose project, found by its containers' labels or read from its files. */
export const ComposeProject = z.object({
  name: z.string(),
  workingDir: z.string(),
  files: z.array(z.string()),
  /** What has to be named beside the first file; empty where Compose comes to the others by itself. */
  overrides: z.array(z.string()),
  /** The files that its containers were made from, where they are more or others than `files`. */
  madeFrom: z.array(z.string()).optional(),
  envFile: z.string().nullable(),
  /** Profiles that the files know, and those that are on. */
  profiles: z.array(z.string()),
  activeProfiles: z.array(z.string()),
  services: z.array(ComposeProjectService),
  /** Why it can be watched but not managed, e.g. its files are not on this machine. */
  reason: ReasonSchema.optional(),
})
export type ComposeProject = z.infer<typeof ComposeProject>

const tags = ['docker']
const path = z.string().min(1).max(4096)

export const docker = {
  engine: procedure('admin')
    .route({ method: 'GET', path: '/docker', tags, summary: 'Whether the Docker engine answers, and why not' })
    .output(EngineStatus),
  reconnect: procedure('admin')
    .route({ method: 'POST', path: '/docker/reconnect', tags, summary: 'Look for the Docker engine again, now' })
    .output(EngineStatus),
  setAddress: procedure('admin', {
    reauth: true,
    errors: gives.store,
    example: { address: 'unix:///var/run/docker.sock' },
  })
    .route({
      method: 'PUT',
      path: '/docker/address',
      tags,
      summary: "Use the engine at this address, or null for Docker's own rules",
    })
    .input(z.object({ address: z.string().min(1).max(2048).nullable() }))
    .output(EngineStatus),
  projects: procedure('admin')
    .route({ method: 'GET', path: '/docker/projects', tags, summary: 'The Compose projects that have containers' })
    .output(z.array(ComposeProject)),
  readProject: procedure('admin', {
    errors: ['NOT_FOUND', ...gives.runtime],
    example: { file: '/srv/comfyui/compose.yaml' },
  })
    .route({ method: 'POST', path: '/docker/projects/read', tags, summary: 'Read a Compose project from its files' })
    .input(
      z.object({
        /** A Compose file, or the folder in which it lies. */
        file: path,
        overrides: z.array(path).max(16).optional(),
        profiles: z.array(z.string().min(1).max(255)).max(16).optional(),
        envFile: path.optional(),
        project: Slug.optional(),
      }),
    )
    .output(ComposeProject),
}
