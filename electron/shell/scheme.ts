/** The desktop window's own scheme: no other program on the machine can reach what it serves. */
export const panelScheme = 'regie'
const panelHost = 'panel'
export const panelOrigin = `${panelScheme}://${panelHost}`
/** What the desktop window loads. */
export const panelUrl = `${panelOrigin}/`
/** The one page of the panel that asks for a window of its own. */
export const apiPageUrl = `${panelOrigin}/api/v1/docs`

/** Parses an address; null when it is none. */
export const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** Whether an address belongs to the panel. A custom scheme's `origin` is "null" in node, so the parts are compared. */
export function isPanelUrl(text: string): boolean {
  const url = parseUrl(text)
  return url?.protocol === `${panelScheme}:` && url.host === panelHost && url.username === '' && url.password === ''
}
