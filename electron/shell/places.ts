import type { AttentionItem, PanelEvent } from '../../shared/contract'
import { panelUrl } from './scheme'

/** A place in the panel: what follows `#` in an address of its page. */
export type Place = `#/${string}`

const placeOf = (page: string, ...parts: (string | undefined)[]): Place =>
  `#/${[page, ...parts.filter((part) => part !== undefined).map((part) => encodeURIComponent(part))].join('/')}`

export const places = {
  overview: placeOf('overview'),
  studio: placeOf('studio'),
  gallery: placeOf('gallery'),
  service: (id: string) => placeOf('services', id),
  update: (serviceId: string) => placeOf('services', serviceId, 'update'),
  credential: (id: string) => placeOf('credentials', id),
  generation: (id: string) => placeOf('gallery', id),
  /** Where something that needs attention is mended. */
  of: ({ page, id, tab }: AttentionItem['leadsTo']) => placeOf(page, id, id === undefined ? undefined : tab),
}

/** Where the page fetches files that were opened, by their id, and shows what it makes of them. */
export const placeOfOpened = (id: string): Place => `#/studio?opened=${id}`

/** The address of a place, for the panel's window. */
export const addressOf = (place: Place): string => `${panelUrl}${place}`

/** Where what a notification tells of is to be seen. */
export function placeOfEvent(event: PanelEvent): Place {
  switch (event.type) {
    case 'generation':
      return places.generation(event.generation.id)
    case 'rotation':
      return places.credential(event.rotation.credentialId)
    case 'rotation-due':
      return places.credential(event.credentialId)
    case 'update':
      return places.update(event.update.serviceId)
    case 'alert-told': {
      const [first, ...others] = event.alerts
      return first && others.length === 0 ? places.of(first.leadsTo) : places.overview
    }
    default:
      return places.overview
  }
}

/** What a link from outside may open, or something of it. */
const openToLinks: ReadonlySet<string> = new Set(['overview', 'studio', 'gpus', 'gallery', 'services', 'credentials'])

/**
 * The place that a `regie://` link names, as in `regie://services/comfyui`; null for one that names none. Anybody can
 * make such a link, a web page included: it opens a page to look at, and never does or fills in anything.
 */
export function placeOfLink(link: string): Place | null {
  const [, page, id] = /^regie:\/\/([a-z]+)(?:\/([A-Za-z0-9_-]{1,64}))?\/?$/i.exec(link) ?? []
  if (page === undefined || !openToLinks.has(page.toLowerCase())) return null
  return placeOf(page.toLowerCase(), id)
}

/** The link among a program's arguments, as Windows and Linux hand it over; null where there is none. */
export const linkAmong = (args: readonly string[]): string | null =>
  args.find((argument) => /^regie:\/\//i.test(argument)) ?? null
