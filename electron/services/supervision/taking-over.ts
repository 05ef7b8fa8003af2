import { Problem } from '../../../shared/problems'
import { within } from '../../async/within'
import { answers, isPortClosed, isItsKind, strangeAnswer } from '../health'
import { accepts } from '../prober'
import type { Run } from '../runtimes/runtime'
import type { Ending } from './ending'
import { beginLife, problemOf, type Supervised, type SupervisorState } from './state'

/** How long the end of a process that is not our child may take to be noticed, in ms: it is looked at every second. */
const noticeMs = 1_500

/** Takes over what runs without having been started by this panel, and keeps off what is somebody else's. */
export class TakingOver {
  readonly #supervised: Supervised
  readonly #ending: Pick<Ending, 'halt'>

  constructor(supervised: Supervised, ending: Pick<Ending, 'halt'>) {
    this.#supervised = supervised
    this.#ending = ending
  }

  /** Takes over what already runs: an earlier panel's process, or whatever of the right kind answers. */
  async adopt(): Promise<boolean> {
    const { state, options, log } = this.#supervised
    if (options.occupant() !== null) return false
    const { runtime } = state
    const found = await runtime.find()
    // Found by a runtime that is the service's no more: it is another one's.
    if (state.runtime !== runtime) return false
    if (found) {
      this.adoptRun(found)
      return true
    }
    if (!answersAsItsKind(state)) return false
    this.#take()
    log.panel(`It was running already at ${state.config.url}, started by somebody else. Its output cannot be shown.`)
    return true
  }

  adoptRun(found: Run): void {
    const { state, log, follow } = this.#supervised
    const isFirst = state.presence === null
    if (state.run) return
    if (state.runtime.containers && state.life.running.state === 'ended') beginLife(state, { state: 'none' })
    this.#take()
    follow(found, Date.now())
    if (!state.runtime.containers)
      log.panel(
        `It was running already (pid ${found.pid ?? 'unknown'}), started by an earlier run of Regie. Its output cannot be shown.`,
      )
    else log.panel(isFirst ? 'Its container was running already.' : 'Its container was started outside this panel.')
  }

  /** Looks whether what was taken over is still there. A process with a closed port has ended, or is still starting. */
  async recheck(): Promise<void> {
    const { state, look } = this.#supervised
    await look()
    const { run, life } = state
    if (state.runtime.containers || !run || !life.probe || !isPortClosed(life.probe)) return
    await within(noticeMs, run.ended)
  }

  /** Throws when another service of ours runs at the same address. */
  assertAddressFree(): void {
    const { state, options } = this.#supervised
    const other = options.occupant()
    const { id, url } = state.config
    if (other !== null) throw new Problem('service.port-shared', { id, url, other })
  }

  /** Makes sure that the address is free. True when the service turned out to run there already. */
  async isTakenOver(): Promise<boolean> {
    const { state, look } = this.#supervised
    this.assertAddressFree()
    await look()
    assertSeen(state)
    if (state.adopted || (await this.adopt())) {
      const { probe } = state.life
      if (state.runtime.containers || !state.run || !probe || answers(probe)) return true
      // An earlier panel's process that answers no more.
      await this.#ending.halt()
      return false
    }
    const { id, url } = state.config
    const { probe } = state.life
    const isOpen = (probe && answers(probe)) || (await accepts(url))
    if (!isOpen) return false
    throw new Problem('service.port-taken', { id, url, answer: probe ? strangeAnswer(probe) : '' })
  }

  /** From now on it runs, whatever was known of its end. */
  #take(): void {
    const { state } = this.#supervised
    state.adopted = true
    if (state.life.running.state === 'ended') state.life.running = { state: 'none' }
    state.life.failure = null
  }
}

/** A container is known by its labels, a simulator by its process: what answers without one is somebody else. */
function answersAsItsKind({ runtime, life: { probe } }: SupervisorState): boolean {
  if (runtime.containers || runtime.runsOnlyOwn) return false
  return probe !== null && answers(probe) && isItsKind(probe)
}

/** Throws the reason when nothing can be seen of it: nothing can be done to it either. */
function assertSeen({ presence }: SupervisorState): void {
  if (presence?.unknown === true && presence.reason) throw problemOf(presence.reason)
}
