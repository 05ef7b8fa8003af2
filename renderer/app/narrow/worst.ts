import { toneOf } from '../../ui/Status'
import type { LinkMark } from '../marks'

const order = ['bad', 'warn', 'active', 'good', 'quiet'] as const

/** Several marks as one: all that they count, under the sign of the worst. Undefined where there is none. */
export function worstOf(marks: readonly LinkMark[]): LinkMark | undefined {
  const [worst] = marks.toSorted((a, b) => order.indexOf(toneOf(a.of)) - order.indexOf(toneOf(b.of)))
  return (
    worst && {
      of: worst.of,
      count: marks.reduce((sum, { count }) => sum + count, 0),
      text: marks.map(({ text }) => text).join(', '),
    }
  )
}
