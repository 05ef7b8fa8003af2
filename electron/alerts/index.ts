import { randomUUID } from 'node:crypto'
import {
  alertRuleIds,
  alertSeverities,
  isAlertRule,
  type AlertLimits,
  type AlertRuleId,
} from '../../shared/alert-rules'
import type {
  Alert,
  AlertChannel,
  AlertHeartbeat,
  AlertMute,
  AlertRule,
  AlertRuleSetting,
  Alerts,
  Attention,
  PanelEvent,
} from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { createThrottle, type Throttle } from '../async/throttle'
import type { Undelivered } from '../attention/sources'
import type { Audit } from '../audit/audit'
import type { Credentials } from '../credentials'
import { sleepClock, type SleepClock } from '../sleeping/clock'
import type { Wire } from './channels/wire'
import { Deliveries, type LendSecret } from './delivery'
import { newMemory, step, type Memory } from './engine'
import { createHeartbeat } from './heartbeat'
import { AlertSettings, AlertState, firstSettings, type KeptAlert, type KeptChannel } from './kept'
import { openKept, type KeptFile } from '../storage/kept-file'
import { Manage, type ChannelSecrets } from './manage'
import { shown, type WithoutPlaces } from './message'
import { isMuted, liveMutes } from './mutes'
import { limitsOf, settingOf } from './rules'

export interface AlertsOptions {
  /** `alerts.json` and `alerts-state.json`. */
  settingsFile: string
  stateFile: string
  audit: Pick<Audit, 'appendFirst'>
  credentials: ChannelSecrets & Pick<Credentials, 'withSecret'>
  /** Tells of every look at what needs attention, whether anything was otherwise or not. */
  onLook: Listen<[Attention]>
  /** What attention hangs on has changed here: limits, or what cannot be delivered. */
  lookAgain: () => void
  publish: (event: PanelEvent) => void
  listen: Listen<[PanelEvent]>
  /** Whether there is a desktop that shows notifications. */
  hasDesktop: boolean
  withoutPlaces: WithoutPlaces
  redact: (text: string) => string
  reportBug: (error: unknown) => void
  clock?: SleepClock
  wire?: Wire
}

/** Longest time between two looks, in ms. */
const longestMs = 60_000

/** After a start nothing counts as over for so long, in ms: services and cards are not known yet. */
const settlingMs = 60_000

/**
 * So many alerts that are over are kept of each rule, and for so long, in ms. Each rule has its own: whoever can raise
 * alerts of one (a person who makes and ends keys) drives none of another out.
 */
const mostKept = 100
const keptMs = 30 * 24 * 3600_000

/** So often a channel is tried before it counts as one that takes nothing. */
const failingTries = 3

/** Pages are told of changes this often at most, in ms. */
const tellEveryMs = 200

/** Opens what is set, and what was raised and told before. */
export async function openAlerts(options: AlertsOptions): Promise<AlertsPart> {
  const settings = await openKept(options.settingsFile, AlertSettings, firstSettings(options.hasDesktop))
  const empty: AlertState = { version: 1, alerts: [], outboxes: {}, mutes: [] }
  return new AlertsPart(options, settings, await openKept(options.stateFile, AlertState, empty))
}

/** What is raised, who is told of it, and what is set of that. */
export class AlertsPart {
  readonly #options: AlertsOptions
  readonly #settings: KeptFile<AlertSettings>
  readonly #state: KeptFile<AlertState>
  readonly #clock: SleepClock
  readonly #memory: Memory
  readonly #told: Throttle<null>
  readonly #deliveries: Deliveries
  readonly #heartbeat: ReturnType<typeof createHeartbeat>
  readonly #manage: Manage
  readonly #ends: (() => void)[]
  #last: { attention: Attention; at: number } | null = null
  #cancelNext: () => void = () => undefined
  #shownFailing = ''

