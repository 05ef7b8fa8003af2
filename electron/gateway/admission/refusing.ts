import { describeProblem } from '../../../shared/problems'
import { kindOf } from '../../kinds'
import type { Door } from '../../access/guard'
import type { Asked, OwnAnswer, Refused } from '../stages'
import { problemPage } from './own-pages'
import { languageOf } from '../../../shared/problems/language'

/**
 * How a refusal is told: to a browser that asks for a page as a page, to programs as the service's own program would, in
 * the language of who asks. `place` is null where the service is gone.
 */
export function refuse(asked: Asked, refused: Refused, place: { title: string; door: Door } | null): OwnAnswer {
  const { refused: problem, status, retryAfterS } = refused
  const more = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  if (asked.wantsPage && place !== null) {
    const page = problemPage(asked, place, problem, status)
    return { own: { ...page, headers: { ...page.headers, ...more } } }
  }
  const text = describeProblem(problem.id, problem.params, languageOf(asked.headers['accept-language']))
  const said = kindOf(asked.kind).gateway.refusal(asked, { status, ...text })
  // A browser would ask for a name and password in a window of its own, keep them, and send them with every request of
  // whatever page: its way in is the sign-in page. Over plain HTTP it does not say where a request comes from.
  const { 'sec-fetch-site': site, 'user-agent': client = '' } = asked.headers
  const isBrowser = site !== undefined || client.startsWith('Mozilla/')
  const headers = Object.entries(said.headers).filter(([name]) => !isBrowser || name !== 'www-authenticate')
  return { own: { ...said, headers: { ...Object.fromEntries(headers), 'cache-control': 'no-store', ...more } } }
}
