import { randomBytes, randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { AlertRuleId } from '../../shared/alert-rules'
import type { AlertMute, AlertRuleSetting, AlertTarget, contract } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import { channelTo, type Channel, type ShowOnDesktop } from './channels'
import { addressOf } from './channels/wire'
import type { AlertSettings, AlertState, KeptChannel, KeptFile } from './kept'
import { liveMutes } from './mutes'
import { checkLimit, settingOf } from './rules'

const mostChannels = 20
const mostMutes = 100

/** The vault, as far as channels keep their secrets in it. */
export interface ChannelSecrets {
  create(credential: { id: string; scheme: 'token'; token?: string; inUse?: boolean }, who: string): Promise<unknown>
  /** Throws `credential.not-found`. */
  remove(id: string, who: string): Promise<unknown>
}

export interface ManageOptions {
  settings: KeptFile<AlertSettings>
  state: KeptFile<AlertState>
  audit: Pick<Audit, 'appendFirst'>
  credentials: ChannelSecrets
  show: ShowOnDesktop
  now: () => number
}

type Asked = typeof contract.alerts
type InputOf<P extends keyof Asked> = z.output<NonNullable<Asked[P]['~orpc']['inputSchema']>>
type NewChannel = InputOf<'addChannel'>
type ChannelChange = InputOf<'changeChannel'>
type HeartbeatChange = InputOf<'setHeartbeat'>

/** What is set of the alerts, and by whom it was; the order of calls is the order of changes. */
export function createManage({ settings, state, audit, credentials, show, now }: ManageOptions) {
  const inTurn = createSerial()

  const noted = (who: string, action: string, target: string, details: Record<string, string | number> = {}) =>
    audit.appendFirst({ who, action: `alerts.${action}`, target, details })

  /** Puts a change into effect; where it cannot be kept all is as before. */
  async function change(next: Partial<AlertSettings>): Promise<void> {
    const before = settings.value
    settings.value = { ...before, ...next }
    try {
      await settings.save()
    } catch (error) {
      settings.value = before
      throw error
    }
  }

  /** Keeps a secret of a channel in the vault. Returns the credential's id; null where there is none to keep. */
  async function keepSecret(id: string, secret: Channel['secret'], given: string | undefined, who: string) {
    if (secret === 'none' || (given === undefined && secret !== 'drawn')) return null
    const credentialId = `alert-${id}-${randomBytes(2).toString('hex')}`
    const token = given === undefined ? {} : { token: given, inUse: true }
    await credentials.create({ id: credentialId, scheme: 'token', ...token }, who)
    return credentialId
  }

  /** The change, with a new secret; where that cannot be kept, the secret is not kept either. */
  async function changeWith(credentialId: string | null, next: Partial<AlertSettings>, who: string): Promise<void> {
    try {
      await change(next)
    } catch (error) {
      if (credentialId !== null) await credentials.remove(credentialId, who)
      throw error
    }
  }

  /** A secret that no channel uses any more; one that somebody has removed himself is gone already. */
  async function dropSecret(credentialId: string | null, who: string): Promise<void> {
    if (credentialId === null) return
    await credentials.remove(credentialId, who).catch((error: unknown) => {
      if (!(error instanceof Problem && error.id === 'credential.not-found')) throw error
    })
  }

  function channel(id: string): KeptChannel {
    const found = settings.value.channels.find((one) => one.id === id)
    if (!found) throw new Problem('alerts.not-found', { id })
    return found
  }

  async function addChannel({ secret, ...asked }: NewChannel, who: string): Promise<string> {
    const { channels } = settings.value
    if (channels.length >= mostChannels) throw new Problem('alerts.too-many', { count: channels.length })
    const to = channelTo(asked.target, show)
    if (to.secret === 'needed' && secret === undefined) throw new Problem('alerts.secret-needed', { what: to.secretIs })
    to.check(secret ?? null)
    const id = `${asked.target.kind}-${randomBytes(3).toString('hex')}`
    await noted(who, 'channel-added', id, { kind: asked.target.kind, name: asked.name })
    const credentialId = await keepSecret(id, to.secret, secret, who)
    await changeWith(credentialId, { channels: [...channels, { ...asked, id, credentialId }] }, who)
    return id
  }

  /** A secret is never sent where nobody has said that it may be: for another place it is given again. */
  function checkSecret(before: KeptChannel, target: AlertTarget, secret: string | undefined): Channel {
    const to = channelTo(target, show)
    const isElsewhere = channelTo(before.target, show).place !== to.place
    const isMissing = before.credentialId === null ? to.secret === 'needed' : isElsewhere && to.secret !== 'none'
    if (isMissing && secret === undefined) throw new Problem('alerts.secret-needed', { what: to.secretIs })
    // One that is kept was checked when it was given.
    if (secret !== undefined || before.credentialId === null || to.secret === 'none') to.check(secret ?? null)
    return to
  }

  async function changeChannel({ id, secret, ...asked }: ChannelChange, who: string): Promise<void> {
    const before = channel(id)
    const next = { ...before, ...defined(asked) }
    const to = checkSecret(before, next.target, secret)
    await noted(who, 'channel-changed', id, { kind: next.target.kind, secret: secret === undefined ? 'kept' : 'new' })
    const isKept = secret === undefined && to.secret !== 'none'
    const credentialId = isKept ? before.credentialId : await keepSecret(id, to.secret, secret, who)
    const channels = settings.value.channels.map((one) => (one.id === id ? { ...next, credentialId } : one))
    await changeWith(isKept ? null : credentialId, { channels }, who)
    if (credentialId !== before.credentialId) await dropSecret(before.credentialId, who)
  }

  async function setHeartbeat({ address, ...asked }: HeartbeatChange, who: string): Promise<void> {
    const before = settings.value.heartbeat
    const next = { ...before, ...defined(asked) }
    if (next.on && address === undefined && before.credentialId === null)
      throw new Problem('alerts.secret-needed', { what: 'URL' })
    const isOpened = next.isPrivate && !before.isPrivate && before.credentialId !== null
    if (isOpened && address === undefined) throw new Problem('alerts.secret-needed', { what: 'URL' })
    const host = address === undefined ? before.host : addressOf(address, next.isPrivate).hostname
    await noted(who, 'heartbeat-changed', '', { on: String(next.on), host: host ?? '' })
    const made = await keepSecret('heartbeat', 'optional', address, who)
    await changeWith(made, { heartbeat: { ...next, host, credentialId: made ?? before.credentialId } }, who)
    if (made !== null) await dropSecret(before.credentialId, who)
  }

  return {
    channel,
    addChannel: (asked: NewChannel, who: string) => inTurn(() => addChannel(asked, who)),
    changeChannel: (asked: ChannelChange, who: string) => inTurn(() => changeChannel(asked, who)),
    removeChannel: (id: string, who: string) =>
      inTurn(async () => {
        const { credentialId } = channel(id)
        await noted(who, 'channel-removed', id)
        await change({ channels: settings.value.channels.filter((one) => one.id !== id) })
        await dropSecret(credentialId, who)
      }),
    setHeartbeat: (asked: HeartbeatChange, who: string) => inTurn(() => setHeartbeat(asked, who)),
    setQuietHours: (quietHours: AlertSettings['quietHours'], who: string) =>
      inTurn(async () => {
        await noted(who, 'quiet-hours-changed', '', quietHours ? { from: quietHours.from, to: quietHours.to } : {})
        await change({ quietHours })
      }),
    changeRule: (id: AlertRuleId, asked: Partial<AlertRuleSetting>, who: string) =>
      inTurn(async () => {
        checkLimit(id, asked.limit)
        for (const one of asked.channels ?? []) channel(one)
        await noted(who, 'rule-changed', id, { changed: Object.keys(asked).join(', ') })
        const next = { ...settings.value.rules[id], ...asked }
        await change({ rules: { ...settings.value.rules, [id]: next } })
        return settingOf(id, settings.value)
      }),
    mute: ({ scope, minutes }: InputOf<'mute'>, who: string): Promise<AlertMute> =>
      inTurn(async () => {
        const mutes = liveMutes(state.value.mutes, now())
        if (mutes.length >= mostMutes) throw new Problem('alerts.too-many', { count: mutes.length })
        const until = minutes === null ? null : now() + minutes * 60_000
        const made: AlertMute = { id: randomUUID(), scope, until, since: now() }
        await noted(who, 'muted', JSON.stringify(scope).slice(0, 200), minutes === null ? {} : { minutes })
        state.value.mutes = [...mutes, made]
        await state.save()
        return made
      }),
    unmute: (id: string, who: string) =>
      inTurn(async () => {
        if (!state.value.mutes.some((mute) => mute.id === id)) throw new Problem('alerts.not-found', { id })
        await noted(who, 'unmuted', id)
        state.value.mutes = state.value.mutes.filter((mute) => mute.id !== id)
        await state.save()
      }),
    /** Resolves when all that was asked for is done. */
    settled: inTurn.settled,
  }
}

/** A change as it was sent: what is left out stays. */
const defined = <T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  } // fromEntries loses the keys
