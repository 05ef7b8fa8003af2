/** The files that a TLS connection is made with; `null`: not given. */
export interface TlsFiles {
  ca: string | null
  cert: string | null
  key: string | null
}

/** `false` for `verify`: encrypted, but whoever answers is believed. */
export type Tls = TlsFiles & { verify: boolean }

/** One place where a Docker engine may answer. */
export type Endpoint =
  | { kind: 'unix'; path: string }
  /** A Windows named pipe, as node wants it: `//./pipe/docker_engine`. */
  | { kind: 'pipe'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls: Tls | null }
  /** `socket`: where the engine listens on that machine, when it is not the usual place. */
  | { kind: 'ssh'; user: string | null; host: string; port: number | null; socket: string | null }

/** Names of hosts and users, and paths on other machines: nothing that ssh or a remote shell could read otherwise. */
const plainName = /^[A-Za-z0-9_][\w.:%-]*$/
const plainPath = /^\/[\w./@:+~-]+$/

/** Whether TLS is what an address asks for by itself. */
export const asksForTls = (text: string) => /^https:/i.test(text) || /^tcp:.*:2376\/?$/i.test(text)

/**
 * Reads an address as Docker writes it (`unix://`, `npipe://`, `tcp://`, `http(s)://`, `ssh://`). `tls` is what a TCP
 * connection is made with. `null` for anything that is none, and for one that holds a password.
 */
export function parseEndpoint(text: string, tls: Tls | null = null): Endpoint | null {
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  const rest = text.slice(text.indexOf('://') + 3)
  switch (scheme) {
    case 'unix':
      return rest.startsWith('/') ? { kind: 'unix', path: rest } : null
    case 'npipe':
      return pipe(rest)
    case 'tcp':
    case 'http':
    case 'https':
      return tcp(text, scheme === 'http' ? null : tls)
    case 'ssh':
      return ssh(text)
    default:
      return null
  }
}

/** `//./pipe/name` and `\\.\pipe\name` are the same. */
function pipe(rest: string): Endpoint | null {
  const path = rest.replaceAll('\\', '/')
  return /^\/\/[^/]+\/pipe\/.+/.test(path) ? { kind: 'pipe', path } : null
}

function tcp(text: string, tls: Tls | null): Endpoint | null {
  if (!URL.canParse(text)) return null
  // https and http have usual ports, which URL would drop; Docker has its own.
  const url = new URL(text.replace(/^[a-z]+:/i, 'tcp:'))
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const hasMore = url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== ''
  if (!plainName.test(host) && !/^[0-9a-f:]+$/i.test(host)) return null
  if (hasMore || !['', '/'].includes(url.pathname)) return null
  return { kind: 'tcp', host, port: Number(url.port) || (tls ? 2376 : 2375), tls }
}

function ssh(text: string): Endpoint | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const { hostname, username, password, port, pathname, search, hash } = url
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (password !== '' || search !== '' || hash !== '') return null
  if (!plainName.test(host) && !/^[0-9a-f:]+$/i.test(host)) return null
  const user = decodeURIComponent(username)
  if (user !== '' && !plainName.test(user)) return null
  const socket = ['', '/'].includes(pathname) ? null : pathname
  if (socket !== null && !plainPath.test(socket)) return null
  return { kind: 'ssh', user: user || null, host, port: Number(port) || null, socket }
}

/** An endpoint as Docker writes it. */
export function formatEndpoint(endpoint: Endpoint): string {
  const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)
  switch (endpoint.kind) {
    case 'unix':
      return `unix://${endpoint.path}`
    case 'pipe':
      return `npipe://${endpoint.path}`
    case 'tcp':
      return `tcp://${bracketed(endpoint.host)}:${endpoint.port}`
    case 'ssh': {
      const user = endpoint.user === null ? '' : `${endpoint.user}@`
      const port = endpoint.port === null ? '' : `:${endpoint.port}`
      return `ssh://${user}${bracketed(endpoint.host)}${port}${endpoint.socket ?? ''}`
    }
  }
}

/** Whether the engine there is on another machine, as far as the address tells. */
export function isRemote(endpoint: Endpoint): boolean {
  switch (endpoint.kind) {
    case 'unix':
    case 'pipe':
      return false
    case 'tcp':
      return !/^(localhost|127\.|::1$)/i.test(endpoint.host)
    case 'ssh':
      return true
  }
}

/**
 * What Docker's own programs need in their environment to reach the same engine. What must not be inherited is set to
 * nothing, which they take as unset.
 */
export function environmentFor(endpoint: Endpoint, certFolder: string | null): Record<string, string> {
  const tls = endpoint.kind === 'tcp' ? endpoint.tls : null
  return {
    DOCKER_HOST: formatEndpoint(endpoint),
    DOCKER_TLS_VERIFY: tls?.verify ? '1' : '',
    DOCKER_TLS: tls && !tls.verify ? '1' : '',
    DOCKER_CERT_PATH: tls && certFolder !== null ? certFolder : '',
  }
}
