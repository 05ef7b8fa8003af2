import type { GoldenCheck } from '../../../shared/contract'
import type { StatusKey } from '../../ui/Status'

/** How a check looks in lists: slower than usual is a warning too. */
export function statusOfCheck({ state, slowerPct }: GoldenCheck, slowerLimitPct: number): StatusKey {
  switch (state) {
    case 'waiting':
      return 'waiting'
    case 'running':
      return 'probing'
    case 'failed':
      return 'failed'
    case 'warning':
      return 'warning'
    case 'passed':
      return slowerPct !== null && slowerPct > slowerLimitPct ? 'warning' : 'ready'
    case 'skipped':
    case 'cancelled':
      return 'idle'
  }
}

/** A change between two checks that may explain a change of their figures. */
export interface Mark {
  at: number
  what: 'version' | 'model' | 'gpu' | 'slower'
  value: string
}

/** What changed from check to check, the oldest first. */
export function marksOf(checks: readonly GoldenCheck[], slowerLimitPct: number): Mark[] {
  const marks: Mark[] = []
  let before: GoldenCheck | null = null
  let wasSlow = false
  for (const check of checks.toReversed()) {
    if (check.made === null) continue
    for (const what of ['version', 'model', 'gpu'] as const) {
      const now = check.conditions[what]
      if (before && now !== null && before.conditions[what] !== null && before.conditions[what] !== now)
        marks.push({ at: check.startedAt, what, value: now })
    }
    const isSlow = check.slowerPct !== null && check.slowerPct > slowerLimitPct
    if (isSlow && !wasSlow)
      marks.push({ at: check.startedAt, what: 'slower', value: String(Math.round(check.slowerPct ?? 0)) })
    wasSlow = isSlow
    before = check
  }
  return marks
}

/** What is drawn over time. */
export const trends = ['time', 'step', 'vram', 'similarity'] as const
export type TrendId = (typeof trends)[number]

const similarityIn = ({ findings }: GoldenCheck): number | null =>
  findings.find(({ id }) => id === 'similarity')?.value ?? null

/** The lines of a trend; the first one is filled. */
export const linesOf: Record<TrendId, readonly ((check: GoldenCheck) => number | null)[]> = {
  time: [({ warmMs }) => warmMs, ({ coldMs }) => coldMs],
  step: [({ stepMs }) => stepMs],
  vram: [({ vramMiB }) => vramMiB],
  similarity: [similarityIn],
}
