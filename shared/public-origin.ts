/**
 * The origin of an address under which others reach the panel, e.g. `https://panel.example`, or null where it is none:
 * the panel stands at the root of an address, for its own paths and its cookie know no other place.
 */
export function readPublicOrigin(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const isRoot = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return isRoot && /^https?:$/.test(url.protocol) ? url.origin : null
}
