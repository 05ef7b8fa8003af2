import type { ComposeSpec, ServiceContainer } from '../../../../shared/contract'
import { Problem, reason, type Reason } from '../../../../shared/problems'
import type { ContainerFacts } from '../../container/facts'
import { missingFile } from '../../../compose/program/files'
import type { Container, Engine, EngineChange } from '../../../docker/engine'
import type { Listing } from './listing'
import { inspectContainer, isConnectionError } from './run'
import type { Presence } from '../runtime'

export interface SightOptions {
  id: string
  spec: ComposeSpec
  engine: Engine
  listing: Listing
  reportBug: (error: unknown) => void
  /** Called when something happened to the container. */
  onChange: () => void
}

/** What is known of the container of one Compose service, and whether it is there. Changes nothing. */
export class Sight {
  readonly #options: SightOptions
  readonly #unlisten: () => void
  /** What the engine said of the container when it was last asked. */
  #learned: { id: string; at: number; facts: ContainerFacts } | null = null
  /** A file that it lacks here, as far as was looked. */
  #missing: string | null = null
  /** Whether its container was seen, and not taken away by this panel. */
  #isKnown = false
  /** Whether this panel takes its container away just now. */
  #isLeaving = false
  /** The container as its change was last told. */
  #mark = ''

  constructor(options: SightOptions) {
    this.#options = options
    this.#unlisten = options.engine.onChange((change) => this.#notice(change))
  }

  /** Asks the engine for a container, which need not be the service's any more; `null` when it is gone. */
  async learn(container: string): Promise<ContainerFacts | null> {
    const { engine, listing } = this.#options
    const facts = await inspectContainer(await engine.client(), container)
    if (facts && container === listing.listed()?.id) this.#learned = { id: container, at: performance.now(), facts }
    else if (!facts && container === this.#learned?.id) this.#learned = null
    return facts
  }

  /** What is there can be started and stopped without its files, by the engine; only to make it they are needed. */
  unmanaged(): Reason | null {
    if (this.#missing === null || this.#options.listing.listed() !== null) return null
    return reason('compose.files-elsewhere', { file: this.#missing })
  }

  /** Finds what is there of it; never rejects. */
  async presence(): Promise<Presence> {
    try {
      return await this.#look()
    } catch (error) {
      // Whatever it is, Docker tells nothing now: what was last known holds.
      const why = error instanceof Problem ? error.reason : reason('compose.engine-unreachable', { line: '' })
      if (!(error instanceof Problem) && !isConnectionError(error)) this.#options.reportBug(error)
      return { asked: 'docker version', answered: why.problem, reason: why, unknown: true }
    }
  }

  /** The service's container in the panel's words, as last seen. */
  described(): ServiceContainer | null {
    const { listing } = this.#options
    const container = listing.listed()
    const known = this.#known()
    return container && describe(container, known?.facts ?? null, listing.isBefore(known?.at ?? 0))
  }

  /** What the engine said of it when it was last asked. */
  facts(): ContainerFacts | null {
    return this.#known()?.facts ?? null
  }

  /** Of the container that is there now. */
  #known() {
    const container = this.#options.listing.listed()
    return container && this.#learned?.id === container.id ? this.#learned : null
  }

  /** When a container was started (Unix ms), as far as it was asked for. */
  startedAt({ id }: Container): number | null {
    return this.#learned?.id === id ? this.#learned.facts.startedAt : null
  }

  /** Does what takes its container away with those of its project: nobody else removes it meanwhile. */
  async whileTakenAway(takeAway: () => Promise<unknown>): Promise<void> {
    this.#isLeaving = true
    try {
      await takeAway()
      this.#isKnown = false
    } finally {
      this.#isLeaving = false
    }
  }

  close(): void {
    this.#unlisten()
  }

  async #look(): Promise<Presence> {
    const { id, spec, listing } = this.#options
    this.#missing = await missingFile(spec)
    const container = await listing.current()
    if (container) {
      this.#isKnown = true
      const facts = await this.learn(container.id)
      const answered = `Container ${container.id.slice(0, 12)}`
      return { asked: `docker inspect ${container.name}`, answered, reason: null, ...(facts && { facts }) }
    }
    const file = this.#missing
    if (file !== null) return { asked: file, answered: 'ENOENT', reason: reason('compose.file-missing', { file }) }
    const why = this.#isKnown && !this.#isLeaving ? 'compose.removed' : 'compose.no-container'
    return { asked: `docker compose ps ${spec.service}`, answered: 'no container', reason: reason(why, { id }) }
  }

  #notice(change: EngineChange): void {
    const { listing, onChange } = this.#options
    switch (change.type) {
      case 'event':
        if (listing.isOurs(change.event)) onChange()
        return
      case 'containers': {
        listing.refresh()
        const { id = '', state = '', name = '' } = listing.listed() ?? {}
        const isOther = this.#mark !== `${id} ${state} ${name}`
        this.#mark = `${id} ${state} ${name}`
        if (isOther) onChange()
        return
      }
      case 'status':
      case 'pull':
        onChange()
        return
    }
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
