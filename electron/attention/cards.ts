import type { Gpu, GpuReport } from '../../shared/contract'
import { cardFullPct, cardHotC, cardName, cardWarmC } from '../../shared/cards'
import { reason, type Reason } from '../../shared/problems'

/** A card at one of its limits. */
export interface CardWarning {
  uuid: string
  kind: 'gpu-hot' | 'gpu-full'
  reason: Reason
  /** Services whose programs were seen on the card. */
  services: readonly string[]
  since: number
}

/** So much below its limit a full card counts as relieved, in per cent: it would come and go at every picture. */
const reliefPct = 3

interface Limit {
  /** How much there is of it; null where it is not known. */
  valueOf: (gpu: Gpu) => number | null
  begins: number
  /** The warning goes below this. */
  ends: number
  reasonOf: (gpu: string, worst: number) => Reason
}

const limits: Record<CardWarning['kind'], Limit> = {
  'gpu-hot': {
    valueOf: ({ temperatureC }) => temperatureC,
    begins: cardHotC,
    ends: cardWarmC,
    reasonOf: (gpu, celsius) => reason('gpu.hot', { gpu, celsius: Math.round(celsius), limit: cardHotC }),
  },
  'gpu-full': {
    valueOf: ({ memoryUsedMiB: used, memoryTotalMiB: total }) =>
      used === null || total === null || total === 0 ? null : (used / total) * 100,
    begins: cardFullPct,
    ends: cardFullPct - reliefPct,
    reasonOf: (gpu, percent) => reason('gpu.full', { gpu, percent: Math.floor(percent) }),
  },
}

const kinds = ['gpu-hot', 'gpu-full'] as const

/** Keeps which cards are at a limit, and the worst that each reached there. */
export class CardWarnings {
  readonly #reached = new Map<string, { worst: number; since: number }>()
  #warnings: readonly CardWarning[] = []

  /** Takes a report in; answers whether anything that is told of the cards has changed. */
  take(report: GpuReport): boolean {
    if (report.state !== 'live') return false
    const before = JSON.stringify(this.#warnings)
    const at = report.sampledAt ?? Date.now()
    this.#warnings = report.gpus.flatMap((gpu) => kinds.flatMap((kind) => this.#warningOf(gpu, kind, at)))
    return JSON.stringify(this.#warnings) !== before
  }

  /** What is to be told now. */
  all(): readonly CardWarning[] {
    return this.#warnings
  }

  #warningOf(gpu: Gpu, kind: CardWarning['kind'], at: number): CardWarning[] {
    const { valueOf, begins, ends, reasonOf } = limits[kind]
    const key = `${gpu.uuid} ${kind}`
    const value = valueOf(gpu)
    const known = this.#reached.get(key)
    if (value === null || value < (known ? ends : begins)) {
      this.#reached.delete(key)
      return []
    }
    const reached = { worst: Math.max(value, known?.worst ?? value), since: known?.since ?? at }
    this.#reached.set(key, reached)
    const services = [...new Set(gpu.processes.flatMap(({ serviceId }) => (serviceId === null ? [] : [serviceId])))]
    const name = cardName(gpu.name)
    const called = reasonOf(name === '' ? `GPU ${gpu.index}` : `${name} (GPU ${gpu.index})`, reached.worst)
    return [{ uuid: gpu.uuid, kind, reason: called, services, since: reached.since }]
  }
}
