import { Problem } from '../../../shared/problems'
import type { Asked, OwnAnswer, Refused } from '../stages'
import { useOf } from './letting-in'
import type { ForeignSecret, Shown } from './shown'

export interface StrangersOptions {
  /** Whether something is the secret of a service itself. */
  isServiceSecret: (serviceId: string, shown: ForeignSecret) => Promise<boolean>
  /** Somebody still goes with the service's own secret. */
  noteServiceSecret: (use: { serviceId: string; from: string; client: string | null }) => void
}

export const unauthorized = (problem: Problem): Refused => ({ refused: problem, status: 401 })

/** Leads a browser to the sign-in page, and back afterwards. */
function toSignIn({ path, query }: Asked): OwnAnswer {
  const kept = new URLSearchParams(query)
  kept.delete('token')
  const search = kept.toString()
  const next = search === '' ? path : `${path}?${search}`
  const location = next === '/' ? '/_regie/signin' : `/_regie/signin?${new URLSearchParams({ next }).toString()}`
  return { own: { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' } }
}

/** Why somebody who shows nothing that is good is not let in. */
export async function refuseStranger(
  asked: Asked,
  { isBroken, foreign }: Shown,
  { isServiceSecret, noteServiceSecret }: StrangersOptions,
): Promise<Refused | OwnAnswer> {
  if (isBroken) return unauthorized(new Problem('gateway.key-broken'))
  for (const shown of foreign) {
    if (!(await isServiceSecret(asked.serviceId, shown))) continue
    noteServiceSecret(useOf(asked))
    return unauthorized(new Problem('gateway.service-secret'))
  }
  if (asked.wantsPage) return toSignIn(asked)
  return unauthorized(new Problem(foreign.length > 0 ? 'gateway.not-a-key' : 'gateway.key-required'))
}

/** What was thrown on the way in, as a refusal. Throws again what is none. */
export function refusedBy(error: unknown): Refused {
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
