import { isRefusal } from '../kinds/refusal'
import type { DoorAnswer } from './ask'

/** What an answer says of a guard: `unclear` proves nothing, null is neither a refusal nor a failure. */
export function refusal(answer: Pick<DoorAnswer, 'status' | 'location' | 'url'>): 'guarded' | 'unclear' | null {
  const { status, url } = answer
  if (status === null) return null
  if (isRefusal(answer, url)) return 'guarded'
  return (status >= 300 && status < 400) || status === 429 || status >= 500 ? 'unclear' : null
}
