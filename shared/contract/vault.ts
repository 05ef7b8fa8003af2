import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

export const VaultStatus = z.object({
  state: z.enum(['empty', 'locked', 'open', 'unreadable']),
  /** Who keeps the data key: the OS keychain, a passphrase, or (demo only) a file beside the vault. */
  keeper: z.enum(['keychain', 'passphrase', 'key-file']),
  reason: ReasonSchema.optional(),
})
export type VaultStatus = z.infer<typeof VaultStatus>

/** A copy of the vault file, as sealed as the vault itself. */
export const VaultBackup = z.object({ id: z.string(), at: Timestamp, sizeBytes: z.number().int() })
export type VaultBackup = z.infer<typeof VaultBackup>

/** What became of each credential of an imported file. */
export const VaultImport = z.object({
  credentials: z.array(
    z.object({
      id: z.string(),
      /** `exists`: one of that name was there and stays as it is. */
      outcome: z.enum(['added', 'added-without-sinks', 'exists']),
      reason: ReasonSchema.optional(),
    }),
  ),
})
export type VaultImport = z.infer<typeof VaultImport>

const Passphrase = z.string().min(8).max(1024)

/** The largest exported vault that is taken in, in bytes; the limits of all doors derive from it. */
export const largestExportBytes = 16 * 1024 * 1024

export const vault = {
  status: procedure('admin')
    .route({
      method: 'GET',
      path: '/vault',
      tags: ['vault'],
      summary: 'Whether the vault is open, and who keeps its key',
    })
    .output(VaultStatus),
  unlock: procedure('admin', {
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { passphrase: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/vault/unlock',
      tags: ['vault'],
      summary: 'Open it; the first passphrase creates it',
    })
    .input(z.object({ passphrase: Passphrase }))
    .output(VaultStatus),
  backups: procedure('admin')
    .route({ method: 'GET', path: '/vault/backups', tags: ['vault'], summary: 'The last states that were kept' })
    .output(z.array(VaultBackup)),
  restore: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { passphrase: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/vault/backups/{id}/restore',
      tags: ['vault'],
      summary: 'Take the vault back to a backup; how it stood becomes a backup itself',
    })
    .input(z.object({ id: z.string().max(64), passphrase: Passphrase.optional() }))
    .output(VaultStatus),
  accept: procedure('admin', { reauth: true, errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/vault/accept',
      tags: ['vault'],
      summary: 'Take the vault as it lies: an older state of it, or none although there was one',
    })
    .output(VaultStatus),
  export: procedure('admin', {
    reauth: true,
    errors: gives.store,
    example: { passphrase: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/vault/export',
      tags: ['vault'],
      summary: 'The whole vault as a file that only this passphrase opens',
    })
    .input(z.object({ passphrase: Passphrase }))
    .output(z.file().mime('application/json')),
  import: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { file: 'regie-vault-export.json', passphrase: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/vault/import',
      tags: ['vault'],
      summary: 'Add the credentials of an exported vault; those that exist stay as they are',
    })
    .input(z.object({ file: z.file().max(largestExportBytes), passphrase: Passphrase }))
    .output(VaultImport),
  changeKeeper: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { passphrase: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/vault/keeper',
      tags: ['vault'],
      summary: 'Make a new key, kept by a new passphrase, or with null by the keeper that this panel was started with',
    })
    .input(z.object({ passphrase: Passphrase.nullable(), current: Passphrase.optional() }))
    .output(VaultStatus),
}
