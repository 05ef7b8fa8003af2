import { randomUUID } from 'node:crypto'
import { alertRuleIds, alertSeverities, type AlertLimits, type AlertRuleId } from '../../shared/alert-rules'
import type { Alert, AlertHeartbeat, Alerts, Attention, PanelEvent } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { createThrottle } from '../async/throttle'
import type { Undelivered } from '../attention/sources'
import type { Audit } from '../audit/audit'
import type { Credentials } from '../credentials'
import { sleepClock, type SleepClock } from '../sleeping/clock'
import type { Wire } from './channels/wire'
import { Deliveries } from './delivery'
import { newMemory, step } from './engine'
import { createHeartbeat } from './heartbeat'
import { AlertSettings, AlertState, firstSettings, openKept, type KeptAlert, type KeptChannel } from './kept'
import { createManage, type ChannelSecrets } from './manage'
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

/** So many alerts that are over are kept, and for so long, in ms. */
const mostKept = 300
const keptMs = 30 * 24 * 3600_000

/** So often a channel is tried before it counts as one that takes nothing. */
const failingTries = 3

/** Pages are told of changes this often at most, in ms. */
const tellEveryMs = 200

export type AlertsPart = Awaited<ReturnType<typeof openAlerts>>

/** Opens what is set, and what was raised and told before. */
export async function openAlerts(options: AlertsOptions) {
  const settings = await openKept(options.settingsFile, AlertSettings, firstSettings(options.hasDesktop))
  const empty: AlertState = { version: 1, alerts: [], outboxes: {}, mutes: [] }
  const state = await openKept(options.stateFile, AlertState, empty)
  const { clock = sleepClock, wire = {}, publish, reportBug, credentials } = options
  const show = options.hasDesktop ? (alerts: Alert[]) => publish({ type: 'alert-told', alerts }) : null
  const memory = newMemory(state.value.alerts, clock.steady() + settlingMs)
  const told = createThrottle<null>(tellEveryMs, () => publish({ type: 'alerts' }))
  let last: { attention: Attention; at: number } | null = null
  let cancelNext: () => void = () => undefined
  let shownFailing = ''

  const lend = <T>(id: string, use: (secret: string | null) => Promise<T>): Promise<T> =>
    credentials.withSecret(id, ({ token }) => use(token))
  const shared = { lend, clock, wire, reportBug, changed }
  const deliveries = new Deliveries({ ...options, ...shared, state, show, settings: () => settings.value })
  const heartbeat = createHeartbeat({
    ...shared,
    setting: () => settings.value.heartbeat,
    isAwake: () => last !== null && clock.steady() - last.at < 3 * longestMs,
  })
  const manage = createManage({ ...options, settings, state, show, now: () => clock.now() })

  function changed(): void {
    told.push(null)
    const now = JSON.stringify(failing().map(({ id, tries }) => [id, tries]))
    if (now !== shownFailing) options.lookAgain()
    shownFailing = now
  }

  /** Whatever takes nothing, though it was tried often enough. */
  function failing(): Undelivered[] {
    const { channels, heartbeat: beat } = settings.value
    const all = [
      ...channels.filter(({ on }) => on).map(({ id, name }) => ({ id, name, ...deliveries.standing(id) })),
      ...(beat.on ? [{ id: 'heartbeat', name: 'Heartbeat', ...heartbeat.standing() }] : []),
    ]
    return all.flatMap(({ id, name, failing: how }) =>
      how !== null && how.tries >= failingTries
        ? [{ id, name, tries: how.tries, since: how.since, why: how.reason.message }]
        : [],
    )
  }

  /** Tells what is to be told: what was raised or is over, and what a mute kept back until now. */
  function tell(over: readonly KeptAlert[], mutes: AlertState['mutes']): boolean {
    const due = [...memory.firing.values()].filter((alert) => !alert.isTold && !isMuted(mutes, alert))
    for (const alert of due) {
      alert.isTold = true
      deliveries.tell(alert, 'firing')
    }
    for (const alert of over) if (alert.isTold && !isMuted(mutes, alert)) deliveries.tell(alert, 'over')
    return due.length > 0
  }

  function look(): void {
    if (!last) return
    const { attention } = last
    const now = clock.now()
    const setting = (rule: AlertRuleId) => settingOf(rule, settings.value)
    const found = step(memory, { attention, setting, newId: randomUUID, now, steady: clock.steady() })
    state.value.mutes = liveMutes(state.value.mutes, now)
    state.value.alerts = kept([...found.raised, ...state.value.alerts], now)
    const isNews = tell(found.over, state.value.mutes)
    if (isNews || found.raised.length + found.over.length + found.dropped.length > 0) {
      void state.save().catch(reportBug)
      told.push(null)
    }
    deliveries.kick()
    cancelNext()
    cancelNext = clock.after(Math.min(found.nextMs ?? longestMs, longestMs), look)
  }

  /** Keeps what fires, what is still to be told, and of the rest the last. */
  function kept(alerts: readonly KeptAlert[], now: number): KeptAlert[] {
    const isOpen = ({ id, overAt }: KeptAlert) => overAt === null || deliveries.waitingOf(id).length > 0
    let over = 0
    return alerts.filter((alert) => {
      if (isOpen(alert)) return true
      over += 1
      return over <= mostKept && now - (alert.overAt ?? now) < keptMs
    })
  }

  const stopLooking = options.onLook((attention) => {
    last = { attention, at: clock.steady() }
    look()
  })
  const stopListening = options.listen((event) => {
    if (event.type !== 'vault' || event.vault.state !== 'open') return
    // What waited for its secret goes now.
    deliveries.kick({ isNews: true })
    heartbeat.begin()
  })

  const describe = (alert: KeptAlert): Alert => ({
    ...shown(alert),
    deliveries: [...alert.deliveries, ...deliveries.waitingOf(alert.id)],
  })
  const weight = ({ severity }: KeptAlert) => alertSeverities.indexOf(severity)
  const channelOf = (channel: KeptChannel) => ({ ...channel, ...deliveries.standing(channel.id) })
  const heartbeatNow = (): AlertHeartbeat => ({ ...settings.value.heartbeat, ...heartbeat.standing() })
  const ruleNow = (id: AlertRuleId) => ({
    id,
    ...settingOf(id, settings.value),
    lastAt: state.value.alerts.find(({ rule }) => rule === id)?.raisedAt ?? null,
  })

  /** What was changed counts from now on. */
  const after = async <T>(work: Promise<unknown>, answer: () => T): Promise<T> => {
    await work
    options.lookAgain()
    look()
    changed()
    return answer()
  }

  return {
    read: (): Alerts => ({
      rules: alertRuleIds.map(ruleNow),
      channels: settings.value.channels.map(channelOf),
      heartbeat: heartbeatNow(),
      quietHours: settings.value.quietHours,
      mutes: liveMutes(state.value.mutes, clock.now()),
      firing: [...memory.firing.values()].sort((a, b) => weight(b) - weight(a)).map(describe),
      history: state.value.alerts.map(describe),
    }),
    changeRule: (...asked: Parameters<typeof manage.changeRule>) =>
      after(manage.changeRule(...asked), () => ruleNow(asked[0])),
    async addChannel(...asked: Parameters<typeof manage.addChannel>) {
      const id = await manage.addChannel(...asked)
      return after(Promise.resolve(), () => channelOf(manage.channel(id)))
    },
    changeChannel: (...asked: Parameters<typeof manage.changeChannel>) =>
      after(manage.changeChannel(...asked), () => channelOf(manage.channel(asked[0].id))),
    removeChannel: (id: string, who: string) => after(manage.removeChannel(id, who), () => ({ id })),
    testChannel: async (id: string) => ({ tookMs: await deliveries.test(manage.channel(id)) }),
    async mute(...asked: Parameters<typeof manage.mute>) {
      const made = await manage.mute(...asked)
      return after(Promise.resolve(), () => made)
    },
    unmute: (id: string, who: string) => after(manage.unmute(id, who), () => ({ id })),
    setQuietHours: (...asked: Parameters<typeof manage.setQuietHours>) =>
      after(manage.setQuietHours(...asked), () => ({ quietHours: settings.value.quietHours })),
    setHeartbeat: (...asked: Parameters<typeof manage.setHeartbeat>) =>
      after(
        manage.setHeartbeat(...asked).then(() => heartbeat.begin()),
        heartbeatNow,
      ),
    async beat() {
      if (settings.value.heartbeat.credentialId === null) throw new Problem('alerts.secret-needed', { what: 'URL' })
      return { tookMs: await heartbeat.test() }
    },
    /** Whether a channel uses a credential: its secret is given, never drawn. */
    uses: (credentialId: string): boolean =>
      [...settings.value.channels, settings.value.heartbeat].some((one) => one.credentialId === credentialId),
    /** The limits that attention goes by. */
    limits: (): AlertLimits => limitsOf(settings.value),
    failing,
    /** What is to be told of the files. */
    notices: (): Reason[] =>
      settings.setAside === null ? [] : [reason('alerts.unreadable', { kept: settings.setAside })],
    /** Sends from now on. */
    begin(): void {
      deliveries.kick()
      heartbeat.begin()
    },
    async close(): Promise<void> {
      stopLooking()
      stopListening()
      cancelNext()
      told.drop()
      await heartbeat.close()
      await manage.settled()
      await deliveries.close()
      await state.save().catch(reportBug)
    },
  }
}
