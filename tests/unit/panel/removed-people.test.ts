import path from 'node:path'
import { expect, test } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import { openLedger } from '../../../electron/ledger'
import { forgetRemovedPeople } from '../../../electron/panel/removed-people'
import type { PanelEvent } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'

const failed = (error: unknown) => {
  throw error
}

test('what a job of a removed person made after their removal is nobody’s from the next start on', async () => {
  await using folder = await temporaryFolder()
  const ledger = await openLedger({ file: path.join(folder.path, 'gateway.db'), failed })
  const events = createListeners<[PanelEvent]>(failed)
  const maya = { account: 'maya', key: null }
  const job = { service: 'forge', id: 'p1', ...maya, state: 'succeeded' as const, begunAt: 1, endedAt: 2 }

  forgetRemovedPeople(ledger, new Set(), events.on)
  events.tell({ type: 'user-removed', id: 'maya' })
  ledger.owners.note('forge', 'file', 'late.png', maya)
  ledger.pastJobs.note(job)
  ledger.owners.note('forge', 'file', 'his.png', { account: 'jonas', key: null })
  expect(ledger.owners.idsOf('forge', 'file', 'maya')).toEqual(['late.png'])

  forgetRemovedPeople(ledger, new Set(['maya']), events.on)
  expect(ledger.owners.of('forge', 'file', 'late.png')).toEqual({ account: '', key: null })
  expect(ledger.pastJobs.of('maya')).toEqual([])
  expect(ledger.owners.idsOf('forge', 'file', 'jonas')).toEqual(['his.png'])
  ledger.close()
})
