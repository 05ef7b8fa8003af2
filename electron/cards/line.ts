import type { CardTurns } from '../../shared/contract'
import { systemClock, type Clock } from '../async/clock'
import { coalesce } from '../async/coalesce'
import { makeChange, type Change } from './change'
import { createDurations } from './durations'
import { describeCard, describeWaiting, type WaitingJob } from './describe'
import { createRounds, inFairOrder } from './fair'
import { createHistory } from './history'
import type { AskedTurn, Job, Place, Ticket, Told } from './job'
import { decide, usualPatience, type Because, type Decision } from './plan'
import { usualTiming, type CardsPorts, type Timing } from './ports'
import { shortFor } from './room'
import { Tenants } from './tenants'

/** The line of one card, or of one service that shares none. */
export class Line {
  readonly #card: string | null
  readonly #ports: CardsPorts
  readonly #timing: Timing
  readonly #clock: Clock
  readonly #rounds = createRounds()
  readonly #tenants: Tenants
  readonly #history
  readonly #durations
  readonly #closing = new AbortController()
  #asked = 0
  #waiting: Job[] = []
  #working: Job[] = []
  /** What was done for the one who begins next, by its service. */
  readonly #changes = new Map<string, Change>()
  #isChanging = false
  /** What was shown last of how all stand. */
  #shown = ''
  #stopTimer: () => void = () => undefined
  readonly #lookAndSettle = coalesce(() => this.#pass())

  constructor(card: string | null, ports: CardsPorts) {
    this.#card = card
    this.#ports = ports
    this.#timing = { ...usualTiming, ...ports.timing }
    this.#clock = ports.clock ?? systemClock
    const now = () => this.#now()
    this.#tenants = new Tenants(card, { ports, timing: this.#timing, now, heard: () => this.#settle() })
    this.#history = createHistory(now)
    this.#durations = createDurations(now)
  }

