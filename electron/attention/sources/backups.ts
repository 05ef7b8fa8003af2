import type { BackupLacks, Backups } from '../../../shared/contract'
import { because, reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

/** How the backups stand. */
export interface BackupStanding {
  /** Why the last one came to nothing. */
  failed: Backups['failed']
  /** The newest one that this machine has made or opened; `lacks` is null where it was made before that was noted. */
  newest: { at: number; lacks: BackupLacks | null } | null
  /** Since when there is none, in Unix ms; null where none is made by itself. */
  lastSince: number | null
}

const hourMs = 3_600_000
const leadsTo = { page: 'settings', id: 'backups' } as const

/** The last backup came to nothing. */
export const backupFailedSource = (standing: () => BackupStanding): Source => ({
  kind: 'backup-failed',
  find() {
    const { failed } = standing()
    if (failed === null) return []
    const why = reason('attention.backup-failed', because(failed.reason))
    return [told({ id: 'backup-failed', kind: 'backup-failed', reason: why, since: failed.at, leadsTo })]
  },
})

/** The last backup lacks files that it should hold. */
export const backupIncompleteSource = (standing: () => BackupStanding): Source => ({
  kind: 'backup-incomplete',
  find() {
    const { newest } = standing()
    const [first] = newest?.lacks?.files ?? []
    if (!newest?.lacks || first === undefined) return []
    const { count } = newest.lacks
    const why = reason('attention.backup-incomplete', { count, first: first.path })
    return [told({ id: 'backup-incomplete', kind: 'backup-incomplete', count, reason: why, since: newest.at, leadsTo })]
  },
})

/** None has been made for longer than its limit, whatever the reason: a vault that is closed, a disk that is away. */
export const backupOverdueSource = (standing: () => BackupStanding): Source => ({
  kind: 'backup-overdue',
  find(limitOf, now) {
    const { lastSince } = standing()
    if (lastSince === null) return []
    const hours = Math.floor((now - lastSince) / hourMs)
    if (hours < limitOf('backup-overdue').begins) return []
    const why = reason('attention.backup-overdue', { hours })
    return [told({ id: 'backup-overdue', kind: 'backup-overdue', reason: why, since: lastSince, leadsTo })]
  },
})
