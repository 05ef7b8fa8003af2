import { parse } from 'yaml'
import * as z from 'zod'
import { Problem } from '../../../shared/problems'
import { splitVariable } from '../files/variable'
import { asksOf, idsOf, type DeviceRequest } from '../files/gpus'
import type { ComposeConfig } from './compose'
import { conditionOf } from './dependencies'
import { parseMount } from './mounts'

type Service = ComposeConfig['services'][string]

/** `config` prints `$$` for a literal `$`, in both generations. */
const unescape = (text: string) => text.replaceAll('$$', '$')
const Text = z.string().transform(unescape)
/** YAML reads `8188` and `true` as such; Compose means their text. */
const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform((value) => unescape(String(value)))

const Environment = z.union([
  z.record(z.string(), z.union([Scalar, z.null()])),
  z.array(z.string()).transform((entries) =>
    Object.fromEntries(
      entries.map((entry) => {
        const [name, value] = splitVariable(entry)
        return [name, value === null ? null : unescape(value)]
      }),
    ),
  ),
])

const Port = z.union([
  z.string(),
  z.number().transform(String),
  z.object({
    host_ip: z.string().optional(),
    target: z.number(),
    published: z.union([z.string(), z.number()]).optional(),
    protocol: z.string().optional(),
  }),
])

const Volume = z.union([
  Text,
  z.object({
    type: z.string().default('volume'),
    source: Text.optional(),
    target: Text,
    read_only: z.boolean().default(false),
  }),
])

const Device = z.object({
  driver: z.string().optional(),
  count: z.union([z.number(), z.string()]).optional(),
  device_ids: z.array(Scalar).optional(),
  capabilities: z.array(z.string()).optional(),
})

const FileReference = z.union([Text, z.object({ source: Text, target: Text.optional() })])

const RenderedService = z.object({
  image: Text.optional(),
  container_name: Text.optional(),
  environment: Environment.nullish(),
  ports: z.array(Port).nullish(),
  volumes: z.array(Volume).nullish(),
  secrets: z.array(FileReference).nullish(),
  configs: z.array(FileReference).nullish(),
  command: z.union([z.array(Scalar), Text]).nullish(),
  entrypoint: z.union([z.array(Scalar), Text]).nullish(),
  labels: z.unknown().optional(),
  build: z.unknown().optional(),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string().optional() }).nullable())])
    .nullish(),
  runtime: z.string().optional(),
  network_mode: z.string().optional(),
  gpus: z.union([z.literal('all'), z.array(Device)]).nullish(),
  devices: z.array(z.union([Text, z.object({ source: Text }).transform(({ source }) => source)])).nullish(),
  scale: z.number().optional(),
  deploy: z
    .object({
      replicas: z.number().optional(),
      resources: z.object({ reservations: z.object({ devices: z.array(Device).nullish() }).nullish() }).nullish(),
    })
    .nullish(),
})

const Files = z.record(z.string(), z.object({ file: Text.optional() }).nullable()).nullish()

const Rendered = z.object({
  name: z.string().optional(),
  services: z.record(z.string(), RenderedService),
  secrets: Files,
  configs: Files,
})

/** `127.0.0.1:8188:8188/tcp`, `8188:8188`, `[::1]:99:98/udp`, `9999`. Ranges are printed one by one. */
export function parsePort(text: string): Service['ports'][number] | null {
  const parts = text.replace(/\/\w+$/, '').split(':')
  const target = Number(parts.pop())
  const host = Number(parts.pop() ?? '')
  const ip = parts.join(':').replaceAll(/[[\]]/g, '')
  return Number.isInteger(target) && Number.isInteger(host)
    ? { hostIp: ip, hostPort: host, containerPort: target }
    : null
}

const portOf = (port: z.infer<typeof Port>) =>
  typeof port === 'string'
    ? parsePort(port)
    : { hostIp: port.host_ip ?? '', hostPort: Number(port.published ?? 0) || 0, containerPort: port.target }

const volumeOf = (volume: z.infer<typeof Volume>): Service['volumes'][number] =>
  typeof volume === 'string'
    ? parseMount(volume)
    : { type: volume.type, source: volume.source ?? '', target: volume.target, readOnly: volume.read_only }

