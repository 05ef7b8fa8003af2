import type { GoldenCheck, ProvedRung } from '../../shared/contract'

/** What a check says as the sixth rung of the ladder: whether an image was made. Null where there is none. */
export function provedOf(check: GoldenCheck | null): ProvedRung | null {
  if (check === null) return null
  const { id, state, made, warmMs, coldMs, finishedAt, startedAt, reason } = check
  const isProven = state === 'passed' || state === 'warning'
  const size = made ? `${made.width} × ${made.height}` : ''
  return {
    state: isProven ? 'proven' : 'failed',
    asked: made === null ? '' : `seed ${made.seed}, ${size}`,
    answered: isProven ? size : (reason?.problem ?? ''),
    at: finishedAt ?? startedAt,
    tookMs: warmMs ?? coldMs,
    checkId: id,
  }
}
