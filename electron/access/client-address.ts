import { BlockList, isIP } from 'node:net'
import type { AskedHeaders } from './guard'

/** So wide an area is not taken: it would be nearly everybody. */
const widest = { ipv4: 8, ipv6: 16 }

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Whether an area of IPv6 holds IPv4 in its spelling as IPv6 (`::ffff:0:0/96`), as a whole or wider than `widest`. */
function holdsIpv4(address: string, bits: number): boolean {
  const area = new BlockList()
  area.addSubnet(address, Math.min(bits, 96), 'ipv6')
  return bits < 96 + widest.ipv4 && area.check('::ffff:0:0', 'ipv6')
}

/** An address or an area (`192.0.2.0/24`) of reverse proxies; null for what is none, or nearly everybody. */
export function readProxy(text: string): string | null {
  const [address = '', bits, ...rest] = text.trim().toLowerCase().split('/')
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return null
  if (bits === undefined) return address
  const most = familyOf(address) === 'ipv4' ? 32 : 128
  const isArea = /^\d{1,3}$/.test(bits) && Number(bits) >= widest[familyOf(address)] && Number(bits) <= most
  return isArea && !(most === 128 && holdsIpv4(address, Number(bits))) ? `${address}/${bits}` : null
}

/** Whether an address is one of the proxies that `readProxy` made. */
export function proxiesOf(listed: readonly string[]): (address: string) => boolean {
  if (listed.length === 0) return () => false
  const all = new BlockList()
  for (const one of listed) {
    const [address = '', bits] = one.split('/')
    if (bits === undefined) all.addAddress(address, familyOf(address))
    else all.addSubnet(address, Number(bits), familyOf(address))
  }
  return (address) => {
    const bare = address.replace(/%.*$/, '')
    return isIP(bare) !== 0 && all.check(bare, familyOf(bare))
  }
}

/** A longer header names no way that a request took. */
const longestHeader = 4096
/** So many hops are looked at, from the nearest on. */
const mostHops = 32

/** An address of IPv4 as such, where it was written as one of IPv6. */
const plain = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address

/** The address in a hop, with or without port and brackets; null for what is none. */
function addressIn(hop: string): string | null {
  const text = hop.trim().replace(/^"(.*)"$/, '$1')
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  return isIP(bare) === 0 ? null : plain(bare).toLowerCase()
}

/** The hops of X-Forwarded-For, or of Forwarded (RFC 7239); the nearest is last, and null where it names no address. */
const hopsOf = {
  'x-forwarded-for': (header: string) => header.split(',').map(addressIn),
  forwarded: (header: string) =>
    header.split(',').map((hop) => addressIn(/(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)/i.exec(hop)?.[1] ?? '')),
}

/** Who a header says is behind the trusted proxies; undefined where it is not sent, null where it cannot be told. */
function behind(
  header: keyof typeof hopsOf,
  headers: AskedHeaders,
  isTrusted: (address: string) => boolean,
): string | null | undefined {
  const value = headers.get(header)
  if (value === null) return undefined
  if (value.length > longestHeader) return null
  const hops = hopsOf[header](value).slice(-mostHops)
  return hops.findLast((hop) => hop === null || !isTrusted(hop)) ?? null
}

/**
 * Who a request is from: the connection's address, or, where that is a trusted proxy, the nearest hop before it that is
 * none, by X-Forwarded-For or Forwarded. Anybody else's header is worth nothing. Where both are there and differ, a proxy
 * wrote one and let a client's own pass as the other: then, and where the hop is no address, it is the proxy's.
 */
export function clientAddress(
  connection: string,
  headers: AskedHeaders,
  isTrusted: (address: string) => boolean,
): string {
  const from = plain(connection)
  if (!isTrusted(from)) return from
  const told = [behind('x-forwarded-for', headers, isTrusted), behind('forwarded', headers, isTrusted)].filter(
    (one) => one !== undefined,
  )
  const [one = null, other = one] = told
  return one !== null && one === other ? one : from
}
