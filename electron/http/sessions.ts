import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { createPresence, keyPresence, type Access, type Presence, type ProofKind } from '../access'
import { AccountId, firstAccount, Role, type SignedInSession } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ConfigStore } from '../storage/config'
import { createListeners } from '../async/listeners'
import { loginsOf, sourceOf } from '../people'
import { digest, newToken, sameText, createTokens } from './tokens'

const lifetimeMs = 7 * 24 * 3600_000

const StoredSessions = z.record(
  z.string(),
  // Without `page` it was opened by an earlier version, and its cookie opens nothing any more.
  z
    .object({
      account: AccountId.optional(),
      /** In place of the account, in those of an earlier version, which knew but one for each role. */
      role: Role.optional(),
      expiresAt: z.number(),
      locked: z.boolean().default(false),
      page: z.string().default(''),
      since: z.number().nullable().default(null),
      lastUsedAt: z.number().nullable().default(null),
      from: z.string().nullable().default(null),
      client: z.string().nullable().default(null),
    })
    .transform(({ account, role, ...stored }) => ({ ...stored, account: account ?? role ?? firstAccount })),
)
type StoredSessions = z.infer<typeof StoredSessions>
type StoredSession = StoredSessions[string]

/** Where a session is used, and with what. */
export type UsedAt = Pick<SignedInSession, 'from' | 'client'>
const nowhere: UsedAt = { from: null, client: null }

/** A use is written down when the last one that was is older than this, in ms. */
const useKeptMs = 5 * 60_000

/** What a session is called in the list: nobody can come in with it. */
const listedId = (key: string) => key.slice(0, 24)

/**
 * What a page shows beside its cookie, which every other port of the host is sent too: the key that lies in the storage
 * of the panel's own origin, or the one derived from it that stands in addresses of images and opens only those.
 */
export type PageProof = { key: string } | { view: string } | null

/** So many keys that open nothing are remembered: the same one again is a script, and no new guess. */
const rememberedKeys = 1000

const listed = (key: string, { account, since, from, client, expiresAt }: StoredSession) => ({
  ...{ id: listedId(key), account, since, from, client, expiresAt },
})

/** What a page's key is kept as. */
const pageHash = (key: string) => digest(key).toString('hex')

/** The key for addresses; it stays the same for a session, so that a browser's cache goes on holding what it holds. */
const viewKey = (page: string) => createHmac('sha256', page).update('view').digest('base64url').slice(0, 32)

/** Somebody whom the door knows. `key` is null for a script with a token or a key, which has no session. */
export interface Identity {
  role: Role
  account: AccountId
  key: string | null
  /** The key of the person that is shown in place of a session; null where none is. */
  keyId: string | null
  presence: Presence
}

export interface SignedIn {
  /** The cookie's value. */
  id: string
  /** What the page keeps: its key, a point, and the key for addresses. */
  pageKey: string
  role: Role
  account: AccountId
  maxAgeS: number
}

export interface SessionsOptions {
  store: ConfigStore
  adminToken: string | null
  access: Access
  /** Shows a code to whoever sits at the terminal where Regie runs. Left out where there is none. */
  print?: (code: string) => void
  /** A link for one sign-in was used. */
  linkUsed?: () => void
  now?: () => number
}

/**
 * Who may come in through the HTTP door. Only hashes of session ids are kept, in `store`, so that a restart does not
 * sign anybody out, nor unlock. One-time tokens live in memory: they end with the process or at first use.
 */
export class Sessions {
  readonly #access: Access
  readonly #store: ConfigStore
  readonly #print: SessionsOptions['print']
  readonly #now: () => number
  readonly #tokens: ReturnType<typeof createTokens>
  readonly #presences = new Map<string, Presence>()
  /** When each was last used: more is known than is written down. */
  readonly #uses = new Map<string, number>()
  readonly #ended = createListeners<[sessionKey: string]>()
  readonly #changed = createListeners<[]>()
  readonly #wrongKeys = new Set<string>()
  #sessions: StoredSessions

