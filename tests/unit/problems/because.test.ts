import { expect, test } from 'vitest'
import { because, describeProblem, Problem, reason } from '../../../shared/problems'

const cause = new Problem('backup.no-room', { folder: '/mnt/a', needed: 12, free: 3 }).reason

test('what another problem is the reason of is told in the language of whoever reads it', () => {
  const told = reason('attention.backup-failed', because(cause))
  expect(told.message).toContain(cause.message)
  const inFrench = describeProblem(told.problem, told.params, 'fr').message
  expect(inFrench).toContain(describeProblem('backup.no-room', cause.params, 'fr').message)
  expect(inFrench).not.toContain(cause.message)
})

test('a reason that is no problem stands as it is', () => {
  const { message } = describeProblem('attention.backup-failed', { why: 'ENOSPC' }, 'fr')
  expect(message).toContain('ENOSPC')
})
