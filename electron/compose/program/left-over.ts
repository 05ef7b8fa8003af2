import { escapeRegExp } from '../../../shared/regexp'
import type { Container } from '../../docker/engine'

/** A container of a project that an interrupted recreate left under a temporary name. */
export interface LeftOver {
  container: Container
  /** The name that it is meant to have, or had. */
  name: string
  /** `unfinished`: the new one, made by Compose 2 and never named. `set-aside`: the old one, renamed by Compose 1. */
  kind: 'unfinished' | 'set-aside'
}

/** As Compose writes it while it puts one container in another's place: 12 digits of an id, and the name. */
const temporary = /^(?<hex>[0-9a-f]{12})_(?<name>.+)$/

/** Whether a name is the one that Compose gives by itself, `project-service-1`; Compose 1 parts it by `_`. */
function isOwnName(name: string, { project, service }: { project: string; service: string }): boolean {
  return new RegExp(`^${escapeRegExp(project)}[-_]${escapeRegExp(service)}[-_]\\d+$`).test(name)
}

/**
 * Reads a container as the left-over of an interrupted recreate; `null` when it is none. Nothing but its name would
 * not do: somebody may have chosen one that looks so. What proves it is Compose's own label about the container that
 * it replaces (its id up to 2.26, its name since), its own id in its name (Compose 1 renames the old one by that), the
 * id of a sibling that is still there, or a name that Compose gives by itself.
 */
export function leftOverOf(container: Container, siblings: readonly Container[]): LeftOver | null {
  const { hex = '', name = '' } = temporary.exec(container.name)?.groups ?? {}
  const { compose, labels, id } = container
  if (name === '' || compose === null || compose.oneOff) return null
  if (id.startsWith(hex)) return { container, name, kind: 'set-aside' }
  const replaces = labels['com.docker.compose.replace'] ?? ''
  const isProven =
    replaces === name ||
    (/^[0-9a-f]{64}$/.test(replaces) && replaces.startsWith(hex)) ||
    siblings.some((sibling) => sibling.id.startsWith(hex)) ||
    isOwnName(name, compose)
  return isProven ? { container, name, kind: 'unfinished' } : null
}

/** The left-overs among the containers of one service. */
export const leftOversIn = (containers: readonly Container[]): LeftOver[] =>
  containers.map((container) => leftOverOf(container, containers)).filter((found) => found !== null)

/** What is to be done about a left-over. */
export type Mending = 'rename' | 'remove' | 'keep'

/**
 * How a left-over is put right: one whose name is free takes it back; one that was never started holds nothing and
 * goes, where its service has another container; any other is kept unless the service is made anew, for something may
 * have been written inside. One that runs is never removed.
 */
export function mendingOf(
  { container }: LeftOver,
  about: {
    /** Who has the name that it is meant to have. */
    holder: 'nobody' | 'own' | 'another'
    wasStarted: boolean
    /** Its service is to get a new container: what was written inside the old ones is given up. */
    isRecreate: boolean
  },
): Mending {
  if (about.holder === 'nobody') return 'rename'
  const stands = container.state === 'created' || container.state === 'exited' || container.state === 'dead'
  if (about.holder === 'another' || !stands) return 'keep'
  return !about.wasStarted || about.isRecreate ? 'remove' : 'keep'
}
