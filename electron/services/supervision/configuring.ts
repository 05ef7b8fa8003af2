import { isDeepStrictEqual } from 'node:util'
import type { ServiceConfig } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Operations } from '../operations'
import type { Runtime } from '../runtimes/runtime'
import { beginLife, type Supervised } from './state'

/** How people keep and reach a service; everything else says how it is run, and how Regie reaches it. */
const keeping = [
  'name',
  'tags',
  'order',
  'idle',
  'muted',
  'gateway',
] as const satisfies readonly (keyof ServiceConfig)[]

const howItRuns = (config: ServiceConfig) =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !keeping.some((kept) => kept === key)))

const runsAlike = (one: ServiceConfig, other: ServiceConfig) => isDeepStrictEqual(howItRuns(one), howItRuns(other))

const runsOtherwise = (one: ServiceConfig, other: ServiceConfig) =>
  !isDeepStrictEqual([one.process, one.compose, one.gpuUuid], [other.process, other.compose, other.gpuUuid])

const isLiving = ({ containers }: Runtime) =>
  ['running', 'paused', 'restarting'].includes(containers?.container()?.state ?? '')

/** Whether both name the same service of the same project: whatever files they add, its container is the same. */
const isSameOfProject = ({ compose: one }: ServiceConfig, { compose: other }: ServiceConfig) =>
  one?.project !== undefined && one.project === other?.project && one.service === other.service

interface Neighbours extends Supervised {
  makeRuntime: (changed: ServiceConfig) => Runtime
  operations: Operations
}

/** Takes a changed configuration while the service lives on. */
export function createConfiguring({ state, options, operations, makeRuntime, change, look }: Neighbours) {
  return {
    /** Throws a Problem if a change cannot be taken now: the address of a running service stays, and so does its project. */
    assertConfigurable(changed: ServiceConfig): void {
      if (runsAlike(changed, state.config)) return
      operations.assertNone()
      const { id, url } = state.config
      const { run, runtime } = state
      // A container's address is only where Regie looks; a program of Regie's own was started with its address.
      if (run && !runtime.containers && changed.url !== url) throw new Problem('service.running', { id })
      // What runs is the container of its present project: nobody could end it as this service any more, and a stop
      // would end what is not the service's.
      const keepsContainer = runtime.goesOnWith?.(changed) === true || isSameOfProject(state.config, changed)
      if ((run ?? isLiving(runtime)) && runtime.containers && !keepsContainer)
        throw new Problem('service.project-running', { id })
    },

    configure(changed: ServiceConfig): void {
      const before = state.config
      state.config = changed
      if (!runsAlike(changed, before)) {
        if (changed.url !== before.url) {
          if (state.run) Object.assign(state.life, { probe: null, lastClear: null, misses: 0 })
          else beginLife(state, { state: 'none' })
        } else if (!state.run && runsOtherwise(changed, before)) {
          // Why the last start failed says nothing of the next one any more.
          state.life.failure = null
        }
        state.backend = options.backendFor(changed)
        if (state.runtime.goesOnWith?.(changed) !== true) {
          state.runtime.close?.()
          state.runtime = makeRuntime(changed)
        }
        void look()
      }
      change()
    },
  }
}
