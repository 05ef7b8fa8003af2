import type Dockerode from 'dockerode'
import { existsSync } from 'node:fs'
import type { ComposeSpec } from '../../../../shared/contract'
import { Problem } from '../../../../shared/problems'
import type { ComposeConfig } from '../../../compose/program/compose'
import { filesOf } from '../../../compose/program/files'
import { labelledFiles } from '../../../compose/program/projects'
import type { Container } from '../../../docker/engine'
import { placeKey } from '../../../docker/mounts'
import type { ProjectView } from '../runtime'
import { containersIn } from './run'

export interface ProjectParts {
  spec: ComposeSpec
  client: () => Promise<Dockerode>
  projectName: () => Promise<string>
  /** What the files ask for. Throws a Problem when they cannot be read. */
  services: () => Promise<ComposeConfig['services']>
}

/** The project that a service belongs to, as a whole. */
export function createProjectView({ spec, client, projectName, services: readServices }: ProjectParts) {
  /** The project as its files and its containers tell it. Throws a Problem when the files cannot be read. */
  async function view(): Promise<ProjectView> {
    const name = await projectName()
    const listed = async () => containersIn(await client(), name)
    const [services, all] = await Promise.all([readServices(), listed()])
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
    for (const { compose } of await containersIn(await client(), name)) {
      if (!compose || !named.has(compose.service)) continue
      const made = labelledFiles(compose.configFiles, compose.workingDir, existsSync)
      // What is gone was moved, as far as can be told: then this is the same project.
      if (made.length > 0 && made.every(existsSync) && !made.some((file) => own.has(placeKey(file))))
        throw new Problem('compose.other-project', { project: name, files: made.join(', ') })
    }
  }

  return {
    assertOwnProject,

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
