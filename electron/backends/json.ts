/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become null.
 * Returns undefined for what is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined
  }
  // Strings are matched first, so that the words inside them stay.
  const repaired = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
    token.startsWith('"') ? token : 'null',
  )
  try {
    return JSON.parse(repaired)
  } catch {
    return undefined
  }
}
