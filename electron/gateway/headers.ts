import type { IncomingHttpHeaders } from 'node:http'
import { withoutToken } from './path'

/** What concerns one connection alone, and is never sent on: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = [
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
]

/** What a client sends and a service does not get. */
const keptFromService: ReadonlySet<string> = new Set([
  ...hopByHop,
  // Who comes is the gateway's to know; the service is opened with its own credential.
  ...['authorization', 'cookie', 'cookie2', 'x-regie-page', 'x-api-key'],
  // Made anew: where the service is, and what has been read of the body.
  ...['host', 'expect', 'origin', 'referer'],
  // Anybody can write these; a service behind a gateway may believe them.
  ...[
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-port',
    'x-forwarded-prefix',
  ],
  ...['x-forwarded-server', 'x-forwarded-scheme', 'x-forwarded-ssl', 'x-forwarded-user', 'x-forwarded-email'],
  ...['x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip', 'cf-connecting-ip', 'via'],
  ...['x-original-url', 'x-rewrite-url', 'x-original-host', 'x-host', 'x-http-method-override', 'x-script-name'],
  ...['x-remote-user', 'remote-user', 'front-end-https'],
  // An answer is read by rules, and searched for the secret: it comes as it is. The way is short.
  'accept-encoding',
])

/** What a service answers and a client does not get. */
const keptFromClient: ReadonlySet<string> = new Set([
  ...hopByHop.filter((name) => name !== 'trailer'),
  // The service's session is the gateway's; its challenge asks for a secret that no client has.
  ...['set-cookie', 'set-cookie2', 'www-authenticate', 'authentication-info'],
  // Made anew: `cacheControlFor`.
  'cache-control',
  // These speak for the whole host, the gateway's pages with it, or lead around it.
  ...['clear-site-data', 'alt-svc', 'strict-transport-security', 'public-key-pins'],
])

/** Headers whose values no request can have any part in. */
const innocent: ReadonlySet<string> = new Set([
  ...['date', 'server', 'content-length', 'content-type', 'content-range', 'accept-ranges', 'last-modified', 'etag'],
  ...['expires', 'age', 'vary', 'pragma', 'x-process-time', 'trailer'],
])

/** Names listed in Connection, which are of that connection alone; null where it names none but the usual. */
function listedIn(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || /^\s*(?:keep-alive|close|upgrade)\s*$/i.test(connection)) return null
  // The framing and the host are never anybody's to take away.
  const kept = new Set(['content-length', 'host', 'content-type', 'range'])
  const names = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => name !== '' && !kept.has(name)))
}

/** Where a request goes and under which names it is known, for the headers that name places. */
export interface Places {
  /** The service's origin, e.g. `http://127.0.0.1:8188`, and what of its URL comes after that. */
  service: { origin: string; host: string; prefix: string }
  /** The gateway's own origin, as the client names it. */
  gateway: string
}

/** What the gateway adds to a request. */
export interface Added {
  authorization: string | null
  cookie: string | null
  /** Tells the program under which address people see it: it writes that into its pages. */
  tellsHost: boolean
}

/** An address without a key in it. */
function withoutKey(url: string): string {
  const mark = url.indexOf('?')
  if (mark === -1) return url
  const query = withoutToken(url.slice(mark + 1))
  return query === '' ? url.slice(0, mark) : `${url.slice(0, mark)}?${query}`
}

/**
 * A URL of the gateway as one of the service, without the key that a page may have been opened with; what is neither the
 * gateway's nor a path stays what it is.
 */
const toService = (url: string, { service, gateway }: Places) =>
  withoutKey(
    url === gateway || url.startsWith(`${gateway}/`)
      ? service.origin + service.prefix + url.slice(gateway.length)
      : url,
  )

/** What asks for a part of an answer, or for none where it is known: an answer that is read must come whole. */
const asksForLess = /^(?:range|if-)/

/** So many names are remembered, none longer than this: clients and services use the same few again and again. */
const remembered = { names: 512, length: 64 }

/** Decides by a name in small letters, once for each spelling. */
function byName<T extends string>(decide: (lower: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const decided = decide(name.toLowerCase())
    if (name.length > remembered.length) return decided
    if (known.size >= remembered.names) known.clear()
    known.set(name, decided)
    return decided
  }
}

/** What becomes of a header of a request. */
const onTheWay = byName((lower) => {
  if (lower === 'origin' || lower === 'referer') return lower
  if (keptFromService.has(lower)) return 'left'
  if (lower === 'content-length') return 'length'
  return asksForLess.test(lower) ? 'less' : 'sent'
})

