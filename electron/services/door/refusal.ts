import type { DoorAnswer } from './ask'

const loginPath = /\/(log-?in|sign-?in|auth|oauth2?|sso|account)(?:[/?#.]|$)/i

/** A redirect without what follows the path: that may be long, or repeat a token. */
export const placeOf = (location: string) => location.replace(/[?#].*$/, '').slice(0, 80)

/**
 * Whether an answer turns a stranger away. A proxy's redirect to its login counts as a refusal, one to anywhere else
 * proves nothing. null: it is no refusal.
 */
export function refusal({ status, location }: Pick<DoorAnswer, 'status' | 'location'>): 'guarded' | 'unclear' | null {
  if (status === null) return null
  if (status === 401 || status === 403 || status === 407) return 'guarded'
  if (status >= 300 && status < 400)
    return location !== null && loginPath.test(placeOf(location)) ? 'guarded' : 'unclear'
  if (status === 429 || status >= 500) return 'unclear'
  return null
}
