import { parseDocument } from 'yaml'
import * as z from 'zod'

export type Channel = 'latest' | 'beta'

/** Why what a feed answered is not believed, or was not had. */
export type Refusal = 'address' | 'redirect' | 'unreachable' | 'too-long' | 'unreadable' | 'channel'

/** A feed that is not believed. */
export class FeedRefused extends Error {
  constructor(readonly why: Refusal) {
    super(`the feed was refused: ${why}`)
  }
}

/** A description is some hundred bytes. */
const mostBytes = 64 * 1024

const version = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-((?:alpha|beta|rc)(?:\.\d{1,6})?))?$/

/** What electron-builder writes for a generic feed: of what is asked here, all must be there and of its form. */
const Description = z.object({
  version: z.string().regex(version),
  files: z
    .array(
      z.object({
        url: z.string().min(1).max(1024),
        sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
        size: z.number().int().positive(),
      }),
    )
    .min(1),
  stagingPercentage: z.number().min(0).max(100).default(100),
})

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

/** The address of a channel's description. Throws `address` for what is neither HTTPS nor on this machine. */
export function descriptionAt(feed: string, channel: Channel): URL {
  if (!URL.canParse(feed)) throw new FeedRefused('address')
  const url = new URL(feed)
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  const isSound = url.protocol === 'https:' || (url.protocol === 'http:' && isHere)
  if (!isSound || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new FeedRefused('address')
  return new URL(`${channel}.yml`, url.href.endsWith('/') ? url : `${url.href}/`)
}

async function bodyOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const piece of answer.body ?? []) {
    bytes += piece.length
    if (bytes > mostBytes) throw new FeedRefused('too-long')
    text += decoder.decode(piece, { stream: true })
  }
  return text
}

/** Asks for a description; follows no redirect, reads to a limit, and waits for `signal` at most. */
async function fetchDescription(url: URL, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'text/yaml' } })
    if (answer.status >= 300 && answer.status < 400) throw new FeedRefused('redirect')
    if (!answer.ok) throw new FeedRefused('unreachable')
    return await bodyOf(answer)
  } catch (error) {
    // What fetch throws names the address and says no more than this.
    throw error instanceof FeedRefused ? error : new FeedRefused('unreachable')
  }
}

/** Throws `unreadable` for what is no YAML, or has aliases, which could grow without end. */
function parsed(text: string): unknown {
  const document = parseDocument(text)
  if (document.errors.length > 0) throw new FeedRefused('unreadable')
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw new FeedRefused('unreadable')
  }
}

interface Asking {
  feed: string
  channel: Channel
  /** The version that runs. */
  current: string
  /** Where this installation stands among all, from 0 to 99: a staged release reaches the lower ones first. */
  place: number
  signal: AbortSignal
}

/** The version that a feed offers, null where there is none newer for this installation. Throws FeedRefused. */
export async function offeredBy({ feed, channel, current, place, signal }: Asking): Promise<string | null> {
  const text = await fetchDescription(descriptionAt(feed, channel), signal)
  const { success, data } = Description.safeParse(parsed(text))
  if (!success) throw new FeedRefused('unreadable')
  if (channel === 'latest' && data.version.includes('-')) throw new FeedRefused('channel')
  if (compareVersions(data.version, current) <= 0 || place >= data.stagingPercentage) return null
  return data.version
}
