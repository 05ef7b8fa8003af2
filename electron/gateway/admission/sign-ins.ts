import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { AccountId, Role } from '../../../shared/contract'
import { createListeners } from '../../async/listeners'
import type { ConfigStore } from '../../storage/config'
import { createForwardTime } from '../../people/time'
import type { Guest } from '../stages'

/** As long as a session of the panel. */
const lifetimeMs = 7 * 24 * 3600_000

/** So many browsers one person is signed in with at one listener; the oldest gives way. */
const mostEach = 20

/** The clock's newest time is written down when what is written is older than this. */
const clockKeptMs = 10 * 60_000

const SignIn = z.object({
  service: z.string(),
  port: z.number(),
  account: AccountId,
  /** The role at that time: with another one somebody signs in again. */
  role: Role,
  /** The key that was shown; null for a password. */
  keyId: z.string().nullable(),
  since: z.number(),
  expiresAt: z.number(),
})
type SignIn = z.infer<typeof SignIn>

const Stored = z.object({ newest: z.number(), all: z.record(z.string(), SignIn) })

/** One door: cookies know no ports, so its own are named after both. */
export interface Listener {
  service: string
  port: number
}

/** What is asked of people here. */
export interface SignedInPeople {
  guestOf(account: string): Guest | null
  guestOfKey(keyId: string): Guest | null
  onShrink: (listener: () => void) => () => void
  onPassword: (listener: (account: string) => void) => () => void
}

/** A browser that is signed in. `id` is what it is kept under: nobody comes in with it. */
export interface SignedIn {
  id: string
  guest: Guest
}

/** In ms: the wall's, and one that only goes on. */
interface Clocks {
  wall?: () => number
  steady?: () => number
}

export type SignIns = ReturnType<typeof createSignIns>

const idOf = (value: string) => createHash('sha256').update(value).digest('hex')

/** What is kept of sign-ins, with the newest time that was seen: no clock that is turned back revives one. */
function openKept(store: ConfigStore, clocks: Clocks) {
  const read = Stored.safeParse(store.get('gatewaySignIns'))
  let all = new Map(read.success ? Object.entries(read.data.all) : [])
  let writtenAt = read.success ? read.data.newest : 0
  const now = createForwardTime({ ...clocks, latest: writtenAt })
  const ended = createListeners<[]>()

  const write = (): void => {
    writtenAt = now()
    store.set('gatewaySignIns', { newest: writtenAt, all: Object.fromEntries(all) })
  }
  return {
    now,
    onEnd: ended.on,
    get: (id: string) => all.get(id),
    entries: () => [...all],
    put(id: string, signIn: SignIn): void {
      all.set(id, signIn)
      write()
    },
    /** Ends those that are past their time, and those of which that is said. */
    keep(isKept: (signIn: SignIn, id: string) => boolean): void {
      const left = [...all].filter(([id, signIn]) => signIn.expiresAt > now() && isKept(signIn, id))
      const isFewer = left.length < all.size
      if (!isFewer && now() - writtenAt < clockKeptMs) return
      all = new Map(left)
      write()
      if (isFewer) ended.tell()
    },
    /** Writes the time down, now and then. */
    tick(): void {
      if (now() - writtenAt >= clockKeptMs) write()
    },
  }
}

/** Whom a sign-in stands for now, and whether it is over for good: past its time, or of another role than its person. */
function standingOf(signIn: SignIn, people: SignedInPeople, now: number): { guest: Guest | null; isOver: boolean } {
  const { account, role, keyId, service, expiresAt } = signIn
  const guest = keyId === null ? people.guestOf(account) : people.guestOfKey(keyId)
  if (expiresAt <= now) return { guest: null, isOver: true }
  if (guest === null || guest.role !== role) return { guest: null, isOver: guest !== null }
  return { guest: guest.services === null || guest.services.includes(service) ? guest : null, isOver: false }
}

/**
 * Who is signed in with a browser at which listener. Only hashes of the cookies' values are kept, in `store`, so that a
 * restart signs nobody out. One ends with its time, its key, its person's suspension or removal, another role or
 * password: for good, whatever is taken back later and wherever the clock is set to.
 */
export function createSignIns({ store, people, ...clocks }: { store: ConfigStore; people: SignedInPeople } & Clocks) {
  const kept = openKept(store, clocks)
  const guestOf = (signIn: SignIn) => standingOf(signIn, people, kept.now()).guest
  const forget = [
    people.onShrink(() => kept.keep((signIn) => guestOf(signIn) !== null)),
    people.onPassword((account) => kept.keep((signIn) => signIn.account !== account || signIn.keyId !== null)),
  ]
  const end = (id: string): void => kept.keep((_, one) => one !== id)
  kept.keep(() => true)

  return {
    /** Signs a person in. Returns the cookie's value, and how long it is good for, in s. */
    open(guest: Guest, { service, port }: Listener): { value: string; maxAgeS: number } {
      const value = randomBytes(32).toString('base64url')
      const { account, role, keyId } = guest
      const own = kept.entries().filter(([, one]) => one.account === account && one.service === service)
      const oldest = own.toSorted(([, a], [, b]) => a.since - b.since).slice(0, Math.max(0, own.length - mostEach + 1))
      for (const [id] of oldest) end(id)
      const since = kept.now()
      kept.put(idOf(value), { service, port, account, role, keyId, since, expiresAt: since + lifetimeMs })
      return { value, maxAgeS: lifetimeMs / 1000 }
    },

    /** Who is signed in with one of these cookies at this listener; null for nobody. */
    find(values: readonly string[], { service, port }: Listener): SignedIn | null {
      kept.tick()
      for (const value of values) {
        const id = idOf(value)
        const signIn = kept.get(id)
        if (!signIn || signIn.service !== service || signIn.port !== port) continue
        const { guest, isOver } = standingOf(signIn, people, kept.now())
        if (guest) return { id, guest }
        if (isOver) end(id)
      }
      return null
    },

    /** Whether it still stands. */
    isGood(id: string): boolean {
      const signIn = kept.get(id)
      return signIn !== undefined && guestOf(signIn) !== null
    },

    end,

    /** Calls back when some have ended. Returns the undo. */
    onEnd: kept.onEnd,

    close(): void {
      for (const undo of forget) undo()
    },
  }
}

export const cookieName = ({ service, port }: Listener): string => `regie_gateway_${service}_${port}`

/** The cookie of a sign-in; an empty value takes it away. */
export function signInCookie(listener: Listener, value: string, maxAgeS: number, isSecure: boolean): string {
  const flags = `Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return `${cookieName(listener)}=${value}; ${flags}`
}
