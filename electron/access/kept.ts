import * as z from 'zod'
import { AutoLock } from '../../shared/contract'
import { PasswordHash } from '../people'
import type { ConfigStore } from '../storage/config'

const Former = z.object({
  passwords: z.object({ admin: PasswordHash.optional(), user: PasswordHash.optional() }).default({}),
})
export type FormerPasswords = z.infer<typeof Former>['passwords']

const entryOf = (config: ConfigStore): Record<string, unknown> => {
  const entry = config.get('access')
  return typeof entry === 'object' && entry !== null ? { ...entry } : {}
}

/** When sessions lock, from the configuration. */
export const autoLock = (config: ConfigStore) => ({
  read: (): AutoLock => AutoLock.catch(0).parse(entryOf(config)['autoLockMinutes']),
  write: (autoLockMinutes: AutoLock) => config.set('access', { ...entryOf(config), autoLockMinutes }),
})

/** The passwords of the two roles, which the configuration kept up to format 5 of the data folder. */
export const formerPasswords = (config: ConfigStore) => ({
  /** Their hashes; null where they cannot be read: then none is taken for missing. */
  read: (): FormerPasswords | null => Former.safeParse(config.get('access') ?? {}).data?.passwords ?? null,
  /** Takes them out, when the accounts have them. */
  forget(): void {
    const { passwords, ...others } = entryOf(config)
    if (passwords !== undefined) config.set('access', others)
  },
})
