/**
 * The second half of this browser's session. A cookie is sent to every port of a host, so that any other server there
 * is given it; what lies in the storage of this page's own origin is not. It stays over tabs and restarts, and the
 * panel takes the cookie for nothing without it.
 */
const storedAs = 'regie-session'

/** `key` proves the page; `view`, which is derived from it and opens nothing else, goes into addresses of images. */
interface PageKey {
  key: string
  view: string
}

const isKey = (text: string) => /^[\w-]{16,128}\.[\w-]{16,128}$/.test(text)

/** Whether the panel knows this half, with the cookie that is there. What it does not answer may be right. */
async function isKnown(half: string): Promise<boolean> {
  try {
    const response = await fetch('/api/v1/session', { headers: { 'x-regie-page': half.split('.')[0] ?? '' } })
    const session: unknown = await response.json()
    return typeof session === 'object' && session !== null && 'role' in session && session.role !== null
  } catch {
    return localStorage.getItem(storedAs) === null
  }
}

async function take(): Promise<PageKey | null> {
  // The desktop's own protocol has neither cookie nor session.
  if (!location.protocol.startsWith('http')) return null
  const arrived = /^#session=([\w.-]+)$/.exec(location.hash)?.[1]
  if (arrived !== undefined) {
    history.replaceState(null, '', `${location.pathname}${location.search}#/`)
    // Any page can lead here with a half that it made up, and must not sign anybody out with it.
    if (isKey(arrived) && (await isKnown(arrived))) localStorage.setItem(storedAs, arrived)
  }
  const [key, view] = (localStorage.getItem(storedAs) ?? '').split('.')
  return key && view ? { key, view } : null
}

const present = await take()

/** The header that every request of this page carries. */
export const pageHeaders = (): Record<string, string> => (present ? { 'x-regie-page': present.key } : {})

/** The first message of a WebSocket, whose requests carry no headers of a page; null where there is nothing to say. */
export const pageGreeting = (): string | null => (present ? `regie-page ${present.key}` : null)

/** Adds to the address of what an element of the page loads by itself what lets it in. */
export const viewable = (path: string): string => (present ? `${path}?view=${present.view}` : path)

/** Keeps the half that a sign-in was answered with; the page then starts afresh. */
export const keepPageKey = (text: string): void => localStorage.setItem(storedAs, text)