  enter({ isAtWork = false, ...asked }: AskedTurn, told: Told): Ticket {
    const place: Place = { ahead: this.countOn(asked.serviceId), because: { why: 'line' } }
    const job: Job = { ...asked, id: (this.#asked += 1), told, since: this.#now(), place }
    if (isAtWork) this.#begin(job)
    else {
      this.#rounds.enter(job.person)
      this.#waiting.push(job)
      this.#settle()
    }
    return { end: () => this.#leave(job), place: () => (this.#waiting.includes(job) ? job.place : null) }
  }

  /** Jobs of a service, at work and waiting. */
  countOn(serviceId: string): number {
    return [...this.#waiting, ...this.#working].filter((job) => job.serviceId === serviceId).length
  }

  /** Jobs of the other services in this line: those at work and waiting, and how many of them wait. */
  beside(serviceId: string): { all: number; waiting: number } {
    const others = (jobs: readonly Job[]) => jobs.filter((job) => job.serviceId !== serviceId).length
    const waiting = others(this.#waiting)
    return { all: waiting + others(this.#working), waiting }
  }

  /** Jobs of a service at work. */
  workingOn(serviceId: string): number {
    return this.#working.filter((job) => job.serviceId === serviceId).length
  }

  /** Something may have changed on one of its services: it is looked at again, where somebody waits. */
  notice(serviceId: string) {
    this.#tenants.set(serviceId, { lookedAt: -Infinity })
    if (this.#waiting.length > 0) this.#settle()
  }

  /** Those who wait, in the order in which they are served. */
  waiting(): WaitingJob[] {
    return this.#inOrder().map((job) => ({ ...describeWaiting(job), job: job.job ?? null }))
  }

  describe(): CardTurns {
    return describeCard({
      card: this.#card ?? '',
      ...{ tenants: this.#tenants, history: this.#history, durations: this.#durations },
      ...{ waiting: this.#inOrder(), working: this.#working },
    })
  }

  /** Looks at the services, so that what is told of them is of now. */
  async refresh(): Promise<void> {
    await this.#tenants.look(this.#busy())
    this.#record()
  }

  /** Begins nothing more. */
  close() {
    this.#closing.abort()
    this.#stopTimer()
  }

  #now(): number {
    return this.#clock.now()
  }

  #busy(): ReadonlySet<string> {
    return new Set(this.#working.map(({ serviceId }) => serviceId))
  }

  #inOrder(): Job[] {
    return inFairOrder(this.#waiting, this.#rounds)
  }

  #leave(job: Job) {
    const isWaiting = this.#waiting.includes(job)
    if (!isWaiting && !this.#working.includes(job)) return
    this.#waiting = this.#waiting.filter((one) => one !== job)
    this.#working = this.#working.filter((one) => one !== job)
    if (isWaiting) this.#rounds.leave(job.person)
    else this.#ended(job.serviceId)
    // What was done for one who is gone says nothing of the next turn.
    if (!this.#waiting.some(({ serviceId }) => serviceId === job.serviceId)) this.#changes.delete(job.serviceId)
    this.#settle()
  }

  #ended(serviceId: string) {
    this.#durations.ended(serviceId, this.workingOn(serviceId))
    this.#tenants.set(serviceId, { lastEndAt: this.#now() })
    // Its models are still loaded: what it takes is seen now, for the next time.
    this.#tenants.outdate()
    if (this.#tenants.areShared()) void this.#tenants.measure().catch(this.#ports.reportBug)
    // Its own work is over; whether others have any there is asked before anybody begins beside it.
    if (!this.#busy().has(serviceId)) this.#tenants.set(serviceId, { work: 'none', lookedAt: -Infinity })
  }

  /** Decides at once where nobody has to be looked at, else after a look. */
  #settle() {
    if (this.#closing.signal.aborted) return
    if (!this.#tenants.areShared()) this.#act(this.#decide())
    else if (this.#waiting.length > 0) this.#lookAndSettle().catch(this.#ports.reportBug)
    else this.#record()
  }

  #decide(): Decision {
    const { totalMiB = null, freeMiB = null, othersMiB = null } = this.#tenants.measured ?? {}
    return decide({
      now: this.#now(),
      memory: { totalMiB, freeMiB, othersMiB },
      tenants: this.#tenants.sharing().map((one) => this.#tenants.seen(one)),
      waiting: this.#inOrder(),
      working: this.#working,
      isHeld: (serviceId) => this.#ports.isHeld?.(serviceId) ?? false,
      patience: this.#ports.patience ?? usualPatience,
    })
  }

  async #pass() {
    if (this.#waiting.length === 0 || this.#closing.signal.aborted) return
    await this.#tenants.look(this.#busy())
    this.#act(this.#decide())
  }

  #act({ begin, remove, waits, lookAt }: Decision) {
    if (this.#closing.signal.aborted) return
    for (const { asked, ahead, because } of waits) this.#tell(asked.id, { ahead, because })
    const begun = begin.flatMap(({ id }) => this.#waiting.find((job) => job.id === id) ?? [])
    for (const job of begun) {
      this.#waiting = this.#waiting.filter((one) => one !== job)
      this.#rounds.serve(job.person)
      this.#begin(job)
    }
    if (remove.length > 0 && !this.#isChanging) void this.#change(remove).catch(this.#ports.reportBug)
    this.#record()
    this.#lookLater(waits, lookAt)
  }

  #tell(id: number, place: Place) {
    const job = this.#waiting.find((one) => one.id === id)
    if (!job) return
    const before = job.place
    job.place = place
    if (before.ahead !== place.ahead || !isSame(before.because, place.because)) job.told.place?.(place)
  }

  #begin(job: Job) {
    this.#working.push(job)
    const { turnSince } = this.#tenants.of(job.serviceId)
    if (this.#tenants.areShared() && turnSince === null) this.#noteTurn(job)
    this.#tenants.begins(job.serviceId)
    this.#durations.begun(job.serviceId)
    job.told.begin()
  }

  #noteTurn({ serviceId, person, since }: Job) {
    const change = this.#changes.get(serviceId)
    this.#changes.delete(serviceId)
    const now = this.#now()
    const done = change ?? ({ from: [], how: 'fits', freedMiB: null, leftMiB: null, tookMs: 0 } as const)
    this.#history.turn({ at: now, to: serviceId, by: person, waitedMs: now - since, ...done, from: [...done.from] })
  }

  async #change(remove: Decision['remove']) {
    const [first] = remove
    if (!first) return
    this.#isChanging = true
    for (const { serviceId } of remove) this.#tenants.set(serviceId, { isLeaving: true })
    this.#record()
    try {
      const asked = first.for.serviceId
      const parts = { ports: this.#ports, timing: this.#timing, tenants: this.#tenants, now: () => this.#now() }
      const change = await makeChange({ ...parts, closing: this.#closing.signal }, remove, () => this.#fits(asked))
      if (change) this.#noteChange(asked, change)
    } finally {
      for (const { serviceId } of remove) this.#tenants.set(serviceId, { isLeaving: false })
      this.#isChanging = false
      this.#settle()
    }
  }

  /** Of what was unloaded first and stopped then, the sum. */
  #noteChange(serviceId: string, change: Change) {
    const before = this.#changes.get(serviceId)
    const sum = (a: number | null = null, b: number | null = null) =>
      a === null && b === null ? null : (a ?? 0) + (b ?? 0)
    this.#changes.set(serviceId, {
      ...change,
      from: [...new Set([...(before?.from ?? []), ...change.from])],
      freedMiB: sum(before?.freedMiB, change.freedMiB),
      leftMiB: before?.leftMiB ?? change.leftMiB,
      tookMs: (before?.tookMs ?? 0) + change.tookMs,
    })
  }

  #fits(serviceId: string): boolean {
    const all = this.#tenants.sharing().map((one) => ({ ...this.#tenants.seen(one), isLeaving: false }))
    const own = all.find(({ id }) => id === serviceId)
    const { totalMiB = null, freeMiB = null, othersMiB = null } = this.#tenants.measured ?? {}
    const others = all.filter((one) => one !== own)
    return own === undefined || shortFor(own, others, { totalMiB, freeMiB, othersMiB }) <= 0
  }

  /** How all stand now, for those who look back. */
  #record() {
    if (!this.#tenants.areShared() || this.#card === null) return
    for (const { id } of this.#tenants.sharing())
      this.#history.stands(id, this.#tenants.stateOf(id, this.#working, this.#waiting))
    const lanes = this.#tenants.sharing().map(({ id }) => this.#tenants.stateOf(id, this.#working, this.#waiting))
    const shown = JSON.stringify([lanes, this.#waiting.map(({ id, place }) => [id, place])])
    if (shown === this.#shown) return
    this.#shown = shown
    this.#ports.changed?.(this.#card)
  }

  /** Foreign jobs end without a word, and a hold is over at its time. */
  #lookLater(waits: Decision['waits'], lookAt: number | null) {
    this.#stopTimer()
    const busy = this.#busy()
    const isForeign = ({ because }: Decision['waits'][number]) =>
      because.why === 'unknown' ||
      because.why === 'rotation' ||
      (because.why === 'busy' && because.services.some((id) => !busy.has(id)))
    const held = lookAt === null ? Infinity : Math.max(1, lookAt - this.#now())
    const ms = Math.min(held, waits.some(isForeign) ? this.#timing.pollMs : Infinity)
    if (Number.isFinite(ms)) this.#stopTimer = this.#clock.after(ms, () => this.#settle())
  }
}

const isSame = (one: Because, other: Because) => JSON.stringify(one) === JSON.stringify(other)
