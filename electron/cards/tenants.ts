import type { LaneState } from '../../shared/contract'
import type { CardsPorts, Measured, Sharing, Timing } from './ports'
import type { Waiting } from './plan'
import type { Tenant } from './room'

/** What is remembered of a service between two looks. */
interface Known extends Pick<
  Tenant,
  'work' | 'isUp' | 'isEmpty' | 'isLeaving' | 'turnSince' | 'lastEndAt' | 'needMiB'
> {
  needFrom: 'limit' | 'seen' | 'unknown'
  lookedAt: number
  /** Until when it is left alone, after it refused to give its room. */
  aloneUntil: number
}

const unseen: Known = {
  ...{ work: 'unknown', isUp: 'unknown', isEmpty: false, isLeaving: false, turnSince: null, lastEndAt: null },
  ...{ needMiB: null, needFrom: 'unknown', lookedAt: -Infinity, aloneUntil: -Infinity },
}

/** The services of one card, as they stand. */
export class Tenants {
  readonly #ports: CardsPorts
  readonly #timing: Timing
  readonly #now: () => number
  /** Told when one that was not waited for has answered. */
  readonly #heard: () => void
  readonly #asking = new Map<string, Promise<unknown>>()
  readonly #known = new Map<string, Known>()
  measured: Measured | null = null
  #measuredAt = -Infinity
  #measuring: { began: number; told: Promise<Measured | null> } | null = null
  #validFrom = -Infinity

  constructor(
    private readonly card: string | null,
    { ports, timing, now, heard }: { ports: CardsPorts; timing: Timing; now: () => number; heard: () => void },
  ) {
    this.#heard = heard
    this.#ports = ports
    this.#timing = timing
    this.#now = now
  }

  sharing(): Sharing[] {
    return this.card === null ? [] : this.#ports.services().filter(({ card }) => card === this.card)
  }

  /** Whether anybody has to be looked at before it can be said who may begin. */
  areShared(): boolean {
    return this.sharing().length > 1
  }

  of(id: string): Known {
    return this.#known.get(id) ?? unseen
  }

  set(id: string, change: Partial<Known>) {
    this.#known.set(id, { ...this.of(id), ...change })
  }

  /** A job of it begins: it gets the card, if it has not got it. */
  begins(id: string) {
    this.set(id, { turnSince: this.of(id).turnSince ?? this.#now(), isEmpty: false })
  }

  /** Its models are gone. */
  gone(id: string, change: Partial<Known> = {}) {
    this.set(id, { isEmpty: true, turnSince: null, ...change })
  }

  /** Looks at those that were not looked at for a while, at the card, and at what each takes. */
  async look(busy: ReadonlySet<string>, maxAgeMs = this.#timing.freshMs): Promise<void> {
    const due = this.sharing().filter(({ id }) => this.of(id).lookedAt <= this.#now() - maxAgeMs)
    // One that could not tell the last time may take long to say so again: nobody waits for it.
    const [slow, quick] = [due.filter((one) => this.#isMute(one)), due.filter((one) => !this.#isMute(one))]
    for (const one of slow) void this.#lookOnce(one, busy).then(() => this.#isMute(one) || this.#heard())
    await Promise.all([...quick.map((one) => this.#lookOnce(one, busy)), this.measure(this.#timing.measuredMs)])
  }

  /** How one stands right now; what nobody can tell is unknown. */
  async ask(id: string): Promise<Pick<Tenant, 'work' | 'isUp'>> {
    const standing = await this.#ports.standing(id)
    const isAlone = this.of(id).aloneUntil > this.#now()
    const change = isAlone ? { ...standing, work: 'unknown' as const } : standing
    this.set(id, { ...change, lookedAt: this.#now(), ...(standing.work === 'some' && { isEmpty: false }) })
    if (standing.isUp === 'down') this.gone(id)
    return change
  }

  /** What the card has, as it was measured no longer than so many ms ago. */
  async measure(maxAgeMs = 0): Promise<Measured | null> {
    const isGood = (began: number) => began >= this.#validFrom && began > this.#now() - maxAgeMs
    if (this.card === null || isGood(this.#measuredAt)) return this.measured
    // One that goes on tells of now well enough for those who would take one of a moment ago.
    const going = this.#measuring
    if (going && isGood(going.began)) return going.told
    const began = this.#now()
    const told = this.#measureNow(this.card, began)
    this.#measuring = { began, told }
    return told
  }

  /** Somebody has worked: what was measured before says nothing of what is held now. */
  outdate() {
    this.#validFrom = this.#now()
  }

  async #measureNow(card: string, began: number): Promise<Measured | null> {
    const found = await this.#ports.measure(card)
    if (this.#measuring?.began === began) this.#measuring = null
    // An older answer that comes late says nothing new.
    if (began < this.#measuredAt) return this.measured
    this.#measuredAt = began
    // How large the card is stays known.
    const unknown = { freeMiB: null, usedMiB: null, othersMiB: null, held: new Map<string, number>() }
    this.measured = found ?? (this.measured && { ...this.measured, ...unknown })
    return this.measured
  }

  seen({ id, mayStop }: Sharing): Tenant {
    const { work, isUp, isEmpty, isLeaving, turnSince, lastEndAt, needMiB } = this.of(id)
    const heldMiB = this.measured?.held.get(id) ?? null
    return { id, mayStop, work, isUp, isEmpty, isLeaving, turnSince, lastEndAt, needMiB, heldMiB }
  }

  stateOf(id: string, working: readonly Waiting[], waiting: readonly Waiting[]): LaneState {
    const { work, isUp, isEmpty, isLeaving } = this.of(id)
    if (isLeaving) return 'changing'
    if (working.some(({ serviceId }) => serviceId === id) || work === 'some') return 'working'
    if (waiting.some(({ serviceId }) => serviceId === id)) return 'waiting'
    if (isUp === 'down') return 'stopped'
    if (isUp === 'unknown' || work === 'unknown') return 'unknown'
    return isEmpty ? 'empty' : 'loaded'
  }

  #isMute({ id }: Sharing): boolean {
    const { lookedAt, work, isUp } = this.of(id)
    return lookedAt > -Infinity && (work === 'unknown' || isUp === 'unknown')
  }

  #lookOnce(one: Sharing, busy: ReadonlySet<string>): Promise<unknown> {
    const asking = this.#asking.get(one.id) ?? this.#lookAt(one, busy).finally(() => this.#asking.delete(one.id))
    this.#asking.set(one.id, asking)
    return asking
  }

  async #lookAt({ id, limitMiB }: Sharing, busy: ReadonlySet<string>) {
    // It works for somebody who came through the line: there is nothing to be asked.
    if (busy.has(id)) this.set(id, { work: 'some', isUp: 'up', lookedAt: this.#now() })
    else await this.ask(id)
    const needMiB = limitMiB ?? (await this.#ports.took(id))
    this.set(id, { needMiB, needFrom: limitMiB !== null ? 'limit' : needMiB === null ? 'unknown' : 'seen' })
  }
}
