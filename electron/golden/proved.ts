import type { GoldenCheck, GoldenRan, ProvedRung } from '../../shared/contract'

/** Both are known, and differ. */
const differs = (then: string | number | null, now: string | number | null): boolean =>
  then !== null && now !== null && then !== now

/** What has become of what a check was made on, by what is known of both; undefined where it still runs. */
function happenedSince({ ran }: GoldenCheck, now: GoldenRan): ProvedRung['before'] {
  if (ran === undefined) return undefined
  if (differs(ran.version, now.version)) return 'updated'
  if (differs(ran.image, now.image)) return 'image'
  if (differs(ran.container, now.container)) return 'recreated'
  if (differs(ran.startedAt, now.startedAt) || differs(ran.pid, now.pid)) return 'restarted'
  return differs(ran.model, now.model) ? 'model' : undefined
}

/**
 * What a check says as the sixth rung of the ladder: whether an image was made, by what runs now. Null where there is none.
 */
export function provedOf(check: GoldenCheck | null, now: GoldenRan): ProvedRung | null {
  if (check === null) return null
  const { id, state, made, warmMs, coldMs, finishedAt, startedAt, reason } = check
  const isProven = state === 'passed' || state === 'warning'
  const size = made ? `${made.width} × ${made.height}` : ''
  const before = happenedSince(check, now)
  return {
    state: before !== undefined ? 'waiting' : isProven ? 'proven' : 'failed',
    ...(before !== undefined && { before }),
    asked: made === null ? '' : `seed ${made.seed}, ${size}`,
    answered: isProven ? size : (reason?.problem ?? ''),
    at: finishedAt ?? startedAt,
    tookMs: warmMs ?? coldMs,
    checkId: id,
  }
}
