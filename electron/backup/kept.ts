import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { BackupCheck, BackupLacks, BackupSettings, type LeftOut, ReasonSchema, Timestamp } from '../../shared/contract'
import { installationPattern, readFileName } from './names'
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
  known: z.record(
    z.string(),
    z.object({
      bytes: z.number().int(),
      withPictures: z.boolean(),
      checked: BackupCheck,
      lacks: BackupLacks.nullable().default(null),
    }),
  ),
})
export type KeptState = z.infer<typeof KeptState>

/** So many files that a backup lacks are remembered by name: one of another machine may list what it likes. */
const mostNamed = 20

export const lacksOf = (leftOut: readonly LeftOut[]): BackupLacks => ({
  count: leftOut.length,
  files: leftOut.slice(0, mostNamed),
})

/** The newest of an installation's own that is known here, by its name; null where none is. */
export function newestKnown(known: KeptState['known'], installation: string) {
  const own = Object.entries(known).flatMap(([name, its]) => {
    const named = readFileName(name)
    return named?.installation === installation ? [{ at: named.at, lacks: its.lacks }] : []
  })
  return own.reduce<(typeof own)[number] | null>(
    (newest, each) => (newest && newest.at >= each.at ? newest : each),
    null,
  )
}

export const firstState: KeptState = { version: 1, lastMade: null, failed: null, known: {} }
