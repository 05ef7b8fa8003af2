import { lookup as systemLookup } from 'node:dns'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Problem } from '../../../shared/problems'
import { isInternetAddress } from '../../tls'
import { secureAddress } from './address'

/** What tests put in place of the system's names and authorities. */
export interface Wire {
  lookup?: LookupFunction
  ca?: string
  /** Where an address that was found good is really dialled; left out: there. */
  reach?: (address: string) => string
  /** So long may a server say nothing, in ms. */
  stallMs?: number
}

export interface Asking {
  url: URL
  /** Sent to the first host alone, in memory for as long as it is asked. */
  token: string | null
  /** The host whose address may be a private one, because a person has said so. */
  privateHost: string | null
  headers: Readonly<Record<string, string>>
  signal: AbortSignal
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: IncomingMessage
  /** Every address on the way, the last one that of the answer. */
  way: URL[]
  /** What the answers on the way said, the first first. */
  hops: IncomingHttpHeaders[]
}

/** A hub redirects once or twice. */
const mostRedirects = 5
const usualStallMs = 30_000

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')

/** One value of a header. */
export const headerOf = (headers: Answer['headers'], name: string): string | null => {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/**
 * How names are looked up: what is dialled is what was looked at, so that no second answer of a name leads elsewhere.
 */
function guarded({ lookup = systemLookup, reach = (address) => address }: Wire, isAllowed: boolean): LookupFunction {
  return (name, options, answer) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      const all = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      if (error || all.length === 0) answer(error ?? new Error('no address'), '')
      else if (!isAllowed && all.some(({ address }) => !isInternetAddress(address)))
        answer(new Problem('library.private', { host: name }), '')
      else {
        const dialled = all.map(({ address }) => reach(address)).map((address) => ({ address, family: isIP(address) }))
        const [first] = dialled
        if (options.all === true || first === undefined) answer(null, dialled)
        else answer(null, first.address, first.family)
      }
    })
}

/** Codes of node's TLS layer for a certificate that is not trusted. */
const untrusted = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** A failure of the network as a Problem that names the host alone. */
export function networkProblem(error: unknown, host: string): Problem {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof Problem) return at
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return new Problem(untrusted.test(code) ? 'library.untrusted' : 'library.unreachable', { host, code })
}

/** Nothing more is wanted of an answer. */
export const leave = (body: IncomingMessage): void => void body.on('error', () => undefined).destroy()

/** One request, on a connection of its own; resolves with its answer's head. A server that says nothing ends it. */
const send = (url: URL, options: RequestOptions, stallMs: number) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { ...options, method: 'GET', agent: false, timeout: stallMs, maxHeaderSize: 64 * 1024 })
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.on('timeout', () => asked.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
    asked.end()
  })

/** Asks addresses of HTTPS. */
export function createAsking(wire: Wire = {}) {
  async function once({ url, token, privateHost, headers, signal }: Asking, first: URL) {
    const isAllowed = url.host === privateHost
    // A number in place of a name is never looked up.
    const address = bare(url.hostname)
    if (isIP(address) !== 0 && !isAllowed && !isInternetAddress(address))
      throw new Problem('library.private', { host: url.host })
    const sent = {
      ...{ 'user-agent': 'Regie', 'accept-encoding': 'identity', ...headers },
      ...(token !== null && url.origin === first.origin && { authorization: `Bearer ${token}` }),
    }
    const trusted = wire.ca === undefined ? {} : { ca: wire.ca }
    try {
      const options = { headers: sent, signal, lookup: guarded(wire, isAllowed), ...trusted }
      return await send(url, options, wire.stallMs ?? usualStallMs)
    } catch (error) {
      signal.throwIfAborted()
      throw networkProblem(error, url.host)
    }
  }

  /** Asks, and follows redirects within HTTPS. The reader takes the body, or leaves it. Throws Problems. */
  return async (asking: Asking): Promise<Answer> => {
    const way = [asking.url]
    const hops: IncomingHttpHeaders[] = []
    for (;;) {
      const url = way.at(-1) ?? asking.url
      const body = await once({ ...asking, url }, asking.url)
      const { statusCode: status = 0, headers } = body
      hops.push(headers)
      if (![301, 302, 303, 307, 308].includes(status)) return { status, headers, body, way, hops }
      leave(body)
      const to = headerOf(headers, 'location')
      if (to === null || way.length > mostRedirects) throw new Problem('library.redirects', { host: url.host })
      way.push(secureAddress(to, url))
    }
  }
}

export type Ask = ReturnType<typeof createAsking>
