import { Problem } from '../../../../shared/problems'
import type { WorkEnd } from '../../gateway'
import type { TaskProgress } from '../schemas'

/** How often Forge is asked of a task, in ms: while its page listens to it, and while nobody does. */
const everyMs = { heard: 5_000, unheard: 1_000 }
/**
 * A task that neither waits nor works on Forge for so long is there no more, in ms: at once where nobody hears of it. While
 * its page listens it may wait in gradio's own line, of which its stream tells now and then; one that is told of by nobody
 * must not keep everybody's place for as long as a page stays open.
 */
const missedMs = { heard: 15 * 60_000, unheard: 4_000 }
/** A service that does not answer for so long is as good as gone, in ms. */
const silentMs = 120_000

export interface WorkPorts {
  /** How a task stands; null where this Forge does not tell. Throws a Problem where it does not answer. */
  standing: (id: string) => Promise<Pick<TaskProgress, 'active' | 'queued' | 'completed'> | null>
  /** Whether nothing runs behind the service any more. */
  hasEnded: () => boolean
}

type How = Pick<WorkEnd, 'outcome' | 'images'>

/**
 * A task that a page has started, and that goes on whether or not the page stays. It has ended when the page's stream says
 * so and Forge does not contradict, when Forge says so, when neither knows of it any more, or when Forge is gone.
 */
export class PageWork {
  readonly ended: Promise<WorkEnd>
  readonly #id: string
  readonly #ports: WorkPorts
  readonly #settle: (end: WorkEnd) => void
  #timer: NodeJS.Timeout | undefined
  #isOver = false
  #isAsking = false
  #isHeard = false
  /** When it was seen at work first (Unix ms). */
  #from: number | null = null
  /** What its stream said of its end. */
  #told: How | null = null
  /** By the steady clock: when something was known of it last, and when Forge answered last. */
  #knownAt = performance.now()
  #answeredAt = performance.now()

  constructor(id: string, ports: WorkPorts) {
    this.#id = id
    this.#ports = ports
    let settle: (end: WorkEnd) => void = () => {}
    this.ended = new Promise((resolve) => (settle = resolve))
    this.#settle = settle
  }

  /** It was sent to the service, which may have taken it: it is asked for from now on. */
  watch(): void {
    if (this.#isOver || this.#timer !== undefined) return
    this.#knownAt = this.#answeredAt = performance.now()
    this.#arm()
  }

  /** Whether its page listens to it. */
  heard(isHeard: boolean): void {
    this.#isHeard = isHeard
    this.#knownAt = performance.now()
    this.#again()
  }

  began(): void {
    this.#from ??= Date.now()
    this.#knownAt = performance.now()
  }

  /** Its stream says that it waits, or how far it is. */
  goesOn(): void {
    this.#knownAt = performance.now()
  }

  /** Its stream says that it has ended: a page that cancels a call hears the same while Forge works on. */
  told({ isGood, images }: { isGood: boolean; images: number | null }): void {
    this.#told = { outcome: isGood ? 'succeeded' : 'failed', images }
    this.#again(0)
  }

  #again(ms?: number): void {
    if (this.#timer === undefined) return
    this.#arm(ms)
  }

  #arm(ms = this.#isHeard && this.#told === null ? everyMs.heard : everyMs.unheard): void {
    clearTimeout(this.#timer)
    if (this.#isOver) return
    this.#timer = setTimeout(() => void this.#look(), ms).unref()
  }

  async #look(): Promise<void> {
    if (this.#isOver || this.#isAsking) return
    this.#isAsking = true
    const end = await this.#judge()
    this.#isAsking = false
    if (end) this.#end(end)
    else this.#arm()
  }

  /** How it has ended; null while it has not. */
  async #judge(): Promise<How | null> {
    const unknown: How = { outcome: 'unknown', images: null }
    if (this.#ports.hasEnded()) return this.#told ?? unknown
    try {
      const told = await this.#ports.standing(this.#id)
      this.#answeredAt = performance.now()
      if (told === null) return this.#told ?? unknown
      if (told.active) this.began()
      if (told.active || told.queued) {
        this.#knownAt = performance.now()
        return null
      }
      if (this.#told) return this.#told
      if (told.completed) return { outcome: 'succeeded', images: null }
      if (performance.now() - this.#knownAt < missedMs[this.#isHeard ? 'heard' : 'unheard']) return null
      return this.#from === null ? { outcome: 'withdrawn', images: null } : unknown
    } catch (error) {
      if (!(error instanceof Problem)) return unknown
      return performance.now() - this.#answeredAt < silentMs ? null : (this.#told ?? unknown)
    }
  }

  #end({ outcome, images }: How): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    const ran = outcome === 'unknown' || this.#from === null ? null : { from: this.#from, to: Date.now() }
    this.#settle({ outcome, ran, images })
  }
}
