import { checkHostAndOrigin, type Door } from '../../access/guard'
import { Problem } from '../../../shared/problems'
import type { Asked, Guest, OwnAnswer, Refused } from '../stages'
import { createKeyLook, type KeysOptions } from './keys'
import { createOwnPages, headersOf, type Looks, type Place } from './own-pages'
import type { Condition } from './page/page'
import { refuse } from './refusing'
import { readShown, type ForeignSecret, type Shown, type ShownKey } from './shown'
import { cookieName, createSignIns, type Listener, type SignedInPeople } from './sign-ins'
import type { ConfigStore } from '../../storage/config'

export type { Condition } from './page/page'
export type { ForeignSecret } from './shown'

export interface AdmissionOptions {
  people: SignedInPeople & {
    /** Whether people and keys could be read; else nobody is let in. */
    isReadable(): boolean
    findKey: KeysOptions['findKey']
    /** Throws `session.bad-password`, `session.too-many`, `user.suspended`, `people.unreadable`. */
    verify: Looks['password']
    noteKeyUse(keyId: string, use: { from: string; client: string | null; serviceId: string }): void
    noteSeen(account: string): void
  }
  attempts: KeysOptions['attempts']
  /** Keeps who is signed in. */
  store: ConfigStore
  /** The listener of a service, by what it is known; null where there is none. */
  listenerOf: (serviceId: string) => { door: Door; title: string } | null
  /** What has become of a service, for the sign-in page. */
  conditionOf(serviceId: string): Condition
  isVaultOpen(): boolean
  /** Whether something is the secret of a service itself. */
  isServiceSecret(serviceId: string, shown: ForeignSecret): Promise<boolean>
  /** Somebody still goes with the service's own secret. */
  noteServiceSecret(use: { serviceId: string; from: string; client: string | null }): void
  wall?: () => number
  steady?: () => number
}

/** So much of what a program calls itself is kept. */
const longestClient = 120

/** How long somebody waits before he asks whether the vault is open now, in s. */
const vaultRetryS = 30

const unauthorized = (problem: Problem): Refused => ({ refused: problem, status: 401 })

/** What was thrown on the way in, as a refusal. */
function refusedBy(error: unknown): Refused {
  if (!(error instanceof Problem)) throw error
  switch (error.id) {
    case 'session.too-many':
      return { refused: error, status: 429, retryAfterS: Number(error.params['seconds']) || 1 }
    case 'gateway.other-service':
    case 'gateway.foreign-page':
    case 'gateway.wrong-address':
      return { refused: error, status: 403 }
    default:
      return unauthorized(error)
  }
}

/** A navigation that a page of another origin begins; only the start page, shown in a window, is reached so. */
function isForeignNavigation({ headers, path, wantsPage }: Asked): boolean {
  const site = headers['sec-fetch-site']
  const isFrame = headers['sec-fetch-dest'] !== undefined && headers['sec-fetch-dest'] !== 'document'
  return (site === 'cross-site' || site === 'same-site') && (!wantsPage || path !== '/' || isFrame)
}

/**
 * Refuses what a page of another origin, or one under another name, has a browser send: what the browser brings by itself
 * (a cookie, a password that it keeps) says nothing then of who wants it. Throws `gateway.wrong-address`,
 * `gateway.foreign-page`.
 */
function checkOwnPage(asked: Asked, door: Door): void {
  const { host = '', origin, 'sec-fetch-site': site = '' } = asked.headers
  const foreign = () => new Problem('gateway.foreign-page', { origin: (origin ?? site).slice(0, 200) })
  try {
    checkHostAndOrigin(headersOf(asked), door)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw error.id === 'http.wrong-host'
      ? new Problem('gateway.wrong-address', { host: host.slice(0, 200) })
      : foreign()
  }
  if (isForeignNavigation(asked)) throw foreign()
}

export type Admission = ReturnType<typeof createAdmission>

