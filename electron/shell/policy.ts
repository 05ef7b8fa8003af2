import { isPanelUrl, panelOrigin, panelScheme, parseUrl } from './scheme'

/** The page copies a revealed secret or a fingerprint to the clipboard. It needs nothing else of the browser. */
const grantedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Whether a page may use a browser capability. `origin` is the asking page's address or origin. */
export const allowsPermission = (permission: string, origin: string): boolean =>
  grantedPermissions.has(permission) && isPanelUrl(origin)

const localSchemes: ReadonlySet<string> = new Set([`${panelScheme}:`, 'data:', 'devtools:'])

/** Whether the window's session may fetch an address at all: the panel and what the page itself made, nothing else. */
export function allowsRequest(address: string): boolean {
  const url = parseUrl(address)
  if (url === null) return false
  if (url.protocol === `${panelScheme}:`) return isPanelUrl(address)
  return localSchemes.has(url.protocol) || isPanelBlob(address)
}

/** Whether a download may be saved: only what the panel serves or the page made. */
export const allowsDownload = (address: string): boolean => isPanelUrl(address) || isPanelBlob(address)

const isPanelBlob = (address: string) => address.startsWith(`blob:${panelOrigin}/`)

/** A proposed file name without folders, control characters and what Windows refuses; never empty. */
export function safeFileName(proposed: string): string {
  const name = (proposed.split(/[\\/]/).at(-1) ?? '')
    .replaceAll(/[<>:"|?*\p{Cc}]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 200)
  return name === '' ? 'regie-download' : name
}
