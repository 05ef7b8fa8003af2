import { describe, expect, it } from 'vitest'
import { substituteFor } from '../../../renderer/features/service-page/unreachable/substitute'
import type { Service } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'
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

const service = (id: string, model: string | null, more: Partial<Service> = {}): Service => ({
  ...{ id, kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:8188', credentialId: null, revision: id },
  ...{ tags: [], idle: neverSleeps, muted: false, operation: null, adopted: false, pid: null, model },
  ...{ queue: null, progress: null, container: null, pending: null },
  health: { state: 'ready', since: 0, checkedAt: null, rungs: [], checks: [] },
  ...more,
})

describe('where generations that wait can move to', () => {
  const away = service('away', null, { lastReach: { failures: 2, failingSince: 1, answeredAt: 1, model: 'qwen' } })
  const waiting = (id: string) => (id === 'busy' ? 3 : 0)

  it('is a ready service of its kind with the same model, of several the one with the fewest jobs', () => {
    const ready = [service('busy', 'qwen'), service('free', 'qwen'), service('other', 'flux')]
    expect(substituteFor(away, ready, waiting)?.id).toBe('free')
  })

  it('is none where no other has the model, or it was never known', () => {
    const down = service('down', 'qwen')
    down.health = { ...down.health, state: 'stopped' }
    expect(substituteFor(away, [away, down, service('forge', 'qwen', { kind: 'forge' })], waiting)).toBeUndefined()
    const never = service('never', null, { lastReach: { failures: 1, failingSince: 1, answeredAt: null, model: null } })
    expect(substituteFor(never, [service('free', 'qwen')], waiting)).toBeUndefined()
  })
})
