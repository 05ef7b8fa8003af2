import type Dockerode from 'dockerode'
import { existsSync } from 'node:fs'
import type { ComposeSpec } from '../../../../shared/contract'
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
  spec: ComposeSpec
  compose: Pick<Compose, 'start'>
  client: () => Promise<Dockerode>
  projectName: () => Promise<string>
  /** What the files ask for. Throws a Problem when they cannot be read. */
  services: () => Promise<ComposeConfig['services']>
}

export type ProjectWork = ReturnType<typeof createProjectWork>

/** How long a dependency may take to become healthy, in ms: its own check ends the wait long before. */
const dependencyTimeoutMs = 10 * 60_000
const lookEveryMs = 500

/** What a service has to do with the others of its project. */
export function createProjectWork({ spec, compose, client, projectName, services: readServices }: ProjectParts) {
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
  async function dependenciesOf(container: Container | null): Promise<Dependency[]> {
    const label = container?.labels['com.docker.compose.depends_on']
    if (label === undefined) {
      const services = await readServices()
      return allDependencies(spec.service, (service) => services[service]?.dependsOn ?? [])
    }
    const all = await containersIn(await projectName())
    return allDependencies(spec.service, (service) => {
      const own =
        service === spec.service
          ? container
          : pickContainer(containersOf(all, container?.compose?.project ?? '', service))
      return readDependencies(own?.labels['com.docker.compose.depends_on'] ?? '')
    })
  }

  /** The dependencies that have not come as far as the service needs them, with how they stand. */
  async function lacking(needed: readonly Dependency[]) {
    if (needed.length === 0) return []
    const project = await projectName()
    const all = await containersIn(project)
    return needed
      .map((dependency) => {
        const container = pickContainer(containersOf(all, project, dependency.service))
        return { ...dependency, container, standing: standingOf(dependency.condition, container) }
      })
      .filter(({ standing }) => standing !== 'met')
  }

  /** Resolves when every dependency has come as far as is asked. Throws `compose.dependency` when one cannot. */
  async function untilMet(needed: readonly Dependency[], { onStep, signal }: Work) {
    const deadline = Date.now() + dependencyTimeoutMs
    const waitedFor = new Set<string>()
    for (;;) {
      const left = await lacking(needed)
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
  async function view(): Promise<ProjectView> {
    const name = await projectName()
    const [services, all] = await Promise.all([readServices(), containersIn(name)])
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
  async function assertOwnProject(): Promise<void> {
    const name = await projectName()
    const [files, { services }] = await Promise.all([filesOf(spec), view()])
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
    async lacksDependencies(container: Container): Promise<boolean> {
      try {
        return (await lacking(await dependenciesOf(container))).length > 0
      } catch (error) {
        // Files that cannot be read tell nothing of dependencies: the container itself is what is there to start.
        if (error instanceof Problem && !error.id.startsWith('compose.engine-')) return false
        throw error
      }
    },

    /** Starts what the files say that a service depends on, and waits until it has come as far as it must. */
    async bringDependencies(work: Work): Promise<void> {
      const needed = await dependenciesOf(null)
      const left = await lacking(needed)
      const stopped = left.filter(({ standing }) => standing === 'stopped' || standing === 'failed')
      if (stopped.length > 0)
        await compose.start(
          spec,
          stopped.map(({ service }) => service),
          work,
        )
      if (left.length > 0) await untilMet(needed, work)
    },

    view,

    /** The project's other services of which nothing runs, but for what ended well; none where the files tell nothing. */
    leftStopped: async (): Promise<string[]> => {
      try {
        const { services } = await view()
        return services
          .filter(({ name, containers }) => name !== spec.service && !containers.some(isDoneOrUp))
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
