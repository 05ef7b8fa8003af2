import * as z from 'zod'
import {
  Alert,
  AlertChannel,
  AlertHeartbeat,
  AlertMute,
  AlertRuleId,
  AlertRuleSetting,
  ReasonSchema,
  Timestamp,
  WeekWindow,
} from '../../shared/contract'

/** A channel as it is set. */
export const KeptChannel = AlertChannel.omit({ sent: true, failing: true, waiting: true })
export type KeptChannel = z.infer<typeof KeptChannel>

/** `alerts.json`: what people have set. No secret stands in it, only the credentials that hold them. */
export const AlertSettings = z.object({
  version: z.literal(1),
  /** Of each rule what differs from the table. */
  rules: z.partialRecord(AlertRuleId, AlertRuleSetting.partial()),
  channels: z.array(KeptChannel),
  heartbeat: AlertHeartbeat.omit({ sent: true, failing: true }),
  quietHours: WeekWindow.nullable(),
})
export type AlertSettings = z.infer<typeof AlertSettings>

/** Where a desktop shows notifications, it does from the start. */
const desktopChannel: KeptChannel = {
  ...{ id: 'desktop', name: 'Desktop', on: true, quiet: true, least: 'info', language: 'en' },
  ...{ target: { kind: 'desktop' }, credentialId: null },
}

/** How it begins. */
export const firstSettings = (hasDesktop: boolean): AlertSettings => ({
  ...{ version: 1, rules: {}, channels: hasDesktop ? [desktopChannel] : [], quietHours: null },
  heartbeat: { on: false, everyMin: 5, host: null, credentialId: null, isPrivate: false },
})

/** That an alert was raised, or is over, still to be told. */
export const Notice = z.object({ alertId: z.string(), phase: z.enum(['firing', 'over']) })
export type Notice = z.infer<typeof Notice>

/** What a channel has still to send, and how it goes. */
export const Outbox = z.object({
  waiting: z.array(Notice),
  /** What is tried just now, the same until it was taken or given up. */
  message: z.object({ id: z.string(), at: Timestamp, notices: z.array(Notice), tries: z.number().int() }).nullable(),
  /** Not before; null: at once. */
  nextAt: Timestamp.nullable(),
  sent: z.object({ at: Timestamp, tookMs: z.number() }).nullable(),
  failing: z.object({ since: Timestamp, tries: z.number().int(), reason: ReasonSchema }).nullable(),
})
export type Outbox = z.infer<typeof Outbox>

/** An alert with whether it was told: muted ones are not, until the mute ends. */
export const KeptAlert = Alert.omit({ muted: true }).extend({ isTold: z.boolean() })
export type KeptAlert = z.infer<typeof KeptAlert>

/** `alerts-state.json`: what was raised and what of it was told, so that a restart neither loses nor repeats it. */
export const AlertState = z.object({
  version: z.literal(1),
  /** Newest first. */
  alerts: z.array(KeptAlert),
  outboxes: z.record(z.string(), Outbox),
  mutes: z.array(AlertMute),
})
export type AlertState = z.infer<typeof AlertState>
