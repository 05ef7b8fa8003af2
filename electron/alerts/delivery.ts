import { randomUUID } from 'node:crypto'
import { alertSeverities } from '../../shared/alert-rules'
import type { Alert, AlertDelivery, AlertSending } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { awakeAt } from '../../shared/week-windows'
import type { SleepClock } from '../sleeping/clock'
import { channelTo, RetryLater, type Message } from './channels'
import type { Wire } from './channels/wire'
import type { AlertSettings, AlertState, KeptAlert, KeptChannel, Notice, Outbox } from './kept'
import type { KeptFile } from '../storage/kept-file'
import { messageOf, testMessage, type WithoutPlaces } from './message'
import { dueIn, emptyOutbox, hurry, notTaken, put, take, taken } from './outbox'
import { settingOf } from './rules'

/** Lends a secret for one call. Throws a Problem while the vault is closed. */
export type LendSecret = <T>(credentialId: string, use: (secret: string | null) => Promise<T>) => Promise<T>

export interface DeliveryOptions {
  settings: () => AlertSettings
  state: KeptFile<AlertState>
  lend: LendSecret
  /** Shows alerts on this desktop; null where there is none. */
  show: ((alerts: Alert[]) => void) | null
  withoutPlaces: WithoutPlaces
  redact: (text: string) => string
  clock: SleepClock
  wire: Wire
  /** Something of it is otherwise. */
  changed: () => void
  reportBug: (error: unknown) => void
}

/** Longest time between two looks at a box, in ms: the clock may have been set. */
const longestMs = 60_000

/** Why something was not taken, and when it may be tried again at the earliest. */
export function refusalOf(error: unknown): { why: Reason; afterMs: number | null } | null {
  if (error instanceof RetryLater) return { why: error.problem.reason, afterMs: error.afterMs }
  return error instanceof Problem ? { why: error.reason, afterMs: null } : null
}

/** Sends what is to be told, each channel by itself: once, again where it was not taken, in an order that never turns. */
export class Deliveries {
  readonly #options: DeliveryOptions
  readonly #closing = new AbortController()
  readonly #busy = new Map<string, Promise<void>>()
  readonly #timers = new Map<string, () => void>()

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  /** Puts a notice into the box of every channel that is to tell of it. */
  tell(alert: KeptAlert, phase: Notice['phase']): void {
    const { settings, clock } = this.#options
    const { channels } = settingOf(alert.rule, settings())
    const isWanted = ({ id, on, least }: KeptChannel) =>
      on &&
      alertSeverities.indexOf(alert.severity) >= alertSeverities.indexOf(least) &&
      (channels?.includes(id) ?? true) &&
      // What cannot be sent there is told elsewhere.
      alert.about !== `channel ${id}`
    for (const { id } of settings().channels.filter(isWanted))
      put(this.#boxOf(id), { alertId: alert.id, phase }, clock.now())
  }

  /** Looks at every box; what waited for something that has come, as the vault, is tried at once with `isNews`. */
  kick({ isNews = false } = {}): void {
    const { channels } = this.#options.settings()
    for (const id of Object.keys(this.#boxes()))
      if (!channels.some((channel) => channel.id === id && channel.on)) this.#forget(id)
    for (const { id, on } of channels) {
      if (isNews) hurry(this.#boxOf(id))
      if (on) this.#look(id)
    }
  }

  /** Sends a test now; nothing waits for it. Resolves with how long it took, in ms; throws what went wrong. */
  async test(channel: KeptChannel): Promise<number> {
    const { clock } = this.#options
    const message = testMessage(randomUUID(), clock.now(), channel.language)
    const tookMs = await this.#send(channel, message).catch((error: unknown) => {
      throw error instanceof RetryLater ? error.problem : error
    })
    const box = this.#boxOf(channel.id)
    hurry(box)
    Object.assign(box, { sent: { at: clock.now(), tookMs }, failing: null })
    await this.#keep()
    this.kick()
    return tookMs
  }

  /** How sending goes in a channel, and how many notices wait. */
  standing(channelId: string): AlertSending & { waiting: number } {
    const { sent, failing, nextAt, waiting, message } = this.#boxes()[channelId] ?? emptyOutbox()
    const count = waiting.length + (message?.notices.length ?? 0)
    return { sent, failing: failing && { ...failing, nextAt: message ? nextAt : null }, waiting: count }
  }

  /** What of an alert waits still. */
  waitingOf(alertId: string): AlertDelivery[] {
    const now = this.#options.clock.now()
    return Object.entries(this.#boxes()).flatMap(([channelId, { waiting, message }]) => {
      const tries = message?.tries ?? 0
      const tried = message?.notices ?? []
      const of = (notices: readonly Notice[]) => notices.filter((notice) => notice.alertId === alertId)
      const mayPass = this.#passOf(channelId)
      return [
        ...of(tried).map(({ phase }) => ({ channelId, phase, state: 'waiting' as const, at: now, tries })),
        ...of(waiting).map((notice) => {
          const state = mayPass(notice) ? ('waiting' as const) : ('held' as const)
          return { channelId, phase: notice.phase, state, at: now, tries: 0 }
        }),
      ]
    })
  }

  /** Cuts what is being sent; it is sent at the next start. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const cancel of this.#timers.values()) cancel()
    await Promise.all(this.#busy.values())
  }

  #boxes(): Record<string, Outbox> {
    return this.#options.state.value.outboxes
  }

  #boxOf(id: string): Outbox {
    return (this.#boxes()[id] ??= emptyOutbox())
  }

  #forget(id: string) {
    this.#timers.get(id)?.()
    const { value } = this.#options.state
    value.outboxes = Object.fromEntries(Object.entries(value.outboxes).filter(([key]) => key !== id))
  }

  /** What may be told there now: in quiet hours only what is critical. */
  #passOf(channelId: string): (notice: Notice) => boolean {
    const { settings, clock } = this.#options
    const { quietHours, channels } = settings()
    const minds = channels.find(({ id }) => id === channelId)?.quiet ?? false
    const isQuiet = minds && quietHours !== null && awakeAt(clock.now(), [quietHours]).isAwake
    const alerts = this.#alerts()
    return ({ alertId }) => !isQuiet || alerts.get(alertId)?.severity === 'critical'
  }

