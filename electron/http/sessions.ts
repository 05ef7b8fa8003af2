import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { createPresence, type Access, type Presence, type ProofKind } from '../access'
import { Role } from '../../shared/contract'
import type { ConfigStore } from '../storage/config'
import { createListeners } from '../async/listeners'
import { digest, newToken, sameText, createTokens } from './tokens'

const lifetimeMs = 7 * 24 * 3600_000

const StoredSessions = z.record(
  z.string(),
  // Without `page` it was opened by an earlier version, and its cookie opens nothing any more.
  z.object({ role: Role, expiresAt: z.number(), locked: z.boolean().default(false), page: z.string().default('') }),
)
type StoredSessions = z.infer<typeof StoredSessions>

/**
 * What a page shows beside its cookie, which every other port of the host is sent too: the key that lies in the storage
 * of the panel's own origin, or the one derived from it that stands in addresses of images and opens only those.
 */
export type PageProof = { key: string } | { view: string } | null

/** What a page's key is kept as. */
const pageHash = (key: string) => digest(key).toString('hex')

/** The key for addresses; it stays the same for a session, so that a browser's cache goes on holding what it holds. */
const viewKey = (page: string) => createHmac('sha256', page).update('view').digest('base64url').slice(0, 32)

/** Somebody whom the door knows. `key` is null for a script with the admin token, which has no session. */
export interface Identity {
  role: Role
  key: string | null
  presence: Presence
}

export interface SignedIn {
  /** The cookie's value. */
  id: string
  /** What the page keeps: its key, a point, and the key for addresses. */
  pageKey: string
  role: Role
  maxAgeS: number
}

export interface SessionsOptions {
  store: ConfigStore
  adminToken: string | null
  access: Access
  /** Shows a code to whoever sits at the terminal where Regie runs. Left out where there is none. */
  print?: (code: string) => void
  now?: () => number
}

/**
 * Who may come in through the HTTP door. Only hashes of session ids are kept, in `store`, so that a restart does not
 * sign anybody out, nor unlock. One-time tokens live in memory: they end with the process or at first use.
 */
export function createSessions({ store, adminToken, access, print, now = Date.now }: SessionsOptions) {
  const tokens = createTokens({ adminToken, access, now })
  const presences = new Map<string, Presence>()
  const ended = createListeners<[sessionKey: string]>()

  const load = (): StoredSessions => {
    const parsed = StoredSessions.safeParse(store.get('sessions'))
    if (!parsed.success) return {}
    return Object.fromEntries(Object.entries(parsed.data).filter(([, session]) => session.expiresAt > now()))
  }
  let sessions = load()
  const save = () => {
    sessions = Object.fromEntries(Object.entries(sessions).filter(([, session]) => session.expiresAt > now()))
    store.set('sessions', sessions)
  }
  const keyOf = (id: string) => digest(id).toString('hex')

  const presenceOf = (key: string, role: Role): Presence => {
    const known = presences.get(key)
    if (known) return known
    const made = createPresence({
      access,
      role,
      login: role,
      lock: {
        read: () => sessions[key]?.locked ?? false,
        write: (locked) => {
          const session = sessions[key]
          if (!session) return
          sessions[key] = { ...session, locked }
          save()
        },
      },
      ...(role === 'admin' && { takeToken: tokens.take }),
    })
    presences.set(key, made)
    return made
  }
  const open = (role: Role, by: ProofKind): SignedIn => {
    const id = newToken()
    const key = keyOf(id)
    const half = newToken()
    const page = pageHash(half)
    sessions[key] = { role, expiresAt: now() + lifetimeMs, locked: false, page }
    save()
    presenceOf(key, role).wasProven(by)
    return { id, pageKey: `${half}.${viewKey(page)}`, role, maxAgeS: lifetimeMs / 1000 }
  }
  const endKey = (key: string) => {
    sessions = Object.fromEntries(Object.entries(sessions).filter(([known]) => known !== key))
    presences.delete(key)
    save()
    ended.tell(key)
    access.shrank()
  }

  access.onPassword((role, by) => {
    for (const [key, session] of Object.entries(sessions))
      if (session.role === role && presences.get(key) !== by) endKey(key)
  })
  // Looking locks those that nobody has used for long.
  access.onTick(() => {
    for (const [key, { role }] of Object.entries(sessions)) presenceOf(key, role).isLocked()
  })

  return {
    /** A token for one sign-in as administrator: what the printed link carries. */
    issueOneTimeToken: (): string => tokens.issueLink(),

    /** Prints a code with which an administrator proves that the terminal is theirs. False where nothing can print. */
    printCode(): boolean {
      print?.(tokens.issueCode())
      return print !== undefined
    },

    /** Exchanges a one-time token or the admin token for a session. Throws `session.bad-token`, `session.too-many`. */
    signIn: (token: string): SignedIn => open('admin', tokens.take(token)),

    /** The same with the password of a role. Throws `session.bad-password`, `session.too-many`. */
    async signInWithPassword({ role, password }: { role: Role; password: string }): Promise<SignedIn> {
      await access.verify(role, password, role)
      return open(role, 'password')
    },

    /** Whose session a cookie names, if the page shows its half too; null for a stranger. */
    identify(sessionId: string | null, proof: PageProof): Identity | null {
      if (sessionId === null || proof === null) return null
      const key = keyOf(sessionId)
      const session = sessions[key]
      if (!session || session.expiresAt <= now() || session.page === '') return null
      const isOfPage =
        'key' in proof ? sameText(pageHash(proof.key), session.page) : sameText(proof.view, viewKey(session.page))
      if (!isOfPage) return null
      return { role: session.role, key, presence: presenceOf(key, session.role) }
    },

    /**
     * Who sends `Authorization: Bearer`; null for a stranger. The token is a proof by itself at each call.
     * Throws `session.too-many` after many different wrong ones.
     */
    identifyBearer(token: string): Identity | null {
      if (!tokens.isBearer(token)) return null
      const presence = createPresence({
        ...{ access, role: 'admin', login: 'admin', isProvenByEachCall: true },
        lock: { read: () => false, write: () => undefined },
        takeToken: tokens.take,
      })
      return { role: 'admin', key: null, presence }
    },

    end: (sessionId: string): void => endKey(keyOf(sessionId)),

    keyOf,

    /** Calls back when a session ends, so that its open sockets can be closed. Returns the undo. */
    onEnd: ended.on,
  }
}

export type Sessions = ReturnType<typeof createSessions>

/** Cookies are shared by all ports of a host, so the name carries the port: two panels do not sign each other out. */
export const cookieName = (port: number) => `regie_session_${port}`

/** So many cookies of one name are looked at. */
const mostCookies = 8

/**
 * The values of the cookies of one name in a Cookie header. There may be several: another server of the host can add
 * one for a path, which browsers then send before the panel's own.
 */
export function readCookies(header: string | null, name: string): string[] {
  const pairs = (header?.split(';') ?? []).map((pair) => pair.trim().split('='))
  return pairs.flatMap(([key, ...value]) => (key === name ? [value.join('=')] : [])).slice(0, mostCookies)
}

export const sessionCookie = (port: number, id: string, maxAgeS: number, isSecure = false) =>
  `${cookieName(port)}=${id}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
