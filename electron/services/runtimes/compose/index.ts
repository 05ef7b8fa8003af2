import { isDeepStrictEqual } from 'node:util'
import type { ServiceConfig } from '../../../../shared/contract'
import { Problem, type Reason } from '../../../../shared/problems'
import type { Compose } from '../../../compose/program/compose'
import type { Engine } from '../../../docker/engine'
import { createContainerLog } from '../../../docker/logs/container-log'
import type { Redactor } from '../../../vault/redactor'
import { stopGraceMs } from './acting'
import { createChanges } from './changes'
import { createDependencies } from './dependencies'
import { createLives } from './lives'
import { createMaking } from './making'
import { createProjectView } from './project'
import { createSight } from './seen'
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

function throwIf(refusal: Reason | null): void {
  if (refusal) throw new Problem(refusal.problem, refusal.params)
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
  const seen = createSight({ id, spec, engine, compose, reportBug, onChange })
  const changes = createChanges({ spec, compose, client })
  const parts = { spec, compose, client, projectName: seen.projectName, services }
  const project = createProjectView(parts)
  const dependencies = createDependencies(parts)
  const making = createMaking({ id, spec, engine, compose, seen, dependencies, redact })
  const { container, recreateRefusal, plan, changes: changesNow } = createTelling({ id, spec, seen, changes })

  const { up, find, launch, restart, unpause } = createLives({ engine, redact, reportBug, seen, making, dependencies })

  const containers: ContainerRuntime = {
    listed: seen.listed,
    container,
    changes: changesNow,
    recreateRefusal,
    plan,
    restart,
    unpause,
    async recreate(work, leaveOutFiles) {
      if (!leaveOutFiles) throwIf(await recreateRefusal())
      return up(work, 'always')
    },
    async build(work) {
      const { [spec.service]: own } = await services()
      if (own?.hasBuild !== true) throw new Problem('compose.nothing-to-build', { id })
      // Its container is replaced afterwards: what forbids that is said before anything is built.
      throwIf(await recreateRefusal())
      await compose.build(spec, work)
    },
    renew: (work) => up(work, 'if-changed'),
    project: project.view,
    leftStopped: project.leftStopped,
    projectName: seen.projectName,
    async startOthers(except, work) {
      const others = Object.keys(await services()).filter((name) => !except.includes(name))
      if (others.length > 0) await compose.start(spec, others, work)
    },
    stopProject: (work) => compose.stop(spec, work),
    pull: (work) => compose.pull(spec, work),
    async down(work) {
      await project.assertOwnProject()
      await seen.whileTakenAway(() => compose.down(spec, work))
      await seen.current()
    },
    takenDown: (done) => seen.whileTakenAway(() => done),
  }

  return {
    goesOnWith: (changed) => isDeepStrictEqual(changed.compose, spec),
    unmanaged: seen.unmanaged,
    // A first start may install everything that it needs.
    startTimeoutMs: 30 * 60_000,
    stopGraceMs,
    presence: seen.presence,
    launch: (_output, work) => launch(work),
    find,
    containers,
    openLog: (find) => createContainerLog({ engine, find, redactor, reportBug }),
    close: seen.close,
  }
}
