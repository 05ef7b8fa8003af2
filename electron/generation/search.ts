/** A search split into what the trigram index can answer and what has to be compared row by row. */
export interface SearchTerms {
  /** FTS5 query of the terms with three characters or more; null when there are none. */
  match: string | null
  /** LIKE patterns (escaped with `\`) of the shorter ones. */
  patterns: string[]
}

const maxTerms = 12

/** Every word must occur somewhere in the prompt, in any order. Nothing that a person types is FTS5 syntax. */
export function parseSearch(text: string): SearchTerms {
  const words = text.normalize('NFC').replaceAll('\0', '').split(/\s+/).filter(Boolean).slice(0, maxTerms)
  // The index holds pieces of three code points.
  const isLong = (word: string) => Array.from(word).length >= 3
  const long = words.filter(isLong)
  return {
    match: long.length === 0 ? null : long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '),
    patterns: words.filter((word) => !isLong(word)).map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`),
  }
}
