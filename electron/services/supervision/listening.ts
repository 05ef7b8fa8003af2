import { Problem, reason, type Reason } from '../../../shared/problems'
import type { Log } from '../../logs/log'
import { pause } from '../../system/pause'
import { answers } from '../health'
import { problemOf, type SupervisorState } from './state'

interface WaitOptions {
  look: () => Promise<void>
  log: Log
  timeoutMs: number
  /** The restart loop in which its container is caught since a moment (Unix ms); `null` when it is not. */
  loopSince: (since: number) => Reason | null
  /** Whoever cancels the operation. */
  cancelled: AbortSignal
  /** Whoever waits for it, and may stop waiting. */
  signal?: AbortSignal | undefined
}

/**
 * Resolves when a service listens; throws a Problem when it ends, is caught in a restart loop, takes too long, or is
 * cancelled.
 */
export async function untilListening(
  state: SupervisorState,
  { look, log, timeoutMs, loopSince, cancelled, signal }: WaitOptions,
): Promise<void> {
  const { id, url } = state.config
  const since = Date.now()
  const deadline = since + timeoutMs
  const living = state.run
  const sooner = signal ? AbortSignal.any([signal, cancelled]) : cancelled
  for (let wait = 40; ; wait = Math.min(wait * 1.5, 500)) {
    await look()
    const { running, probe } = state.life
    if (running.state === 'ended') throw problemOf(running.reason)
    if (probe && answers(probe)) return
    const loop = loopSince(since)
    if (loop) {
      log.panel(loop.message, 'error')
      throw problemOf(loop)
    }
    if (cancelled.aborted) throw new Problem('service.start-cancelled', { id })
    signal?.throwIfAborted()
    if (Date.now() > deadline) {
      const failure = reason('service.start-timeout', { id, url, seconds: Math.round(timeoutMs / 1000) })
      state.life.failure = failure
      log.panel(failure.message, 'error')
      throw problemOf(failure)
    }
    await Promise.race([pause(wait, sooner), ...(living ? [living.ended] : [])])
  }
}
