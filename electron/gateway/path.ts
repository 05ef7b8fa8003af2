/** A path that needs no second look: nothing encoded, nothing that leads upwards. */
const plain = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9\-._~!$&'()*+,;=:@]*)+$/

const upward = /(?:^|[/\\])\.{1,2}(?=[/\\]|$)/
const control = /[\0-\x1F\x7F]/ // oxlint-disable-line no-control-regex -- these are what is looked for

/** Characters that mean the same whether they are encoded or not: https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
const isUnreserved = (code: number) =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x5f ||
  code === 0x7e

/**
 * The one spelling of a path that is judged and sent on, or why there is none. It is what was sent but that letters which
 * were needlessly encoded are decoded and bytes which must be are encoded: a program that decodes more finds no other path
 * in it than the rules saw.
 */
export function readPath(sent: string): { path: string } | { why: string } {
  if (plain.test(sent)) return { path: sent }
  if (!sent.startsWith('/')) return { why: 'its target is no path' }
  if (/%(?![0-9A-Fa-f]{2})/.test(sent)) return { why: 'its path is not encoded as it should be' }
  const path = sent
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (whole, hex: string) => {
      const code = Number.parseInt(hex, 16)
      return isUnreserved(code) ? String.fromCharCode(code) : whole.toUpperCase()
    })
    .replaceAll(/[^\x21-\x7E]/g, (character) =>
      [...Buffer.from(character, 'latin1')]
        .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
        .join(''),
    )
  const decoded = path.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (control.test(decoded)) return { why: 'its path holds a control character' }
  if (decoded.includes('\\')) return { why: 'its path holds a backslash' }
  if (upward.test(decoded)) return { why: 'its path leads upwards' }
  return { path }
}

const nameOf = (part: string): string => {
  const name = part.split('=', 1)[0] ?? ''
  if (!name.includes('%') && !name.includes('+')) return name
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}

/** Whether a query may hold `token`, however it is spelled; false: it surely does not. */
export const mayNameToken = (query: string): boolean => query !== '' && (query.includes('token') || query.includes('%'))

/** The query as it is sent on: the same bytes, without the key in `token`. */
export function withoutToken(query: string): string {
  if (!mayNameToken(query)) return query
  return query
    .split('&')
    .filter((part) => nameOf(part) !== 'token')
    .join('&')
}
