import { describe, expect, it } from 'vitest'
import { slotState, sumsOf } from '../../../renderer/features/service-page/unreachable/reach'

const quarter = 15 * 60_000
const slot = (answered: number, failed: number) => ({ at: 0, answered, failed })

describe('the last 24 hours of an external service', () => {
  it('what was not watched is a gap, and one answer is an answer', () => {
    expect([slot(3, 0), slot(1, 9), slot(0, 1), slot(0, 0)].map(slotState)).toEqual([
      ...['answered', 'answered', 'failed', 'unwatched'],
    ])
  })

  it('is summed by its checks, and adds up', () => {
    const sums = sumsOf([slot(3, 1), slot(0, 2), slot(0, 0)])
    expect(sums).toEqual({ answered: 0.75 * quarter, failed: 1.25 * quarter, unwatched: quarter })
  })
})
