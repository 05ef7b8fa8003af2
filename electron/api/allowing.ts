import * as z from 'zod'
import { accountOfEvent, eventAccess, type AccountId, type Guarding, type PanelEvent } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ApiContext, Caller } from './context'

/** Who asks, and for what: how it is guarded, under which name it stands in the contract, and with which input. */
export interface Asked {
  guarding: Guarding
  path: readonly string[]
  input: unknown
}

// Each by itself: input is looked at before it is known to fit, and what does not fit must not hide what does.
const Named = z.object({
  id: z.string().optional().catch(undefined),
  ids: z.array(z.string().catch('')).catch([]),
})

/** How it is told that something is not there; what somebody may not know of is told so too. */
function notThere(path: readonly string[]) {
  const name = path.join('/')
  if (path[0] === 'images' || name === 'inputs/fromImage') return 'image.not-found'
  if (path[0] === 'inputs') return 'picture.not-found'
  if (path[0] === 'keys') return 'key.not-found'
  return name === 'gallery/download' ? 'archive.not-found' : 'generation.not-found'
}

const forbidden = ({ parts: { owner }, caller }: ApiContext) =>
  new Problem(caller.door === 'desktop' && owner.isOnDemand() ? 'session.admin-locked' : 'session.forbidden')

/** Throws a Problem unless all that is named may be known, or started, by somebody who is no administrator. */
function checkNamed({ guarding, path, input }: Asked, context: ApiContext): void {
  const { parts, caller } = context
  const { id, ids = [] } = Named.safeParse(input).data ?? {}
  // What names nothing is narrowed to what its reader may see (`seesOnly`), or does not fit and is refused as such.
  const named = id === undefined ? ids : [id, ...ids]
  if (guarding.access === 'waking') {
    const asleep = named.find((each) => !parts.services.get(each).idle.wake)
    if (asleep === undefined) return
    throw caller.door === 'desktop' ? forbidden(context) : new Problem('service.not-wakeable', { id: asleep })
  }
  const only = seesOnly(guarding, context)
  for (const each of named) {
    const account =
      parts.generations.accountOf(each) ?? parts.inputs.accountOf(each) ?? parts.access.people.keyOwner(each)
    if (account === null || account === caller.account) continue
    // What somebody deleted is shared no longer. Of many, each is looked at where it is done: the others are not refused.
    if (only !== null || (each === id && parts.generations.isBinned(each)))
      throw new Problem(notThere(path), { id: each })
  }
}

// As above: what does not fit must not hide what does.
const NamesService = z.object({
  id: z.string().optional().catch(undefined),
  serviceId: z.string().optional().catch(undefined),
})

/** A key for some services opens no others here either. Throws `gateway.other-service`. */
function checkService({ path, input }: Asked, { parts, caller }: ApiContext): void {
  if (caller.keyId === null) return
  const services = parts.access.people.guestOfKey(caller.keyId)?.services ?? null
  const { id, serviceId } = NamesService.safeParse(input).data ?? {}
  const named = path[0] === 'services' ? id : serviceId
  if (services !== null && named !== undefined && !services.includes(named))
    throw new Problem('gateway.other-service', { id: named })
}

/** Throws `session.reauth-required` unless the caller has shown lately who he is: for what depends on the input. */
export function checkProof({ presence, keyId }: Caller): void {
  if (keyId !== null) throw new Problem('key.no-proof')
  if (!presence?.isProven()) throw new Problem('session.reauth-required')
}

/** Throws a Problem unless the caller may have what is asked for, as the contract's table says. */
export function checkAccess(asked: Asked, context: ApiContext): void {
  const { access, reauth } = asked.guarding
  const { caller } = context
  if (access === 'public') return
  if (caller.role === null || caller.presence === null) throw new Problem('session.required')
  if (caller.presence.isLocked()) throw new Problem('session.locked')
  checkService(asked, context)
  if (caller.role !== 'admin') {
    if (access === 'admin') throw forbidden(context)
    if (access !== 'user') checkNamed(asked, context)
  }
  if (reauth) checkProof(caller)
}

/** The account whose things alone the caller may see of what is guarded so; null where he may see everybody's. */
export function seesOnly({ access }: Pick<Guarding, 'access'>, { caller, parts }: ApiContext): AccountId | null {
  if (caller.role === 'admin' || (access !== 'own' && access !== 'shared')) return null
  return access === 'shared' && parts.isGalleryShared() ? null : caller.account
}

/** Whether the caller is told of an event, as the contract's table says. */
export function isToldOf(event: PanelEvent, context: ApiContext): boolean {
  const access = eventAccess[event.type]
  if (access === 'admin') return context.caller.role === 'admin'
  const only = seesOnly({ access }, context)
  return only === null || accountOfEvent(event) === only
}
