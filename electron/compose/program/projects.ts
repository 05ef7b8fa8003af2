import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ComposeProject, ComposeProjectService } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import type { Container } from '../../docker/engine'
import { placeKey } from '../../docker/mounts'
import type { ComposeConfig } from './compose'
import { likenessOf, sureOf } from '../../kinds/likeness'
import { leftOversIn } from './left-over'

/** A service of Regie, by what it is in Compose. */
export interface KnownService {
  id: string
  file: string
  service: string
  project: string | null
}

export interface Surroundings {
  known: readonly KnownService[]
  /** The machine on which the engine runs, as this one reaches it. */
  engineHost: string
  exists?: (file: string) => boolean
}

/** Compose writes paths as its own machine does, which need not be this one's way. */
const waysOf = (folder: string) => (/^[A-Za-z]:[\\/]|^\\\\/.test(folder) ? path.win32 : path.posix)

/**
 * The files that a label names, as absolute paths: Compose 1 writes them relative to its folder, and a name may hold
 * the comma by which the list is parted.
 */
export function labelledFiles(parts: readonly string[], folder: string, exists: (file: string) => boolean): string[] {
  const ways = waysOf(folder)
  const place = (file: string) => (ways.isAbsolute(file) ? file : ways.join(folder, file))
  const files: string[] = []
  for (let at = 0; at < parts.length;) {
    // The longest run of parts that together name a file.
    let to = parts.length
    while (to > at + 1 && !exists(place(parts.slice(at, to).join(',')))) to--
    files.push(place(parts.slice(at, to).join(',')))
    at = to
  }
  return files
}

/**
 * The files that containers were made from, all of them, where some of them that are here still are not among those
 * that are known: what they add would be lost by a recreate. Empty where there are none.
 */
export function otherFiles(
  known: readonly string[],
  containers: readonly Pick<Container, 'compose' | 'createdAt'>[],
  exists: (file: string) => boolean,
): string[] {
  const latest = containers
    .filter(({ compose }) => compose !== null && !compose.oneOff)
    .toSorted((a, b) => b.createdAt - a.createdAt)[0]?.compose
  if (!latest) return []
  const made = labelledFiles(latest.configFiles, latest.workingDir, exists)
  const keys = new Set(known.map(placeKey))
  return made.some((file) => !keys.has(placeKey(file)) && exists(file)) ? made : []
}

const isRunning = ({ state }: Container) => state === 'running' || state === 'restarting' || state === 'paused'

/**
 * The one container that stands for a service: one that runs before one that does not, one with its own name before what
 * an interrupted recreate left, then the first.
 */
export function pickContainer(containers: readonly Container[]): Container | null {
  const number = ({ labels }: Container) => Number(labels['com.docker.compose.container-number'] ?? 1)
  const leftOvers = new Set(leftOversIn(containers).map(({ container }) => container.id))
  const order = [...containers].sort(
    (a, b) =>
      Number(isRunning(b)) - Number(isRunning(a)) ||
      Number(leftOvers.has(a.id)) - Number(leftOvers.has(b.id)) ||
      number(a) - number(b) ||
      b.createdAt - a.createdAt,
  )
  return order[0] ?? null
}

/** The containers of a service of a project, without those of `compose run`. */
export const containersOf = (containers: readonly Container[], project: string, service: string): Container[] =>
  containers.filter(({ compose }) => compose?.project === project && compose.service === service && !compose.oneOff)

function serviceIdOf(of: { project: string; files: string[]; service: string }, known: readonly KnownService[]) {
  const found = known.find(
    (entry) =>
      entry.service === of.service &&
      (entry.project === null ? entry.file === of.files[0] : entry.project === of.project),
  )
  return found?.id ?? null
}

interface Described {
  name: string
  config: ComposeConfig['services'][string] | null
  container: Container | null
}

function describe(
  { name, config, container }: Described,
  project: { name: string; files: string[] },
  { known, engineHost }: Surroundings,
): ComposeProjectService {
  const published = container?.ports.filter(({ hostPort }) => hostPort > 0) ?? []
  const ports = published.length > 0 ? published : (config?.ports ?? [])
  const image = config?.image ?? container?.image ?? null
  const containerName = container?.name ?? config?.containerName ?? null
  const labels = container?.labels ?? {}
  const likeness = likenessOf(
    {
      ...{ name, image, containerName, labels, ports },
      command: config ? [...(config.entrypoint ?? []), ...(config.command ?? [])] : (container?.tellingWords ?? null),
      environment: config?.environment ?? {},
      isOnHostNetwork: (config?.networkMode ?? container?.networkMode) === 'host',
    },
    engineHost,
  )
  const gpus = [...(config?.gpuIds ?? []), ...(config?.environment['CUDA_VISIBLE_DEVICES'] ?? '').split(',')]
  return {
    name,
    image,
    container: container ? { id: container.id, name: container.name, state: container.state } : null,
    ports,
    guess: sureOf(likeness),
    likeness,
    gpuUuid: gpus.find((id) => /^(GPU|MIG)-[\w/-]{4,120}$/.test(id)) ?? null,
    serviceId: serviceIdOf({ project: project.name, files: project.files, service: name }, known),
  }
}

/** The projects that have containers, by the labels that Compose gave them. */
export function projectsByLabels(containers: readonly Container[], surroundings: Surroundings): ComposeProject[] {
  const exists = surroundings.exists ?? existsSync
  const byProject = new Map<string, Container[]>()
  for (const container of containers) {
    if (container.compose === null || container.compose.oneOff) continue
    const { project } = container.compose
    byProject.set(project, [...(byProject.get(project) ?? []), container])
  }
  return [...byProject]
    .map(([name, own]) => {
      // The latest container tells of the latest files.
      const latest = own.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.compose
      const workingDir = latest?.workingDir ?? ''
      const files = labelledFiles(latest?.configFiles ?? [], workingDir, exists)
      const envFile = latest?.environmentFile ?? null
      const missing = [...files, ...(envFile === null ? [] : [envFile])].find((file) => !exists(file))
      const elsewhere = files.length === 0 ? workingDir : missing
      const services = [...new Set(own.map(({ compose }) => compose?.service ?? ''))].sort()
      return {
        name,
        workingDir,
        files,
        overrides: files.slice(1),
        envFile,
        profiles: [],
        activeProfiles: [],
        services: services.map((service) =>
          describe(
            { name: service, config: null, container: pickContainer(containersOf(own, name, service)) },
            { name, files },
            surroundings,
          ),
        ),
        ...(elsewhere === undefined ? {} : { reason: reason('compose.files-elsewhere', { file: elsewhere }) }),
      }
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** A project as its files tell, with the containers that it has already. */
export function projectOfFiles(
  read: {
    config: ComposeConfig
    name: string
    files: string[]
    overrides: string[]
    envFile: string | null
    profiles: string[]
    activeProfiles: string[]
  },
  containers: readonly Container[],
  surroundings: Surroundings,
): ComposeProject {
  const { config, name, files, overrides, envFile, profiles, activeProfiles } = read
  const madeFrom = otherFiles(
    files,
    containers.filter(({ compose }) => compose?.project === name),
    surroundings.exists ?? existsSync,
  )
  return {
    name,
    workingDir: path.dirname(files[0] ?? ''),
    files,
    overrides,
    ...(madeFrom.length > 0 && { madeFrom }),
    envFile,
    profiles,
    activeProfiles,
    services: Object.entries(config.services).map(([service, asked]) =>
      describe(
        { name: service, config: asked, container: pickContainer(containersOf(containers, name, service)) },
        { name, files },
        surroundings,
      ),
    ),
  }
}
