import type { Service, ServiceConfig } from '../../shared/contract'
import { createLog } from '../logs/log'
import type { Problem } from '../../shared/problems'
import { createOperations, type Claim } from './operations'
import { createProgress } from './progress'
import { createConfiguring } from './supervision/configuring'
import { createActs, createContainerActs, createExclusively } from './supervision/acts'
import { Beginning } from './supervision/beginning'
import { createEnding } from './supervision/ending'
import { createFollowing } from './supervision/following'
import { createGpuTurn } from './supervision/gpu-turn'
import { createInside } from './supervision/inside'
import { createJudging } from './supervision/judging'
import { Looking } from './supervision/looking'
import { endTurn, newState, type Supervised, type SupervisorOptions } from './supervision/state'
import { TakingOver } from './supervision/taking-over'

export type Supervisor = ReturnType<typeof supervise>

/** The parts of a supervisor, each on those before it; what they need of later ones they call through `supervised`. */
function buildParts(options: SupervisorOptions) {
  const { config, redact } = options
  const makeRuntime = (changed: ServiceConfig) => options.makeRuntime(changed, () => looking.notice())
  const state = newState(options, options.backendFor(config), makeRuntime(config))
  const supervised: Supervised = {
    state,
    options,
    log: state.runtime.openLog?.(() => state.runtime.containers?.listed() ?? null) ?? createLog({ redact }),
    change: () => judging.change(),
    look: () => looking.look(),
    follow: (run, since) => follow(run, since),
  }
  const operations = createOperations({ id: config.id, onChange: supervised.change })
  const progress = createProgress(supervised.change)
  const inside = createInside(supervised)
  const turn = createGpuTurn(supervised)
  const judging = createJudging(supervised, { inside, turn, operations, progress })
  const follow = createFollowing(supervised)
  const ending = createEnding(supervised, inside)
  const takingOver = new TakingOver(supervised, ending)
  const looking = new Looking(supervised, { inside, judging, operations, takingOver })
  const beginning = new Beginning(supervised, { turn, inside, ending, takingOver })
  const exclusively = createExclusively(supervised, { operations, progress, judging })
  const acting = { operations, progress, judging, exclusively, beginning, ending }
  const acts = { ...createActs(supervised, acting), ...createContainerActs(supervised, acting) }
  return { ...supervised, makeRuntime, operations, inside, judging, looking, ending, exclusively, acts }
}

/**
 * Looks after one service: starts and stops it, one operation at a time, climbs its health ladder, keeps its log.
 * Every operation resolves to the service as it then is, or throws a Problem.
 */
export function supervise(options: SupervisorOptions) {
  const parts = buildParts(options)
  const { state, log, look, operations, judging, looking, ending, acts } = parts

  return {
    ...acts,
    ...createConfiguring(parts),
    id: () => state.config.id,
    config: () => state.config,
    backend: () => state.backend,
    runtime: () => state.runtime,
    log,
    service: (): Service => judging.service(),
    /** Why Regie can neither stop nor restart what runs there now; null when it can. */
    unmanageable: () => ending.unmanageable(),
    /** Whether a program of ours, or an adopted one, is behind the address. */
    isUp: () => state.run !== null || state.adopted,
    pid: () => state.run?.pid ?? null,
    look,
    /** Judges it anew by what is known, without a look. */
    judge: () => parts.change(),
    /** Looks at everything now, the GPU inside a container too. */
    async lookThoroughly(): Promise<void> {
      parts.inside.askThoroughly()
      await look()
    },
    /** Whether it is time to look again. */
    dueIn: (now: number, watched: boolean): number | null => looking.dueIn(now, watched),
    /** Whether it answered in the last 24 hours; of a service that somebody else runs only. */
    reach: () => state.history.describe(Date.now()),
    /** Throws `service.busy` while something is being done to it. */
    assertFree: () => operations.assertNone(),
    assertUnclaimed: () => operations.assertUnclaimed(),
    /** Keeps it for one claimant over several operations; throws `service.busy`. */
    claim: (why: () => Problem): Claim => operations.claim(why),

    /** Ends it if Regie runs it, whatever else is going on, and looks no more. A container goes on without Regie. */
    async close(): Promise<void> {
      await operations.cancel()
      if (state.run && !state.runtime.containers) await parts.exclusively('stop', ending.halt)
      looking.close()
      state.runtime.close?.()
      endTurn(state)
    },
  }
}
