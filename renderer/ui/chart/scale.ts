/** The next round number: 1, 2 or 5 times a power of ten, or a power of two. */
function roundUp(value: number, base: 10 | 1024): number {
  if (base === 1024) return 2 ** Math.ceil(Math.log2(value))
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

/** How far up an axis from 0 reaches: to the next round number above its lines, and above `least`; 1024 for bytes. */
export const topOf = (lines: readonly (readonly (number | null)[])[], least: number, base: 10 | 1024): number =>
  roundUp(
    lines.flat().reduce<number>((max, value) => Math.max(max, value ?? 0), least),
    base,
  )
