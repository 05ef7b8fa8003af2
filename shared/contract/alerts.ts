import * as z from 'zod'
import { alertRuleIds, alertSeverities } from '../alert-rules'
import { AttentionItem } from './attention'
import { gives, NewName, procedure, ReasonSchema, RecordId, Slug, Timestamp, WeekWindow } from './base'

export const AlertRuleId = z.enum(alertRuleIds)
const AlertSeverity = z.enum(alertSeverities)

const Seconds = z
  .number()
  .int()
  .min(0)
  .max(24 * 3600)
const Limit = z.object({ begins: z.number().min(0).max(10_000), ends: z.number().min(0).max(10_000) })

/** How a rule is set. */
export const AlertRuleSetting = z.object({
  on: z.boolean(),
  severity: AlertSeverity,
  /** For how long it must last until it is told, in s. */
  forSec: Seconds,
  /** For how long it must be gone until it counts as over, in s. */
  overSec: Seconds,
  /** Where its figure begins and ends to be too much; null for a rule without one. */
  limit: Limit.nullable(),
  /** The channels that it is sent to, by their ids; null: all of them. The panel shows it whatever is chosen. */
  channels: z.array(Slug).max(20).nullable(),
})
export type AlertRuleSetting = z.infer<typeof AlertRuleSetting>

export const AlertRule = AlertRuleSetting.extend({
  id: AlertRuleId,
  /** When an alert of it was raised last, as far as the history goes back. */
  lastAt: Timestamp.nullable(),
})
export type AlertRule = z.infer<typeof AlertRule>

/** What became of an alert, or of its end, in a channel. */
export const AlertDelivery = z.object({
  channelId: z.string(),
  phase: z.enum(['firing', 'over']),
  /** `held`: quiet hours. `given-up`: nobody took it for a day. */
  state: z.enum(['waiting', 'held', 'sent', 'given-up']),
  /** When that became so. */
  at: Timestamp,
  tries: z.number().int(),
})
export type AlertDelivery = z.infer<typeof AlertDelivery>

/** Something that a rule tells of, from when it was raised until it was over. */
export const Alert = z.object({
  id: RecordId,
  rule: AlertRuleId,
  severity: AlertSeverity,
  /** The id of what needs attention. */
  about: z.string(),
  ...AttentionItem.pick({ kind: true, subject: true, count: true, reason: true, leadsTo: true }).shape,
  /** When what it is about began, as far as Regie saw it. */
  since: Timestamp,
  raisedAt: Timestamp,
  /** Null while it lasts. */
  overAt: Timestamp.nullable(),
  /** Whether it goes unsaid because of a mute. */
  muted: z.boolean(),
  deliveries: z.array(AlertDelivery),
})
export type Alert = z.infer<typeof Alert>

/** What is not told: everything, a rule, one thing, or whatever is about one service or credential. */
const MuteScope = z.discriminatedUnion('what', [
  z.object({ what: z.literal('all') }),
  z.object({ what: z.literal('rule'), rule: AlertRuleId }),
  z.object({ what: z.literal('alert'), about: z.string().max(500) }),
  z.object({ what: z.literal('subject'), subject: z.string().max(100) }),
])
export const AlertMute = z.object({
  id: RecordId,
  scope: MuteScope,
  /** Null: until somebody takes it away. */
  until: Timestamp.nullable(),
  since: Timestamp,
})
export type AlertMute = z.infer<typeof AlertMute>

const Host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9._:-]+$/, 'not a host')
const Mailbox = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@<>(),;:"\p{Cc}]+@[^\s@<>(),;:"\p{Cc}]+$/u, 'not an e-mail address')
/** Said by an administrator: the host is of the own network, and may be spoken to without encryption. */
const isPrivate = z.boolean().default(false)

