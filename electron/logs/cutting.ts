/** Where a text may be cut before it is redacted, so that no secret is cut in two. */
export interface CutPlaces {
  /** So many units after a place must be known before it can be told whether a secret lies across it. */
  lookahead(): number
  /**
   * A place at or before `wanted` that lies in no secret; behind the secret where it begins with the text. 0 where
   * there is none: the whole text is one that may still go on.
   */
  placeIn(text: string, wanted: number): number
}

/** For text without secrets: any place is as good, but between the halves of a character. */
export const wholeText: CutPlaces = { lookahead: () => 0, placeIn: (text, wanted) => betweenCharacters(text, wanted) }

/** The place, or the one before it where it would cut a character in two. */
export const betweenCharacters = (text: string, place: number): number =>
  place > 1 && /[\ud800-\udbff]/.test(text[place - 1] ?? '') ? place - 1 : place

export type Redact = (text: string) => string

/** For text that is redacted already. */
export const asItIs: Redact = (text) => text

/** What a redactor puts in place of a secret. */
const marks = /\[secret(?: [0-9a-f]+)?\]/g

/** The mark that lies across a place of a redacted text. */
function markAt(text: string, place: number): { start: number; end: number } | undefined {
  for (const { index: start, 0: mark } of text.matchAll(marks))
    if (start < place && start + mark.length > place) return { start, end: start + mark.length }
  return undefined
}

/**
 * The beginning of a text for people: redacted first and cut then, for half of a secret is one that no redactor knows.
 * Of a secret that was replaced it leaves the whole mark or nothing.
 */
export function beginning(text: string, longest: number, redact: Redact): string {
  const safe = redact(text)
  if (safe.length <= longest) return safe
  return safe.slice(0, markAt(safe, longest)?.start ?? betweenCharacters(safe, longest))
}

/** The same for the end of a text. */
export function ending(text: string, longest: number, redact: Redact): string {
  const safe = redact(text)
  if (safe.length <= longest) return safe
  const from = safe.length - longest
  const isWhole = betweenCharacters(safe, from) === from
  return safe.slice(markAt(safe, from)?.end ?? (isWhole ? from : from + 1))
}

/**
 * The end of a text that grows, at most so many units of it, from the beginning of a line on: what is cut in the middle
 * of a line may begin with half of a secret. Of a line that is longer than that nothing is kept.
 */
export function createTail(longest: number) {
  let kept = ''
  let isInsideLine = false
  return {
    push(text: string) {
      let added = text
      if (isInsideLine) {
        const end = added.indexOf('\n')
        if (end < 0) return
        added = added.slice(end + 1)
        isInsideLine = false
      }
      kept += added
      if (kept.length <= longest) return
      const end = kept.indexOf('\n', kept.length - longest - 1)
      isInsideLine = end < 0
      kept = end < 0 ? '' : kept.slice(end + 1)
    },
    text: () => kept,
  }
}
