import * as z from 'zod'
import { tellingWords } from './telling-words'
import type { ComposeLabels, Container } from './engine'

/** https://docs.docker.com/reference/api/engine/ : GET /containers/json */
const ListItem = z.object({
  Id: z.string().min(1),
  Names: z.array(z.string()).nullish().catch(null),
  Image: z.string().catch(''),
  Command: z.string().catch(''),
  HostConfig: z
    .object({ NetworkMode: z.string().catch('') })
    .nullish()
    .catch(null),
  ImageID: z.string().catch(''),
  State: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
  Status: z.string().catch(''),
  Created: z.number().catch(0),
  Labels: z.record(z.string(), z.string()).nullish().catch(null),
  Ports: z
    .array(
      z
        .object({ IP: z.string().optional(), PrivatePort: z.number(), PublicPort: z.number().optional() })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch(null),
})

/** What Compose says in a container's labels; `null` when it did not make it. */
export function readComposeLabels(labels: Readonly<Record<string, string>>): ComposeLabels | null {
  const of = (name: string) => labels[`com.docker.compose.${name}`]
  const project = of('project')
  const service = of('service')
  if (project === undefined || service === undefined) return null
  return {
    project,
    service,
    workingDir: of('project.working_dir') ?? '',
    configFiles: (of('project.config_files') ?? '').split(',').filter((file) => file !== ''),
    environmentFile: of('project.environment_file') ?? null,
    configHash: of('config-hash') ?? null,
    oneOff: of('oneoff') === 'True',
  }
}

/** A container's main name: one with a further slash is a link's. */
const nameOf = (names: readonly string[]) =>
  (names.find((name) => /^\/[^/]+$/.test(name)) ?? names[0] ?? '').replace(/^\//, '')

/** Reads the engine's list; an entry that cannot be read is left out. */
export function readContainers(answer: unknown): Container[] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((entry: unknown) => {
    const parsed = ListItem.safeParse(entry)
    return parsed.success ? [toContainer(parsed.data)] : []
  })
}

function toContainer(item: z.infer<typeof ListItem>): Container {
  const labels = item.Labels ?? {}
  return {
    id: item.Id,
    name: nameOf(item.Names ?? []),
    image: item.Image,
    imageId: item.ImageID,
    state: item.State,
    status: item.Status,
    createdAt: item.Created * 1000,
    ports: (item.Ports ?? []).flatMap((port) =>
      port?.PublicPort === undefined
        ? []
        : [{ hostIp: port.IP ?? '', hostPort: port.PublicPort, containerPort: port.PrivatePort }],
    ),
    tellingWords: tellingWords(item.Command),
    networkMode: item.HostConfig?.NetworkMode ?? '',
    labels,
    compose: readComposeLabels(labels),
  }
}

/** What of a list concerns others: who is there, and how it is. Ages like `Up 3 minutes` do not. */
export const listMark = (containers: readonly Container[]) =>
  containers
    .map(({ id, name, state, status }) => `${id} ${name} ${state} ${/\((.*)\)\s*$/.exec(status)?.[1] ?? ''}`)
    .sort()
    .join('\n')
