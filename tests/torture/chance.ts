/** Random numbers from a seed, so that a run can be had again (mulberry32). */
export function chanceOf(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** From 0 to below `end`. */
    below: (end: number) => Math.floor(next() * end),
    between: (from: number, to: number) => from + next() * (to - from),
    is: (probability: number) => next() < probability,
    one: <T>(of: readonly [T, ...T[]]): T => of[Math.floor(next() * of.length)] ?? of[0],
  }
}
export type Chance = ReturnType<typeof chanceOf>