/** The files that a service's secrets or configs stand for: Compose mounts each by itself. */
function filesOf(
  references: z.infer<typeof FileReference>[],
  files: z.infer<typeof Files>,
  folder: string,
): Service['volumes'] {
  return references.flatMap((reference) => {
    const name = typeof reference === 'string' ? reference : reference.source
    const source = files?.[name]?.file
    const target = (typeof reference === 'string' ? undefined : reference.target) ?? name
    if (source === undefined) return []
    return [{ type: 'bind', source, target: target.startsWith('/') ? target : `${folder}/${target}`, readOnly: true }]
  })
}

const requestOf = ({ driver, count, device_ids: ids, capabilities }: z.infer<typeof Device>): DeviceRequest => ({
  driver,
  count,
  ids: ids ?? [],
  capabilities: capabilities ?? [],
})

const gpusOf = (service: z.infer<typeof RenderedService>, environment: Service['environment']) => {
  const gpuAsks = asksOf({
    deploy: (service.deploy?.resources?.reservations?.devices ?? []).map(requestOf),
    gpus: service.gpus === 'all' ? 'all' : (service.gpus?.map(requestOf) ?? null),
    devices: service.devices ?? [],
    runtime: service.runtime ?? null,
    visible: environment['NVIDIA_VISIBLE_DEVICES'] ?? null,
  })
  return { gpuIds: idsOf(gpuAsks), ...(gpuAsks.length > 0 && { gpuAsks }) }
}

function dependenciesOf(asked: z.infer<typeof RenderedService>['depends_on']): Service['dependsOn'] {
  if (Array.isArray(asked)) return asked.map((service) => ({ service, condition: 'service_started' }))
  return Object.entries(asked ?? {}).map(([service, how]) => ({ service, condition: conditionOf(how?.condition) }))
}

const wordsOf = (command: string | string[] | null | undefined): string[] | null =>
  command === undefined || command === null ? null : typeof command === 'string' ? [command] : command

/**
 * Reads what `compose config` printed, JSON or YAML, of either generation. `fallbackName` is the project's name where
 * the program prints none (Compose 1). Throws `compose.unreadable`.
 */
export function readConfig(output: string, fallbackName: string): ComposeConfig {
  const read = Rendered.safeParse(parseText(output))
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new Problem('compose.unreadable', { detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` })
  }
  const { name, services, secrets, configs } = read.data
  const entries = Object.entries(services).map(([key, service]): [string, Service] => {
    const environment = service.environment ?? {}
    return [
      key,
      {
        image: service.image ?? null,
        containerName: service.container_name ?? null,
        environment,
        ports: (service.ports ?? []).map(portOf).filter((port) => port !== null),
        volumes: [
          ...(service.volumes ?? []).map(volumeOf),
          ...filesOf(service.secrets ?? [], secrets, '/run/secrets'),
          ...filesOf(service.configs ?? [], configs, ''),
        ],
        ...gpusOf(service, environment),
        command: wordsOf(service.command),
        entrypoint: wordsOf(service.entrypoint),
        ...(service.network_mode === undefined ? {} : { networkMode: service.network_mode }),
        dependsOn: dependenciesOf(service.depends_on),
        hasBuild: service.build !== undefined && service.build !== null,
        ...replicasOf(service.deploy?.replicas ?? service.scale),
      },
    ]
  })
  return { name: name ?? fallbackName, services: Object.fromEntries(entries) }
}

const replicasOf = (count: number | undefined) => (count === undefined ? {} : { replicas: count })

function parseText(output: string): unknown {
  try {
    return output.trimStart().startsWith('{') ? JSON.parse(output) : parse(output)
  } catch (error) {
    throw new Problem('compose.unreadable', { detail: error instanceof Error ? error.name : '' })
  }
}

/** `web 70bf8985…`, a line for each service. */
export const readHashes = (output: string): Record<string, string> =>
  Object.fromEntries(
    output.split(/\r?\n/).flatMap((line) => {
      const [name = '', hash] = line.trim().split(/\s+/)
      return hash === undefined ? [] : [[name, hash]]
    }),
  )
