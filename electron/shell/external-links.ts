import { parseUrl } from './scheme'

/** Sites that Regie's own pages point to: its documentation, and the projects that it drives. */
const knownSites: ReadonlySet<string> = new Set([
  'docs.docker.com',
  'docs.nvidia.com',
  'github.com',
  'huggingface.co',
  'www.electronjs.org',
])

const isLoopback = (hostname: string) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)

const longest = 2048

/**
 * The address to hand to the system's browser, or null when it is refused. Accepted are services' own pages on this
 * machine, the configured services wherever they run (`serviceUrls`), and known sites over https. An opener that
 * takes any address is a way to run programs (file:, custom schemes) and to carry data out (a foreign site).
 */
export function checkExternalLink(address: string, serviceUrls: readonly string[]): string | null {
  const url = address.length > longest ? null : parseUrl(address)
  if (url === null || url.username !== '' || url.password !== '') return null
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const allowed =
    isLoopback(url.hostname) ||
    (url.protocol === 'https:' && url.port === '' && knownSites.has(url.hostname)) ||
    serviceUrls.some((service) => parseUrl(service)?.origin === url.origin)
  return allowed ? url.href : null
}

export interface ExternalLinksOptions {
  /** The configured services' base URLs, at the time of each question. */
  serviceUrls: () => readonly string[]
  /** Opens an address in the user's browser: Electron's `shell.openExternal`. */
  open: (address: string) => Promise<void>
  refused: (address: string) => void
}

/** The one place from which an address leaves the window for the system's browser. */
export const createLinkOpener =
  ({ serviceUrls, open, refused }: ExternalLinksOptions) =>
  (address: string): void => {
    const checked = checkExternalLink(address, serviceUrls())
    if (checked === null) refused(address)
    else open(checked).catch(() => refused(address))
  }
