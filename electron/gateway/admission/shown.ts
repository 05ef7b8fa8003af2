import type { IncomingHttpHeaders } from 'node:http'
import { isKeyShaped } from '../../people'
import { readCookies } from '../../access/cookies'

/** How a credential came: the scheme, or the parameter of the address. */
export type Way = 'bearer' | 'basic' | 'token'

/** An access key, by its shape. Whether it is anybody's is not known yet. */
export interface ShownKey {
  key: string
  way: Way
}

/** What is none of ours: most often the service's own secret. Compared with that, and never written down. */
export interface ForeignSecret {
  way: Way
  /** The name of Basic; null elsewhere. */
  name: string | null
  secret: string
}

/** Everything that a request shows of who sends it. */
export interface Shown {
  /** Each key once. Two different ones are nobody's. */
  keys: readonly ShownKey[]
  /** Whether something begins as a key does, and is none: cut off, or with something added. */
  isBroken: boolean
  foreign: readonly ForeignSecret[]
  /** Values of this listener's cookie; another server of the host may have planted some. */
  cookies: readonly string[]
}

const keyStart = /^["']?rk_/

/** Longer credentials are no client's of these services, and not looked at. */
const longest = 4096

/** So many values of `?token=` are looked at. */
const mostTokens = 4

/** The name and password of Basic; null where it is none. */
function readBasic(encoded: string): { name: string; secret: string } | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { name: text.slice(0, colon), secret: text.slice(colon + 1) }
}

/** What one `Authorization` says; null where no client of these services says it. */
function readAuthorization(header: string): ForeignSecret | null {
  const [scheme = '', ...rest] = header.split(/[ \t]+/)
  const value = rest.join(' ')
  if (scheme.toLowerCase() === 'bearer') return { way: 'bearer', name: null, secret: value }
  const pair = scheme.toLowerCase() === 'basic' ? readBasic(value) : null
  return pair && { way: 'basic', ...pair }
}

/**
 * Reads who sends a request from its headers and address: `Authorization: Bearer rk_…`, `Basic anyname:rk_…`,
 * `?token=rk_…`, and the cookies of the name `cookieName`. Pure: it asks nobody, decides nothing and throws nothing.
 */
export function readShown(
  { headers, query }: { headers: IncomingHttpHeaders; query: URLSearchParams },
  cookieName: string,
): Shown {
  const header = headers.authorization?.trim() ?? ''
  const authorization = header.length > longest ? null : readAuthorization(header)
  const tokens = query.getAll('token').slice(0, mostTokens)
  const all: ForeignSecret[] = [
    ...(authorization ? [authorization] : []),
    ...tokens.map((secret) => ({ way: 'token' as const, name: null, secret: secret.trim() })),
  ].filter(({ secret }) => secret !== '' && secret.length <= longest)
  const whole = all.filter(({ secret }) => isKeyShaped(secret))
  return {
    keys: whole
      .filter(({ secret }, at) => whole.findIndex((other) => other.secret === secret) === at)
      .map(({ way, secret }) => ({ way, key: secret })),
    // A key without its scheme as well.
    isBroken: keyStart.test(header) || all.some(({ secret }) => keyStart.test(secret) && !isKeyShaped(secret)),
    foreign: all.filter(({ secret }) => !keyStart.test(secret)),
    cookies: readCookies(headers.cookie ?? null, cookieName),
  }
}
