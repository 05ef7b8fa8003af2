import { Problem } from '../../shared/problems'
import type { Caller, OpenedSession, SessionActions } from '../api/context'
import { isMetricsTokenShaped } from '../metrics'
import { isKey } from '../people'
import { isSecure, type Door } from '../access/guard'
import { readCookies } from '../access/cookies'
import { bearerOf } from './bearer'
import { cookieName, sessionCookie, type PageProof, type Sessions, type SignedIn } from './sessions'

/** So much of what a program calls itself is kept. */
const longestClient = 256

/** What an element of a page loads by itself, with no header of the page's: images, a log as a file, and a ZIP. */
const viewed =
  /^\/api\/v1\/(?:images\/[^/]+(?:\/thumbnail)?|inputs\/[^/]+|gallery\/archives\/[^/]+|services\/[^/]+\/(?:logs\/file|golden\/images\/[^/]+)|updates\/[^/]+\/pictures\/(?:old|new))$/

/**
 * What the page shows of its half of the session: a header, or, where an element of the page asks by itself, the key in
 * the address, which is then no part of the request any more.
 */
export function readPageProof(request: Request): { asked: Request; proof: PageProof } {
  const key = request.headers.get('x-regie-page')
  if (key !== null) return { asked: request, proof: { key } }
  const url = new URL(request.url)
  const view = url.searchParams.get('view')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (view === null || !isRead || !viewed.test(url.pathname)) return { asked: request, proof: null }
  url.searchParams.delete('view')
  return { asked: new Request(url, request), proof: { view } }
}

/** What is known of who sends a request. */
interface Asking {
  headers: Headers
  from: string
  proof: () => PageProof
}

/** How somebody is known, looked up each time: by a Bearer token or key, or by a session. */
function identifying({ headers, from, proof }: Asking, door: Door, sessions: Sessions) {
  const bearer = bearerOf(headers)
  const sessionIds = readCookies(headers.get('cookie'), cookieName(door.port))
  /** The session that the page's half belongs to, whatever other cookies were put beside its own. */
  const ownSession = () => {
    if (bearer !== null) return null
    for (const id of sessionIds) {
      const identity = sessions.identify(id, proof())
      if (identity) return { id, identity }
    }
    return null
  }
  if (bearer === null) return { ownSession, identity: () => ownSession()?.identity ?? null }
  // It opens the metrics, which look at it themselves, and is no guess at anything else.
  if (isMetricsTokenShaped(bearer)) return { ownSession, identity: () => null }
  if (isKey(bearer)) {
    if (sessions.identifyKey(bearer) === null) sessions.noteWrongKey(bearer, from)
    return { ownSession, identity: () => sessions.identifyKey(bearer) }
  }
  const script = sessions.identifyBearer(bearer)
  return { ownSession, identity: () => script }
}

/** Signing in and out, for somebody who is known so. */
function sessionActions(
  { headers, from }: Asking,
  door: Door,
  sessions: Sessions,
  { identity, ownSession }: ReturnType<typeof identifying>,
): SessionActions {
  const secure = isSecure(headers, door)
  const at = { from, client: headers.get('user-agent')?.slice(0, longestClient) ?? null }
  const opened = ({ id, role, account, pageKey, maxAgeS }: SignedIn): OpenedSession => {
    const presence = sessions.identify(id, { key: pageKey.split('.')[0] ?? '' })?.presence
    if (!presence) throw new Problem('session.required')
    return { role, account, presence, cookie: sessionCookie(door.port, id, maxAgeS, secure), pageKey }
  }
  const sessionKey = () => identity()?.key ?? null
  return {
    async signIn(proof) {
      return opened('token' in proof ? sessions.signIn(proof.token, at) : await sessions.signInWithPassword(proof, at))
    },
    open: (account) => opened(sessions.openFor(account, at)),
    signOut() {
      // The cookie alone ends nothing either.
      const own = ownSession()
      if (own) sessions.end(own.id)
      return { cookie: sessionCookie(door.port, '', 0, secure) }
    },
    noteUse() {
      const { key = null, keyId = null } = identity() ?? {}
      if (key !== null) sessions.noteUse(key, at)
      if (keyId !== null) sessions.noteKeyUse(keyId, at)
    },
    list: () => sessions.list(sessionKey()),
    end: (id) => sessions.endListed(id),
    endOthers: () => sessions.endOthers(sessionKey()),
    printCode: () => sessions.printCode(),
  }
}

/**
 * Finds out who sends a request. What the caller may do is looked up each time it is read, so that a WebSocket that
 * outlives its session can do nothing more. Throws `session.too-many` after many wrong Bearer tokens or keys.
 */
export function callerOf(
  asking: Asking,
  door: Door,
  sessions: Sessions,
): { caller: Caller; sessionKey: () => string | null } {
  const known = identifying(asking, door, sessions)
  const { identity } = known
  const caller: Caller = {
    door: 'http',
    from: asking.from,
    get role() {
      return identity()?.role ?? null
    },
    get account() {
      return identity()?.account ?? null
    },
    get presence() {
      return identity()?.presence ?? null
    },
    get keyId() {
      return identity()?.keyId ?? null
    },
    get shownKey() {
      const keyId = identity()?.keyId ?? null
      return keyId === null ? null : { id: keyId, name: sessions.keyNameOf(keyId) }
    },
    session: sessionActions(asking, door, sessions, known),
  }
  return { caller, sessionKey: () => identity()?.key ?? null }
}
