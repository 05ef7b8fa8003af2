import type { HealthCheck } from '../../../shared/contract'
import { isProblemId, type Reason } from '../../../shared/problems'
import { isCrashLoop, type ContainerLook } from '../container'
import { judgeLastGeneration, judgeModel } from '../checks'
import type { Presence } from '../runtimes/runtime'
import { shownProbe, type Supervised } from './state'

export type Inside = ReturnType<typeof createInside>

/** The look into the container behind a service. */
export function createInside({ state, options }: Pick<Supervised, 'state' | 'options'>) {
  const { containers, lastGenerations } = options
  /** The last look, and whether the next one asks for the GPU again. */
  let seen: ContainerLook | null = null
  let isThorough = false

  return {
    seen: () => seen,
    /** Keeps a look, once it is known that it still holds. */
    keep(look: ContainerLook | null) {
      seen = look
    },
    /** Makes the next look ask for the GPU too. */
    askThoroughly() {
      isThorough = true
    },
    /** Looks, where the engine has just said something of a container; else `null`. */
    async look({ facts }: Pick<Presence, 'facts'>): Promise<ContainerLook | null> {
      if (!facts || !containers) return null
      const thorough = isThorough
      isThorough = false
      const { config } = state
      return containers.look({ id: config.id, facts, gpuUuid: config.gpuUuid ?? null, thorough })
    },
    /** The restart loop in which it is caught since a moment (Unix ms), as last seen; `null` when it is not. */
    loopSince(since: number): Reason | null {
      if (!seen || seen.at < since || !isCrashLoop(seen.facts, seen.falls, since)) return null
      // One that fell before and has settled is in no loop.
      const why = seen.checks.find(({ id, state }) => id === 'restarts' && state === 'failed')?.reason
      return why && isProblemId(why.problem) ? { ...why, problem: why.problem } : null
    },
    /** What stands beside the ladder of a service in a container. */
    checks(): HealthCheck[] {
      if (!state.runtime.containers) return []
      const { id } = state.config
      const last = lastGenerations?.(id) ?? { succeeded: null, failed: null }
      return [...(seen?.checks ?? []), judgeModel(id, shownProbe(state.life)), judgeLastGeneration(id, last)]
    },
    /** Notes that this panel ends the container. */
    tellStopping: (): void => {
      const id = state.runtime.containers?.container()?.id
      if (id !== undefined) containers?.stopping(id)
    },
  }
}
