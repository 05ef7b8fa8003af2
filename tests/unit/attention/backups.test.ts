import { expect, test } from 'vitest'
import { backupFailedSource, backupOverdueSource } from '../../../electron/attention/sources'
import { reason } from '../../../shared/problems'

const hourMs = 3_600_000
const limit = () => ({ begins: 48, ends: 48 })

test('a backup that came to nothing needs attention, with why', async () => {
  const failed = { at: 5, reason: reason('backup.folder-missing', { folder: '/mnt/backups', code: 'ENOENT' }) }
  const [item] = (await backupFailedSource(() => ({ failed, lastSince: null })).find(limit, 10)) ?? []
  expect(item).toMatchObject({ kind: 'backup-failed', since: 5, leadsTo: { page: 'settings', id: 'backups' } })
  expect(item?.reason?.message).toContain('/mnt/backups')
  expect(await backupFailedSource(() => ({ failed: null, lastSince: null })).find(limit, 10)).toEqual([])
})

test('none for longer than the limit needs attention, where one is made daily', async () => {
  const find = (lastSince: number | null, now: number) =>
    backupOverdueSource(() => ({ failed: null, lastSince })).find(limit, now)
  expect(await find(0, 47 * hourMs)).toEqual([])
  expect(await find(0, 49 * hourMs)).toMatchObject([{ kind: 'backup-overdue', since: 0 }])
  expect(await find(null, 1000 * hourMs)).toEqual([])
})
