import type { HealthCheck } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import type { ContainerFacts } from './facts'
import type { ContainerHistory } from './history'

/** A container that fell so often within this time is caught in a loop. */
const loopWindowMs = 10 * 60_000
const loopFalls = 3
/** A container that was restarted and has run for this long has settled. */
const settledMs = 2 * 60_000

/**
 * Whether a container is caught in a restart loop since a moment (Unix ms): it fell three times, by itself or restarted
 * by Docker, which counts anew at each start that somebody asks for. One fall may be a dependency that came late.
 */
export function isCrashLoop({ restartCount }: ContainerFacts, falls: readonly number[], since: number): boolean {
  return restartCount >= loopFalls || falls.filter((at) => at >= since).length >= loopFalls
}

/** Restart loops: it falls again and again, whether Docker or somebody else starts it anew. A pure function. */
export function judgeRestarts(
  facts: ContainerFacts,
  {
    id,
    history,
    now,
    line,
    tookMs,
  }: { id: string; history: ContainerHistory; now: number; line: string | null; tookMs: number },
): HealthCheck {
  const { restartCount, startedAt, state, exitCode } = facts
  const falls = history.falls.filter((at) => now - at < loopWindowMs).length
  const upMs = startedAt === null ? 0 : now - startedAt
  // Docker counts its own restarts; of those before the panel looked, only the number is known.
  const isYoung = state === 'running' && upMs < settledMs
  const isLoop = state === 'restarting' || falls >= loopFalls || (restartCount >= loopFalls && (isYoung || falls > 0))
  const check = {
    id: 'restarts' as const,
    asked: 'RestartCount',
    answered: falls > 0 ? `${restartCount}, ${falls} ends in 10 min` : String(restartCount),
    at: now,
    tookMs,
  }
  const params = { id, count: Math.max(restartCount, falls), code: exitCode, line: line ?? '–' }
  if (isLoop) return { ...check, state: 'failed', reason: reason('check.restart-loop', params) }
  if (falls > 0 || (restartCount > 0 && isYoung))
    return { ...check, state: 'warning', reason: reason('check.restarted', params) }
  return { ...check, state: 'ok' }
}
