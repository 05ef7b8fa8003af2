import * as z from 'zod'
import { AutoLock, Role } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ConfigStore } from '../storage/config'

const leastCharacters = 8

/** bcrypt reads no more than this and would ignore the rest, so a longer password is refused. */
const mostBytes = 72

/** Throws a Problem for a password that may not be set. */
export function checkNewPassword(password: string): void {
  if (password.length < leastCharacters) throw new Problem('access.password-short', { least: leastCharacters })
  if (!fits(password)) throw new Problem('access.password-long', { most: mostBytes })
}

/** Whether bcrypt sees all of it. */
export const fits = (password: string): boolean => Buffer.byteLength(password) <= mostBytes

const Hash = z.string().regex(/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/)
const Stored = z.object({
  passwords: z.partialRecord(Role, Hash).default({}),
  autoLockMinutes: AutoLock.default(0),
})
export type StoredAccess = z.infer<typeof Stored>

/** What the configuration keeps of access, under `access`: hashes, and when sessions lock. */
export const accessEntry = (config: ConfigStore) => ({
  /** Null when it cannot be read: then no password is accepted, and none is taken for missing either. */
  read(): StoredAccess | null {
    const parsed = Stored.safeParse(config.get('access') ?? {})
    return parsed.success ? parsed.data : null
  },
  write(entry: StoredAccess) {
    config.set('access', entry)
  },
})
