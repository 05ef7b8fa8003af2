import type { ComposeSpec } from '../../../../shared/contract'
import { Problem } from '../../../../shared/problems'
import { pause } from '../../../async/pause'
import type { Compose } from '../../../compose/program/compose'
import { allDependencies, readDependencies, standingOf, type Dependency } from '../../../compose/program/dependencies'
import { containersOf, pickContainer } from '../../../compose/program/projects'
import type { Container } from '../../../docker/engine'
import type { Work } from '../runtime'
import type { ProjectParts } from './project'
import { containersIn } from './run'

interface DependenciesParts extends ProjectParts {
  spec: ComposeSpec
  compose: Pick<Compose, 'start'>
}

interface Lacking extends Dependency {
  container: Container | null
  standing: ReturnType<typeof standingOf>
}

/** How long a dependency may take to become healthy, in ms: its own check ends the wait long before. */
const dependencyTimeoutMs = 10 * 60_000
const lookEveryMs = 500

/** What a service depends on in its project: whether it is there, and how it comes to be. */
export class Dependencies {
  readonly #parts: DependenciesParts

  constructor(parts: DependenciesParts) {
    this.#parts = parts
  }

  /** Whether a container of the service must not be started by itself: something that it depends on is not there. */
  async areLacking(container: Container): Promise<boolean> {
    try {
      return (await this.#lacking(await this.#of(container))).length > 0
    } catch (error) {
      // Files that cannot be read tell nothing of dependencies: the container itself is what is there to start.
      if (error instanceof Problem && !error.id.startsWith('compose.engine-')) return false
      throw error
    }
  }

  /** Starts what the files say that a service depends on, and waits until it has come as far as it must. */
  async bring(work: Work): Promise<void> {
    const { spec, compose } = this.#parts
    const needed = await this.#of(null)
    const left = await this.#lacking(needed)
    const stopped = left
      .filter(({ standing }) => standing === 'stopped' || standing === 'failed')
      .map(({ service }) => service)
    if (stopped.length > 0) await compose.start(spec, stopped, work)
    if (left.length > 0) await this.#untilMet(needed, work)
  }

  /** What a service's container was made to depend on, by its label; by the files where Compose 1 wrote none. */
  async #of(container: Container | null): Promise<Dependency[]> {
    const { spec, client, projectName, services: readServices } = this.#parts
    const label = container?.labels['com.docker.compose.depends_on']
    if (label === undefined) {
      const services = await readServices()
      return allDependencies(spec.service, (service) => services[service]?.dependsOn ?? [])
    }
    const all = await containersIn(await client(), await projectName())
    return allDependencies(spec.service, (service) => {
      const own =
        service === spec.service
          ? container
          : pickContainer(containersOf(all, container?.compose?.project ?? '', service))
      return readDependencies(own?.labels['com.docker.compose.depends_on'] ?? '')
    })
  }

  /** The dependencies that have not come as far as the service needs them, with how they stand. */
  async #lacking(needed: readonly Dependency[]): Promise<Lacking[]> {
    if (needed.length === 0) return []
    const { client, projectName } = this.#parts
    const project = await projectName()
    const all = await containersIn(await client(), project)
    return needed
      .map((dependency) => {
        const container = pickContainer(containersOf(all, project, dependency.service))
        return { ...dependency, container, standing: standingOf(dependency.condition, container) }
      })
      .filter(({ standing }) => standing !== 'met')
  }

  /** Resolves when every dependency has come as far as is asked. Throws `compose.dependency` when one cannot. */
  async #untilMet(needed: readonly Dependency[], { onStep, signal }: Work): Promise<void> {
    const deadline = Date.now() + dependencyTimeoutMs
    const waitedFor = new Set<string>()
    for (;;) {
      const left = await this.#lacking(needed)
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
}