/** Where a channel leads. Whatever is secret of it stands in the vault, never here. */
export const AlertTarget = z.discriminatedUnion('kind', [
  /** A notification of the system on which Regie's window runs. */
  z.object({ kind: z.literal('desktop') }),
  z.object({
    kind: z.literal('email'),
    host: Host,
    port: z.number().int().min(1).max(65_535),
    /** `tls` from the beginning, `starttls` before anything is said, or neither. */
    security: z.enum(['tls', 'starttls', 'none']),
    /** Null: without signing in. The password is the channel's secret. */
    username: z.string().min(1).max(254).nullable(),
    from: Mailbox,
    to: z.array(Mailbox).min(1).max(10),
    isPrivate,
  }),
  /** A POST of JSON, signed with the channel's secret. */
  z.object({ kind: z.literal('webhook'), url: z.string().max(2048), isPrivate }),
  /** Its access token, where it has one, is the channel's secret. */
  z.object({
    kind: z.literal('ntfy'),
    server: z.string().max(2048),
    topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a topic'),
    isPrivate,
  }),
  /** The whole address is the channel's secret. */
  z.object({ kind: z.literal('discord') }),
  z.object({ kind: z.literal('slack') }),
])
export type AlertTarget = z.infer<typeof AlertTarget>

/** What a secret of a channel may be: it is one line, without a blank. */
const ChannelSecret = z.string().min(1).max(2048)

const ChannelSetting = z.object({
  name: z.string().trim().min(1).max(60),
  on: z.boolean(),
  /** Whether it waits for the end of quiet hours with all that is not critical. */
  quiet: z.boolean(),
  /** What weighs less is not sent there. */
  least: AlertSeverity,
  language: z.enum(['en', 'fr']),
  target: AlertTarget,
})

/** How sending went last, and how it goes on. */
const Sending = z.object({
  /** The last that was taken: when, and how long it took; null: none yet. */
  sent: z.object({ at: Timestamp, tookMs: z.number() }).nullable(),
  /** While it is not taken: since when, how often it was tried, why, and when it is tried next. */
  failing: z
    .object({ since: Timestamp, tries: z.number().int(), reason: ReasonSchema, nextAt: Timestamp.nullable() })
    .nullable(),
})
export type AlertSending = z.infer<typeof Sending>

export const AlertChannel = ChannelSetting.extend({
  id: Slug,
  /** The credential that holds its secret; null where it has none. */
  credentialId: z.string().nullable(),
  ...Sending.shape,
  /** Messages that wait: to be sent, to be tried again, or for the end of quiet hours. */
  waiting: z.number().int(),
})
export type AlertChannel = z.infer<typeof AlertChannel>

/** An address that is asked while Regie is awake, so that somebody else notices when it is not. */
export const AlertHeartbeat = z.object({
  on: z.boolean(),
  everyMin: z.number().int().min(1).max(1440),
  /** The host of its address; the address itself is a secret. Null: none was given. */
  host: z.string().nullable(),
  credentialId: z.string().nullable(),
  isPrivate: z.boolean(),
  ...Sending.shape,
})
export type AlertHeartbeat = z.infer<typeof AlertHeartbeat>

export const Alerts = z.object({
  rules: z.array(AlertRule),
  channels: z.array(AlertChannel),
  heartbeat: AlertHeartbeat,
  quietHours: WeekWindow.nullable(),
  mutes: z.array(AlertMute),
  /** Those that last, worst first. */
  firing: z.array(Alert),
  /** The last ones, over or not, newest first. */
  history: z.array(Alert),
})
export type Alerts = z.infer<typeof Alerts>

const tags = ['alerts']
const one = z.object({ id: Slug })
const sends = ['UNPROCESSABLE_CONTENT', 'CONFLICT', 'BAD_GATEWAY', 'GATEWAY_TIMEOUT', ...gives.store] as const
const email = {
  ...{ kind: 'email', host: 'mail.example.org', port: 465, security: 'tls', username: null },
  ...{ from: 'regie@example.org', to: ['ada@example.org'] },
} as const

