import type { Door } from '../../access/guard'
import type { Asked, Guest } from '../stages'
import type { ShownBefore } from './before'
import type { KeyLook } from './keys'
import { checkOwnPage } from './own-page-check'
import type { ShownKey } from './shown'
import type { SignedIn, SignIns } from './sign-ins'

export interface NotedPeople {
  guestOfKey: (keyId: string) => Guest | null
  noteKeyUse: (keyId: string, use: { from: string; client: string | null; serviceId: string }) => void
  noteSeen: (account: string) => void
}

/** So much of what a program calls itself is kept. */
const longestClient = 120

/** What a request came from and with, for people to recognise it. */
export const useOf = ({ serviceId, from, headers }: Asked) => ({
  ...{ serviceId, from },
  client: headers['user-agent']?.slice(0, longestClient) ?? null,
})

/** The use of a key is noted once in so long for each connection, in ms. */
const notedAgainMs = 1000

const opens = ({ services }: Guest, serviceId: string): boolean => services === null || services.includes(serviceId)

/** Somebody who was let in, and on what that stands. */
class LetIn implements Guest {
  readonly account: Guest['account']
  readonly name: string
  readonly role: Guest['role']
  readonly keyId: string | null
  readonly services: Guest['services']
  readonly limits: Guest['limits']
  readonly #isGood: () => boolean

  constructor({ account, name, role, keyId, services, limits }: Guest, isGood: () => boolean) {
    this.account = account
    this.name = name
    this.role = role
    this.keyId = keyId
    this.services = services
    this.limits = limits
    this.#isGood = isGood
  }

  isGood(): boolean {
    return this.#isGood()
  }
}

interface LettingIn {
  people: NotedPeople
  keys: KeyLook
  signIns: SignIns
  /** In ms, never set back. */
  steady?: (() => number) | undefined
}

/** Lets people in, and remembers on what each stands. */
export function createLettingIn({ people, keys, signIns, steady = () => performance.now() }: LettingIn) {
  /** Whose a key is. One that this connection was let in with before is known by its id: it is not hashed again. */
  function find({ serviceId, from }: Asked, key: string, { keyId }: ShownBefore): Guest & { keyId: string } {
    const known = keyId === null ? null : people.guestOfKey(keyId)
    if (keyId !== null && known && opens(known, serviceId)) return { ...known, keyId }
    return keys.find(key, from, serviceId)
  }

  return {
    /** Lets in who shows a key. Throws what `KeyLook.find` throws, and `gateway.foreign-page`. */
    byKey(asked: Asked, { key, way }: ShownKey, { door, before }: { door: Door; before: ShownBefore }): Guest {
      const { serviceId, headers } = asked
      const found = find(asked, key, before)
      // A browser that was given one as the password of Basic sends it with whatever any page asks for.
      if (way === 'basic' && (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined))
        checkOwnPage(asked, door)
      const now = steady()
      if (before.keyId !== found.keyId || now - before.notedAt >= notedAgainMs) {
        people.noteKeyUse(found.keyId, useOf(asked))
        before.notedAt = now
      }
      before.keyId = found.keyId
      return new LetIn(found, () => {
        const still = people.guestOfKey(found.keyId)
        return still?.role === found.role && opens(still, serviceId)
      })
    },

    /** Lets in a browser that is signed in. Throws `gateway.wrong-address`, `gateway.foreign-page`. */
    byCookie(asked: Asked, { id, guest }: SignedIn, door: Door): Guest {
      checkOwnPage(asked, door)
      if (guest.keyId === null) people.noteSeen(guest.account)
      else people.noteKeyUse(guest.keyId, useOf(asked))
      return new LetIn(guest, () => signIns.isGood(id))
    },

    /** Whether somebody who was let in would be let in again. */
    isStillIn: (guest: Guest): boolean => guest instanceof LetIn && guest.isGood(),
  }
}
