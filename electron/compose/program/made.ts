import { variablesOfEngine } from '../files/variable'
import { createHash } from 'node:crypto'
import * as z from 'zod'

const Words = z.array(z.string()).nullish()

const Inspected = z.object({
  Image: z.string(),
  Config: z.object({
    Image: z.string().catch(''),
    Env: Words,
    Cmd: Words,
    Entrypoint: Words,
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    PortBindings: z
      .record(
        z.string(),
        z.array(z.object({ HostIp: z.string().catch(''), HostPort: z.string().catch('') })).nullable(),
      )
      .nullish(),
  }),
  Mounts: z.array(z.object({ Type: z.string(), Destination: z.string() })).nullish(),
})

const ImageInspected = z.object({
  Id: z.string(),
  Config: z.object({ Env: Words, Cmd: Words, Entrypoint: Words }).nullish(),
})

/** Variables with the fingerprints of their values: enough to compare them, and no secret is kept. */
export type Environment = Readonly<Record<string, string>>

export const fingerprintOf = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 16)

/** What a container was made of: the part of it that Compose files ask for. */
export interface MadeContainer {
  imageId: string
  image: string
  environment: Environment
  command: readonly string[]
  entrypoint: readonly string[]
  ports: { hostIp: string; hostPort: number; containerPort: number }[]
  mountTargets: string[]
  configHash: string | null
  /** The version of the Compose that made it. */
  composeVersion: string | null
}

/** What an image brings by itself. */
export interface ImageDefaults {
  id: string
  environment: Environment
  command: readonly string[]
  entrypoint: readonly string[]
}

const environmentOf = (entries: readonly string[]): Environment =>
  Object.fromEntries(variablesOfEngine(entries).map(([name, value]) => [name, fingerprintOf(value)]))

/** Reads `GET /containers/{id}/json`; `null` when it is not what is expected. */
export function readMade(answer: unknown): MadeContainer | null {
  const read = Inspected.safeParse(answer)
  if (!read.success) return null
  const { Image, Config, HostConfig, Mounts } = read.data
  return {
    imageId: Image,
    image: Config.Image,
    environment: environmentOf(Config.Env ?? []),
    command: Config.Cmd ?? [],
    entrypoint: Config.Entrypoint ?? [],
    ports: Object.entries(HostConfig.PortBindings ?? {}).flatMap(([target, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => ({
        hostIp: HostIp,
        hostPort: Number(HostPort) || 0,
        containerPort: Number.parseInt(target, 10),
      })),
    ),
    mountTargets: (Mounts ?? []).map(({ Destination }) => Destination),
    configHash: Config.Labels?.['com.docker.compose.config-hash'] ?? null,
    composeVersion: Config.Labels?.['com.docker.compose.version'] ?? null,
  }
}

/** Reads `GET /images/{name}/json`; `null` when it is not what is expected. */
export function readImage(answer: unknown): ImageDefaults | null {
  const read = ImageInspected.safeParse(answer)
  if (!read.success) return null
  const { Id, Config } = read.data
  return {
    id: Id,
    environment: environmentOf(Config?.Env ?? []),
    command: Config?.Cmd ?? [],
    entrypoint: Config?.Entrypoint ?? [],
  }
}
