import { useSyncExternalStore } from 'react'

/** The first part of an address; what stands there says `app/pages`. */
export const pageIds = [
  'overview',
  'services',
  'credentials',
  'studio',
  'gallery',
  'models',
  'gpus',
  'machines',
  'people',
  'settings',
  'me',
] as const
export type PageId = (typeof pageIds)[number]

export interface Route {
  page: PageId
  /** What the page is about, as in `#/services/comfyui-demo`. */
  id?: string
  /** Which part of it, as in `#/services/comfyui-demo/logs`. */
  tab?: string
  /** What follows a question mark, as in `#/studio?service=comfyui-demo`. */
  query: URLSearchParams
}

const isPage = (text: string): text is PageId => (pageIds as readonly string[]).includes(text)

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
  const [page = '', id = '', tab = ''] = path.split('/')
  const query = new URLSearchParams(search)
  if (!isPage(page)) return { page: 'overview', query }
  return { page, query, ...(id !== '' && { id: decode(id), ...(tab !== '' && { tab: decode(tab) }) }) }
}

/** Address of a page, of one thing on it, and of one part of that, for links. */
export const hrefOf = (page: PageId, id?: string, tab?: string): string =>
  ['#', page, id, id === undefined ? undefined : tab]
    .filter((part) => part !== undefined)
    .map((part, at) => (at < 2 ? part : encodeURIComponent(part)))
    .join('/')

/** Address of the Studio with one service chosen. */
export const studioHref = (serviceId: string): string => `${hrefOf('studio')}?service=${encodeURIComponent(serviceId)}`

/** Address of the Studio's mode that edits an image. */
export const editHref = `${hrefOf('studio')}?mode=edit`

/** Address of the Studio's mode that runs workflows, with one of them open. */
export const workflowHref = (id?: string): string =>
  `${hrefOf('studio')}?mode=workflow${id === undefined ? '' : `&workflow=${encodeURIComponent(id)}`}`

/** Address of what was deleted from the gallery. */
export const binHref = `${hrefOf('gallery')}?view=bin`

/** Address of two generations side by side; each may be followed by a dot and the number of its image. */
export const compareHref = (a: string, b: string): string =>
  `${hrefOf('studio')}?view=compare&a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`

/** Address of the logs of all services. */
export const allLogsHref = `${hrefOf('services')}?view=logs`

/** Address of one section of the settings. */
export const sectionHref = (section: string): string => `${hrefOf('settings')}?section=${section}`

/** Address of all that needs attention, or of one thing of it. */
export const attentionHref = (item?: string): string =>
  `${hrefOf('overview')}?view=attention${item === undefined ? '' : `&item=${encodeURIComponent(item)}`}`

/** Address of what people used. */
export const usageHref = `${hrefOf('people')}?view=usage`

/** Address of the leak scan. */
export const leaksHref = `${hrefOf('credentials')}?view=leaks`

/** Address of the search for secrets in a folder. */
export const findSecretsHref = `${hrefOf('credentials')}?view=find`

/** Address of a service's page with a question open. */
export const askHref = (
  serviceId: string,
  ask: 'recreate' | 'rebuild' | 'stopProject' | 'down' | 'edit' | 'duplicate',
): string => `${hrefOf('services', serviceId)}?ask=${ask}`

/** Address of a service's update; `ask`: with the question whether it is to be undone. */
export const updateHref = (serviceId: string, ask?: 'undo'): string =>
  `${hrefOf('services', serviceId, 'update')}${ask === undefined ? '' : `?ask=${ask}`}`

/** Goes to a page. */
export function navigate(page: PageId, id?: string, tab?: string): void {
  location.hash = hrefOf(page, id, tab)
}

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** The present page, from the location's hash. */
export const useHashRoute = (): Route => parseHash(useSyncExternalStore(subscribe, () => location.hash))
