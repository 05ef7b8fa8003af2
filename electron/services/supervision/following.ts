import { explainExit, nameExit } from '../exits'
import type { Supervised } from './state'

/** Follows runs: when one ends by itself, it is told how. */
export function createFollowing({
  state,
  options,
  log,
  change,
  look,
}: Omit<Supervised, 'follow'>): Supervised['follow'] {
  return (started, since) => {
    state.run = started
    state.life.running = { state: 'alive', pid: started.pid, at: Date.now() }
    const living = state.life
    void started.ended.then(async (exit) => {
      if (state.run !== started || living !== state.life) return
      state.run = null
      state.former = started
      state.adopted = false
      if (state.isStopping) return
      const { id } = state.config
      const why = explainExit(id, exit, await log.lastWords(since))
      if (living !== state.life) return
      living.running = { state: 'ended', evidence: nameExit(exit), reason: why, at: Date.now() }
      options.room?.left(id)
      // Docker knows more of its end than the exit code: that is told once it was asked.
      if (state.runtime.containers) {
        void look()
        return
      }
      log.panel(`Ended by itself: ${nameExit(exit)}.`, 'error')
      change()
    })
  }
}
