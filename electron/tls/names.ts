import { BlockList, isIP } from 'node:net'
import { Problem } from '../../shared/problems'

/** What an authority may vouch for: domains with all below them, and ranges of addresses. */
export interface PermittedNames {
  dns: string[]
  /** `address/bits`. */
  ip: string[]
}

/** A name of a server, as it stands in a certificate. */
export interface ServerName {
  type: 'dns' | 'ip'
  value: string
}

/** https://www.rfc-editor.org/rfc/rfc1123#section-2.1 */
const hostName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Domains that nobody can register: https://www.rfc-editor.org/rfc/rfc6761 (localhost), rfc6762 (local), rfc8375
 * (home.arpa), https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en
 * (internal). `lan` is what many routers give.
 */
const privateDomains = ['localhost', 'local', 'home.arpa', 'internal', 'lan']

/** Addresses that no server of the internet has. */
const privateRanges = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  // Tailscale and other overlays: https://www.rfc-editor.org/rfc/rfc6598
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]

/** A name or an address as a certificate has it. Throws `tls.name` for what is neither. */
export function serverName(text: string): ServerName {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) !== 0) return { type: 'ip', value: plain }
  if (hostName.test(plain)) return { type: 'dns', value: plain }
  throw new Problem('tls.name', { name: text.slice(0, 100) })
}

/**
 * What a new authority may vouch for: this machine by its name, what is private anyway, and the further names that an
 * administrator gives. Throws `tls.name`.
 */
export function permittedFor(machine: string, further: readonly string[]): PermittedNames {
  const given = [machine, ...further].flatMap((name) => {
    // A machine's name may be anything (an underscore, on Windows): what no certificate can hold is left out.
    if (name === machine && !hostName.test(name.toLowerCase())) return []
    return [serverName(name)]
  })
  const bits = (address: string) => (isIP(address) === 6 ? 128 : 32)
  const of = (type: ServerName['type']) => given.flatMap((name) => (name.type === type ? [name.value] : []))
  return {
    dns: [...new Set([...privateDomains, ...of('dns')])],
    ip: [...new Set([...privateRanges, ...of('ip').map((address) => `${address}/${bits(address)}`)])],
  }
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Whether an address is one that no server of the internet has. */
export const isPrivateAddress = (address: string): boolean =>
  isPermitted({ type: 'ip', value: address }, { dns: [], ip: privateRanges })

/** What no server of the internet has either, and what may lead elsewhere: this network, multicast, tests, translations. */
const otherRanges = [
  ...['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  // Anycast to relays, and what machines in Azure ask their host for.
  ...['192.88.99.0/24', '168.63.129.16/32'],
  ...[
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    // Beyond 2000::/3 no address is given to anybody.
    '4000::/2',
    '8000::/1',
  ],
]

/** Whether an address is one that servers of the internet have, in whatever spelling. */
export function isInternetAddress(address: string): boolean {
  // An IPv4 address in the clothes of an IPv6 one is that address.
  const mapped = /^::ffff:(.*)$/i.exec(address)?.[1]
  const plain = mapped !== undefined && isIP(mapped) === 4 ? mapped : address
  if (isIP(plain) === 0 || /^::ffff:/i.test(plain)) return false
  return !isPermitted({ type: 'ip', value: plain }, { dns: [], ip: [...privateRanges, ...otherRanges] })
}

/** Whether an authority may vouch for a name. */
export function isPermitted({ type, value }: ServerName, { dns, ip }: PermittedNames): boolean {
  if (type === 'dns') return dns.some((domain) => value === domain || value.endsWith(`.${domain}`))
  const ranges = new BlockList()
  for (const range of ip) {
    const [address = '', prefix = ''] = range.split('/')
    ranges.addSubnet(address, Number(prefix), family(address))
  }
  return ranges.check(value, family(value))
}
