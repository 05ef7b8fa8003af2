import { checkHostAndOrigin, type AskedHeaders, type Door } from '../../access/guard'
import { Problem } from '../../../shared/problems'
import type { Asked } from '../stages'

export const headersOf = ({ headers }: Pick<Asked, 'headers'>): AskedHeaders => ({
  get: (name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : null
  },
})

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
export function checkOwnPage(asked: Asked, door: Door): void {
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
