import type { ComposeSpec, ServiceConfig, ServiceContainer } from '../../../../shared/contract'
import { Problem, reason, type Reason } from '../../../../shared/problems'
import type { ContainerFacts } from '../../../docker/checks/facts'
import type { Compose } from '../../../compose/program/compose'
import { missingFile } from '../../../compose/program/files'
import { containersOf, pickContainer } from '../../../compose/program/projects'
import { readContainers } from '../../../docker/containers'
import type { Container, ContainerEvent, Engine } from '../../../docker/engine'
import { inspectContainer, isConnectionError } from './run'
import type { Presence } from '../runtime'

/** The registry admits no Compose service without its file, so that its absence would be a bug. */
export function specOf(config: ServiceConfig): ComposeSpec {
  if (!config.compose) throw new Error(`${config.id} has no Compose file`)
  return config.compose
}

/** What a service is known by here: with other files it is another one. */
export const keyOf = (config: ServiceConfig) => JSON.stringify([config.id, config.compose])

export interface SightOptions {
  engine: Engine
  compose: Pick<Compose, 'projectName'>
  reportBug: (error: unknown) => void
}

/** Where the container of each Compose service is, and what is known of it. Changes nothing. */
export function createSightings({ engine, compose, reportBug }: SightOptions) {
  /** The name of each service's project, once it was read from the files. */
  const projects = new Map<string, string>()
  /** What the engine said of each container when it was last asked. */
  const facts = new Map<string, { at: number; facts: ContainerFacts }>()
  /** Each service's container as it was found when it was last asked for by itself. */
  const latest = new Map<string, { at: number; container: Container | null }>()
  /** The engine's own list as it was last read: an engine that is gone lists nothing, which says nothing of them. */
  let list = engine.containers()
  let listedAt = 0
  engine.onChange((change) => {
    if (change.type !== 'containers' || engine.status().state !== 'connected') return
    list = engine.containers()
    listedAt = performance.now()
  })
  /** A file that each service lacks here, as far as was looked. */
  const missing = new Map<string, string | null>()
  /** Services whose container was seen, and not taken away by this panel. */
  const known = new Set<string>()
  /** Services whose container this panel takes away just now. */
  const leaving = new Set<string>()

  /** The name of the service's project. Throws a Problem when its files cannot be read. */
  async function projectOf(config: ServiceConfig): Promise<string> {
    const name = await compose.projectName(specOf(config))
    projects.set(keyOf(config), name)
    return name
  }

  const nameOf = (config: ServiceConfig): string | undefined => projects.get(keyOf(config)) ?? specOf(config).project

  /** All containers of the service in the engine's list: one, but for what an interrupted recreate left. */
  function allListed(config: ServiceConfig): Container[] {
    const name = nameOf(config)
    return name === undefined ? [] : containersOf(list, name, specOf(config).service)
  }

  /** The service's container as last seen: by the engine's list, or by itself if that was later. */
  function listed(config: ServiceConfig): Container | null {
    const known = latest.get(keyOf(config))
    if (known && known.at > listedAt) return known.container
    return pickContainer(allListed(config))
  }

  /** The service's container as it is now. */
  const current = async (config: ServiceConfig): Promise<Container | null> => pickContainer(await allOf(config))

  /** All containers of the service as they are now: one, but for what an interrupted recreate left. */
  async function allOf(config: ServiceConfig): Promise<Container[]> {
    const { service } = specOf(config)
    const project = await projectOf(config)
    const client = await engine.client()
    try {
      const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`]
      const answer: unknown = await client.listContainers({ all: true, filters: { label } })
      const found = containersOf(readContainers(answer), project, service)
      latest.set(keyOf(config), { at: performance.now(), container: pickContainer(found) })
      return found
    } catch (error) {
      const line = error instanceof Error ? error.message : ''
      throw new Problem('compose.engine-unreachable', { line })
    }
  }

  /** Asks the engine for a container; `null` when it is gone. */
  async function learn(id: string): Promise<ContainerFacts | null> {
    const found = await inspectContainer(await engine.client(), id)
    if (found) {
      if (facts.size > 256) facts.clear()
      facts.set(id, { at: performance.now(), facts: found })
    } else facts.delete(id)
    return found
  }

  /** What is there can be started and stopped without its files, by the engine; only to make it they are needed. */
  function unmanaged(config: ServiceConfig): Reason | null {
    const file = missing.get(keyOf(config)) ?? null
    return file === null || listed(config) !== null ? null : reason('compose.files-elsewhere', { file })
  }

  async function presence(config: ServiceConfig): Promise<Presence> {
    const { service } = specOf(config)
    try {
      const lacking = await missingFile(specOf(config))
      missing.set(keyOf(config), lacking)
      const container = await current(config)
      const asked = `docker compose ps ${service}`
      if (!container && lacking !== null)
        return { asked: lacking, answered: 'ENOENT', reason: reason('compose.file-missing', { file: lacking }) }
      if (!container) {
        const isOthers = known.has(keyOf(config)) && !leaving.has(keyOf(config))
        const why = isOthers ? 'compose.removed' : 'compose.no-container'
        return { asked, answered: 'no container', reason: reason(why, { id: config.id }) }
      }
      known.add(keyOf(config))
      await learn(container.id)
      return {
        asked: `docker inspect ${container.name}`,
        answered: `Container ${container.id.slice(0, 12)}`,
        reason: null,
      }
    } catch (error) {
      // Whatever it is, Docker tells nothing now: what was last known holds.
      const why = error instanceof Problem ? error.reason : reason('compose.engine-unreachable', { line: '' })
      if (!(error instanceof Problem) && !isConnectionError(error)) reportBug(error)
      return { asked: 'docker version', answered: why.problem, reason: why, unknown: true }
    }
  }

  /** The service's container in the panel's words, as last seen. */
  function described(config: ServiceConfig): ServiceContainer | null {
    const container = listed(config)
    const known = container && facts.get(container.id)
    return container && describe(container, known?.facts ?? null, (known?.at ?? 0) > listedAt)
  }

  /** When a container was started (Unix ms), as far as it was asked for. */
  const startedAt = ({ id }: Container): number | null => facts.get(id)?.facts.startedAt ?? null

  /** Does what takes the containers of all services of a project: nobody else removes them meanwhile. */
  async function whileTakenAway(project: string, takeAway: () => Promise<void>): Promise<void> {
    const gone = [...projects].filter(([, of]) => of === project).map(([key]) => key)
    for (const key of gone) leaving.add(key)
    try {
      await takeAway()
      for (const key of gone) known.delete(key)
    } finally {
      for (const key of gone) leaving.delete(key)
    }
  }

  /** Calls when something happened to the service's container. */
  function onChange(config: ServiceConfig, listen: () => void): () => void {
    const isOurs = ({ containerId, attributes }: ContainerEvent) => {
      if (containerId === listed(config)?.id) return true
      const { 'com.docker.compose.service': service, 'com.docker.compose.project': project } = attributes
      return service === specOf(config).service && project === nameOf(config)
    }
    let mark = ''
    return engine.onChange((change) => {
      switch (change.type) {
        case 'event':
          if (isOurs(change.event)) listen()
          return
        case 'containers': {
          const { id = '', state = '', name = '' } = listed(config) ?? {}
          if (mark !== `${id} ${state} ${name}`) listen()
          mark = `${id} ${state} ${name}`
          return
        }
        case 'status':
        case 'pull':
          listen()
          return
      }
    })
  }

  return {
    projectOf,
    listed,
    allListed,
    current,
    allOf,
    learn,
    unmanaged,
    presence,
    described,
    startedAt,
    whileTakenAway,
    onChange,
  }
}

function describe(
  { id, name, image, state: listed }: Container,
  facts: ContainerFacts | null,
  isNewer: boolean,
): ServiceContainer {
  const state = facts && isNewer ? facts.state : listed
  const isStill = state === 'exited' || state === 'dead'
  return {
    id,
    name,
    image,
    state,
    startedAt: facts?.startedAt ?? null,
    restartCount: facts?.restartCount ?? 0,
    exitCode: isStill ? (facts?.exitCode ?? null) : null,
  }
}
