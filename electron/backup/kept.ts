import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { BackupCheck, BackupSettings, ReasonSchema, Timestamp } from '../../shared/contract'
import { installationPattern } from './names'
import type { Seal } from './seal'

/** `backup.json`: what was set. No secret: the identity that it holds is sealed for the passphrase. */
export const KeptSettings = BackupSettings.omit({ opensBy: true, recipient: true }).extend({
  version: z.literal(1),
  /** Tells this installation's backups from those of others in the same folder. */
  installation: z.string().regex(installationPattern),
  /** When making them by itself was last switched on or moved. */
  since: Timestamp,
  seal: z.object({ recipient: z.string(), identity: z.base64().nullable() }).nullable(),
})
export type KeptSettings = z.infer<typeof KeptSettings>

/** How it begins. */
export const firstSettings = (): KeptSettings => ({
  ...{ version: 1, installation: randomBytes(4).toString('hex'), seal: null, since: 0 },
  ...{ folder: null, daily: null, withPictures: false, keep: { daily: 7, weekly: 4, monthly: 6 } },
})

export const sealOf = ({ seal }: KeptSettings): Seal | null =>
  seal && {
    recipient: seal.recipient,
    identity: seal.identity === null ? null : Buffer.from(seal.identity, 'base64'),
  }

/** `backup-state.json`: how the last ones went, and which were found whole. */
export const KeptState = z.object({
  version: z.literal(1),
  lastMade: Timestamp.nullable(),
  failed: z.object({ at: Timestamp, reason: ReasonSchema }).nullable(),
  /** By name; of a file of another size it says nothing. */
  known: z.record(z.string(), z.object({ bytes: z.number().int(), withPictures: z.boolean(), checked: BackupCheck })),
})
export type KeptState = z.infer<typeof KeptState>

export const firstState: KeptState = { version: 1, lastMade: null, failed: null, known: {} }