  #alerts(): Map<string, KeptAlert> {
    return new Map(this.#options.state.value.alerts.map((alert) => [alert.id, alert]))
  }

  #look(id: string) {
    this.#timers.get(id)?.()
    if (this.#busy.has(id) || this.#closing.signal.aborted) return
    const { clock } = this.#options
    const box = this.#boxOf(id)
    const leftMs = dueIn(box, clock.now(), this.#passOf(id))
    if (leftMs === 0) this.#begin(id)
    // What is held is looked at again, too: quiet hours end without an event.
    else if (leftMs !== null || box.waiting.length > 0)
      this.#timers.set(
        id,
        clock.after(Math.min(leftMs ?? longestMs, longestMs), () => this.#look(id)),
      )
  }

  #begin(id: string) {
    const { reportBug } = this.#options
    const work = this.#deliver(id)
      .catch(reportBug)
      .finally(() => {
        this.#busy.delete(id)
        this.#options.changed()
        this.#look(id)
      })
    this.#busy.set(id, work)
  }

  async #deliver(id: string): Promise<void> {
    const { settings, clock } = this.#options
    const channel = settings().channels.find((one) => one.id === id)
    const box = this.#boxes()[id]
    if (!channel || !box) return
    const message = take(box, { now: clock.now(), newId: randomUUID, mayPass: this.#passOf(id) })
    // First: whoever gets it twice after a crash can tell by its id.
    await this.#keep()
    try {
      const worded = messageOf(message, this.#alerts(), { ...this.#options, language: channel.language })
      const tookMs = worded ? await this.#send(channel, worded) : 0
      this.#note(id, taken(box, clock.now(), tookMs), 'sent', message.tries)
    } catch (error) {
      // Cut by the end of the panel: that says nothing of the channel.
      if (this.#closing.signal.aborted) return
      const refusal = refusalOf(error)
      if (!refusal) this.#options.reportBug(error)
      const { why, afterMs } = refusal ?? { why: reason('alerts.failed'), afterMs: null }
      this.#note(id, notTaken(box, { now: clock.now(), why, afterMs }), 'given-up', message.tries)
    }
    await this.#keep()
  }

  /** Sends once. Resolves with how long it took, in ms. */
  async #send({ target, credentialId }: KeptChannel, message: Message): Promise<number> {
    const { clock, lend, show, wire } = this.#options
    const { signal } = this.#closing
    const channel = channelTo(target, show)
    const begun = clock.steady()
    const send = (secret: string | null) => channel.send(message, { secret, signal, wire, now: () => clock.now() })
    await (credentialId === null ? send(null) : lend(credentialId, send))
    return Math.round(clock.steady() - begun)
  }

  #note(channelId: string, notices: readonly Notice[], state: 'sent' | 'given-up', tries: number) {
    const at = this.#options.clock.now()
    const alerts = this.#alerts()
    for (const { alertId, phase } of notices)
      alerts.get(alertId)?.deliveries.push({ channelId, phase, state, at, tries })
  }

  /** A disk that takes nothing more is a reason to tell, not one to keep silent. */
  #keep(): Promise<void> {
    return this.#options.state.save().catch(this.#options.reportBug)
  }
}
