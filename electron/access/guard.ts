import { hostname, networkInterfaces } from 'node:os'
import { Problem } from '../../shared/problems'

/** What the HTTP door answers for: the port it listens on and the names it is known by. */
export interface Door {
  port: number
  /** Host names beside the loopback ones, lower case: the bound address, or all of this machine's. */
  extraHosts: readonly string[]
  /** Whether it speaks TLS itself. */
  tls?: boolean
  /** Origins under which others reach it, e.g. through a reverse proxy or a tunnel: `https://panel.example`. */
  publicOrigins?: readonly string[]
}

/** The headers of a request, by their names in lower case. */
export interface AskedHeaders {
  get(name: string): string | null
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Addresses that stand for all of a machine's. */
const isEverywhere = (host: string) => host === '0.0.0.0' || host === '::'

const inUrl = (address: string) => (address.includes(':') ? `[${address}]` : address).toLowerCase()

/** The names by which a door that listens on `host` is reached, beside the loopback ones. */
export function namesOf(host: string): string[] {
  if (!isEverywhere(host)) return [inUrl(host)]
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  return [host, hostname(), ...addresses].map(inUrl)
}

const splitHost = (host: string, usualPort: number) => {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(host)
  return match ? { name: (match[1] ?? '').toLowerCase(), port: match[2] ? Number(match[2]) : usualPort } : null
}

/**
 * Refuses requests whose Host is not this panel's own name and port, nor a public one that was given (DNS rebinding),
 * and requests that a page of another origin makes (cross-site requests, cross-site WebSockets). A proxy may keep the
 * public Host or put the panel's own in its place; the page's Origin is the public one either way. Throws a Problem;
 * returns nothing when all is well.
 */
export function checkHostAndOrigin(headers: AskedHeaders, door: Door): void {
  const host = headers.get('host') ?? ''
  const { publicOrigins = [], tls = false } = door
  const parts = splitHost(host, tls ? 443 : 80)
  const isOwn =
    parts !== null &&
    parts.port === door.port &&
    (loopbackNames.has(parts.name) || door.extraHosts.includes(parts.name))
  const named = publicOrigins.filter((origin) => new URL(origin).host === host.toLowerCase())
  if (!isOwn && named.length === 0) throw new Problem('http.wrong-host', { host: host.slice(0, 200) })

  const origin = headers.get('origin')
  const origins = isOwn ? [`${tls ? 'https' : 'http'}://${host}`, ...publicOrigins] : named
  if (origin !== null && !origins.includes(origin))
    throw new Problem('http.wrong-origin', { origin: origin.slice(0, 200) })

  // Browsers send this also where they send no Origin (images, scripts). A top-level navigation is how links arrive.
  const site = headers.get('sec-fetch-site')
  if ((site === 'cross-site' || site === 'same-site') && headers.get('sec-fetch-mode') !== 'navigate') {
    throw new Problem('http.wrong-origin', { origin: origin ?? site })
  }
}

/** Whether the browser reaches the door over TLS, so that its cookie may be kept to that. */
export function isSecure(headers: AskedHeaders, { tls = false, publicOrigins = [] }: Door): boolean {
  const host = (headers.get('host') ?? '').toLowerCase()
  const reached = headers.get('origin') ?? publicOrigins.find((origin) => new URL(origin).host === host) ?? ''
  return tls || reached.startsWith('https:')
}
