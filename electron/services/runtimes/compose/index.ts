import { isDeepStrictEqual } from 'node:util'
import type { ServiceConfig } from '../../../../shared/contract'
import type { Compose } from '../../../compose/program/compose'
import type { Engine } from '../../../docker/engine'
import { assertBuildRoom, imageGiBOf } from '../../../docker/room/build-room'
import { createContainerLog } from '../../../docker/logs/container-log'
import type { Redactor } from '../../../vault/redactor'
import { stopGraceMs } from './acting'
import { createChanges } from './changes'
import { createContainerActs, createProjectActs } from './acts'
import { Dependencies } from './dependencies'
import { Listing } from './listing'
import { createLives } from './lives'
import { createMaking } from './making'
import { createProjectView } from './project'
import { Sight } from './seen'
import { createTelling } from './telling'
import type { ContainerRuntime, Runtime } from '../runtime'

export interface ComposeRuntimeParts {
  engine: Engine
  compose: Compose
  redact: (text: string) => string
  /** Learns what containers were given, while their logs are read. */
  redactor: Redactor
  reportBug: (error: unknown) => void
}

/**
 * One Compose service in Docker: its container is made and recreated by Compose's own program, started and stopped by
 * the engine. A start and a restart keep the container that is there, whatever its files ask for now. `onChange` is
 * called when something happened to the container.
 */
export function composeRuntime(
  { id, compose: spec }: ServiceConfig,
  onChange: () => void,
  { engine, compose, redact, redactor, reportBug }: ComposeRuntimeParts,
): Runtime & { containers: ContainerRuntime } {
  // The registry admits no Compose service without its file.
  if (!spec) throw new Error(`${id} has no Compose file`)
  const client = () => engine.client()
  const services = async () => (await compose.rendered(spec)).services
  const listing = new Listing(spec, { engine, compose })
  const seen = new Sight({ id, spec, engine, listing, reportBug, onChange })
  const changes = createChanges({ spec, compose, client })
  const parts = { spec, compose, client, projectName: () => listing.projectName(), services }
  const project = createProjectView(parts)
  const dependencies = new Dependencies(parts)
  const making = createMaking({ id, spec, engine, compose, listing, dependencies, redact })
  const telling = createTelling({ id, spec, listing, seen, changes })
  const lives = createLives({ engine, redact, reportBug, listing, seen, making, dependencies })

  return {
    goesOnWith: (changed) => isDeepStrictEqual(changed.compose, spec),
    unmanaged: () => seen.unmanaged(),
    // A first start may install everything that it needs.
    startTimeoutMs: 30 * 60_000,
    stopGraceMs,
    presence: () => seen.presence(),
    launch: (_output, work) => lives.launch(work),
    find: lives.find,
    containers: {
      ...telling,
      ...createContainerActs({
        ...{ id, spec, compose, services, telling, lives },
        async assertBuildRoom() {
          const image = listing.listed()?.imageId
          return assertBuildRoom(engine, image === undefined ? null : await imageGiBOf(engine, image))
        },
      }),
      ...createProjectActs({ spec, compose, services, project, listing, seen }),
      listed: () => listing.listed(),
    },
    openLog: (find) => createContainerLog({ engine, find, redactor, reportBug }),
    close: () => seen.close(),
  }
}
