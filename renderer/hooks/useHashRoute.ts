import { useSyncExternalStore } from 'react'

export const pages = ['overview', 'services', 'credentials', 'studio', 'gallery', 'gpus', 'settings'] as const
export type PageId = (typeof pages)[number]

export interface Route {
  page: PageId
  /** What the page is about, as in `#/services/comfyui-demo`. */
  id?: string
  /** What follows a question mark, as in `#/studio?service=comfyui-demo`. */
  query: URLSearchParams
}

const isPage = (text: string): text is PageId => (pages as readonly string[]).includes(text)

const decode = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Reads a location hash; anything unknown leads to the overview. */
export function parseHash(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [page = '', id = ''] = path.split('/')
  const query = new URLSearchParams(search)
  if (!isPage(page)) return { page: 'overview', query }
  return id === '' ? { page, query } : { page, id: decode(id), query }
}

/** Address of a page, and of one thing on it, for links. */
export const hrefOf = (page: PageId, id?: string): string =>
  id === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`

/** Address of the Studio with one service chosen. */
export const studioHref = (serviceId: string): string => `${hrefOf('studio')}?service=${encodeURIComponent(serviceId)}`

/** Goes to a page. */
export function navigate(page: PageId, id?: string): void {
  location.hash = hrefOf(page, id)
}

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** The present page, from the location's hash. */
export const useHashRoute = (): Route => parseHash(useSyncExternalStore(subscribe, () => location.hash))
