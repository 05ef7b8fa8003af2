import type { Door } from '../../access/guard'
import type { Asked, Guest } from '../stages'
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

/** Lets people in, and remembers on what each stands. */
export function createLettingIn({ people, keys, signIns }: { people: NotedPeople; keys: KeyLook; signIns: SignIns }) {
  const grounds = new WeakMap<Guest, () => boolean>()

  const letIn = (found: Guest, isGood: () => boolean): Guest => {
    const guest = { ...found }
    grounds.set(guest, isGood)
    return guest
  }

  return {
    /** Lets in who shows a key. Throws what `KeyLook.find` throws, and `gateway.foreign-page`. */
    byKey(asked: Asked, { key, way }: ShownKey, door: Door): Guest {
      const { serviceId, from, headers } = asked
      const found = keys.find(key, from, serviceId)
      // A browser that was given one as the password of Basic sends it with whatever any page asks for.
      if (way === 'basic' && (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined))
        checkOwnPage(asked, door)
      people.noteKeyUse(found.keyId, useOf(asked))
      return letIn(found, () => {
        const now = people.guestOfKey(found.keyId)
        return now?.role === found.role && (now.services === null || now.services.includes(serviceId))
      })
    },

    /** Lets in a browser that is signed in. Throws `gateway.wrong-address`, `gateway.foreign-page`. */
    byCookie(asked: Asked, { id, guest }: SignedIn, door: Door): Guest {
      checkOwnPage(asked, door)
      if (guest.keyId === null) people.noteSeen(guest.account)
      else people.noteKeyUse(guest.keyId, useOf(asked))
      return letIn(guest, () => signIns.isGood(id))
    },

    /** Whether somebody who was let in would be let in again. */
    isStillIn: (guest: Guest): boolean => grounds.get(guest)?.() ?? false,
  }
}
