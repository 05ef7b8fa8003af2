import type { CredentialRecord } from './record'

const hourMs = 60 * 60_000

type Kept = Pick<CredentialRecord, 'previous' | 'previousUntil'>

/** What is kept of a secret that is replaced now: for a roll-back within its grace, or not at all. */
export function keepPrevious(
  { care }: Pick<CredentialRecord, 'care'>,
  old: CredentialRecord['secret'],
  now: number,
): Kept {
  const { graceHours } = care.policy
  return graceHours === 0
    ? { previous: null, previousUntil: null }
    : { previous: old, previousUntil: now + graceHours * hourMs }
}

/** Until when the previous secret can be gone back to; null when none is kept. Vaults of before named no end. */
export function previousUntil(record: Kept & Pick<CredentialRecord, 'care' | 'changedAt'>): number | null {
  if (record.previous === null) return null
  return record.previousUntil ?? record.changedAt + record.care.policy.graceHours * hourMs
}
