/** So many cookies of one name are looked at. */
const mostCookies = 8

/**
 * The values of the cookies of one name in a Cookie header. There may be several: another server of the host can add
 * one for a path, which browsers then send before ours.
 */
export function readCookies(header: string | null, name: string): string[] {
  const pairs = (header?.split(';') ?? []).map((pair) => pair.trim().split('='))
  return pairs.flatMap(([key, ...value]) => (key === name ? [value.join('=')] : [])).slice(0, mostCookies)
}
