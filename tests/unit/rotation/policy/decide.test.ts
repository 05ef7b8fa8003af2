import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayMs, decide, retryMs, type Load, type Subject } from '../../../../electron/rotation/policy/decide'
import { openingAt } from '../../../../shared/week-windows'
import { RotationPolicy } from '../../../../shared/contract'
import { reason } from '../../../../shared/problems'

const changedAt = new Date(2026, 0, 5, 12, 0).getTime()
const due = changedAt + 90 * dayMs
const idle: Load = { state: 'idle' }
const busy = {
  state: 'not-now',
  reason: reason('rotation.service-busy', { service: 'comfyui-qwen', running: 1, waiting: 0 }),
} satisfies Load
const unprovable = {
  state: 'unprovable',
  reason: reason('rotation.nothing-to-prove', { id: 'qwen' }),
} satisfies Load

const subject = (more: Partial<Subject> = {}): Subject => ({
  id: 'qwen',
  changedAt,
  snoozedUntil: null,
  remindedAt: null,
  wantedAt: null,
  failed: null,
  isStuck: false,
  ...more,
})
const policy = (more: Partial<RotationPolicy> = {}) => RotationPolicy.parse(more)
const nightly = policy({ mode: 'automatic' })
/** Local time on the day after it fell due. */
const on = (hours: number, minutes = 0) => {
  const day = new Date(due + dayMs)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes).getTime()
}

describe('without a policy', () => {
  it('nothing ever falls due', () => {
    expect(decide(due * 2, policy(), subject(), idle)).toEqual({ do: 'wait', until: null, why: 'off' })
  })
})

describe('a reminder', () => {
  const remind = policy({ mode: 'remind' })

  it('waits for its day, is told once, and stays due', () => {
    expect(decide(due - 1, remind, subject(), idle)).toEqual({ do: 'wait', until: due, why: 'later' })
    expect(decide(due, remind, subject(), idle)).toEqual({ do: 'remind' })
    expect(decide(due + 1, remind, subject({ remindedAt: due }), idle)).toEqual({ do: 'due' })
  })

  it('comes again after a new secret has grown old, and after a snooze', () => {
    const rotated = subject({ changedAt: due + dayMs, remindedAt: due })
    expect(decide(due + 91 * dayMs, remind, rotated, idle)).toEqual({ do: 'remind' })
    const snoozed = subject({ remindedAt: due, snoozedUntil: due + 7 * dayMs })
    expect(decide(due + dayMs, remind, snoozed, idle)).toEqual({ do: 'wait', until: due + 7 * dayMs, why: 'snoozed' })
    expect(decide(due + 7 * dayMs, remind, snoozed, idle)).toEqual({ do: 'remind' })
  })

  it('does not ask whether a service is busy', () => {
    expect(decide(due, remind, subject(), busy)).toEqual({ do: 'remind' })
  })
})

describe('an automatic rotation', () => {
  it('waits for its window', () => {
    expect(decide(on(12), nightly, subject(), idle)).toEqual({ do: 'wait', until: on(26), why: 'window' })
  })

  it('begins in the window when nothing runs', () => {
    expect(decide(on(2), nightly, subject(), idle)).toEqual({ do: 'rotate' })
    expect(decide(on(4, 59), nightly, subject(), idle)).toEqual({ do: 'rotate' })
  })

  it('is postponed by a busy service, by one that does not tell, and where nothing could be proven', () => {
    for (const load of [busy, unprovable] as const)
      expect(decide(on(3), nightly, subject(), load)).toEqual({
        do: 'postpone',
        reason: load.reason,
        until: on(3) + retryMs,
      })
  })

  it('is postponed to the next window when this one closes before the next try', () => {
    expect(decide(on(5) - retryMs, nightly, subject(), busy)).toMatchObject({ do: 'postpone', until: on(26) })
  })

  it('is tried once a window, and says why it failed', () => {
    const failed = subject({ failed: { at: on(2, 1), cause: 'it burnt' } })
    expect(decide(on(3), nightly, failed, idle)).toMatchObject({
      do: 'wait',
      until: on(26),
      why: 'window',
      reason: { problem: 'rotation.tried', params: { cause: 'it burnt' } },
    })
    expect(decide(on(12), nightly, failed, idle)).toMatchObject({ do: 'wait', reason: { problem: 'rotation.tried' } })
    expect(decide(on(26), nightly, failed, idle)).toEqual({ do: 'rotate' })
  })

  it('leaves to a person what an earlier rotation could not put back', () => {
    expect(decide(on(3), nightly, subject({ isStuck: true }), idle)).toEqual({ do: 'remind' })
  })
})

describe('a rotation that is wanted as soon as nothing runs', () => {
  const wanted = subject({ wantedAt: changedAt + 1 })

  it('begins at any hour and without a policy, but not while a service is busy', () => {
    expect(decide(changedAt + 2, policy(), wanted, idle)).toEqual({ do: 'rotate' })
    expect(decide(changedAt + 2, policy(), wanted, unprovable)).toEqual({ do: 'rotate' })
    expect(decide(changedAt + 2, policy(), wanted, busy)).toMatchObject({
      do: 'postpone',
      until: changedAt + 2 + retryMs,
    })
  })
})

describe('for any policy, time and state', () => {
  const minute = fc.integer({ min: 0, max: 24 * 60 - 1 })
  const clock = minute.map((value) => new Date(value * 60_000).toISOString().slice(11, 16))
  const policies = fc.record({
    mode: fc.constantFrom('off' as const, 'remind' as const, 'automatic' as const),
    everyDays: fc.integer({ min: 1, max: 400 }),
    window: fc.record({
      from: clock,
      to: clock,
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    }),
    graceHours: fc.constant(24),
  })
  const offset = fc.integer({ min: 0, max: 500 * dayMs })
  const time = fc.option(offset.map((ms) => changedAt + ms))
  const subjects = fc.record({
    id: fc.constant('qwen'),
    changedAt: fc.constant(changedAt),
    snoozedUntil: time,
    remindedAt: time,
    wantedAt: time,
    failed: fc.option(offset.map((ms) => ({ at: changedAt + ms, cause: 'it burnt' }))),
    isStuck: fc.boolean(),
  })
  const loads = fc.constantFrom<Load>(idle, busy, unprovable)

  it('never rotates while a service is busy or does not tell, and unasked only when due, in the window, proven', () => {
    fc.assert(
      fc.property(offset, policies, subjects, loads, (ms, one, about, load) => {
        const now = changedAt + ms
        if (decide(now, one, about, load).do !== 'rotate') return
        expect(load.state).not.toBe('not-now')
        if (about.wantedAt !== null) return
        expect(load).toEqual(idle)
        expect(one.mode).toBe('automatic')
        expect(about.isStuck).toBe(false)
        expect(now).toBeGreaterThanOrEqual(changedAt + one.everyDays * dayMs)
        expect(now).toBeGreaterThanOrEqual(about.snoozedUntil ?? 0)
        const { start, end } = openingAt(now, one.window)
        expect(now).toBeGreaterThanOrEqual(start)
        expect(now).toBeLessThan(end)
        if (about.failed) expect(about.failed.at).toBeLessThan(start)
      }),
      { numRuns: 2000 },
    )
  })

  it('never waits for the past, so that a schedule that sleeps until then does not spin', () => {
    fc.assert(
      fc.property(offset, policies, subjects, loads, (ms, one, about, load) => {
        const now = changedAt + ms
        const decision = decide(now, one, about, load)
        if ('until' in decision && decision.until !== null) expect(decision.until).toBeGreaterThan(now)
      }),
      { numRuns: 2000 },
    )
  })
})
