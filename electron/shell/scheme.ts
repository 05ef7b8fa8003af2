/** The desktop window's own scheme: no other program on the machine can reach what it serves. */
export const panelScheme = 'regie'
const panelHost = 'panel'
export const panelOrigin = `${panelScheme}://${panelHost}`
/** What the desktop window loads. */
export const panelUrl = `${panelOrigin}/`
/** The pages of the panel that are shown in a window of their own, which they share: the API's and the documentation. */
export const sidePageUrls = [`${panelOrigin}/api/v1/docs`, `${panelOrigin}/docs`] as const
export type SidePageUrl = (typeof sidePageUrls)[number]

/** Parses an address; null when it is none. */
export const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** Whether an address belongs to the panel. A custom scheme's `origin` is "null" in node, so the parts are compared. */
export function isPanelUrl(text: string): boolean {
  const url = parseUrl(text)
  return url?.protocol === `${panelScheme}:` && url.host === panelHost && url.username === '' && url.password === ''
}
