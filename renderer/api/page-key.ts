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

function take(): PageKey | null {
  // The desktop's own protocol has neither cookie nor session.
  if (!location.protocol.startsWith('http')) return null
  const arrived = /^#session=([\w.-]+)$/.exec(location.hash)?.[1]
  if (arrived !== undefined) {
    if (isKey(arrived)) localStorage.setItem(storedAs, arrived)
    history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  }
  const [key, view] = (localStorage.getItem(storedAs) ?? '').split('.')
  return key && view ? { key, view } : null
}

const present = take()

/** The header that every request of this page carries. */
export const pageHeaders = (): Record<string, string> => (present ? { 'x-regie-page': present.key } : {})

/** The first message of a WebSocket, whose requests carry no headers of a page; null where there is nothing to say. */
export const pageGreeting = (): string | null => (present ? `regie-page ${present.key}` : null)

/** Adds to the address of what an element of the page loads by itself what lets it in. */
export const viewable = (path: string): string => (present ? `${path}?view=${present.view}` : path)

/** Keeps the half that a sign-in was answered with; the page then starts afresh. */
export const keepPageKey = (text: string): void => localStorage.setItem(storedAs, text)