/** What becomes of a header of an answer. */
const onTheWayBack = byName((lower) => {
  if (keptFromClient.has(lower)) return 'left'
  if (lower === 'content-length') return 'length'
  if (innocent.has(lower)) return 'sent'
  if (lower === 'location' || lower === 'content-location') return 'place'
  return lower === 'access-control-allow-origin' ? 'origin' : 'searched'
})

/** How a request is sent on. */
interface Sending {
  places: Places
  added: Added
  /** Whether the body is sent on as it came. */
  keepsLength?: boolean
  /** Whether the answer must come whole. */
  wantsWhole?: boolean
}

/** The headers of a request as they are sent on, names and values in turn. */
export function requestHeaders(
  raw: readonly string[],
  connection: string | undefined,
  { places, added, keepsLength = true, wantsWhole = false }: Sending,
): string[] {
  const listed = listedIn(connection)
  const sent: string[] = ['host', places.service.host]
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    const value = raw[at + 1] ?? ''
    const fate = onTheWay(name)
    if (fate === 'origin') sent.push(name, value === places.gateway ? places.service.origin : value)
    else if (fate === 'referer') sent.push(name, toService(value, places))
    else if (fate === 'left' || (fate === 'length' && !keepsLength) || (fate === 'less' && wantsWhole)) continue
    else if (listed === null || !listed.has(name.toLowerCase())) sent.push(name, value)
  }
  const { authorization, cookie, tellsHost } = added
  if (authorization !== null) sent.push('authorization', authorization)
  if (cookie !== null) sent.push('cookie', cookie)
  if (tellsHost) {
    const [scheme = 'http', host = ''] = places.gateway.split('://')
    sent.push('x-forwarded-host', host, 'x-forwarded-proto', scheme)
  }
  return sent
}

/** An address that a service names, as its clients reach it: a path, where it is the service's own. */
function toClient(url: string, { service }: Places): string {
  const own = service.origin + service.prefix
  if (url === own) return '/'
  if (url.startsWith(`${own}/`)) return url.slice(own.length)
  const [bare = ''] = own.split('://').slice(1)
  if (url.startsWith(`//${bare}/`)) return url.slice(bare.length + 2)
  return service.prefix !== '' && url.startsWith(`${service.prefix}/`) ? url.slice(service.prefix.length) : url
}

/** What lets a cache that many share keep an answer, or speaks to such a cache alone. */
const ofSharedCaches = /^(?:public|private(?:=.*)?|s-maxage(?:=.*)?|proxy-revalidate)$/i

/**
 * `Cache-Control` of an answer, made of the service's: whoever asked may keep it as the service says, and no cache on the
 * way. That one would give one person's picture to the next, or to a stranger: many of them look at no cookie, and keep
 * whatever has the path of a picture.
 */
export function cacheControlFor({ 'cache-control': ofService = '' }: IncomingHttpHeaders): string {
  // More than one comes as a list.
  const said = [ofService].flat().flatMap((line) => line.split(',').map((part) => part.trim()))
  const kept = said.filter((part) => part !== '' && !ofSharedCaches.test(part))
  return ['private', ...kept].join(', ')
}

/** The first Connection among names and values in turn. */
function connectionIn(texts: readonly string[]): string | undefined {
  for (let at = 0; at < texts.length; at += 2) {
    const name = texts[at] ?? ''
    if (name.length === 10 && name.toLowerCase() === 'connection') return texts[at + 1]
  }
  return undefined
}

/** The headers of an answer as the client gets them, names and values in turn. */
export function answerHeaders(
  raw: readonly (Buffer | string)[],
  { places, redact, keepsLength = true }: { places: Places; redact: (text: string) => string; keepsLength?: boolean },
): string[] {
  const texts = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
  const listed = listedIn(connectionIn(texts))
  const sent: string[] = []
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const name = texts[at] ?? ''
    const value = texts[at + 1] ?? ''
    const fate = onTheWayBack(name)
    if (fate === 'left' || (fate === 'length' && !keepsLength) || listed?.has(name.toLowerCase())) continue
    if (fate === 'sent' || fate === 'length') sent.push(name, value)
    else if (fate === 'place') sent.push(name, redact(toClient(value, places)))
    else if (fate === 'origin' && value === places.service.origin) sent.push(name, places.gateway)
    else sent.push(name, redact(value))
  }
  return sent
}
