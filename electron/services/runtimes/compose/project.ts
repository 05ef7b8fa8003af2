import type Dockerode from 'dockerode'
import { existsSync } from 'node:fs'
import type { ComposeSpec, ServiceConfig } from '../../../../shared/contract'
import { Problem } from '../../../../shared/problems'
import type { Compose, ComposeConfig } from '../../../compose/program/compose'
import { allDependencies, readDependencies, standingOf, type Dependency } from '../../../compose/program/dependencies'
import { filesOf } from '../../../compose/program/files'
import { containersOf, labelledFiles, pickContainer } from '../../../compose/program/projects'
import { readContainers } from '../../../docker/containers'
import type { Container } from '../../../docker/engine'
import { placeKey } from '../../../docker/mounts'
import { pause } from '../../../async/pause'
import type { ProjectView, Work } from '../runtime'

interface ProjectParts {
  compose: Pick<Compose, 'start'>
  client: () => Promise<Dockerode>
  specOf: (config: ServiceConfig) => ComposeSpec
  projectOf: (config: ServiceConfig) => Promise<string>
  /** What the files ask for. Throws a Problem when they cannot be read. */
  servicesOf: (spec: ComposeSpec) => Promise<ComposeConfig['services']>
}

/** How long a dependency may take to become healthy, in ms: its own check ends the wait long before. */
const dependencyTimeoutMs = 10 * 60_000
const lookEveryMs = 500

