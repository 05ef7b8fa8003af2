/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become null.
 * Returns undefined for what is not JSON. Takes time in proportion to the text, whatever the text.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined
  }
  try {
    return JSON.parse(withoutBareWords(text))
  } catch {
    return undefined
  }
}

/** Replaces the words of numbers that JSON does not have; the same words inside strings stay. */
function withoutBareWords(text: string): string {
  const next = /"|-?Infinity|NaN/g
  const parts: string[] = []
  let from = 0
  for (let found = next.exec(text); found; found = next.exec(text)) {
    if (found[0] === '"') next.lastIndex = endOfString(text, found.index)
    else {
      parts.push(text.slice(from, found.index), 'null')
      from = next.lastIndex
    }
  }
  return parts.join('') + text.slice(from)
}

/** The index behind the string that begins at `start`; the text's end for one that is not closed. */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return quote + 1
  }
  return text.length
}
