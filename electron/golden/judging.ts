import type { GoldenCheck, GoldenFinding } from '../../shared/contract'
import { median } from '../../shared/median'
import { reason, type Reason } from '../../shared/problems'
import { alike, isFromCache, judgePicture, similarity, type Measured } from '../trial/judge'
import type { MadePicture } from '../trial/picture'

/** Its time is held against the median of so many checks before it. */
const comparedWith = 10

/** What two checks must have in common for their times to say anything of each other. */
const keyOf = ({ conditions, made }: Pick<GoldenCheck, 'conditions' | 'made'>) =>
  JSON.stringify([
    ...[conditions.model, conditions.version, conditions.gpu],
    ...[made?.prompt, made?.seed, made?.width, made?.height, made?.steps, made?.family],
  ])

/**
 * How much longer its warm image took than the median of the checks before it under the same conditions, in per cent; null
 * where there are none. `before`: the newest first.
 */
export function slowerThanUsual(
  check: Pick<GoldenCheck, 'conditions' | 'made' | 'warmMs'>,
  before: readonly GoldenCheck[],
): number | null {
  if (check.warmMs === null) return null
  const key = keyOf(check)
  const times = before
    .filter((one) => one.warmMs !== null && one.state !== 'failed' && keyOf(one) === key)
    .slice(0, comparedWith)
    .flatMap(({ warmMs }) => warmMs ?? [])
  const usual = median(times)
  return usual === null || usual <= 0 ? null : Math.round((check.warmMs / usual - 1) * 1000) / 10
}

const finding = (
  id: GoldenFinding['id'],
  state: GoldenFinding['state'],
  { value = null, limit = null, why }: { value?: number | null; limit?: number | null; why?: Reason } = {},
): GoldenFinding => ({ id, state, value, limit, ...(why && { reason: why }) })

/** Whether it is an image at all, of the size that was asked for. */
export function judgeMade(measured: Measured, wanted: { width: number; height: number }): GoldenFinding {
  const verdict = judgePicture(measured, { ...wanted, mayBeFlat: false })
  const value = Math.round(measured.entropy * 10) / 10
  switch (verdict) {
    case null:
      return finding('picture', 'passed', { value })
    case 'size': {
      const got = `${measured.width}×${measured.height}`
      const why = reason('golden.size', { got, wanted: `${wanted.width}×${wanted.height}` })
      return finding('picture', 'failed', { value, why })
    }
    case 'black':
      return finding('picture', 'failed', { value, why: reason('golden.black') })
    case 'flat':
      return finding('picture', 'failed', { value, why: reason('golden.flat') })
  }
}

/** Whether it was computed, and not answered from what the service remembered. */
export function judgeSampled(
  made: Pick<MadePicture, 'cached' | 'sampled' | 'tellsSteps'>,
  { steps, caches }: { steps: number; caches: boolean },
): GoldenFinding {
  const { sampled } = made
  if (isFromCache(made, caches))
    return finding('sampled', 'failed', { value: 0, limit: steps, why: reason('golden.cached') })
  if (sampled === 0) return finding('sampled', 'skipped', { limit: steps })
  return finding('sampled', 'passed', { value: sampled, limit: steps })
}

/** How alike it is to the golden image; nothing is said where that was made from something else, or is not there. */
export function judgeSimilarity(
  made: GoldenCheck['made'],
  { grey }: Pick<Measured, 'grey'>,
  golden: { check: GoldenCheck; measured: Measured | null } | null,
): GoldenFinding {
  if (golden === null || golden.measured === null)
    return finding('similarity', 'skipped', { limit: alike, why: reason('golden.none') })
  if (JSON.stringify(golden.check.made) !== JSON.stringify(made))
    return finding('similarity', 'skipped', { limit: alike, why: reason('golden.other-settings') })
  const value = similarity(golden.measured.grey, grey)
  if (value >= alike) return finding('similarity', 'passed', { value, limit: alike })
  return finding('similarity', 'warning', { value, limit: alike, why: reason('golden.differs', { value }) })
}

/** Whether it was slower than usual, against the limit of now. */
export const judgeTime = (slowerPct: number | null, limitPct: number): GoldenFinding =>
  slowerPct === null
    ? finding('time', 'skipped', { limit: limitPct })
    : finding('time', slowerPct > limitPct ? 'warning' : 'passed', { value: slowerPct, limit: limitPct })

/** What all findings come to. */
export function verdictOf(findings: readonly GoldenFinding[]): 'passed' | 'warning' | 'failed' {
  if (findings.some(({ state }) => state === 'failed')) return 'failed'
  return findings.some(({ id, state }) => id === 'similarity' && state === 'warning') ? 'warning' : 'passed'
}
