import type { Credential } from '../../../shared/contract'

export type CredentialFilter = 'all' | 'needs-you' | 'in-sync'

const dayMs = 86_400_000

/** Whole days since the secret was last changed. */
export const ageInDays = ({ changedAt }: Pick<Credential, 'changedAt'>, now: number): number =>
  Math.max(0, Math.floor((now - changedAt) / dayMs))

export const needsYou = ({ state }: Pick<Credential, 'state'>): boolean => state === 'drifted' || state === 'refused'

export function passesFilter(credential: Pick<Credential, 'state'>, filter: CredentialFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'needs-you':
      return needsYou(credential)
    case 'in-sync':
      return credential.state === 'in-sync'
  }
}

/** Whole seconds until `end` (Unix ms), and 0 afterwards. */
export const secondsLeft = (end: number, now: number): number => Math.max(0, Math.ceil((end - now) / 1000))

const people = ['owner', 'admin', 'user', 'regie', 'schedule'] as const
type Person = (typeof people)[number]

/**
 * Whom the audit log names, and in brackets where they came from, e.g. `admin (http 192.168.1.5)`. `person` is null for
 * somebody whom the renderer has no word for: `name` is then the id of their account.
 */
export function whoOf(who: string): { person: Person | null; name: string; from: string } {
  const [, name = who, from = ''] = /^([\w-]+)( \(.+\))$/.exec(who) ?? []
  return { person: people.find((known) => known === name) ?? null, name, from }
}
