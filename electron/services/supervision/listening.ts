import { Problem, reason, type Reason } from '../../../shared/problems'
import { pause } from '../../async/pause'
import type { BackendProbe } from '../../kinds/backend'
import { answers } from '../health'
import { problemOf, type Supervised } from './state'

interface WaitOptions {
  /** The restart loop in which its container is caught since a moment (Unix ms); `null` when it is not. */
  loopSince: (since: number) => Reason | null
  /** Whoever cancels the operation. */
  cancelled: AbortSignal
  /** Whoever waits for it, and may stop waiting. */
  signal?: AbortSignal | undefined
}

/** So long what answers may be not all there yet, in ms: Forge's API routes come up to 12 s after its port. */
const settlingMs = 15_000

function createSettling() {
  let since: number | null = null
  return {
    isSettling(probe: BackendProbe): boolean {
      if (!probe.evidence.some(({ settling }) => settling === true)) return false
      since ??= performance.now()
      return performance.now() - since < settlingMs
    },
  }
}

/**
 * Resolves when a service listens, and what answers is all there; throws a Problem when it ends, is caught in a restart
 * loop, loses the thread that serves it, takes too long, or is cancelled.
 */
export async function untilListening(
  { state, log, look }: Pick<Supervised, 'state' | 'log' | 'look'>,
  { loopSince, cancelled, signal }: WaitOptions,
): Promise<void> {
  const { id, url } = state.config
  const timeoutMs = state.runtime.startTimeoutMs
  const since = Date.now()
  const deadline = since + timeoutMs
  const living = state.run
  const settles = createSettling()
  const sooner = signal ? AbortSignal.any([signal, cancelled]) : cancelled
  for (let wait = 40; ; wait = Math.min(wait * 1.5, 500)) {
    await look()
    const { running, probe, failure } = state.life
    if (running.state === 'ended') throw problemOf(running.reason)
    if (failure?.problem === 'service.web-thread-ended') throw problemOf(failure)
    if (probe && answers(probe) && !settles.isSettling(probe)) return
    const loop = loopSince(since)
    if (loop) {
      log.panel(loop.message, 'error')
      throw problemOf(loop)
    }
    if (cancelled.aborted) throw new Problem('service.start-cancelled', { id })
    signal?.throwIfAborted()
    if (Date.now() > deadline) {
      const late = reason('service.start-timeout', { id, url, seconds: Math.round(timeoutMs / 1000) })
      state.life.failure = late
      log.panel(late.message, 'error')
      throw problemOf(late)
    }
    await Promise.race([pause(wait, sooner), ...(living ? [living.ended] : [])])
  }
}
