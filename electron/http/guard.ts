import { Problem } from '../../shared/problems'

/** What the HTTP door answers for: the port it listens on and the names it is known by. */
export interface Door {
  port: number
  /** Host names beside the loopback ones, lower case: the bound address when it is not loopback. */
  extraHosts: readonly string[]
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

const splitHost = (host: string) => {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(host)
  return match ? { name: (match[1] ?? '').toLowerCase(), port: match[2] ? Number(match[2]) : 80 } : null
}

/**
 * Refuses requests whose Host is not this panel's own name and port (DNS rebinding), and requests that a page of
 * another origin makes (cross-site requests, cross-site WebSockets). Throws a Problem; returns nothing when all is well.
 */
export function checkHostAndOrigin(headers: Headers, door: Door): void {
  const host = headers.get('host') ?? ''
  const parts = splitHost(host)
  const known =
    parts && parts.port === door.port && (loopbackNames.has(parts.name) || door.extraHosts.includes(parts.name))
  if (!known) throw new Problem('http.wrong-host', { host: host.slice(0, 200) })

  const origin = headers.get('origin')
  if (origin !== null && origin !== `http://${host}`)
    throw new Problem('http.wrong-origin', { origin: origin.slice(0, 200) })

  // Browsers send this also where they send no Origin (images, scripts). A top-level navigation is how links arrive.
  const site = headers.get('sec-fetch-site')
  if ((site === 'cross-site' || site === 'same-site') && headers.get('sec-fetch-mode') !== 'navigate') {
    throw new Problem('http.wrong-origin', { origin: origin ?? site })
  }
}
