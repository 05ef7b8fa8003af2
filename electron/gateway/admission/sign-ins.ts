import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { AccountId, Role } from '../../../shared/contract'
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

export type SignIns = ReturnType<typeof createSignIns>

const idOf = (value: string) => createHash('sha256').update(value).digest('hex')

/**
 * Who is signed in with a browser at which listener. Only hashes of the cookies' values are kept, in `store`, so that a
 * restart signs nobody out. One ends with its time, its key, its person's suspension or removal, another role or
 * password: for good, whatever is taken back later and wherever the clock is set to.
 */
export function createSignIns(options: {
  store: ConfigStore
  people: SignedInPeople
  wall?: () => number
  steady?: () => number
}) {
  const { store, people, wall = Date.now, steady } = options
  const kept = Stored.safeParse(store.get('gatewaySignIns'))
  let all = new Map(kept.success ? Object.entries(kept.data.all) : [])
  let writtenAt = kept.success ? kept.data.newest : 0
  const before = writtenAt
  const now = createForwardTime(() => Math.max(wall(), before), steady)

  const keep = (isKept: (signIn: SignIn, id: string) => boolean): void => {
    const left = [...all].filter(([id, signIn]) => signIn.expiresAt > now() && isKept(signIn, id))
    if (left.length === all.size && now() - writtenAt < clockKeptMs) return
    all = new Map(left)
    write()
  }
  const write = (): void => {
    writtenAt = now()
    store.set('gatewaySignIns', { newest: writtenAt, all: Object.fromEntries(all) })
  }

  /** Whom a sign-in stands for, whatever it was made for. */
  const personOf = ({ account, keyId }: SignIn): Guest | null =>
    keyId === null ? people.guestOf(account) : people.guestOfKey(keyId)

  /** The same; null where it does not any more. */
  const guestOf = (signIn: SignIn): Guest | null => {
    const { account, role, service, expiresAt } = signIn
    const guest = personOf(signIn)
    const isSame = guest !== null && guest.account === account && guest.role === role && expiresAt > now()
    return isSame && (guest.services === null || guest.services.includes(service)) ? guest : null
  }

  /** Whether a sign-in is over for good: past its time, or its person has another role now. */
  const isOver = (signIn: SignIn): boolean => {
    const guest = personOf(signIn)
    return signIn.expiresAt <= now() || (guest !== null && guest.role !== signIn.role)
  }

  const forget = [
    people.onShrink(() => keep((signIn) => guestOf(signIn) !== null)),
    people.onPassword((account) => keep((signIn) => signIn.account !== account || signIn.keyId !== null)),
  ]
  keep(() => true)

  return {
    /** Signs a person in. Returns the cookie's value, and how long it is good for, in s. */
    open(guest: Guest, { service, port }: Listener): { value: string; maxAgeS: number } {
      const value = randomBytes(32).toString('base64url')
      const { account, role, keyId } = guest
      const own = [...all].filter(([, one]) => one.account === account && one.service === service)
      const oldest = own.toSorted(([, a], [, b]) => a.since - b.since).slice(0, Math.max(0, own.length - mostEach + 1))
      for (const [id] of oldest) all.delete(id)
      all.set(idOf(value), { service, port, account, role, keyId, since: now(), expiresAt: now() + lifetimeMs })
      write()
      return { value, maxAgeS: lifetimeMs / 1000 }
    },

    /** Who is signed in with one of these cookies at this listener; null for nobody. */
    find(values: readonly string[], { service, port }: Listener): SignedIn | null {
      if (now() - writtenAt >= clockKeptMs) keep(() => true)
      for (const value of values) {
        const id = idOf(value)
        const signIn = all.get(id)
        if (!signIn || signIn.service !== service || signIn.port !== port) continue
        const guest = guestOf(signIn)
        if (guest) return { id, guest }
        if (isOver(signIn)) keep((_, one) => one !== id)
      }
      return null
    },

    /** Whether it still stands. */
    isGood(id: string): boolean {
      const signIn = all.get(id)
      return signIn !== undefined && guestOf(signIn) !== null
    },

    end(id: string): void {
      keep((_, one) => one !== id)
    },

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
