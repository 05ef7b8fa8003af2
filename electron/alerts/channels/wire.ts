import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Problem } from '../../../shared/problems'
import { isPrivateAddress } from '../../tls'

/** What tests put in place of the system's names and authorities. */
export interface Wire {
  lookup?: LookupFunction
  ca?: string
  /** In place of 443. */
  httpsPort?: number
  /** How long the whole of one delivery may take, in ms. */
  deliveryMs?: number
}

/** How long the whole of one delivery may take, in ms. */
export const deliveryMsOf = ({ deliveryMs = 15_000 }: Wire): number => deliveryMs

/** A host as an address names it: `[::1]` is `::1`. */
const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1').toLowerCase()

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * Whether something may be said to a host without encryption: on this machine, or where an administrator has said that it
 * is private. Throws `alerts.unencrypted`.
 */
export function checkPlain(host: string, isPrivate: boolean): void {
  if (!isPrivate && !isLoopback(bare(host))) throw new Problem('alerts.unencrypted', { host })
}

/** An address for messages. Throws `alerts.address` and `alerts.unencrypted`; neither quotes it. */
export function addressOf(text: string, isPrivate: boolean): URL {
  if (!URL.canParse(text)) throw new Problem('alerts.address')
  const url = new URL(text)
  const isWhole = url.hostname !== '' && url.username === '' && url.password === '' && url.hash === ''
  if (!isWhole || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Problem('alerts.address')
  if (url.protocol === 'http:') checkPlain(url.hostname, isPrivate)
  return url
}

/**
 * How names are looked up for what is said without encryption: only private addresses are dialled, whatever the name
 * says today. An address in place of a name is held against it at once. Throws `alerts.not-private`.
 */
export function onlyPrivate(host: string, { lookup = systemLookup }: Wire): LookupFunction {
  const refused = () => new Problem('alerts.not-private', { host })
  if (isIP(bare(host)) !== 0 && !isPrivateAddress(bare(host))) throw refused()
  return (name, options, answer) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      const all = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      const [first] = error ? [] : all
      if (error || first === undefined) answer(error, '')
      else if (all.some(({ address }) => !isPrivateAddress(address))) answer(refused(), '')
      else if (options.all === true) answer(null, all)
      else answer(null, first.address, first.family)
    })
}

/** Codes of node's TLS layer for a certificate that is not trusted. */
const untrusted = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** A failure of the network as a Problem that quotes no address beyond the host; a Problem stays what it is. */
export function networkProblem(error: unknown, host: string): Problem {
  if (error instanceof Problem) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  if (untrusted.test(code)) return new Problem('alerts.untrusted', { host, detail: code })
  return new Problem('alerts.unreachable', { host, detail: code })
}
