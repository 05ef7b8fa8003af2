import type { ComposeSpec } from '../../../../shared/contract'
import { Problem, type Reason } from '../../../../shared/problems'
import type { Compose, RenderedProject } from '../../../compose/program/compose'
import type { ContainerRuntime } from '../runtime'
import type { Listing } from './listing'
import type { createLives } from './lives'
import type { createProjectView } from './project'
import type { Sight } from './seen'
import type { createTelling } from './telling'

interface ActsParts {
  spec: ComposeSpec
  compose: Compose
  /** The project's services as its files describe them. */
  services: () => Promise<RenderedProject['services']>
}

interface ContainerActsParts extends ActsParts {
  id: string
  telling: Pick<ReturnType<typeof createTelling>, 'recreateRefusal'>
  lives: Pick<ReturnType<typeof createLives>, 'up' | 'restart' | 'unpause'>
  /** Throws `docker.no-room` when an image of the size of the one that is there would not fit. */
  assertBuildRoom: () => Promise<unknown>
}

function throwIf(refusal: Reason | null): void {
  if (refusal) throw new Problem(refusal.problem, refusal.params)
}

/** What can be done to a service's own container and its image. */
export function createContainerActs(parts: ContainerActsParts) {
  const { id, spec, compose, services, telling, lives } = parts
  return {
    restart: lives.restart,
    unpause: lives.unpause,
    async recreate(work, leaveOutFiles) {
      if (!leaveOutFiles) throwIf(await telling.recreateRefusal())
      return lives.up(work, 'always')
    },
    async build(work) {
      const { [spec.service]: own } = await services()
      if (own?.hasBuild !== true) throw new Problem('compose.nothing-to-build', { id })
      // Its container is replaced afterwards: what forbids that is said before anything is built.
      throwIf(await telling.recreateRefusal())
      await parts.assertBuildRoom()
      await compose.build(spec, work)
    },
    renew: (work) => lives.up(work, 'if-changed'),
    pull: (work) => compose.pull(spec, work),
  } satisfies Partial<ContainerRuntime>
}

interface ProjectActsParts extends ActsParts {
  project: ReturnType<typeof createProjectView>
  listing: Pick<Listing, 'projectName' | 'current'>
  seen: Pick<Sight, 'whileTakenAway'>
}

/** What the service's project is, and what can be done to it whole. */
export function createProjectActs({ spec, compose, services, project, listing, seen }: ProjectActsParts) {
  return {
    project: project.view,
    leftStopped: project.leftStopped,
    projectName: () => listing.projectName(),
    async startOthers(except, work) {
      const others = Object.keys(await services()).filter((name) => !except.includes(name))
      if (others.length > 0) await compose.start(spec, others, work)
    },
    stopProject: (work) => compose.stop(spec, work),
    async down(work) {
      await project.assertOwnProject()
      await seen.whileTakenAway(() => compose.down(spec, work))
      await listing.current()
    },
    takenDown: (done) => seen.whileTakenAway(() => done),
  } satisfies Partial<ContainerRuntime>
}
