import type { Size } from '../../../shared/contract'

/** A form of picture, at the size that the usual models were trained on. */
export interface Ratio {
  name: string
  width: number
  height: number
}

const usual = [
  [1, 1],
  [5, 4],
  [4, 5],
  [4, 3],
  [3, 4],
  [3, 2],
  [2, 3],
  [16, 9],
  [9, 16],
] as const

/** One megapixel each, in steps of 32. */
export const ratios: readonly Ratio[] = [
  { name: '1:1', width: 1024, height: 1024 },
  { name: '4:3', width: 1152, height: 864 },
  { name: '3:4', width: 864, height: 1152 },
  { name: '3:2', width: 1216, height: 832 },
  { name: '2:3', width: 832, height: 1216 },
  { name: '16:9', width: 1344, height: 768 },
  { name: '9:16', width: 768, height: 1344 },
]

/** How far the sides of a size may be off a ratio of which it has the name. */
const mostOff = 0.04

/** The sizes of a family, each named by its ratio, or in pixels where that is no usual one or one before has its name. */
export function namedSizes(sizes: readonly Exclude<Size, 'own'>[]): Ratio[] {
  const named: Ratio[] = []
  for (const { width, height } of sizes) {
    const ratio = usual.find(([across, down]) => Math.abs((width / height) * (down / across) - 1) < mostOff)?.join(':')
    const isTaken = named.some(({ name }) => name === ratio)
    named.push({ name: ratio === undefined || isTaken ? `${width} × ${height}` : ratio, width, height })
  }
  return named
}

/** Which of the sizes that are offered a size is; null for every other. */
export const offeredAs = (size: Size, offered: readonly Ratio[]): Ratio | null =>
  size === 'own' ? null : (offered.find(({ width, height }) => width === size.width && height === size.height) ?? null)
