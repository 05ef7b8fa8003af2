import type { Ended } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { Restored } from './switch'

/** So many are named in a line, and so many in the audit log. */
const most = { named: 5, noted: 500 }

/** What something that was ended is called where there is room for no more; without a word of any language. */
const nameOf = ({ what, name, person }: Ended): string =>
  what === 'metrics-token' ? '/metrics' : person === null ? name : `${name} (${person})`

/** What the audit log has of a restoring that was done. */
export function restoredEntries({ name, who, backupAt, kept, ended, keepEnded }: Restored) {
  const action = keepEnded ? 'backup.kept-ended' : 'backup.revived'
  const each = (ended ?? []).slice(0, most.noted).map((one) => ({
    ...{ who, action, target: one.id },
    details: { what: one.what, name: one.name, ...(one.person !== null && { person: one.person }) },
  }))
  const details = { at: backupAt, kept, ...(ended && { ended: ended.length }) }
  return [{ who, action: 'backup.restored', target: name, details }, ...each] satisfies Parameters<Audit['append']>[0][]
}

function endedNotices({ ended, keepEnded }: Pick<Restored, 'ended' | 'keepEnded'>): Reason[] {
  if (ended === null) return [reason('backup.ended-unknown')]
  if (ended.length === 0) return []
  const names = ended.slice(0, most.named).map(nameOf).join(', ')
  return [reason(keepEnded ? 'backup.ended-kept' : 'backup.ended-revived', { count: ended.length, names })]
}

/** What is told of a restoring that this start has done. */
export function restoredNotices(restored: Restored | null): Reason[] {
  if (restored === null) return []
  const { backupAt, kept, failed } = restored
  const [first] = failed
  const at = `${new Date(backupAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return [
    reason('backup.restored', { at, kept }),
    ...endedNotices(restored),
    ...(first === undefined ? [] : [reason('backup.files-not-written', { count: failed.length, first })]),
  ]
}
