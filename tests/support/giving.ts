import type { AuditEvent } from '../../electron/audit/writer'
import { createGiving } from '../../electron/services/secrets/giving'
import type { Secret } from '../../electron/vault/secret'
import { Problem } from '../../shared/problems'

/** Lends programs these secrets, as the panel does out of its vault, and keeps what the audit log was told. */
export function givingOf(secrets: Readonly<Record<string, Secret>> = {}) {
  const audited: AuditEvent[] = []
  const giving = createGiving({
    credentials: {
      async withSecret(id, use) {
        const secret = secrets[id]
        if (!secret) throw new Problem('credential.not-found', { id })
        return use(secret)
      },
    },
    audit: { appendFirst: (event) => Promise.resolve(void audited.push(event)) },
  })
  return { giving, audited }
}
