import { describe, expect, it } from 'vitest'
import { createStudioWaking } from '../../../electron/panel/studio-waking'
import type { Reason } from '../../../shared/problems'
import { Problem } from '../../../shared/problems'
import { neverSleeps } from '../../../shared/service-idle'
import { until } from '../../support/until'
import { sleepyService } from '../gateway/waking/support'

type Given = Parameters<typeof createStudioWaking>

/** A sleeping service, what is asked of it for the Studio, and why. */
function house({ wake = true } = {}) {
  const asked: { operation: string; name: string; reason: Reason }[] = []
  const state = {
    service: sleepyService({ idle: { ...neverSleeps, wake } }),
    rotating: 'no' as 'no' | 'draining' | 'held',
    fails: null as Problem | null,
  }
  const be = (is: 'ready' | 'starting') => {
    state.service = { ...state.service, health: { ...state.service.health, state: is } }
    return state.service
  }
  // Of both parts only what waking asks of them.
  const parts = {
    services: { get: () => state.service, start: () => Promise.resolve(be('starting')) },
  } as unknown as Given[0]
  const watched = {
    timeline: {
      during(of: (typeof asked)[number], work: () => Promise<unknown>) {
        asked.push(of)
        return state.fails ? Promise.reject(state.fails) : work()
      },
    },
    draining: { of: () => state.rotating },
  } as unknown as Given[1]
  return { state, asked, be, wake: createStudioWaking(parts, watched, () => 'Maya') }
}

describe('a job of the Studio', () => {
  it('wakes a service that sleeps, says in the timeline for whom, and goes on when it is ready', async () => {
    const { asked, be, state, wake } = house()
    let isOver = false
    const woken = wake('studio', 'maya').then(() => (isOver = true))
    await until('it is on its way', () => state.service.health.state === 'starting')
    expect(isOver).toBe(false)
    expect(asked).toMatchObject([
      { operation: 'start', name: 'gateway', reason: { problem: 'waking.studio', params: { who: 'Maya' } } },
    ])
    expect(asked[0]?.reason.message).toContain('Maya')
    be('ready')
    await woken
    expect(asked).toHaveLength(1)
  })

  it('leaves a service alone that requests may not wake', async () => {
    const { asked, wake } = house({ wake: false })
    await wake('studio', 'maya')
    expect(asked).toEqual([])
  })

  it('waits while its service gets a new secret, and is told why a start failed', async () => {
    const { asked, state, wake } = house()
    state.rotating = 'held'
    state.fails = new Problem('service.silent', { id: 'studio', url: '' })
    const woken = wake('studio', 'maya')
    const refused = expect(woken).rejects.toMatchObject({ id: 'service.silent' })
    expect(asked).toEqual([])
    state.rotating = 'no'
    await refused
    expect(asked).toHaveLength(1)
  })
})
