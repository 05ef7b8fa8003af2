import { describe, expect, it } from 'vitest'
import { hunksOf } from '../../../renderer/features/updates/diff'
import {
  canUndo,
  latestOf,
  missingIn,
  safetyOf,
  standing,
  viewOf,
  wayBackMs,
} from '../../../renderer/features/updates/view'
import { unifiedDiff } from '../../../electron/updates/diff'
import type { Update } from '../../../shared/contract'
import { scripted } from '../../support/scripted-update'

const changed = (update: Update, part: Partial<Update>): Update => ({ ...update, ...part })

describe('what the page of an update shows', () => {
  const [running, switched, back] = [scripted.running(), scripted.switched(), scripted.rolledBack()]

  it('is the newest of the service, and no other service’s', () => {
    const other = changed(switched, { id: 'other', serviceId: 'forge' })
    expect(latestOf([other, running, switched], running.serviceId)).toBe(running)
    expect(latestOf([other], running.serviceId)).toBeUndefined()
    expect(latestOf(undefined, running.serviceId)).toBeUndefined()
  })

  it('is the update while it goes on and while it can be undone, whatever was asked', () => {
    for (const state of ['running', 'rolling-back', 'switched', 'failed'] as const)
      expect(viewOf(changed(running, { state }), { state: 'available' }, true)).toBe('update')
  })

  it('is how it ended until somebody asks for the offer, and the offer where there is something newer', () => {
    expect(viewOf(back, { state: 'available' }, false)).toBe('update')
    expect(viewOf(back, { state: 'available' }, true)).toBe('offer')
    const kept = changed(switched, { state: 'kept' })
    expect(viewOf(kept, { state: 'up-to-date' }, false)).toBe('update')
    expect(viewOf(kept, { state: 'available' }, false)).toBe('offer')
    expect(viewOf(undefined, { state: 'available' }, false)).toBe('offer')
  })

  it('counts the steps of the way forward alone, and names the way back while it is gone', () => {
    expect(standing(running.steps)).toEqual({ step: 4, count: 6, id: 'verify' })
    expect(standing(switched.steps)).toEqual({ step: 6, count: 6, id: 'keep' })
    const turning = back.steps.map((one) => (one.id === 'roll-back' ? { ...one, state: 'running' as const } : one))
    expect(standing(turning)).toMatchObject({ count: 6, id: 'roll-back' })
    expect([wayBackMs(back.steps), wayBackMs(turning), wayBackMs(running.steps)]).toEqual([38_000, null, null])
  })

  it('offers the way back only where there is one', () => {
    expect([switched, changed(switched, { state: 'failed' })].map(canUndo)).toEqual([true, true])
    expect([running, back, changed(switched, { state: 'kept' })].map(canUndo)).toEqual([false, false, false])
  })
})

describe('the safety line', () => {
  const said = (update: Update) => safetyOf(update).said
  const running = scripted.running()

  it('says which version answers, as the panel knows it and not as it should be', () => {
    expect(safetyOf(running)).toEqual({ said: 'old', tone: 'active' })
    expect(said(changed(running, { answering: null }))).toBe('stopped')
    const switching = running.steps.map((one) => (one.id === 'switch' ? { ...one, state: 'running' as const } : one))
    expect(said(changed(running, { answering: null, steps: switching }))).toBe('switching')
    expect(said(changed(running, { answering: 'new' }))).toBe('new')
    expect(said(changed(running, { state: 'rolling-back' }))).toBe('rollingBack')
  })

  it('claims an image only where one was looked at, and tells of what differs', () => {
    const switched = scripted.switched()
    expect(safetyOf(switched)).toEqual({ said: 'switched', tone: 'good' })
    const unseen = switched.checks.map((one) => (one.id === 'picture' ? { ...one, state: 'skipped' as const } : one))
    expect(said(changed(switched, { checks: unseen }))).toBe('switchedUnseen')
    expect(safetyOf(scripted.differing())).toEqual({ said: 'switchedDiffers', tone: 'warn' })
  })

  it('is red for what failed, and not for what somebody undid', () => {
    const { reason, ...asked } = scripted.rolledBack()
    expect(reason).toBeDefined()
    expect(safetyOf(scripted.rolledBack())).toEqual({ said: 'rolledBack', tone: 'bad' })
    expect(safetyOf(asked)).toEqual({ said: 'undone', tone: 'quiet' })
    const cancelled = { problem: 'updates.cancelled', params: {}, message: '', hint: '' }
    expect(safetyOf({ ...asked, reason: cancelled })).toEqual({ said: 'rolledBack', tone: 'quiet' })
    // It is not said to answer where somebody had stopped it.
    expect(safetyOf(changed(asked, { answering: null }))).toEqual({ said: 'stoppedOld', tone: 'quiet' })
    expect(safetyOf(changed(asked, { state: 'failed' }))).toEqual({ said: 'failed', tone: 'bad' })
  })
})

describe('an order', () => {
  it('waits for a word about each file that the person changed, and about a card that does not hold both', () => {
    const offer = scripted.offer()
    expect(missingIn(offer, {}, false)).toEqual({ files: ['compose.yaml', 'serve.py'], card: true })
    expect(missingIn(offer, { 'compose.yaml': 'keep', 'serve.py': 'replace' }, true)).toEqual({
      files: [],
      card: false,
    })
    const unknown = { ...offer, gpu: { ...offer.gpu, holdsBoth: null } }
    expect(missingIn(unknown, {}, false).card).toBe(false)
  })
})

describe('a diff', () => {
  it('that the panel made is read line by line, with its places', () => {
    const before = Array.from({ length: 20 }, (_, n) => `line ${n + 1}`)
    const after = before.with(1, 'two').toSpliced(14, 0, '- a sign of its own')
    const hunks = hunksOf(unifiedDiff(before.join('\n'), after.join('\n')) ?? '')
    expect(hunks.map(({ oldStart, newStart }) => [oldStart, newStart])).toEqual([
      [1, 1],
      [12, 12],
    ])
    expect(hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'same'))).toEqual([
      { kind: 'removed', text: 'line 2' },
      { kind: 'added', text: 'two' },
      { kind: 'added', text: '- a sign of its own' },
    ])
  })

  it('of something else is nothing', () => {
    expect(hunksOf('')).toEqual([])
    expect(hunksOf('+before any place\n\\ No newline at end of file')).toEqual([])
  })
})
