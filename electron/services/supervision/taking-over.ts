import { Problem } from '../../../shared/problems'
import { within } from '../../async/within'
import { answers, isPortClosed, isItsKind, strangeAnswer } from '../health'
import { accepts } from '../prober'
import type { Run } from '../runtimes/runtime'
import type { Ending } from './ending'
import { beginLife, problemOf, type Supervised } from './state'

/** How long the end of a process that is not our child may take to be noticed, in ms: it is looked at every second. */
const noticeMs = 1_500

export type TakingOver = ReturnType<typeof createTakingOver>

/** Takes over what runs without having been started by this panel, and keeps off what is somebody else's. */
export function createTakingOver({ state, options, log, look, follow }: Supervised, { halt }: Pick<Ending, 'halt'>) {
  const { occupant } = options

  function adoptRun(found: Run) {
    const isFirst = state.presence === null
    if (state.run) return
    if (state.runtime.containers && state.life.running.state === 'ended') beginLife(state, { state: 'none' })
    state.adopted = true
    if (state.life.running.state === 'ended') state.life.running = { state: 'none' }
    state.life.failure = null
    follow(found, Date.now())
    if (!state.runtime.containers)
      log.panel(
        `It was running already (pid ${found.pid ?? 'unknown'}), started by an earlier run of Regie. Its output cannot be shown.`,
      )
    else log.panel(isFirst ? 'Its container was running already.' : 'Its container was started outside this panel.')
  }

  /** Takes over what already runs: an earlier panel's process, or whatever of the right kind answers. */
  async function adopt(): Promise<boolean> {
    if (occupant() !== null) return false
    const found = await state.runtime.find()
    if (found) {
      adoptRun(found)
      return true
    }
    const { life } = state
    // A container is known by its labels, a simulator by its process: what answers without one is somebody else.
    if (
      state.runtime.containers ||
      state.runtime.runsOnlyOwn ||
      life.probe === null ||
      !answers(life.probe) ||
      !isItsKind(life.probe)
    )
      return false
    state.adopted = true
    if (life.running.state === 'ended') life.running = { state: 'none' }
    life.failure = null
    log.panel(`It was running already at ${state.config.url}, started by somebody else. Its output cannot be shown.`)
    return true
  }

  /** Throws the reason when nothing can be seen of it: nothing can be done to it either. */
  function assertSeen() {
    const { presence } = state
    if (presence?.unknown === true && presence.reason) throw problemOf(presence.reason)
  }

  /** Throws when another service of ours runs at the same address. */
  function assertAddressFree() {
    const other = occupant()
    const { id, url } = state.config
    if (other !== null) throw new Problem('service.port-shared', { id, url, other })
  }

  /** Looks whether what was taken over is still there. A process with a closed port has ended, or is still starting. */
  async function recheck(): Promise<void> {
    await look()
    const { run, life } = state
    if (state.runtime.containers || !run || !life.probe || !isPortClosed(life.probe)) return
    await within(noticeMs, run.ended)
  }

  return {
    recheck,
    adopt,
    adoptRun,
    assertAddressFree,
    /** Makes sure that the address is free. True when the service turned out to run there already. */
    async isTakenOver(): Promise<boolean> {
      assertAddressFree()
      await look()
      assertSeen()
      const { id, url } = state.config
      if (state.adopted || (await adopt())) {
        const { probe } = state.life
        if (!state.runtime.containers && state.run && probe && !answers(probe)) {
          // An earlier panel's process that answers no more.
          await halt()
          return false
        }
        return true
      }
      const { probe } = state.life
      const isOpen = (probe && answers(probe)) || (await accepts(url))
      if (!isOpen) return false
      throw new Problem('service.port-taken', { id, url, answer: probe ? strangeAnswer(probe) : '' })
    },
  }
}
