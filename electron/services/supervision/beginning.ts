import { reasonWithoutSecrets } from '../../logs/reasons'
import { Problem } from '../../../shared/problems'
import { within } from '../../async/within'
import { answers } from '../health'
import type { ContainerFacts } from '../container/facts'
import type { Run, Work } from '../runtimes/runtime'
import { outputInto } from './describe'
import type { Ending } from './ending'
import type { GpuTurn } from './gpu-turn'
import type { Inside } from './inside'
import { untilListening } from './listening'
import { beginLife, endTurn, type Supervised } from './state'
import type { TakingOver } from './taking-over'

/** How long a life may take to hear of its end from Docker, in ms. */
const noticeMs = 1_500

/** What a container is that runs no more, and is not about to. */
const standing: ReadonlySet<ContainerFacts['state']> = new Set(['exited', 'dead'])

interface Neighbours {
  turn: Pick<GpuTurn, 'take'>
  inside: Pick<Inside, 'loopSince' | 'tellStopping'>
  ending: Pick<Ending, 'assertManaged'>
  takingOver: Pick<TakingOver, 'recheck' | 'isTakenOver' | 'assertAddressFree'>
}

/** Begins lives: a start, a restart, a container woken; each lasts until the service listens, or throws a Problem. */
export class Beginning {
  readonly #supervised: Supervised
  readonly #neighbours: Neighbours

  constructor(supervised: Supervised, neighbours: Neighbours) {
    this.#supervised = supervised
    this.#neighbours = neighbours
  }

  /** Starts it, or takes over what runs already; resolves when it listens. */
  async launch(work: Work, signal?: AbortSignal): Promise<void> {
    const { state, options, log } = this.#supervised
    const { ending, takingOver } = this.#neighbours
    ending.assertManaged()
    const isAnswering = () => state.life.probe !== null && answers(state.life.probe)
    const isFollowed = () => state.run !== null
    if (state.adopted) await takingOver.recheck()
    await this.#endHeard()
    if (state.run && isAnswering()) return
    if (state.run) {
      await this.resume(work, signal)
      return
    }
    // What a crashed run left in its group would hold the port.
    await state.former?.stop(state.runtime.stopGraceMs)
    state.former = null
    if (await takingOver.isTakenOver()) {
      // A container that does not answer yet may be loading for minutes. Somebody else's program is not waited for.
      if (isFollowed() && !isAnswering()) await this.resume(work, signal)
      return
    }
    await this.#begin(work, signal, () => state.runtime.launch(outputInto(log, options.places), work))
  }

  /** Lets Docker end the container's life and, by `make`, begin another: a restart or a new container. */
  async renew(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    const { inside, ending, takingOver } = this.#neighbours
    ending.assertManaged()
    takingOver.assertAddressFree()
    await this.#begin(work, signal, () => {
      inside.tellStopping()
      return make()
    })
  }

  /** Wakes a container that was paused, and waits until it answers again. */
  async resume(work: Work, signal?: AbortSignal): Promise<void> {
    await this.#supervised.state.runtime.containers?.unpause(work)
    await this.#untilListening(work.signal, signal)
  }

  /**
   * A look may have seen that its container stands still before its life hears of its end: whoever starts it on that word
   * wants another life, not the answer of that one. Where somebody else has started it since, it goes on.
   */
  async #endHeard(): Promise<void> {
    const { run, presence } = this.#supervised.state
    if (run && presence?.facts && standing.has(presence.facts.state)) await within(noticeMs, run.ended)
  }

  /** A new life, by whatever begins it; resolves when it listens. */
  async #begin(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    const { state, log, change, follow } = this.#supervised
    const cancelled = work.signal
    const taken = await this.#neighbours.turn.take(signal ? AbortSignal.any([signal, cancelled]) : cancelled)
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
      await this.#notBegun(error, since)
      throw error
    }
    change()
    await this.#untilListening(cancelled, signal)
  }

  async #notBegun(error: unknown, since: number): Promise<void> {
    const { state, options, log, follow } = this.#supervised
    state.life.running = { state: 'none' }
    // A container that was not restarted goes on as it was, and can be stopped.
    const left = state.runtime.containers ? await state.runtime.find() : null
    if (left) follow(left, since)
    if (error instanceof Problem) {
      state.life.failure = reasonWithoutSecrets(error, options.redact)
      log.panel(`Not started: ${error.message}`, 'error')
    }
    endTurn(state)
  }

  #untilListening(cancelled: AbortSignal, signal: AbortSignal | undefined): Promise<void> {
    const loopSince = (since: number) => this.#neighbours.inside.loopSince(since)
    return untilListening(this.#supervised, { loopSince, cancelled, signal })
  }
}
