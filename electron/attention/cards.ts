import type { Gpu, GpuReport } from '../../shared/contract'
import { alertRules, type AlertLimit, type AlertLimits } from '../../shared/alert-rules'
import { cardName } from '../../shared/cards'
import { reason, type Reason } from '../../shared/problems'

/** A card at one of its limits. */
export interface CardWarning {
  uuid: string
  kind: 'gpu-hot' | 'gpu-slowed' | 'gpu-full'
  reason: Reason
  /** Services whose programs were seen on the card. */
  services: readonly string[]
  since: number
}

interface Watched {
  /** How much there is of it; null where it is not known. */
  valueOf: (gpu: Gpu) => number | null
  reasonOf: (gpu: string, worst: number, limit: number) => Reason
  /** For what is or is not, and comes and goes each second: it is over when it was not for so long, in ms. */
  lingersMs?: number
}

/** Why a card is slowed down, the worst last: its place, from 1 on, is what is watched. */
const slowdowns = ['hardware', 'heat', 'power-brake'] as const

const watched: Record<CardWarning['kind'], Watched> = {
  'gpu-hot': {
    valueOf: ({ temperatureC }) => temperatureC,
    reasonOf: (gpu, celsius, limit) => reason('gpu.hot', { gpu, celsius: Math.round(celsius), limit }),
  },
  'gpu-slowed': {
    valueOf: ({ slowedBy }) =>
      slowedBy === undefined ? null : Math.max(0, ...slowedBy.map((why) => slowdowns.indexOf(why) + 1)),
    reasonOf: (gpu, worst) => reason(`gpu.slowed-${slowdowns[worst - 1] ?? 'hardware'}`, { gpu }),
    lingersMs: 30_000,
  },
  'gpu-full': {
    valueOf: ({ memoryUsedMiB: used, memoryTotalMiB: total }) =>
      used === null || total === null || total === 0 ? null : (used / total) * 100,
    reasonOf: (gpu, percent) => reason('gpu.full', { gpu, percent: Math.floor(percent) }),
  },
}

const kinds = ['gpu-hot', 'gpu-slowed', 'gpu-full'] as const

const usual = (kind: CardWarning['kind']): AlertLimit => alertRules[kind].limit ?? { begins: 1, ends: 1 }

/** Keeps which cards are at a limit, and the worst that each reached there. */
export class CardWarnings {
  readonly #limits: () => AlertLimits
  readonly #reached = new Map<string, { worst: number; since: number; lastAt: number }>()
  #warnings: readonly CardWarning[] = []

  /** `limits`: those that somebody has set in place of the usual. */
  constructor(limits: () => AlertLimits = () => ({})) {
    this.#limits = limits
  }

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
    const { valueOf, reasonOf, lingersMs = 0 } = watched[kind]
    const { begins, ends } = this.#limits()[kind] ?? usual(kind)
    const key = `${gpu.uuid} ${kind}`
    const value = valueOf(gpu)
    const known = this.#reached.get(key)
    const isReached = value !== null && value >= (known ? ends : begins)
    const lingers = known !== undefined && at - known.lastAt < lingersMs
    if (value === null || !(isReached || lingers)) {
      this.#reached.delete(key)
      return []
    }
    const lastAt = isReached ? at : (known?.lastAt ?? at)
    const reached = { worst: Math.max(value, known?.worst ?? value), since: known?.since ?? at, lastAt }
    this.#reached.set(key, reached)
    const services = [...new Set(gpu.processes.flatMap(({ serviceId }) => (serviceId === null ? [] : [serviceId])))]
    const name = cardName(gpu.name)
    const called = reasonOf(name === '' ? `GPU ${gpu.index}` : `${name} (GPU ${gpu.index})`, reached.worst, begins)
    return [{ uuid: gpu.uuid, kind, reason: called, services, since: reached.since }]
  }
}
