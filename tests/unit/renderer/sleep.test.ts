import { expect, test } from 'vitest'
import { sleptBy } from '../../../renderer/features/services/state'

const because = (problem: string) => ({ problem, params: { minutes: 30 }, message: '', hint: '' })
const slept = { kind: 'stopped', reason: because('sleeping.stopped') } as const

test('what Regie put to sleep is asleep until something happens to it, and what a person stopped is not', () => {
  expect(sleptBy([slept, { kind: 'started' }])).toEqual(slept.reason)
  expect(sleptBy([{ kind: 'ready' }, slept])).toEqual(slept.reason)
  expect(sleptBy([{ kind: 'not-stopped', reason: because('sleeping.busy') }, slept])).toEqual(slept.reason)
  expect(sleptBy([{ kind: 'started' }, slept])).toBeNull()
  expect(sleptBy([{ kind: 'crashed' }, slept])).toBeNull()
  expect(sleptBy([{ kind: 'stopped' }, slept])).toBeNull()
  expect(sleptBy([{ kind: 'stopped', reason: because('waking.request') }])).toBeNull()
  expect(sleptBy([])).toBeNull()
})
