import type { ComposeSpec } from '../../../../shared/contract'
import type { Compose } from '../../../compose/program/compose'
import { containersOf, pickContainer } from '../../../compose/program/projects'
import type { Container, ContainerEvent, Engine } from '../../../docker/engine'
import { containersIn } from './run'

/** Which container is the one of a Compose service: by the engine's list, or as it was when it was last asked for. */
export class Listing {
  readonly #spec: ComposeSpec
  readonly #engine: Engine
  readonly #compose: Pick<Compose, 'projectName'>
  /** The name of its project: given, or once it was read from the files. */
  #project: string | undefined
  /** The container as it was found when it was last asked for by itself. */
  #latest: { at: number; container: Container | null } | null = null
  /** The engine's own list as it was last read: an engine that is gone lists nothing, which says nothing of it. */
  #list: readonly Container[]
  #listedAt = 0

  constructor(spec: ComposeSpec, { engine, compose }: { engine: Engine; compose: Pick<Compose, 'projectName'> }) {
    this.#spec = spec
    this.#engine = engine
    this.#compose = compose
    this.#project = spec.project
    this.#list = engine.containers()
  }

  /** The name of the service's project. Throws a Problem when its files cannot be read. */
  async projectName(): Promise<string> {
    this.#project = await this.#compose.projectName(this.#spec)
    return this.#project
  }

  /** All containers of the service in the engine's list: one, but for what an interrupted recreate left. */
  allListed(): Container[] {
    return this.#project === undefined ? [] : containersOf(this.#list, this.#project, this.#spec.service)
  }

  /** The service's container as last seen: by the engine's list, or by itself if that was later. */
  listed(): Container | null {
    return this.#latest && this.#latest.at > this.#listedAt ? this.#latest.container : pickContainer(this.allListed())
  }

  /** All containers of the service as they are now: one, but for what an interrupted recreate left. */
  async all(): Promise<Container[]> {
    const { service } = this.#spec
    const name = await this.projectName()
    const found = containersOf(await containersIn(await this.#engine.client(), name, service), name, service)
    this.#latest = { at: performance.now(), container: pickContainer(found) }
    return found
  }

  /** The service's container as it is now. */
  async current(): Promise<Container | null> {
    return pickContainer(await this.all())
  }

  isOurs({ containerId, attributes }: ContainerEvent): boolean {
    if (containerId === this.listed()?.id) return true
    const { 'com.docker.compose.service': service, 'com.docker.compose.project': project } = attributes
    return service === this.#spec.service && project === this.#project
  }

  /** Takes the engine's list as it is now, where there is an engine. */
  refresh(): void {
    if (this.#engine.status().state !== 'connected') return
    this.#list = this.#engine.containers()
    this.#listedAt = performance.now()
  }

  /** Whether the engine's list was last read before a moment (by `performance.now()`). */
  isBefore(at: number): boolean {
    return this.#listedAt < at
  }
}
