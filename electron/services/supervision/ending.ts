import { Problem, reason, type Reason } from '../../../shared/problems'
import type { ContainerRuntime, Work } from '../runtimes/runtime'
import type { Inside } from './inside'
import { beginLife, problemOf, type Supervised } from './state'

export type Ending = ReturnType<typeof createEnding>

/** Ends what runs: a stop, or the project's containers taken away. */
export function createEnding({ state, options, log, look }: Supervised, inside: Pick<Inside, 'tellStopping' | 'keep'>) {
  /** Throws why this runtime can neither start nor stop anything. */
  function assertManaged() {
    const refusal = state.runtime.unmanaged()
    if (refusal) throw problemOf(refusal)
  }

  /** Does `end`, and then nothing is left of the life that was. */
  async function endLife(end: () => Promise<void>, told: string) {
    state.isStopping = true
    inside.tellStopping()
    try {
      await end()
      state.run = null
      beginLife(state, { state: 'none' })
      inside.keep(null)
      options.room?.left(state.config.id)
      log.panel(told)
    } finally {
      state.isStopping = false
    }
  }

  /** What answers without having been started by Regie, and is known by no process, is somebody else's to end. */
  const isSomebodyElses = () => state.adopted && state.run === null && !state.runtime.containers

  return {
    assertManaged,
    unmanageable: (): Reason | null =>
      state.runtime.unmanaged() ?? (isSomebodyElses() ? reason('service.not-ours', { id: state.config.id }) : null),
    halt: async (): Promise<void> => {
      assertManaged()
      // It may have ended since the last look.
      if (isSomebodyElses()) await look()
      const { run, adopted, config } = state
      if (!run) {
        if (adopted) throw new Problem('service.not-ours', { id: config.id })
        beginLife(state, { state: 'none' })
        return
      }
      await endLife(async () => {
        if (!(await run.stop(state.runtime.stopGraceMs))) throw new Problem('service.will-not-end', { id: config.id })
      }, 'Stopped.')
    },
    /** Its container goes with its project, which another service takes down until `done`. */
    takenDown: (done: Promise<unknown>, containers: ContainerRuntime): Promise<void> =>
      endLife(() => containers.takenDown(done), 'Its container was removed, with those of its project.'),
    /** Takes the project's containers away. */
    takeDown: async (work: Work, containers: ContainerRuntime): Promise<void> => {
      assertManaged()
      await endLife(() => containers.down(work), 'Its container was removed, with those of its project.')
    },
  }
}
