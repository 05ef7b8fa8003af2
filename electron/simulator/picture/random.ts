/** A stream of numbers in [0, 1) that repeats for the same seed (mulberry32). */
export type Random = () => number

export function randomFrom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A 32-bit hash of a text (FNV-1a with a final mix). */
export function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Smooth fractal noise in about [0, 1): value noise on a 64 × 64 torus, summed over octaves. */
export type Noise = (x: number, y: number, octaves?: number) => number

export function noiseFrom(random: Random): Noise {
  const grid = Float32Array.from({ length: 4096 }, random)
  const at = (x: number, y: number) => grid[((y & 63) << 6) | (x & 63)] ?? 0
  const value = (x: number, y: number) => {
    const xi = Math.floor(x)
    const yi = Math.floor(y)
    const [tx, ty] = [x - xi, y - yi]
    const u = tx * tx * (3 - 2 * tx)
    const v = ty * ty * (3 - 2 * ty)
    const top = at(xi, yi)
    const bottom = at(xi, yi + 1)
    const upper = top + (at(xi + 1, yi) - top) * u
    return upper + (bottom + (at(xi + 1, yi + 1) - bottom) * u - upper) * v
  }
  return (x, y, octaves = 4) => {
    let sum = 0
    let amplitude = 0.5
    let frequency = 1
    for (let i = 0; i < octaves; i++) {
      sum += amplitude * value(x * frequency + i * 17, y * frequency + i * 31)
      amplitude *= 0.5
      frequency *= 2
    }
    return sum
  }
}
