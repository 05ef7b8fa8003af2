import { reasonWithoutSecrets } from '../../logs/reasons'
import { Problem } from '../../../shared/problems'
import { answers } from '../health'
import type { Run, Work } from '../runtimes/runtime'
import { outputInto } from './describe'
import type { Ending } from './ending'
import type { GpuTurn } from './gpu-turn'
import type { Inside } from './inside'
import { untilListening } from './listening'
import { beginLife, endTurn, type Supervised } from './state'
import type { TakingOver } from './taking-over'

interface Neighbours {
  turn: Pick<GpuTurn, 'take'>
  inside: Pick<Inside, 'loopSince' | 'tellStopping'>
  ending: Pick<Ending, 'assertManaged'>
  takingOver: Pick<TakingOver, 'recheck' | 'isTakenOver' | 'assertAddressFree'>
}

export type Beginning = ReturnType<typeof createBeginning>

/** Begins lives: a start, a restart, a container woken; each lasts until the service listens, or throws a Problem. */
export function createBeginning(supervised: Supervised, { turn, inside, ending, takingOver }: Neighbours) {
  const { state, options, log, change, follow } = supervised
  const { places, redact } = options

  const listens = (cancelled: AbortSignal, signal: AbortSignal | undefined) =>
    untilListening(supervised, { loopSince: (since) => inside.loopSince(since), cancelled, signal })

  /** Wakes a container that was paused, and waits until it answers again. */
  async function resume(work: Work, signal?: AbortSignal): Promise<void> {
    await state.runtime.containers?.unpause(work)
    await listens(work.signal, signal)
  }

  /** Starts it, or takes over what runs already; resolves when it listens. */
  async function launch(work: Work, signal?: AbortSignal): Promise<void> {
    ending.assertManaged()
    const isAnswering = () => state.life.probe !== null && answers(state.life.probe)
    const isFollowed = () => state.run !== null
    if (state.adopted) await takingOver.recheck()
    if (state.run && isAnswering()) return
    if (state.run) return resume(work, signal)
    // What a crashed run left in its group would hold the port.
    await state.former?.stop(state.runtime.stopGraceMs)
    state.former = null
    if (await takingOver.isTakenOver()) {
      // A container that does not answer yet may be loading for minutes. Somebody else's program is not waited for.
      if (isFollowed() && !isAnswering()) await resume(work, signal)
      return
    }
    await begin(work, signal, () => state.runtime.launch(outputInto(log, places), work))
  }

  /** A new life, by whatever begins it; resolves when it listens. */
  async function begin(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    const cancelled = work.signal
    const taken = await turn.take(signal ? AbortSignal.any([signal, cancelled]) : cancelled)
    const since = Date.now()
    beginLife(state, { state: 'launching' }, since)
    state.life.turn = taken
    state.run = null
    change()
    try {
      const started = await make()
      follow(started, since)
      log.panel(started.pid === null ? 'Started.' : `Started (pid ${started.pid}).`)
    } catch (error) {
      state.life.running = { state: 'none' }
      // A container that was not restarted goes on as it was, and can be stopped.
      const left = state.runtime.containers ? await state.runtime.find() : null
      if (left) follow(left, since)
      if (error instanceof Problem) {
        state.life.failure = reasonWithoutSecrets(error, redact)
        log.panel(`Not started: ${error.message}`, 'error')
      }
      endTurn(state)
      throw error
    }
    change()
    await listens(cancelled, signal)
  }

  /** Lets Docker end the container's life and, by `make`, begin another: a restart or a new container. */
  async function renew(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    ending.assertManaged()
    takingOver.assertAddressFree()
    await begin(work, signal, () => {
      inside.tellStopping()
      return make()
    })
  }

  return { launch, renew, resume }
}
