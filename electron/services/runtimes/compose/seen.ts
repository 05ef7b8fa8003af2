import type { ComposeSpec, ServiceContainer } from '../../../../shared/contract'
import { Problem, reason, type Reason } from '../../../../shared/problems'
import type { ContainerFacts } from '../../container/facts'
import type { Compose } from '../../../compose/program/compose'
import { missingFile } from '../../../compose/program/files'
import { containersOf, pickContainer } from '../../../compose/program/projects'
import type { Container, ContainerEvent, Engine, EngineChange } from '../../../docker/engine'
import { containersIn, inspectContainer, isConnectionError } from './run'
import type { Presence } from '../runtime'

export interface SightOptions {
  id: string
  spec: ComposeSpec
  engine: Engine
  compose: Pick<Compose, 'projectName'>
  reportBug: (error: unknown) => void
  /** Called when something happened to the container. */
  onChange: () => void
}

export type Sight = ReturnType<typeof createSight>

/** Where the container of one Compose service is, and what is known of it. Changes nothing. */
export function createSight({ id, spec, engine, compose, reportBug, onChange }: SightOptions) {
  /** The name of its project: given, or once it was read from the files. */
  let project = spec.project
  /** The container as it was found when it was last asked for by itself. */
  let latest: { at: number; container: Container | null } | null = null
  /** What the engine said of the container when it was last asked. */
  let learned: { id: string; at: number; facts: ContainerFacts } | null = null
  /** The engine's own list as it was last read: an engine that is gone lists nothing, which says nothing of it. */
  let list = engine.containers()
  let listedAt = 0
  /** A file that it lacks here, as far as was looked. */
  let missing: string | null = null
  /** Whether its container was seen, and not taken away by this panel. */
  let isKnown = false
  /** Whether this panel takes its container away just now. */
  let isLeaving = false
  let mark = ''

  /** The name of the service's project. Throws a Problem when its files cannot be read. */
  const projectName = async (): Promise<string> => (project = await compose.projectName(spec))

  /** All containers of the service in the engine's list: one, but for what an interrupted recreate left. */
  const allListed = (): Container[] => (project === undefined ? [] : containersOf(list, project, spec.service))

  /** The service's container as last seen: by the engine's list, or by itself if that was later. */
  const listed = (): Container | null =>
    latest && latest.at > listedAt ? latest.container : pickContainer(allListed())

  /** All containers of the service as they are now: one, but for what an interrupted recreate left. */
  async function all(): Promise<Container[]> {
    const name = await projectName()
    const found = containersOf(await containersIn(await engine.client(), name, spec.service), name, spec.service)
    latest = { at: performance.now(), container: pickContainer(found) }
    return found
  }

  /** The service's container as it is now. */
  const current = async (): Promise<Container | null> => pickContainer(await all())

  /** Asks the engine for a container, which need not be the service's any more; `null` when it is gone. */
  async function learn(container: string): Promise<ContainerFacts | null> {
    const facts = await inspectContainer(await engine.client(), container)
    if (facts && container === listed()?.id) learned = { id: container, at: performance.now(), facts }
    else if (!facts && container === learned?.id) learned = null
    return facts
  }

  /** Finds what is there of it. Throws what the engine and Compose throw. */
  async function look(): Promise<Presence> {
    missing = await missingFile(spec)
    const container = await current()
    if (container) {
      isKnown = true
      const facts = await learn(container.id)
      const answered = `Container ${container.id.slice(0, 12)}`
      return { asked: `docker inspect ${container.name}`, answered, reason: null, ...(facts && { facts }) }
    }
    if (missing !== null)
      return { asked: missing, answered: 'ENOENT', reason: reason('compose.file-missing', { file: missing }) }
    const why = isKnown && !isLeaving ? 'compose.removed' : 'compose.no-container'
    return { asked: `docker compose ps ${spec.service}`, answered: 'no container', reason: reason(why, { id }) }
  }

  function isOurs({ containerId, attributes }: ContainerEvent): boolean {
    if (containerId === listed()?.id) return true
    const { 'com.docker.compose.service': service, 'com.docker.compose.project': of } = attributes
    return service === spec.service && of === project
  }

  function notice(change: EngineChange): void {
    switch (change.type) {
      case 'event':
        if (isOurs(change.event)) onChange()
        return
      case 'containers': {
        if (engine.status().state === 'connected') {
          list = engine.containers()
          listedAt = performance.now()
        }
        const { id = '', state = '', name = '' } = listed() ?? {}
        const isOther = mark !== `${id} ${state} ${name}`
        mark = `${id} ${state} ${name}`
        if (isOther) onChange()
        return
      }
      case 'status':
      case 'pull':
        onChange()
        return
    }
  }

  const unlisten = engine.onChange(notice)

  return {
    projectName,
    listed,
    allListed,
    current,
    all,
    learn,
    /** What is there can be started and stopped without its files, by the engine; only to make it they are needed. */
    unmanaged: (): Reason | null =>
      missing === null || listed() !== null ? null : reason('compose.files-elsewhere', { file: missing }),

    presence: async (): Promise<Presence> => {
      try {
        return await look()
      } catch (error) {
        // Whatever it is, Docker tells nothing now: what was last known holds.
        const why = error instanceof Problem ? error.reason : reason('compose.engine-unreachable', { line: '' })
        if (!(error instanceof Problem) && !isConnectionError(error)) reportBug(error)
        return { asked: 'docker version', answered: why.problem, reason: why, unknown: true }
      }
    },

    /** The service's container in the panel's words, as last seen. */
    described(): ServiceContainer | null {
      const container = listed()
      const known = container && learned?.id === container.id ? learned : null
      return container && describe(container, known?.facts ?? null, (known?.at ?? 0) > listedAt)
    },

    /** When a container was started (Unix ms), as far as it was asked for. */
    startedAt: (container: Container): number | null => (learned?.id === container.id ? learned.facts.startedAt : null),

    /** Does what takes its container away with those of its project: nobody else removes it meanwhile. */
    async whileTakenAway(takeAway: () => Promise<unknown>): Promise<void> {
      isLeaving = true
      try {
        await takeAway()
        isKnown = false
      } finally {
        isLeaving = false
      }
    },

    close: unlisten,
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
