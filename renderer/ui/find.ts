/** Something that can be found by what it is called. */
export interface Findable {
  label: string
  /** Searched too, and not marked: what it is also known by. */
  words?: string
}

/** A stretch of a label, from where to before where. */
export type Mark = readonly [from: number, to: number]

export interface Found<T> {
  item: T
  /** The less, the better. */
  score: number
  marks: readonly Mark[]
}

export interface Search<T> {
  /** In the order that the items came in. */
  found: Found<T>[]
  /** What was looked for instead, where nothing is called as was typed. */
  understood: string | null
}

/** A text for comparing: small letters without accents, each at the place where it stood. */
export const fold = (text: string): string =>
  text.replaceAll(/[^]/g, (letter) => {
    const plain = (letter === '’' ? "'" : (letter.normalize('NFD')[0] ?? letter)).toLowerCase()
    return plain.length === 1 ? plain : letter
  })

const wordsOf = (query: string): string[] => fold(query).split(/\s+/).filter(Boolean)

/** How many letters may be wrong in a word of a length. */
const allowance = (length: number): number => (length >= 8 ? 2 : length >= 4 ? 1 : 0)

/**
 * How many letters are wrong, missing, too many or swapped between two words; anything above `most` is told as more than
 * that.
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const wrong = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity
      row.push(Math.min(wrong, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    if (Math.min(...row) > most) return most + 1
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

interface Hit {
  score: number
  mark: Mark | null
  /** The word that was meant, where it is not the one that was typed. */
  meant: string | null
}

const isLetter = (text: string, at: number) => /[\p{L}\d]/u.test(text[at] ?? '')

/** Where a word stands in a text as it was typed: at the beginning of one of its words rather than inside. */
function exactly(word: string, label: string, words: string): Hit | null {
  let inside: Hit | null = null
  for (let at = label.indexOf(word); at >= 0; at = label.indexOf(word, at + 1)) {
    const mark: Mark = [at, at + word.length]
    if (at === 0) return { score: 0, mark, meant: null }
    if (!isLetter(label, at - 1)) return { score: 1, mark, meant: null }
    inside ??= { score: 2, mark, meant: null }
  }
  return inside ?? (words.includes(word) ? { score: 4, mark: null, meant: null } : null)
}

/** The nearest word of a text, or its beginning, that may have been meant. */
function nearly(word: string, text: string, isLabel: boolean): Hit | null {
  const most = allowance(word.length)
  if (most === 0) return null
  let best: Hit | null = null
  const take = (at: number, token: string, isWhole: boolean) => {
    const wrong = distance(word, token, most)
    const score = 10 + 2 * wrong + (isWhole ? 0 : 1) + (isLabel ? 0 : 4)
    if (wrong > most || (best && best.score <= score)) return
    best = { score, mark: isLabel ? [at, at + token.length] : null, meant: token }
  }
  for (const { 0: token, index } of text.matchAll(/[\p{L}\d]+/gu)) {
    take(index, token, true)
    for (let length = word.length - most; length <= word.length + most; length++)
      if (length >= 3 && length < token.length) take(index, token.slice(0, length), false)
  }
  return best
}

/** Whether one item has all words: as they were typed, or, where that is asked for, nearly. */
function look<T extends Findable>(
  item: T,
  words: readonly string[],
  isTolerant: boolean,
): (Found<T> & { meant: string }) | null {
  const label = fold(item.label)
  const also = fold(item.words ?? '')
  const marks: Mark[] = []
  const meant: string[] = []
  let score = label.length / 1000
  for (const word of words) {
    const hit =
      exactly(word, label, also) ?? (isTolerant ? (nearly(word, label, true) ?? nearly(word, also, false)) : null)
    if (!hit) return null
    score += hit.score
    if (hit.mark) marks.push(hit.mark)
    meant.push(hit.meant ?? word)
  }
  return { item, score, marks: marks.sort(([a], [b]) => a - b), meant: meant.join(' ') }
}

/**
 * The items whose names have all words of a query, in any order. Where none has, those that nearly have: one letter wrong,
 * missing, doubled or swapped in words of four to seven letters, two from eight on.
 */
export function search<T extends Findable>(items: readonly T[], query: string): Search<T> {
  const words = wordsOf(query)
  const all = (isTolerant: boolean) => items.flatMap((item) => look(item, words, isTolerant) ?? [])
  const exact = all(false)
  if (exact.length > 0 || words.length === 0) return { found: exact, understood: null }
  const near = all(true)
  const best = near.reduce<(typeof near)[number] | null>((a, b) => (a && a.score <= b.score ? a : b), null)
  return { found: near, understood: best?.meant ?? null }
}

/** The items that come closest to a query that finds nothing, the closest first. */
export function nearest<T extends Findable>(items: readonly T[], query: string, count: number): T[] {
  const words = wordsOf(query)
  const far = (item: T) => {
    const tokens = fold(`${item.label} ${item.words ?? ''}`).match(/[\p{L}\d]+/gu) ?? []
    const apart = words.map((word) =>
      Math.min(1, ...tokens.map((token) => distance(word, token, word.length) / Math.max(word.length, token.length))),
    )
    return apart.reduce((sum, each) => sum + each, 0)
  }
  return items
    .map((item) => ({ item, far: far(item) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ item }) => item)
}
