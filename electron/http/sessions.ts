import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { ConfigStore } from '../storage/config'
import { Problem } from '../../shared/problems'

export type Role = 'user' | 'admin'

const lifetimeMs = 7 * 24 * 3600_000
const freeFailures = 5
const longestWaitMs = 15 * 60_000

const StoredSessions = z.record(z.string(), z.object({ role: z.enum(['user', 'admin']), expiresAt: z.number() }))
type StoredSessions = z.infer<typeof StoredSessions>

const digest = (text: string) => createHash('sha256').update(text).digest()
const sameText = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
const newToken = () => randomBytes(32).toString('base64url')

/**
 * Who may come in through the HTTP door. Only hashes of session ids are kept, in `store`, so that a restart does not
 * sign anybody out. One-time tokens live in memory: they end with the process or at first use.
 */
export function createSessions(options: { store: ConfigStore; adminToken: string | null; now?: () => number }) {
  const { store, adminToken, now = Date.now } = options
  const oneTime = new Set<string>()
  const ended = new Set<(sessionKey: string) => void>()
  let failures = 0
  let closedUntil = 0

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

  /** Counts wrong tokens over all callers; after a few, each further one doubles the wait. */
  const refuse = (): never => {
    failures += 1
    if (failures > freeFailures) {
      closedUntil = now() + Math.min(longestWaitMs, 1000 * 2 ** (failures - freeFailures))
    }
    throw new Problem('session.bad-token')
  }

  return {
    /** A token for one sign-in as administrator: what the printed link carries. */
    issueOneTimeToken(): string {
      const token = newToken()
      oneTime.add(token)
      return token
    },

    /** Exchanges a one-time token or the admin token for a session id (the cookie's value). Throws a Problem. */
    signIn(token: string): { id: string; role: Role; maxAgeS: number } {
      if (now() < closedUntil) {
        throw new Problem('session.too-many', { seconds: Math.ceil((closedUntil - now()) / 1000) })
      }
      const used = [...oneTime].find((known) => sameText(known, token))
      const accepted = used !== undefined || (adminToken !== null && sameText(adminToken, token))
      if (!accepted) return refuse()
      if (used !== undefined) oneTime.delete(used)
      failures = 0
      const id = newToken()
      sessions[keyOf(id)] = { role: 'admin', expiresAt: now() + lifetimeMs }
      save()
      return { id, role: 'admin', maxAgeS: lifetimeMs / 1000 }
    },

    /** The role of a request by its session cookie or `Authorization: Bearer`; null for a stranger. */
    identify(credentials: { sessionId: string | null; bearer: string | null }): Role | null {
      if (credentials.bearer !== null) {
        return adminToken !== null && sameText(adminToken, credentials.bearer) ? 'admin' : null
      }
      if (credentials.sessionId === null) return null
      const session = sessions[keyOf(credentials.sessionId)]
      return session && session.expiresAt > now() ? session.role : null
    },

    end(sessionId: string): void {
      const key = keyOf(sessionId)
      sessions = Object.fromEntries(Object.entries(sessions).filter(([known]) => known !== key))
      save()
      for (const listener of ended) listener(key)
    },

    keyOf,

    /** Calls back when a session ends, so that its open sockets can be closed. Returns the undo. */
    onEnd(listener: (sessionKey: string) => void): () => void {
      ended.add(listener)
      return () => ended.delete(listener)
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>

/** Cookies are shared by all ports of a host, so the name carries the port: two panels do not sign each other out. */
export const cookieName = (port: number) => `regie_session_${port}`

/** The value of one cookie in a Cookie header, or null. */
export function readCookie(header: string | null, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return null
}

export const sessionCookie = (port: number, id: string, maxAgeS: number) =>
  `${cookieName(port)}=${id}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict`
