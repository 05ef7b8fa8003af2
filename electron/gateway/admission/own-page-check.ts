import { checkHostAndOrigin, type AskedHeaders, type Door } from '../../access/guard'
import { Problem } from '../../../shared/problems'
import type { Asked } from '../stages'

export const headersOf = ({ headers }: Pick<Asked, 'headers'>): AskedHeaders => ({
  get: (name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : null
  },
})

/**
 * Whether a page of another origin asks. Over plain HTTP away from this machine browsers do not say so but by the page
 * that they come from, and that only where it lets them.
 */
function isFromElsewhere({ headers }: Asked): boolean {
  const { 'sec-fetch-site': site, referer, host } = headers
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  return referer !== undefined && (!URL.canParse(referer) || new URL(referer).host !== host?.toLowerCase())
}

/** Whether a page is only shown, in a window of its own: the start page may be reached from anywhere. */
const isStartPage = ({ headers, path, wantsPage }: Asked): boolean =>
  wantsPage && path === '/' && ['document', undefined].includes(headers['sec-fetch-dest']?.toString())

/** Without the path: that may hold a key. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '?')

/**
 * Refuses what a page of another origin, or one under another name, has a browser send: what the browser brings by itself
 * (a cookie, a password that it keeps) says nothing then of who wants it. Throws `gateway.wrong-address`,
 * `gateway.foreign-page`.
 */
export function checkOwnPage(asked: Asked, door: Door): void {
  const { host = '', origin, referer, 'sec-fetch-site': site } = asked.headers
  const foreign = () =>
    new Problem('gateway.foreign-page', { origin: (origin ?? site ?? originOf(referer ?? '')).slice(0, 200) })
  try {
    checkHostAndOrigin(headersOf(asked), door)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw error.id === 'http.wrong-host'
      ? new Problem('gateway.wrong-address', { host: host.slice(0, 200) })
      : foreign()
  }
  if (isFromElsewhere(asked) && !isStartPage(asked)) throw foreign()
}

/**
 * Whether a form was sent by a page of this listener. Browsers name the origin of every form that is sent; what names
 * none is no browser, and has a key.
 */
export function isOwnForm(asked: Asked, door: Door): boolean {
  const headers = headersOf(asked)
  try {
    checkHostAndOrigin(headers, door)
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
  return headers.get('origin') !== null || headers.get('sec-fetch-site') === 'same-origin'
}
