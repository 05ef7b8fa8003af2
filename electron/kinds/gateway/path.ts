/** A path as a server may read it. */
export interface ReadPath {
  /** Decoded once: what a parameter holds. */
  segments: readonly string[]
  /**
   * By which routes are told: the same in small letters, without what some servers take for nothing at the end. A server
   * that looks closer finds fewer.
   */
  names: readonly string[]
  /** Whether there was nothing of that kind, nor a slash at the end. */
  isExact: boolean
}

/** `%XX` as servers decode it: as bytes, and what is no such sequence is left. */
function decodeOnce(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** Whether a text holds what no path of a client does: control characters, backslashes. */
const isOdd = (text: string) => /[\u0000-\u001f\u007f\\]/.test(text) // oxlint-disable-line no-control-regex -- looked for

/**
 * What a path asks for; null where it is spelled as no client does, so that servers may differ on it: encoded twice, with
 * empty or dot segments, backslashes, control characters, or a query or fragment that was not cut off.
 */
export function readPath(path: string): ReadPath | null {
  const decoded = decodeOnce(path)
  if (!path.startsWith('/') || /[#?]/.test(path) || isOdd(decoded) || decoded !== decodeOnce(decoded)) return null
  const segments = decoded.slice(1).split('/')
  const endsWithSlash = segments.at(-1) === ''
  if (endsWithSlash) segments.pop()
  const names = segments.map((segment) =>
    segment
      .replace(/[;#?].*$/, '')
      .replace(/[. ]+$/, '')
      .toLowerCase(),
  )
  if (names.includes('')) return null
  const isExact = !endsWithSlash && names.every((name, at) => name.length === segments[at]?.length)
  return { segments, names, isExact }
}

/** A path without its first segments. */
export const withoutFirst = (path: ReadPath, count: number): ReadPath => ({
  ...path,
  segments: path.segments.slice(count),
  names: path.names.slice(count),
})
