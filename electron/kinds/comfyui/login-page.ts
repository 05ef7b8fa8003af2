import type { LoginPage } from '../symptoms'

const longest = 200_000
const tags = /<(?:input|button)\b[^>]{0,2000}>/gi
const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag)
  return found ? (found[1] ?? found[2] ?? found[3] ?? '') : null
}

/**
 * Reads `GET /login`. The hidden field `guest_mode` stands in every page of ComfyUI-Login: only the button that fills it
 * in says that guests are welcome. Whether a password is set, the page says in words alone. (Measured on commit
 * 69109257; what it says otherwise stays unknown.)
 */
export function readLoginPage(html: string): LoginPage {
  const text = html.slice(0, longest)
  const controls = text.match(tags) ?? []
  const named = (name: string) => controls.find((tag) => attribute(tag, 'name') === name)
  const field = named('guest_mode')
  const isOwn = named('password') !== undefined && field !== undefined
  if (!isOwn) return { isOwn, guests: 'unknown', password: 'unknown', asksForName: false }
  const isButton = (tag: string) =>
    /^<button/i.test(tag) || ['button', 'submit'].includes(attribute(tag, 'type')?.toLowerCase() ?? '')
  const hasButton =
    controls.some((tag) => isButton(tag) && /guest/i.test(attribute(tag, 'value') ?? '')) ||
    /<button\b[^>]{0,2000}>[^<]{0,200}guest/i.test(text)
  // A field that is filled in already lets every sign-in through as a guest's.
  const isFilledIn = attribute(field, 'value') === '1'
  const isFirst = /for your first login\b/i.test(text)
  const isKnown = /\bwelcome back\b/i.test(text)
  return {
    isOwn,
    guests: hasButton || isFilledIn ? 'welcome' : 'refused',
    password: isFirst === isKnown ? 'unknown' : isFirst ? 'unset' : 'set',
    asksForName: named('username') !== undefined,
  }
}
