import type { ReachSlot, ReachTry, ServiceReach } from '../../shared/contract'
import type { BackendProbe, ProbeEvidence } from '../kinds/backend'
import type { Timed } from './timed'

const slotMs = 15 * 60_000
const slotCount = 96

/** So many different tries are kept; equal ones in a row count as one. */
const triesKept = 12

/** The step of a climb that tells how it went: the one that failed, else the last. */
const tellingOf = ({ evidence }: BackendProbe): ProbeEvidence | undefined =>
  evidence.find(({ outcome }) => outcome !== 'proven') ?? evidence.at(-1)

/** While nothing changes, what is known is kept so often, in ms: so much a panel that is killed may lose. */
const keepMs = 60_000

/** Where what was watched outlives the panel. */
export interface ReachKept {
  before: ServiceReach | null
  keep: (reach: ServiceReach) => void
}

/**
 * Whether a service answered in the last 24 hours, in quarters of an hour, and what it was asked last. Of the time in which
 * no panel ran nothing is claimed.
 */
export class ReachHistory {
  #slots: ReachSlot[]
  #tries: ReachTry[]
  #keptAt = -Infinity
  readonly #keep: ReachKept['keep']

  constructor({ before, keep }: ReachKept = { before: null, keep: () => undefined }) {
    this.#slots = before?.slots.filter(({ answered, failed }) => answered + failed > 0) ?? []
    this.#tries = before?.tries ?? []
    this.#keep = keep
  }

  /** Takes a climb in; `isThere`: the service answered as itself. */
  note(probe: BackendProbe & Timed, isThere: boolean): void {
    const at = Math.floor(probe.at / slotMs) * slotMs
    const last = this.#slots.at(-1)
    const slot = last?.at === at ? last : { at, answered: 0, failed: 0 }
    const counted = isThere ? { ...slot, answered: slot.answered + 1 } : { ...slot, failed: slot.failed + 1 }
    this.#slots = [...this.#slots.filter((one) => one !== slot), counted].slice(-slotCount)
    const newest = this.#tries[0]
    this.#noteTry(probe, isThere)
    // An equal try is counted, and counts alone are no news.
    const isNews = this.#tries[0]?.times === 1 || newest === undefined || last !== slot
    if (!isNews && probe.at - this.#keptAt < keepMs) return
    this.#keptAt = probe.at
    this.#keep({ slots: this.#slots, tries: this.#tries })
  }

  /** The last 24 hours, up to a moment (Unix ms). */
  describe(now: number): ServiceReach {
    const end = Math.floor(now / slotMs) * slotMs
    const slots = Array.from({ length: slotCount }, (_, index) => {
      const at = end - (slotCount - 1 - index) * slotMs
      return this.#slots.find((slot) => slot.at === at) ?? { at, answered: 0, failed: 0 }
    })
    return { slots, tries: this.#tries }
  }

  #noteTry(probe: BackendProbe & Timed, isThere: boolean): void {
    const seen = tellingOf(probe)
    if (!seen) return
    const { asked, answered } = seen
    const [newest, ...older] = this.#tries
    const isSame = newest?.answered === answered && newest.asked === asked && newest.isThere === isThere
    const tookMs = Math.round(seen.tookMs)
    this.#tries = isSame
      ? [{ ...newest, at: probe.at, tookMs, times: newest.times + 1 }, ...older]
      : [{ at: probe.at, asked, answered, isThere, tookMs, times: 1 }, ...this.#tries].slice(0, triesKept)
  }
}
