import { expect, test } from 'vitest'
import { backupFailedSource, backupIncompleteSource, backupOverdueSource } from '../../../electron/attention/sources'
import { reason } from '../../../shared/problems'

const hourMs = 3_600_000
const limit = () => ({ begins: 48, ends: 48 })

test('a backup that came to nothing needs attention, with why', async () => {
  const failed = { at: 5, reason: reason('backup.folder-missing', { folder: '/mnt/backups', code: 'ENOENT' }) }
  const [item] = (await backupFailedSource(() => ({ failed, newest: null, lastSince: null })).find(limit, 10)) ?? []
  expect(item).toMatchObject({ kind: 'backup-failed', since: 5, leadsTo: { page: 'settings', id: 'backups' } })
  expect(item?.reason?.message).toContain('/mnt/backups')
  expect(await backupFailedSource(() => ({ failed: null, newest: null, lastSince: null })).find(limit, 10)).toEqual([])
})

test('none for longer than the limit needs attention, where one is made daily', async () => {
  const find = (lastSince: number | null, now: number) =>
    backupOverdueSource(() => ({ failed: null, newest: null, lastSince })).find(limit, now)
  expect(await find(0, 47 * hourMs)).toEqual([])
  expect(await find(0, 49 * hourMs)).toMatchObject([{ kind: 'backup-overdue', since: 0 }])
  expect(await find(null, 1000 * hourMs)).toEqual([])
})

test('one that lacks files needs attention, and names the first', async () => {
  const find = (count: number | null) =>
    backupIncompleteSource(() => ({
      ...{ failed: null, lastSince: null },
      newest: {
        at: 7,
        lacks: count === null ? null : { count, files: count === 0 ? [] : [{ path: '/srv/.env', why: 'unreadable' }] },
      },
    })).find(limit, 10)
  expect(await find(3)).toMatchObject([
    { kind: 'backup-incomplete', since: 7, count: 3, leadsTo: { page: 'settings', id: 'backups' } },
  ])
  expect((await find(3))?.[0]?.reason?.message).toContain('/srv/.env')
  expect(await find(0)).toEqual([])
  // Made before it was noted.
  expect(await find(null)).toEqual([])
})
