import type { GpuBand, GpuSlowed } from '../../shared/contract'
import { floorTo, place, reasonsOf, tiers, type Tier } from './slots'
import type { Strips } from './strips'

export interface ChartRange {
  from: number
  to: number
  /** So many points at most. */
  points: number
}

/** How wide a point is: no finer than what is still kept of the beginning, and a whole number of its slots. */
function gridOf({ from, to, points }: ChartRange, now: number): { tier: Tier; stepMs: number } {
  const least = (to - from) / points
  const kept = tiers.filter(({ keptMs }) => from >= now - keptMs)
  const [finest = tiers[2]] = kept
  // The coarsest that is fine enough has the fewest slots to read.
  const tier = kept.findLast(({ stepMs }) => stepMs <= least) ?? finest
  return { tier, stepMs: Math.max(tier.stepMs, Math.ceil(least / tier.stepMs) * tier.stepMs) }
}

const measures = ['load', 'memory', 'temperature', 'power', 'clock', 'fan'] as const
type Measure = (typeof measures)[number]

/** Lowest, mean and highest of one measure in each point. */
class Band {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly #sums: Float64Array
  readonly #weights: Float64Array

  constructor(count: number) {
    this.low = new Float64Array(count).fill(Number.NaN)
    this.high = new Float64Array(count).fill(Number.NaN)
    this.#sums = new Float64Array(count)
    this.#weights = new Float64Array(count)
  }

  add(point: number, value: number, weight: number) {
    if (Number.isNaN(value)) return
    const low = this.low[point] ?? Number.NaN
    const high = this.high[point] ?? Number.NaN
    if (!(value >= low)) this.low[point] = value
    if (!(value <= high)) this.high[point] = value
    this.#sums[point] = (this.#sums[point] ?? 0) + value * weight
    this.#weights[point] = (this.#weights[point] ?? 0) + weight
  }

  told(): GpuBand {
    const round = (value: number) => (Number.isNaN(value) ? null : Math.round(value * 10) / 10)
    return {
      low: Array.from(this.low, round),
      mean: Array.from(this.#sums, (sum, at) => round(sum / (this.#weights[at] ?? 0))),
      high: Array.from(this.high, round),
    }
  }
}

/** Stretches in which a card was slowed: neighbours with the same reasons are one. */
function addSlowed(to: GpuSlowed[], at: number, stepMs: number, slot: Float32Array) {
  const share = slot[place.slowedShare] ?? Number.NaN
  if (!(share > 0)) return
  const reasons = reasonsOf(slot[place.reasons] ?? Number.NaN)
  const last = to.at(-1)
  if (last && last.to >= at && last.reasons.join() === reasons.join()) last.to = at + stepMs
  else to.push({ from: at, to: at + stepMs, reasons })
}

/** What a card did between two moments, folded into points: what is finer comes before what is coarser. */
export function readChart(strips: Pick<Strips, 'each'>, card: number, range: ChartRange, now: number) {
  const { tier, stepMs } = gridOf(range, now)
  const from = floorTo(range.from, stepMs)
  const count = Math.max(1, Math.ceil((range.to - from) / stepMs))
  const bands = Object.fromEntries(measures.map((name) => [name, new Band(count)])) as Record<Measure, Band> // all of them
  const known = new Uint8Array(count)
  const slowed: GpuSlowed[] = []
  const totals = { energyWh: 0, slowedMs: 0, knownMs: 0, isPowerKnown: false }
  let hottest: { at: number; value: number } | null = null

  const take = (at: number, slot: Float32Array, lastsMs: number) => {
    const point = Math.floor((at - from) / stepMs)
    if (point < 0 || point >= count) return
    known[point] = 1
    for (const name of measures) bands[name].add(point, slot[place[name]] ?? Number.NaN, lastsMs)
    const power = slot[place.power] ?? Number.NaN
    if (!Number.isNaN(power)) {
      totals.energyWh += (power * lastsMs) / 3_600_000
      totals.isPowerKnown = true
    }
    totals.knownMs += lastsMs
    totals.slowedMs += (slot[place.slowedShare] || 0) * lastsMs
    const heat = slot[place.temperature] ?? Number.NaN
    if (heat > (hottest?.value ?? -Infinity)) hottest = { at, value: heat }
    addSlowed(slowed, at, lastsMs, slot)
  }

  // While nobody looked there was one reading in ten seconds: it counts for what no finer one tells.
  const [seconds, tens] = tiers
  for (const coarse of tier === seconds ? [seconds, tens] : [tier]) {
    const filled = known.slice()
    strips.each(card, coarse, from, range.to, (at, slot) => {
      if (coarse.stepMs <= stepMs) {
        if (coarse === tier || filled[Math.floor((at - from) / stepMs)] === 0) take(at, slot, coarse.stepMs)
        return
      }
      for (let time = Math.max(at, from); time < at + coarse.stepMs; time += stepMs)
        if (filled[Math.floor((time - from) / stepMs)] === 0) take(time, slot, stepMs)
    })
  }
  slowed.sort((a, b) => a.from - b.from)
  const told = Object.fromEntries(measures.map((name) => [name, bands[name].told()])) as Record<Measure, GpuBand>
  return {
    ...{ from, stepMs, slowed, hottest: hottest as { at: number; value: number } | null, ...totals },
    bands: told,
    times: Array.from({ length: count }, (_, at) => from + at * stepMs),
    known,
  }
}
