import type { Door } from '../../access/guard'
import { Problem } from '../../../shared/problems'
import type { ConfigStore } from '../../storage/config'
import type { Asked, Guest, Lease, OwnAnswer, Refused, Stages } from '../stages'
import { createShownReader, type ShownBefore } from './before'
import { createKeyLook, type KeysOptions } from './keys'
import { createLettingIn, type NotedPeople } from './letting-in'
import { createOwnPages, type Looks, type Place } from './own-pages'
import type { Condition } from './page/page'
import { refuse } from './refusing'
import { createSignIns, type Listener, type SignedInPeople, type SignIns } from './sign-ins'
import { refusedBy, refuseStranger, unauthorized, type StrangersOptions } from './strangers'

export type { Condition } from './page/page'
export type { ForeignSecret } from './shown'

export interface AdmissionOptions extends StrangersOptions {
  people: SignedInPeople &
    NotedPeople &
    Pick<KeysOptions, 'findKey'> & {
      /** Whether people and keys could be read; else nobody is let in. */
      isReadable: () => boolean
      /** Whose the id or the name is; what is nobody's comes back as it is. */
      idOf: (text: string) => string
      /** Throws `session.bad-password`, `session.too-many`, `user.suspended`, `people.unreadable`. */
      verify: Looks['password']
    }
  attempts: KeysOptions['attempts']
  /** Keeps who is signed in. */
  store: ConfigStore
  /** The listener of a service, by what it is known; null where there is none. */
  listenerOf: (serviceId: string) => { door: Door; title: string } | null
  /** What has become of a service, for the sign-in page. */
  conditionOf: (serviceId: string) => Promise<Condition>
  isVaultOpen: () => boolean
  /** Takes back that somebody waits for a service; answers whether it is stopped for it. */
  cancelWaking: (serviceId: string, guest: Guest) => boolean
  wall?: () => number
  steady?: () => number
}

/** How long somebody waits before he asks whether the vault is open now, in s. */
const vaultRetryS = 30

const closed = (): Refused => ({ refused: new Problem('gateway.closed'), status: 503 })

/** The door that a request came to, and what it shows there. */
interface At {
  door: Door
  title: string
  listener: Listener
  before: ShownBefore
}

/** What admission consists of. */
interface Parts extends ReturnType<typeof createLettingIn> {
  readShown: ReturnType<typeof createShownReader>
  signIns: SignIns
  ownPages: ReturnType<typeof createOwnPages>
}

type Entered = Guest | Refused | OwnAnswer

/** Strangers learn nothing of the vault. */
const vaultLocked = (): Refused => ({
  refused: new Problem('gateway.vault-locked'),
  status: 503,
  retryAfterS: vaultRetryS,
})

/** Who sends a request to a service, own pages aside. Throws the Problem that says why somebody is not let in. */
function admitted(asked: Asked, at: At, parts: Parts, options: AdmissionOptions): Entered | Promise<Entered> {
  const { door, before, listener } = at
  const { shown } = before
  const [key, another] = shown.keys
  if (!options.people.isReadable()) return closed()
  if (another) return unauthorized(new Problem('gateway.two-keys'))
  if (key) return parts.byKey(asked, key, { door, before })
  // A key that is meant and is none is no reason to take the cookie in its place: who sent it wants to know.
  const signedIn = shown.isBroken ? null : parts.signIns.find(shown.cookies, listener)
  return signedIn ? parts.byCookie(asked, signedIn, door) : refuseStranger(asked, shown, options)
}

/** The gateway's own page, where one is asked for; else who sends the request. Throws what `admitted` throws. */
async function ownPage(asked: Asked, at: At, parts: Parts, options: AdmissionOptions): Promise<Entered> {
  const { isVaultOpen, conditionOf, cancelWaking } = options
  const { door, title, before, listener } = at
  const condition = async (): Promise<Condition> =>
    isVaultOpen() ? await conditionOf(asked.serviceId) : { is: 'closed' }
  const place: Place = {
    ...{ door, title, listener, condition },
    cancelWaking: (guest) => new Problem(cancelWaking(asked.serviceId, guest) ? 'waking.given-up' : 'waking.goes-on'),
  }
  const own = await parts.ownPages.answer(asked, place, parts.signIns.find(before.shown.cookies, listener))
  return own ?? admitted(asked, at, parts, options)
}

/** Finds out who sends a request, at once for all but strangers and own pages. Throws what `admitted` throws. */
function identify(asked: Asked, parts: Parts, options: AdmissionOptions): Entered | Promise<Entered> {
  const found = options.listenerOf(asked.serviceId)
  if (found === null) return closed()
  const listener = { service: asked.serviceId, port: found.door.port }
  const at = { door: found.door, title: found.title, listener, before: parts.readShown(asked, listener) }
  return asked.path.startsWith('/_regie/') ? ownPage(asked, at, parts, options) : admitted(asked, at, parts, options)
}

export type Admission = ReturnType<typeof createAdmission>

/** Who may come in at the services' listeners. */
export function createAdmission(options: AdmissionOptions) {
  const { people, listenerOf, isVaultOpen } = options
  const signIns = createSignIns(options)
  const keys = createKeyLook({ findKey: people.findKey, attempts: options.attempts })
  const looks: Looks = {
    key: keys.find,
    password: (name, password, from) => people.verify(people.idOf(name), password, from),
  }
  const ownPages = createOwnPages({ signIns, looks })
  const readShown = createShownReader()
  const parts = { readShown, signIns, ownPages, ...createLettingIn({ people, keys, signIns }) }
  const { isStillIn } = parts
  const whileOpen = (entered: Entered): Entered => ('account' in entered && !isVaultOpen() ? vaultLocked() : entered)

  return {
    /** Who sends a request, or why he is not let in. */
    admit(asked: Asked): Entered | Promise<Entered> {
      try {
        const entered = identify(asked, parts, options)
        return entered instanceof Promise ? entered.then(whileOpen).catch(refusedBy) : whileOpen(entered)
      } catch (error) {
        return refusedBy(error)
      }
    },

    refuse: (asked: Asked, refused: Refused): OwnAnswer => refuse(asked, refused, listenerOf(asked.serviceId)),

    /** Whether somebody who was let in would be let in again: what is open for others is cut. */
    isStillIn,

    /**
     * Calls back when somebody may be in no longer: a key, a sign-in or an account has ended. What is open is looked at
     * again then, with `isStillIn`. Returns the undo.
     */
    onShrink(listener: () => void): () => void {
      const forget = [people.onShrink(listener), signIns.onEnd(listener)]
      return () => forget.forEach((undo) => undo())
    },

    /**
     * The last of the stages, with a look at who waited in those before it: nobody goes on who has lost his key meanwhile.
     */
    lastLook:
      (turn: Stages['turn']): Stages['turn'] =>
      (passing) => {
        const looked = (lease: Lease | Refused): Lease | Refused => {
          if ('refused' in lease || isStillIn(passing.guest)) return lease
          lease.end()
          return unauthorized(new Problem('gateway.key-refused'))
        }
        const lease = turn(passing)
        return lease instanceof Promise ? lease.then(looked) : looked(lease)
      },

    close: () => signIns.close(),
  }
}

/** The stages with a door before them: who comes, how strangers are told, and a last look before somebody goes on. */
export const withAdmission = (stages: Stages, admission: Admission): Stages => ({
  ...stages,
  admit: (asked) => admission.admit(asked),
  refuse: (asked, refused) => admission.refuse(asked, refused),
  turn: admission.lastLook((admitted) => stages.turn(admitted)),
})
