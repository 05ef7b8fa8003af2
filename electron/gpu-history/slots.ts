import { clockReasons, type ClockReason, type Gpu } from '../../shared/contract'

/**
 * What is kept of a card for a stretch of time, and how several readings become one: heat, memory and fan by the highest,
 * for a short peak is what harms; load, power and clock by the mean; reasons of a slowdown all together. `there` is 1 where the
 * card answered, whatever of the rest it does not tell.
 */
export const columns = {
  there: 'highest',
  load: 'mean',
  memory: 'highest',
  temperature: 'highest',
  power: 'mean',
  clock: 'mean',
  fan: 'highest',
  /** Why its clock is held down, as bits. */
  reasons: 'union',
  /** The share of the time for which it was slowed by a fault, 0 to 1. */
  slowedShare: 'mean',
} as const
export type Column = keyof typeof columns

const columnNames = Object.keys(columns) as Column[] // keys are those of the table
const at = (name: Column) => columnNames.indexOf(name)
/** The place of each column in a slot. */
export const place = {
  there: at('there'),
  load: at('load'),
  memory: at('memory'),
  temperature: at('temperature'),
  power: at('power'),
  clock: at('clock'),
  fan: at('fan'),
  reasons: at('reasons'),
  slowedShare: at('slowedShare'),
} satisfies Record<Column, number>
export const width = columnNames.length

/** The reasons of a mask, which are NVML's own bits. */
export const reasonsOf = (mask: number): ClockReason[] =>
  Number.isNaN(mask) ? [] : clockReasons.filter((_, bit) => (mask & (1 << bit)) !== 0)

/** One reading of a card as a slot; what it does not tell is NaN. */
export function slotOf(gpu: Gpu): Float32Array {
  const { slowedBy, clockReasons: reasons } = gpu
  const known: Record<Column, number | null> = {
    there: 1,
    load: gpu.utilizationPct,
    memory: gpu.memoryUsedMiB,
    temperature: gpu.temperatureC,
    power: gpu.powerW,
    clock: gpu.clockSmMHz,
    fan: gpu.fanPct,
    reasons: reasons === undefined ? null : reasons.reduce((mask, why) => mask | (1 << clockReasons.indexOf(why)), 0),
    slowedShare: slowedBy === undefined ? null : Number(slowedBy.length > 0),
  }
  return Float32Array.from(columnNames, (name) => known[name] ?? Number.NaN)
}

/** So many slots lie in one row of the database. */
export const stripSlots = 60

/** How fine, and for how long that is kept, in ms: finest first. */
export const tiers = [
  { stepMs: 1_000, keptMs: 2 * 3_600_000 },
  { stepMs: 10_000, keptMs: 6 * 3_600_000 },
  { stepMs: 60_000, keptMs: 30 * 86_400_000 },
] as const
export type Tier = (typeof tiers)[number]

export const stripSpan = (stepMs: number): number => stepMs * stripSlots
export const floorTo = (time: number, span: number): number => Math.floor(time / span) * span

/** Folds readings into a slot, each weighed by how long it stands for. */
export class Fold {
  readonly #weights = new Float64Array(width)
  readonly #slot: Float32Array

  /** `slot`: where it is folded into; what it holds already counts as `weightMs`. */
  constructor(slot: Float32Array, weightMs: number) {
    this.#slot = slot
    for (let column = 0; column < width; column++)
      this.#weights[column] = Number.isNaN(slot[column] ?? Number.NaN) ? 0 : weightMs
  }

  add(reading: Float32Array, weightMs: number): void {
    columnNames.forEach((name, column) => {
      const value = reading[column] ?? Number.NaN
      if (Number.isNaN(value)) return
      const weight = this.#weights[column] ?? 0
      const before = this.#slot[column] ?? Number.NaN
      this.#slot[column] = weight === 0 ? value : folded(columns[name], before, weight, value, weightMs)
      this.#weights[column] = weight + weightMs
    })
  }
}

function folded(how: (typeof columns)[Column], a: number, weightA: number, b: number, weightB: number): number {
  switch (how) {
    case 'highest':
      return Math.max(a, b)
    case 'mean':
      return (a * weightA + b * weightB) / (weightA + weightB)
    case 'union':
      return a | b
  }
}