/** What a service has to do with the others of its project. */
export function createProjectWork({ compose, client, specOf, projectOf, servicesOf }: ProjectParts) {
  async function containersIn(project: string): Promise<Container[]> {
    const docker = await client()
    const label = [`com.docker.compose.project=${project}`]
    try {
      const answer: unknown = await docker.listContainers({ all: true, filters: { label } })
      return readContainers(answer)
    } catch (error) {
      throw new Problem('compose.engine-unreachable', { line: error instanceof Error ? error.message : '' })
    }
  }

  /** What a service's container was made to depend on, by its label; by the files where Compose 1 wrote none. */
  async function dependenciesOf(config: ServiceConfig, container: Container | null): Promise<Dependency[]> {
    const spec = specOf(config)
    const label = container?.labels['com.docker.compose.depends_on']
    if (label === undefined) {
      const services = await servicesOf(spec)
      return allDependencies(spec.service, (service) => services[service]?.dependsOn ?? [])
    }
    const all = await containersIn(await projectOf(config))
    return allDependencies(spec.service, (service) => {
      const own =
        service === spec.service
          ? container
          : pickContainer(containersOf(all, container?.compose?.project ?? '', service))
      return readDependencies(own?.labels['com.docker.compose.depends_on'] ?? '')
    })
  }

  /** The dependencies that have not come as far as the service needs them, with how they stand. */
  async function lacking(config: ServiceConfig, needed: readonly Dependency[]) {
    if (needed.length === 0) return []
    const project = await projectOf(config)
    const all = await containersIn(project)
    return needed
      .map((dependency) => {
        const container = pickContainer(containersOf(all, project, dependency.service))
        return { ...dependency, container, standing: standingOf(dependency.condition, container) }
      })
      .filter(({ standing }) => standing !== 'met')
  }

  /** Resolves when every dependency has come as far as is asked. Throws `compose.dependency` when one cannot. */
  async function untilMet(config: ServiceConfig, needed: readonly Dependency[], { onStep, signal }: Work) {
    const deadline = Date.now() + dependencyTimeoutMs
    const waitedFor = new Set<string>()
    for (;;) {
      const left = await lacking(config, needed)
      for (const title of waitedFor)
        if (!left.some(({ container }) => title === `Container ${container?.name ?? ''}`))
          onStep({ id: title, title, state: 'done', detail: 'Healthy' })
      if (left.length === 0) return
      for (const { service, container, standing } of left) {
        const title = `Container ${container?.name ?? service}`
        if (standing !== 'waiting' || Date.now() > deadline) {
          onStep({ id: title, title, state: 'failed', detail: container?.status ?? null })
          throw new Problem('compose.dependency', { line: `${title}: ${container?.status ?? '–'}` })
        }
        waitedFor.add(title)
        onStep({ id: title, title, state: 'running', detail: 'Waiting' })
      }
      await pause(lookEveryMs, signal)
      if (signal.aborted) throw new Problem('compose.cancelled', { action: 'up' })
    }
  }

  /** The project as its files and its containers tell it. Throws a Problem when the files cannot be read. */
  async function view(config: ServiceConfig): Promise<ProjectView> {
    const name = await projectOf(config)
    const [services, all] = await Promise.all([servicesOf(specOf(config)), containersIn(name)])
    const shown = ({ name, state, status }: Container) => ({ name, state, status })
    return {
      name,
      services: Object.entries(services).map(([service, { dependsOn, hasBuild }]) => ({
        name: service,
        dependsOn: dependsOn.map((dependency) => dependency.service),
        canBuild: hasBuild,
        containers: all.filter(({ compose }) => compose?.service === service).map(shown),
      })),
      others: all.filter(({ compose }) => !Object.hasOwn(services, compose?.service ?? '')).map(shown),
    }
  }

  /**
   * Throws `compose.other-project` where a `down` would take containers that were made from none of the service's files:
   * two folders have the same project name, and those are the other's.
   */
  async function assertOwnProject(config: ServiceConfig): Promise<void> {
    const name = await projectOf(config)
    const [files, { services }] = await Promise.all([filesOf(specOf(config)), view(config)])
    const own = new Set(files.map(placeKey))
    const named = new Set(services.map((service) => service.name))
    for (const { compose } of await containersIn(name)) {
      if (!compose || !named.has(compose.service)) continue
      const made = labelledFiles(compose.configFiles, compose.workingDir, existsSync)
      // What is gone was moved, as far as can be told: then this is the same project.
      if (made.length > 0 && made.every(existsSync) && !made.some((file) => own.has(placeKey(file))))
        throw new Problem('compose.other-project', { project: name, files: made.join(', ') })
    }
  }

  return {
    assertOwnProject,

    /** Whether a container of the service must not be started by itself: something that it depends on is not there. */
    async lacksDependencies(config: ServiceConfig, container: Container): Promise<boolean> {
      try {
        return (await lacking(config, await dependenciesOf(config, container))).length > 0
      } catch (error) {
        // Files that cannot be read tell nothing of dependencies: the container itself is what is there to start.
        if (error instanceof Problem && !error.id.startsWith('compose.engine-')) return false
        throw error
      }
    },

    /** Starts what the files say that a service depends on, and waits until it has come as far as it must. */
    async bringDependencies(config: ServiceConfig, work: Work): Promise<void> {
      const needed = await dependenciesOf(config, null)
      const left = await lacking(config, needed)
      const stopped = left.filter(({ standing }) => standing === 'stopped' || standing === 'failed')
      if (stopped.length > 0)
        await compose.start(
          specOf(config),
          stopped.map(({ service }) => service),
          work,
        )
      if (left.length > 0) await untilMet(config, needed, work)
    },

    view,

    /** The project's other services of which nothing runs, but for what ended well; none where the files tell nothing. */
    async leftStopped(config: ServiceConfig): Promise<string[]> {
      try {
        const { services } = await view(config)
        return services
          .filter(({ name, containers }) => name !== specOf(config).service && !containers.some(isDoneOrUp))
          .map(({ name }) => name)
      } catch (error) {
        if (error instanceof Problem) return []
        throw error
      }
    },
  }
}

const isDoneOrUp = ({ state, status }: Pick<Container, 'state' | 'status'>) =>
  state === 'running' || state === 'restarting' || /^Exited \(0\)/.test(status)
