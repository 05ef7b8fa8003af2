import { betweenCharacters, type CutPlaces } from '../logs/cutting'
import { fingerprint } from './fingerprint'
import { createFinder } from './finder'
import { widestEscape } from './spellings'

/** Shorter ones stand in too many innocent words. */
const shortest = 6

/** Takes secrets out of text before it is logged or shown. */
export interface Redactor {
  /** From now on this secret is shown as its fingerprint. Learning it twice wants forgetting it twice. */
  learn: (secret: string) => void
  forget: (secret: string) => void
  /** The text with every secret as `[secret <fingerprint>]`. Secrets must not span two calls: give whole lines. */
  redact: (text: string) => string
  /** Where a text that grows too long may be cut before it is redacted. */
  places: CutPlaces
}

const shown = (secret: string) => `[secret ${fingerprint(secret)}]`

/** The whole of what a shape with a secret of usual length may be. */
const longestShape = 256

/** Knows secrets and hides them; what it looks for is made anew when one was learned or forgotten. */
export function createRedactor(): Redactor {
  const counts = new Map<string, number>()
  let find = createFinder([])
  const changed = () => {
    find = createFinder(counts.keys())
  }

  function redact(text: string): string {
    const found = find(text)
    if (found.length === 0) return text
    let read = 0
    const parts = found.map(({ start, end, kept, secret }) => {
      const before = text.slice(read, start)
      read = end
      return before + kept + shown(secret)
    })
    return parts.join('') + text.slice(read)
  }

  const longest = () => Math.max(longestShape, ...[...counts.keys()].map(({ length }) => length * widestEscape))

  const placeIn = (text: string, wanted: number): number => {
    for (const { start, end } of find(text)) {
      if (start >= wanted) break
      if (end <= wanted) continue
      if (start > 0) return start
      // What reaches the end may go on; else what is longer than a line is cut behind, and shown as a fingerprint.
      return end < text.length ? end : 0
    }
    return betweenCharacters(text, wanted)
  }

  return {
    learn(secret) {
      if (secret.length < shortest) return
      const count = counts.get(secret) ?? 0
      counts.set(secret, count + 1)
      if (count === 0) changed()
    },
    forget(secret) {
      const count = counts.get(secret)
      if (count === undefined) return
      if (count > 1) counts.set(secret, count - 1)
      else {
        counts.delete(secret)
        changed()
      }
    },
    places: { lookahead: longest, placeIn },
    redact,
  }
}