  constructor(options: AlertsOptions, settings: KeptFile<AlertSettings>, state: KeptFile<AlertState>) {
    const { clock = sleepClock, wire = {}, publish, reportBug, credentials } = options
    this.#options = options
    this.#settings = settings
    this.#state = state
    this.#clock = clock
    this.#memory = newMemory(state.value.alerts, clock.steady() + settlingMs)
    this.#told = createThrottle<null>(tellEveryMs, () => publish({ type: 'alerts' }))
    const show = options.hasDesktop ? (alerts: Alert[]) => publish({ type: 'alert-told', alerts }) : null
    const lend: LendSecret = (id, use) => credentials.withSecret(id, ({ token }) => use(token))
    const shared = { lend, clock, wire, reportBug, changed: () => this.#changed() }
    this.#deliveries = new Deliveries({ ...options, ...shared, state, show, settings: () => settings.value })
    this.#heartbeat = createHeartbeat({
      ...shared,
      setting: () => settings.value.heartbeat,
      isAwake: () => this.#last !== null && clock.steady() - this.#last.at < 3 * longestMs,
    })
    this.#manage = new Manage({ ...options, settings, state, show, now: () => clock.now() })
    this.#ends = [
      options.onLook((attention) => {
        this.#last = { attention, at: clock.steady() }
        this.#look()
      }),
      options.listen((event) => {
        // What waited for its secret goes now.
        if (event.type === 'vault' && event.vault.state === 'open') this.#begin({ isNews: true })
      }),
    ]
  }

  /** Sends from now on. */
  begin(): void {
    this.#begin({ isNews: false })
  }

  read(): Alerts {
    const { channels, quietHours } = this.#settings.value
    const weight = ({ severity }: KeptAlert) => alertSeverities.indexOf(severity)
    const firing = [...this.#memory.firing.values()].sort((a, b) => weight(b) - weight(a))
    return {
      rules: alertRuleIds.map((id) => this.#rule(id)),
      channels: channels.map((channel) => this.#channel(channel)),
      heartbeat: this.#heartbeatNow(),
      quietHours,
      mutes: liveMutes(this.#state.value.mutes, this.#clock.now()),
      firing: firing.map((alert) => this.#describe(alert)),
      history: this.#state.value.alerts.map((alert) => this.#describe(alert)),
    }
  }

  /** Throws `alerts.not-found`, and `input.invalid` for a limit that makes no sense. */
  async changeRule(id: string, change: Partial<AlertRuleSetting>, who: string): Promise<AlertRule> {
    if (!isAlertRule(id)) throw new Problem('alerts.not-found', { id })
    await this.#manage.changeRule(id, change, who)
    return this.#after(() => this.#rule(id))
  }

  async addChannel(...asked: Parameters<Manage['addChannel']>): Promise<AlertChannel> {
    const id = await this.#manage.addChannel(...asked)
    return this.#after(() => this.#channel(this.#manage.channel(id)))
  }

  async changeChannel(...asked: Parameters<Manage['changeChannel']>): Promise<AlertChannel> {
    await this.#manage.changeChannel(...asked)
    return this.#after(() => this.#channel(this.#manage.channel(asked[0].id)))
  }

  async removeChannel(id: string, who: string): Promise<{ id: string }> {
    await this.#manage.removeChannel(id, who)
    return this.#after(() => ({ id }))
  }

  /** Sends a test. Throws a Problem that says what went wrong. */
  async testChannel(id: string): Promise<{ tookMs: number }> {
    return { tookMs: await this.#deliveries.test(this.#manage.channel(id)) }
  }

  async mute(...asked: Parameters<Manage['mute']>): Promise<AlertMute> {
    const made = await this.#manage.mute(...asked)
    return this.#after(() => made)
  }

  async unmute(id: string, who: string): Promise<{ id: string }> {
    await this.#manage.unmute(id, who)
    return this.#after(() => ({ id }))
  }

  async setQuietHours(...asked: Parameters<Manage['setQuietHours']>): Promise<Pick<Alerts, 'quietHours'>> {
    await this.#manage.setQuietHours(...asked)
    return this.#after(() => ({ quietHours: this.#settings.value.quietHours }))
  }

  async setHeartbeat(...asked: Parameters<Manage['setHeartbeat']>): Promise<AlertHeartbeat> {
    await this.#manage.setHeartbeat(...asked)
    this.#heartbeat.begin()
    return this.#after(() => this.#heartbeatNow())
  }

  /** Asks the heartbeat address now. Throws a Problem that says what went wrong. */
  async beat(): Promise<{ tookMs: number }> {
    if (this.#settings.value.heartbeat.credentialId === null) throw new Problem('alerts.secret-needed', { what: 'URL' })
    return { tookMs: await this.#heartbeat.test() }
  }

  /** Whether a channel uses a credential: its secret is given, never drawn. */
  uses(credentialId: string): boolean {
    const { channels, heartbeat } = this.#settings.value
    return [...channels, heartbeat].some((one) => one.credentialId === credentialId)
  }

  /** The limits that attention goes by. */
  limits(): AlertLimits {
    return limitsOf(this.#settings.value)
  }

  /** Whatever takes nothing, though it was tried often enough. */
  failing(): Undelivered[] {
    const { channels, heartbeat } = this.#settings.value
    const all = [
      ...channels.filter(({ on }) => on).map(({ id, name }) => ({ id, name, ...this.#deliveries.standing(id) })),
      ...(heartbeat.on ? [{ id: 'heartbeat', name: 'Heartbeat', ...this.#heartbeat.standing() }] : []),
    ]
    return all.flatMap(({ id, name, failing }) =>
      failing !== null && failing.tries >= failingTries
        ? [{ id, name, tries: failing.tries, since: failing.since, why: failing.reason }]
        : [],
    )
  }

  /** What is to be told of the files. */
  notices(): Reason[] {
    const { setAside } = this.#settings
    return setAside === null ? [] : [reason('alerts.unreadable', { kept: setAside })]
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end()
    this.#cancelNext()
    this.#told.drop()
    await this.#heartbeat.close()
    await this.#manage.settled()
    await this.#deliveries.close()
    await this.#state.save().catch(this.#options.reportBug)
  }

  #begin(how: { isNews: boolean }) {
    this.#deliveries.kick(how)
    this.#heartbeat.begin()
  }

  #changed(): void {
    this.#told.push(null)
    const now = JSON.stringify(this.failing().map(({ id, tries }) => [id, tries]))
    if (now !== this.#shownFailing) this.#options.lookAgain()
    this.#shownFailing = now
  }

  /** Tells what is to be told: what was raised or is over, and what a mute kept back until now. */
  #tell(over: readonly KeptAlert[]): boolean {
    const { mutes } = this.#state.value
    const due = [...this.#memory.firing.values()].filter((alert) => !alert.isTold && !isMuted(mutes, alert))
    for (const alert of due) {
      alert.isTold = true
      this.#deliveries.tell(alert, 'firing')
    }
    for (const alert of over) if (alert.isTold && !isMuted(mutes, alert)) this.#deliveries.tell(alert, 'over')
    return due.length > 0
  }

  #look(): void {
    if (!this.#last) return
    const { value } = this.#state
    const { attention } = this.#last
    const now = this.#clock.now()
    const setting = (rule: AlertRuleId) => settingOf(rule, this.#settings.value)
    const steady = this.#clock.steady()
    const found = step(this.#memory, { attention, setting, newId: randomUUID, now, steady })
    value.mutes = liveMutes(value.mutes, now)
    value.alerts = this.#kept([...found.raised, ...value.alerts], now)
    const isNews = this.#tell(found.over)
    if (isNews || found.raised.length + found.over.length + found.dropped.length > 0) {
      void this.#state.save().catch(this.#options.reportBug)
      this.#told.push(null)
    }
    this.#deliveries.kick()
    this.#cancelNext()
    this.#cancelNext = this.#clock.after(Math.min(found.nextMs ?? longestMs, longestMs), () => this.#look())
  }

  /** Keeps what fires, what is still to be told, and of the rest the last. */
  #kept(alerts: readonly KeptAlert[], now: number): KeptAlert[] {
    const isOpen = ({ id, overAt }: KeptAlert) => overAt === null || this.#deliveries.waitingOf(id).length > 0
    const overOf = new Map<KeptAlert['rule'], number>()
    return alerts.filter((alert) => {
      if (isOpen(alert)) return true
      const over = (overOf.get(alert.rule) ?? 0) + 1
      overOf.set(alert.rule, over)
      return over <= mostKept && now - (alert.overAt ?? now) < keptMs
    })
  }

  #describe(alert: KeptAlert): Alert {
    return { ...shown(alert), deliveries: [...alert.deliveries, ...this.#deliveries.waitingOf(alert.id)] }
  }

  #rule(id: AlertRuleId): AlertRule {
    const lastAt = this.#state.value.alerts.find(({ rule }) => rule === id)?.raisedAt ?? null
    return { id, ...settingOf(id, this.#settings.value), lastAt }
  }

  #channel(channel: KeptChannel): AlertChannel {
    return { ...channel, ...this.#deliveries.standing(channel.id) }
  }

  #heartbeatNow(): AlertHeartbeat {
    return { ...this.#settings.value.heartbeat, ...this.#heartbeat.standing() }
  }

  /** What was changed counts from now on. */
  #after<T>(answer: () => T): T {
    this.#options.lookAgain()
    this.#look()
    this.#changed()
    return answer()
  }
}