export const alerts = {
  read: procedure('admin')
    .route({ method: 'GET', path: '/alerts', tags, summary: 'Rules, channels, mutes, what fires, and the last alerts' })
    .output(Alerts),
  changeRule: procedure('admin', { errors: ['UNPROCESSABLE_CONTENT', ...gives.store], example: { forSec: 120 } })
    .route({ method: 'PATCH', path: '/alerts/rules/{id}', tags, summary: 'Change a rule' })
    .input(AlertRuleSetting.partial().extend({ id: Slug }))
    .output(AlertRule),
  mute: procedure('admin', {
    errors: ['CONFLICT', ...gives.store],
    example: { scope: { what: 'rule', rule: 'gpu-hot' }, minutes: 60 },
  })
    .route({
      method: 'POST',
      path: '/alerts/mutes',
      successStatus: 201,
      tags,
      summary: 'Tell nothing of something for a while; what still lasts then is told',
    })
    .input(
      z.object({
        scope: MuteScope,
        /** Null: until somebody takes it away. */
        minutes: z
          .number()
          .int()
          .min(1)
          .max(60 * 24 * 90)
          .nullable(),
      }),
    )
    .output(AlertMute),
  unmute: procedure('admin', { errors: gives.store })
    .route({ method: 'DELETE', path: '/alerts/mutes/{id}', tags, summary: 'End a mute' })
    .input(z.object({ id: RecordId }))
    .output(z.object({ id: RecordId })),
  setQuietHours: procedure('admin', {
    errors: gives.store,
    example: { quietHours: { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5, 6, 7] } },
  })
    .route({
      method: 'PUT',
      path: '/alerts/quiet-hours',
      tags,
      summary: 'When channels that mind it wait with all that is not critical; null for never',
    })
    .input(z.object({ quietHours: WeekWindow.nullable() }))
    .output(z.object({ quietHours: WeekWindow.nullable() })),
  addChannel: procedure('admin', {
    reauth: true,
    errors: sends,
    example: { name: 'Ada', target: email },
  })
    .route({
      method: 'POST',
      path: '/alerts/channels',
      successStatus: 201,
      tags,
      summary:
        'Add a channel; its secret becomes a credential of the vault. One for a webhook that is left out is drawn',
    })
    .input(
      z.object({
        name: NewName(60),
        target: AlertTarget,
        on: z.boolean().default(true),
        quiet: z.boolean().default(false),
        least: AlertSeverity.default('info'),
        language: z.enum(['en', 'fr']).default('en'),
        secret: ChannelSecret.optional(),
      }),
    )
    .output(AlertChannel),
  changeChannel: procedure('admin', { reauth: true, errors: sends, example: { on: false } })
    .route({
      method: 'PATCH',
      path: '/alerts/channels/{id}',
      tags,
      summary: 'Change a channel. Where it leads elsewhere its secret is asked for again',
    })
    .input(
      ChannelSetting.partial().extend({ id: Slug, name: NewName(60).optional(), secret: ChannelSecret.optional() }),
    )
    .output(AlertChannel),
  removeChannel: procedure('admin', { errors: sends })
    .route({ method: 'DELETE', path: '/alerts/channels/{id}', tags, summary: 'Remove a channel, and its secret' })
    .input(one)
    .output(one),
  testChannel: procedure('admin', { errors: sends })
    .route({
      method: 'POST',
      path: '/alerts/channels/{id}/test',
      tags,
      summary: 'Send a message that says it is a test',
    })
    .input(one)
    .output(z.object({ tookMs: z.number() })),
  setHeartbeat: procedure('admin', { reauth: true, errors: sends, example: { on: false } })
    .route({
      method: 'PATCH',
      path: '/alerts/heartbeat',
      tags,
      summary: 'An address that is asked while Regie is awake; it is kept in the vault',
    })
    .input(
      z.object({
        on: z.boolean().optional(),
        everyMin: AlertHeartbeat.shape.everyMin.optional(),
        isPrivate: z.boolean().optional(),
        address: ChannelSecret.optional(),
      }),
    )
    .output(AlertHeartbeat),
  beat: procedure('admin', { errors: sends })
    .route({ method: 'POST', path: '/alerts/heartbeat/test', tags, summary: 'Ask the heartbeat address now' })
    .output(z.object({ tookMs: z.number() })),
}
