import type { LintDiff } from '../../../shared/contract'

type Hunk = LintDiff['hunks'][number]

const kinds = { ' ': 'same', '-': 'removed', '+': 'added' } as const
const isSign = (sign: string | undefined): sign is keyof typeof kinds => sign !== undefined && sign in kinds

/** The parts of a unified diff without its head. Lines before the first `@@`, and those without a sign, are passed over. */
export function hunksOf(diff: string): Hunk[] {
  const hunks: Hunk[] = []
  for (const text of diff.split('\n')) {
    const [, old, fresh] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text) ?? []
    if (old !== undefined && fresh !== undefined) {
      hunks.push({ oldStart: Number(old), newStart: Number(fresh), lines: [] })
      continue
    }
    const [sign] = text
    if (isSign(sign)) hunks.at(-1)?.lines.push({ kind: kinds[sign], text: text.slice(1) })
  }
  return hunks
}
