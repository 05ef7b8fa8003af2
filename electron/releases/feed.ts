import type { KeyObject } from 'node:crypto'
import type { ReleaseChannel } from '../../shared/contract'
import { checkSignature, compareVersions, FeedRefused, readDescription, type DescribedFile } from './description'
import { nameOfFile, suffixOf, type Target } from './target'

/** A description is some hundred bytes. */
const mostBytes = 64 * 1024

const here: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** The address of a feed. Throws `address` for what is neither HTTPS nor on this machine. */
export function feedAt(feed: string): URL {
  if (!URL.canParse(feed)) throw new FeedRefused('address')
  const url = new URL(feed)
  const isSound = url.protocol === 'https:' || (url.protocol === 'http:' && here.has(url.hostname))
  if (!isSound || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new FeedRefused('address')
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`)
}

/** The address of the description of a channel for a system, as electron-builder names it. Throws `address`. */
export const descriptionAt = (feed: string, channel: ReleaseChannel, target: Pick<Target, 'platform' | 'arch'>): URL =>
  new URL(`${channel}${suffixOf(target)}.yml`, feedAt(feed))

/**
 * Asks for a file of a feed, and follows no redirect: whoever answers elsewhere is somebody else. Null where there is none.
 * Throws `redirect` and `unreachable`.
 */
export async function askFeed(url: URL, init: { signal: AbortSignal; headers?: Record<string, string> }) {
  const headers = { 'accept-encoding': 'identity', ...init.headers }
  const answer = await fetch(url, { redirect: 'manual', signal: init.signal, headers }).catch(() => {
    // What fetch throws names the address and says no more than this.
    throw new FeedRefused('unreachable')
  })
  if (answer.ok) return answer
  await answer.body?.cancel()
  if (answer.status >= 300 && answer.status < 400) throw new FeedRefused('redirect')
  if (answer.status === 404) return null
  throw new FeedRefused('unreachable')
}

/** The bytes of a small file of a feed; null where there is none. Reads to a limit. */
async function fetchSmall(url: URL, signal: AbortSignal): Promise<Uint8Array | null> {
  const answer = await askFeed(url, { signal })
  if (!answer) return null
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of answer.body ?? []) {
      bytes += piece.length
      if (bytes > mostBytes) throw new FeedRefused('too-long')
      pieces.push(piece)
    }
  } catch (error) {
    throw error instanceof FeedRefused ? error : new FeedRefused('unreachable')
  }
  return Buffer.concat(pieces)
}

export interface Asking {
  feed: string
  channel: ReleaseChannel
  /** The version that runs. */
  current: string
  /** Where this installation stands among all, from 0 to 99: a staged release reaches the lower ones first. */
  place: number
  target: Target
  /** Whose signatures are believed; null: none is asked for. */
  key: KeyObject | null
  /** The newest version of a believed signature that this feed has offered; null: none yet. */
  newest: string | null
  signal: AbortSignal
}

/** What may be downloaded: where it is, and what it must be. */
export interface OfferedFile extends Pick<DescribedFile, 'sha512' | 'size'> {
  url: URL
}

export interface Offer {
  version: string
  /** Whether the description bears the signature of the build's key. */
  signed: boolean
  /** What is installed here; null where that is nothing that is offered, or nothing that may be believed. */
  file: OfferedFile | null
}

/**
 * What a feed offers, null where there is nothing newer for this installation. A description without a signature can be
 * told, and nothing of it is fetched; one with a signature that does not hold is a lie. Throws FeedRefused.
 */
export async function offeredBy(asking: Asking): Promise<Offer | null> {
  const { feed, channel, current, place, target, key, newest, signal } = asking
  const at = descriptionAt(feed, channel, target)
  const bytes = await fetchSmall(at, signal)
  if (!bytes) throw new FeedRefused('unreachable')
  const signature = key && (await fetchSmall(new URL(`${at.href}.sig`), signal))
  if (key && signature) checkSignature(bytes, signature, key)
  const signed = key !== null && signature !== null

  const { version, files, stagingPercentage } = readDescription(bytes, channel)
  // An older description that was signed once is still signed.
  if (signed && newest !== null && compareVersions(version, newest) < 0) throw new FeedRefused('replayed')
  if (compareVersions(version, current) <= 0 || place >= stagingPercentage) return null
  const name = signed ? nameOfFile(files, target) : null
  const file = name === null ? undefined : files.find(({ url }) => url === name)
  return {
    ...{ version, signed },
    file: file ? { url: new URL(encodeURIComponent(file.url), at), sha512: file.sha512, size: file.size } : null,
  }
}