/** Who may come in at the services' listeners. */
export function createAdmission(options: AdmissionOptions) {
  const { people, listenerOf } = options
  const signIns = createSignIns(options)
  const keys = createKeyLook({ findKey: people.findKey, attempts: options.attempts })
  /** What each guest who was let in stands on. */
  const grounds = new WeakMap<Guest, () => boolean>()

  const letIn = (found: Guest, isGood: () => boolean): Guest => {
    const guest = { ...found }
    grounds.set(guest, isGood)
    return guest
  }

  /** Lets in who shows a key. Throws what says why not. */
  function byKey(asked: Asked, { key, way }: ShownKey, door: Door): Guest {
    const { serviceId, from, headers } = asked
    const found = keys.find(key, from, serviceId)
    // A browser that was given one as the password of Basic sends it with whatever any page asks for.
    if (way === 'basic' && (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined))
      checkOwnPage(asked, door)
    people.noteKeyUse(found.keyId, { from, client: headers['user-agent']?.slice(0, longestClient) ?? null, serviceId })
    return letIn(found, () => {
      const now = people.guestOfKey(found.keyId)
      return now?.role === found.role && (now.services === null || now.services.includes(serviceId))
    })
  }

  /** Why somebody who shows nothing that is good is not let in. */
  async function refusalOf(asked: Asked, shown: Shown): Promise<Refused | OwnAnswer> {
    const { serviceId, from, headers } = asked
    if (shown.isBroken) return unauthorized(new Problem('gateway.key-broken'))
    for (const foreign of shown.foreign) {
      if (!(await options.isServiceSecret(serviceId, foreign))) continue
      options.noteServiceSecret({ serviceId, from, client: headers['user-agent']?.slice(0, longestClient) ?? null })
      return unauthorized(new Problem('gateway.service-secret'))
    }
    if (shown.foreign.length > 0 && !asked.wantsPage) return unauthorized(new Problem('gateway.not-a-key'))
    return asked.wantsPage ? toSignIn(asked) : unauthorized(new Problem('gateway.key-required'))
  }

  const placeOf = (asked: Asked, listener: Listener, found: { door: Door; title: string }): Place => ({
    ...found,
    listener,
    condition: options.isVaultOpen() ? options.conditionOf(asked.serviceId) : { is: 'closed' },
  })

  const ownPages = createOwnPages({ signIns, looks: { key: keys.findTyped, password: people.verify } })

  async function identify(asked: Asked): Promise<Guest | Refused | OwnAnswer> {
    const found = listenerOf(asked.serviceId)
    if (found === null) return { refused: new Problem('gateway.closed'), status: 503 }
    const listener = { service: asked.serviceId, port: found.door.port }
    const shown = readShown(asked, cookieName(listener))
    const [key, another] = shown.keys
    if (asked.path.startsWith('/_regie/')) {
      const own = await ownPages.answer(asked, placeOf(asked, listener, found), signIns.find(shown.cookies, listener))
      if (own) return own
    }
    if (!people.isReadable()) return { refused: new Problem('gateway.closed'), status: 503 }
    if (another) return unauthorized(new Problem('gateway.two-keys'))
    if (key) return byKey(asked, key, found.door)
    // A key that is meant and is none is no reason to take the cookie in its place: who sent it wants to know.
    const signedIn = shown.isBroken ? null : signIns.find(shown.cookies, listener)
    if (signedIn === null) return await refusalOf(asked, shown)
    checkOwnPage(asked, found.door)
    people.noteSeen(signedIn.guest.account)
    return letIn(signedIn.guest, () => signIns.isGood(signedIn.id))
  }

  return {
    /** Who sends a request, or why he is not let in. */
    async admit(asked: Asked): Promise<Guest | Refused | OwnAnswer> {
      try {
        const guest = await identify(asked)
        const isIn = 'account' in guest
        // Strangers learn nothing of the vault.
        return isIn && !options.isVaultOpen()
          ? { refused: new Problem('gateway.vault-locked'), status: 503, retryAfterS: vaultRetryS }
          : guest
      } catch (error) {
        return refusedBy(error)
      }
    },

    refuse: (asked: Asked, refused: Refused): OwnAnswer => refuse(asked, refused, listenerOf(asked.serviceId)),

    /** Whether somebody who was let in would be let in again: what is open for others is cut. */
    isStillIn: (guest: Guest): boolean => grounds.get(guest)?.() ?? false,

    close: () => signIns.close(),
  }
}

/** Leads a browser to the sign-in page, and back afterwards. */
function toSignIn({ path, query }: Asked): OwnAnswer {
  const kept = new URLSearchParams(query)
  kept.delete('token')
  const search = kept.toString()
  const next = search === '' ? path : `${path}?${search}`
  const location = next === '/' ? '/_regie/signin' : `/_regie/signin?${new URLSearchParams({ next }).toString()}`
  return { own: { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' } }
}
