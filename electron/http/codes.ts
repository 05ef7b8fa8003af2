import { randomBytes } from 'node:crypto'

/** A code is good for so long, in ms. */
const lastsMs = 10 * 60_000

/** What a code is made of: no letter or digit that is taken for another. 60 random bits, which nobody guesses in time. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const length = 12

/** Of those that were asked for and not used, so many of the newest are good. */
const most = 16

/** The same code however it was typed. */
const plain = (typed: string) => typed.toUpperCase().replace(/[\s-]/g, '')

/** How a code is told to whoever sits at the terminal where Regie runs. */
export const codeLine = (code: string): string =>
  `One-time code to confirm with: ${code} (for the page that asks who is there; good for ${lastsMs / 60_000} minutes)\n`

/** One-time codes that are printed on request, in memory alone. */
export function createCodes(now: () => number) {
  const good = new Map<string, { until: number }>()
  return {
    /** A new code, short enough to be typed: `K7QM-4XPD-9RTW`. */
    issue(): string {
      const letters = Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('')
      good.set(letters, { until: now() + lastsMs })
      const [oldest] = good.keys()
      if (oldest !== undefined && good.size > most) good.delete(oldest)
      return letters.replace(/(.{4})(?!$)/g, '$1-')
    },
    /** Whether it is a good code, which then is none any more. */
    take(typed: string): boolean {
      const code = plain(typed)
      const known = good.get(code)
      good.delete(code)
      return known !== undefined && now() < known.until
    },
  }
}