  constructor({ store, adminToken, access, print, linkUsed, now = Date.now }: SessionsOptions) {
    this.#access = access
    this.#store = store
    this.#print = print
    this.#now = now
    this.#tokens = createTokens({ adminToken, access, now, linkUsed })
    this.#sessions = this.#living(StoredSessions.safeParse(store.get('sessions')).data ?? {})
    // Only the session in which a password was changed outlives the change.
    access.onPassword((account, by) => {
      this.#endWhere((key, session) => session.account === account && this.#presences.get(key) !== by)
    })
    // Whoever is suspended or removed is signed out.
    access.people.onShrink(() => this.#endWhere((_, { account }) => this.#roleOf(account) === null))
    // Looking locks those that nobody has used for long.
    access.onTick(() => {
      for (const [key, session] of Object.entries(this.#sessions)) this.#presenceOf(key, session).isLocked()
    })
  }

  /** A token for one sign-in as administrator: what the printed link carries. */
  issueOneTimeToken(): string {
    return this.#tokens.issueLink()
  }

  /** Prints a code with which an administrator proves that the terminal is theirs. False where nothing can print. */
  printCode(): boolean {
    this.#print?.(this.#tokens.issueCode())
    return this.#print !== undefined
  }

  /** Exchanges a one-time token or the admin token for a session. Throws `session.bad-token`, `session.too-many`. */
  signIn(token: string, at = nowhere): SignedIn {
    return this.#open(firstAccount, this.#tokens.take(token), at)
  }

  /**
   * The same with the password of an account, by its id or name, or of one of the first two by its role. Throws
   * `session.bad-password`, `session.too-many`, `user.suspended`.
   */
  async signInWithPassword(
    given: { role: Role; password: string } | { account: string; password: string },
    at: UsedAt = nowhere,
  ): Promise<SignedIn> {
    const { people } = this.#access
    if ('account' in given) {
      const { account } = await people.verify(people.idOf(given.account), given.password, at.from ?? '')
      return this.#open(account, 'password', at)
    }
    const { role, password } = given
    await this.#access.verify(role, password, role)
    if (this.#roleOf(role) === null) throw new Problem('user.suspended')
    return this.#open(role, 'password', at)
  }

  /** Opens one for an account whose person has just set its password. Throws `user.suspended`. */
  openFor(account: AccountId, at: UsedAt = nowhere): SignedIn {
    return this.#open(account, 'password', at)
  }

  /** Whose session a cookie names, if the page shows its half too; null for a stranger. */
  identify(sessionId: string | null, proof: PageProof): Identity | null {
    if (sessionId === null || proof === null) return null
    const key = this.keyOf(sessionId)
    const session = this.#sessions[key]
    if (!session || session.expiresAt <= this.#now() || session.page === '') return null
    const isOfPage =
      'key' in proof ? sameText(pageHash(proof.key), session.page) : sameText(proof.view, viewKey(session.page))
    if (!isOfPage) return null
    const { account } = session
    const role = this.#roleOf(account)
    return role && { role, account, key, keyId: null, presence: this.#presenceOf(key, session) }
  }

  /**
   * Who sends `Authorization: Bearer`; null for a stranger. The token is a proof by itself at each call.
   * Throws `session.too-many` after many different wrong ones.
   */
  identifyBearer(token: string): Identity | null {
    if (!this.#tokens.isBearer(token)) return null
    const presence = createPresence({
      ...{ access: this.#access, account: firstAccount, logins: ['admin'], isProvenByEachCall: true },
      lock: { read: () => false, write: () => undefined },
      takeToken: this.#tokens.take,
    })
    return { role: 'admin', account: firstAccount, key: null, keyId: null, presence }
  }

  /**
   * Who shows a key: with the rights of its person, an administrator's only if it was made for that. Null for one that
   * opens nothing.
   */
  identifyKey(key: string): Identity | null {
    const guest = this.#access.people.findKey(key)
    if (!guest) return null
    const role = guest.role === 'admin' && guest.panel ? 'admin' : 'user'
    return { role, account: guest.account, key: null, keyId: guest.keyId, presence: keyPresence }
  }

  /** What a key is called; empty where there is none. */
  keyNameOf(id: string): string {
    return this.#access.people.keyName(id) ?? ''
  }

  /**
   * Counts a key that opens nothing, by where it comes from. Throws `session.too-many` after many different ones; a
   * right key never waits.
   */
  noteWrongKey(key: string, from: string): void {
    const mark = digest(key).toString('hex')
    if (this.#wrongKeys.has(mark)) return
    this.#access.attempts.begin(`secrets ${sourceOf(from)}`)
    if (this.#wrongKeys.size >= rememberedKeys) this.#wrongKeys.clear()
    this.#wrongKeys.add(mark)
  }

  /** Notes that a session was used now, from where and by what. */
  noteUse(key: string, at: UsedAt): void {
    const session = this.#sessions[key]
    if (!session) return
    const now = this.#now()
    const isMoved = session.from !== at.from || session.client !== at.client
    this.#uses.set(key, now)
    this.#access.people.noteSeen(session.account)
    if (!isMoved && now - (session.lastUsedAt ?? 0) < useKeptMs) return
    this.#sessions[key] = { ...session, ...at, lastUsedAt: now }
    this.#save()
  }

  /** Notes that the panel was asked with a key. */
  noteKeyUse(keyId: string, use: { from: string; client: string | null }): void {
    this.#access.people.noteKeyUse(keyId, { ...use, serviceId: null })
  }

  /** Every session, last used first. `current`: under what the one that asks is kept. */
  list(current: string | null): SignedInSession[] {
    return Object.entries(this.#living(this.#sessions))
      .map(([key, session]) => ({
        ...listed(key, session),
        role: this.#roleOf(session.account) ?? 'user',
        lastUsedAt: this.#uses.get(key) ?? session.lastUsedAt,
        locked: this.#presenceOf(key, session).isLocked(),
        current: key === current,
      }))
      .sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0))
  }

  /** Ends a session by what `list` calls it, and returns what it was. Throws `session.not-found`. */
  endListed(id: string): SignedInSession {
    const ended = this.list(null).find((session) => session.id === id)
    if (!ended) throw new Problem('session.not-found', { id })
    this.#endWhere((key) => listedId(key) === id)
    return ended
  }

  /** Ends every session but one, and returns what they were. */
  endOthers(current: string | null): SignedInSession[] {
    const ended = this.list(current).filter((session) => !session.current)
    this.#endWhere((key) => key !== current)
    return ended
  }

  end(sessionId: string) {
    this.#end(this.keyOf(sessionId))
  }

  /** Under what a session is kept: nobody can come in with it. */
  keyOf(sessionId: string): string {
    return digest(sessionId).toString('hex')
  }

  /** Calls back when a session ends, so that its open sockets can be closed. Returns the undo. */
  onEnd(listener: (sessionKey: string) => void): () => void {
    return this.#ended.on(listener)
  }

  /** Calls back when one was opened, locked, unlocked or ended. Returns the undo. */
  onChange(listener: () => void): () => void {
    return this.#changed.on(listener)
  }

  #living(sessions: StoredSessions): StoredSessions {
    return Object.fromEntries(Object.entries(sessions).filter(([, session]) => session.expiresAt > this.#now()))
  }

  #save() {
    this.#sessions = this.#living(this.#sessions)
    this.#store.set('sessions', this.#sessions)
  }

  #endWhere(isMeant: (key: string, session: StoredSession) => boolean) {
    for (const [key, session] of Object.entries(this.#sessions)) if (isMeant(key, session)) this.#end(key)
  }

  /** What the account may now, whenever it signed in; null where it is suspended or gone. */
  #roleOf(account: AccountId): Role | null {
    return this.#access.people.roleOf(account)
  }

  #open(account: AccountId, by: ProofKind, at: UsedAt): SignedIn {
    const role = this.#roleOf(account)
    if (role === null) throw new Problem('user.suspended')
    const id = newToken()
    const key = this.keyOf(id)
    const half = newToken()
    const page = pageHash(half)
    const now = this.#now()
    const opened = { since: now, lastUsedAt: now, ...at }
    const session = { account, expiresAt: now + lifetimeMs, locked: false, page, ...opened }
    this.#sessions[key] = session
    this.#save()
    this.#access.people.noteSeen(account)
    this.#presenceOf(key, session).wasProven(by)
    this.#changed.tell()
    return { id, pageKey: `${half}.${viewKey(page)}`, role, account, maxAgeS: lifetimeMs / 1000 }
  }

  #end(key: string) {
    this.#sessions = Object.fromEntries(Object.entries(this.#sessions).filter(([known]) => known !== key))
    this.#presences.delete(key)
    this.#uses.delete(key)
    this.#save()
    this.#ended.tell(key)
    this.#access.shrank()
    this.#changed.tell()
  }

  #presenceOf(key: string, { account, from }: StoredSession): Presence {
    const known = this.#presences.get(key)
    if (known) return known
    const made = createPresence({
      access: this.#access,
      account,
      // The first two are counted as they always were.
      logins: loginsOf(account, from).slice(0, 1),
      lock: { read: () => this.#sessions[key]?.locked ?? false, write: (locked) => this.#lock(key, locked) },
      takeToken: (token) => {
        // A token and a code are an administrator's.
        if (this.#roleOf(account) !== 'admin') throw new Problem('session.bad-token')
        return this.#tokens.take(token)
      },
    })
    this.#presences.set(key, made)
    return made
  }

  #lock(key: string, locked: boolean) {
    const session = this.#sessions[key]
    if (!session) return
    this.#sessions[key] = { ...session, locked }
    this.#save()
    this.#changed.tell()
  }
}

/** Cookies are shared by all ports of a host, so the name carries the port: two panels do not sign each other out. */
export const cookieName = (port: number) => `regie_session_${port}`

export const sessionCookie = (port: number, id: string, maxAgeS: number, isSecure = false) =>
  `${cookieName(port)}=${id}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
