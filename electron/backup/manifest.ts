import * as z from 'zod'
import { LeftOut, Timestamp } from '../../shared/contract'

/** What this version writes, and the newest that it reads. */
export const backupFormat = 1

/** The first entry: what the backup is. */
export const aboutName = 'about.json'
export const About = z.object({
  format: z.number().int().positive(),
  /** A time that a calendar has: it is shown before anything else is. */
  at: Timestamp.max(8_640_000_000_000_000),
  version: z.string().max(64),
  installation: z.string().max(64),
  platform: z.string().max(32),
  /** Where the data folder lay. */
  dataFolder: z.string().max(4096),
  withPictures: z.boolean(),
})
export type About = z.infer<typeof About>

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Bytes = z.number().int().nonnegative()

/** A file that lies outside the data folder: a Compose file, or a place where a credential stands. */
export const OutsideFile = z.object({
  entry: z.string().regex(/^outside\/\d{1,6}$/),
  path: z.string().min(1).max(4096),
  sha256: Sha256,
})
export type OutsideFile = z.infer<typeof OutsideFile>

/** The last entry: all others, so that none can be missing, added or exchanged. */
export const manifestName = 'manifest.json'
export const Manifest = z.object({
  files: z.array(z.object({ name: z.string().max(1024), bytes: Bytes, sha256: Sha256 })).max(2_000_000),
  outside: z.array(OutsideFile).max(100_000),
  /** Those that were there and did not go in. */
  leftOut: z.array(LeftOut).max(100_000).default([]),
  /** What each place of a credential held, by fingerprint. */
  sinks: z
    .array(z.object({ credentialId: z.string(), path: z.string(), fingerprint: z.string().nullable() }))
    .max(100_000),
  counts: z.object({ services: Bytes, credentials: Bytes, people: Bytes, pictures: Bytes }),
})
export type Manifest = z.infer<typeof Manifest>
