import type { Log } from '../../logs/log'
import { reasonWithoutSecrets } from '../../logs/reasons'
import { Problem } from '../../../shared/problems'
import { answers } from '../health'
import type { Run, Work } from '../runtimes/runtime'
import { outputInto } from './describe'
import type { createEnding } from './ending'
import type { createGpuTurn } from './gpu-turn'
import type { createInside } from './inside'
import { untilListening } from './listening'
import { beginLife, endTurn, type SupervisorOptions, type SupervisorState } from './state'
import type { createTakingOver } from './taking-over'

interface BeginningParts {
  log: Log
  look: () => Promise<void>
  /** Follows a run until it ends. */
  follow: (started: Run, since: number) => void
  /** Tells that something is otherwise. */
  change: () => void
  turn: Pick<ReturnType<typeof createGpuTurn>, 'take'>
  inside: Pick<ReturnType<typeof createInside>, 'loopSince' | 'tellStopping'>
  ending: Pick<ReturnType<typeof createEnding>, 'assertManaged'>
  takingOver: Pick<ReturnType<typeof createTakingOver>, 'recheck' | 'isTakenOver' | 'assertAddressFree'>
}

/** Begins lives: a start, a restart, a container woken; each lasts until the service listens, or throws a Problem. */
export function createBeginning(
  state: SupervisorState,
  { places, redact }: Pick<SupervisorOptions, 'places' | 'redact'>,
  { log, look, follow, change, turn, inside, ending, takingOver }: BeginningParts,
) {
  const listens = (cancelled: AbortSignal, signal: AbortSignal | undefined) =>
    untilListening(state, {
      look,
      log,
      timeoutMs: state.runtime.startTimeoutMs,
      loopSince: (since) => inside.loopSince(since),
      cancelled,
      signal,
    })

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
