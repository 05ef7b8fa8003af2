import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import type { ReleaseChannel } from '../../shared/contract'

/** Why what a feed answered is not believed, or was not had. */
export type Refusal =
  | 'address'
  | 'redirect'
  | 'unreachable'
  | 'too-long'
  | 'unreadable'
  | 'channel'
  | 'signature'
  | 'file'
  | 'replayed'

/** A feed that is not believed. */
export class FeedRefused extends Error {
  constructor(readonly why: Refusal) {
    super(`the feed was refused: ${why}`)
  }
}

const version = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-((?:alpha|beta|rc)(?:\.\d{1,6})?))?$/

const DescribedFile = z.object({
  url: z.string().min(1).max(1024),
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  size: z.number().int().positive(),
})
export type DescribedFile = z.infer<typeof DescribedFile>

/** What electron-builder writes for a generic feed: of what is asked here, all must be there and of its form. */
const Description = z.object({
  version: z.string().regex(version),
  files: z.array(DescribedFile).min(1),
  stagingPercentage: z.number().min(0).max(100).default(100),
})
export type Description = z.infer<typeof Description>

/** Less than 0 where `a` is the older one. A version before a release (`1.0.0-beta.2`) is older than that. */
export function compareVersions(a: string, b: string): number {
  const [ofA, ofB] = [version.exec(a), version.exec(b)]
  if (!ofA || !ofB) throw new FeedRefused('unreadable')
  for (const place of [1, 2, 3]) {
    const difference = Number(ofA[place]) - Number(ofB[place])
    if (difference !== 0) return difference
  }
  const [before, other] = [ofA[4], ofB[4]]
  if (before === undefined || other === undefined) return Number(before === undefined) - Number(other === undefined)
  return before.localeCompare(other, 'en', { numeric: true })
}

/** Throws `unreadable` for what is no YAML, or has aliases, which could grow without end. */
function parsed(bytes: Uint8Array): unknown {
  const document = parseDocument(new TextDecoder().decode(bytes))
  if (document.errors.length > 0) throw new FeedRefused('unreadable')
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new FeedRefused('unreadable')
  }
}

/** Reads a description. Throws `unreadable`, and `channel` for a version that is not for everybody. */
export function readDescription(bytes: Uint8Array, channel: ReleaseChannel): Description {
  const { success, data } = Description.safeParse(parsed(bytes))
  if (!success) throw new FeedRefused('unreadable')
  if (channel === 'latest' && data.version.includes('-')) throw new FeedRefused('channel')
  return data
}

/**
 * The key whose signatures are believed, of the text between the first and the last line of its PEM file. Throws for what
 * is no public Ed25519 key: a build with a broken key must not pass for one without.
 */
export function readReleaseKey(text: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key of the releases is no Ed25519 key')
  return key
}

/** Throws `signature` unless `signature` (64 bytes in base64) was made of exactly these bytes with the key. */
export function checkSignature(bytes: Uint8Array, signature: Uint8Array, key: KeyObject): void {
  const text = Buffer.from(signature).toString('latin1').trim()
  const isSigned = /^[A-Za-z0-9+/]{86}==$/.test(text) && verify(null, bytes, key, Buffer.from(text, 'base64'))
  if (!isSigned) throw new FeedRefused('signature')
}
