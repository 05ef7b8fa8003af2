import { randomBytes, randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { AlertRuleId } from '../../shared/alert-rules'
import type { AlertMute, AlertRuleSetting, AlertTarget, contract } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import { channelTo, type Channel, type ShowOnDesktop } from './channels'
import { addressOf } from './channels/wire'
import type { AlertSettings, AlertState, KeptChannel } from './kept'
import type { KeptFile } from '../storage/kept-file'
import { liveMutes } from './mutes'
import { checkLimit } from './rules'

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
export class Manage {
  readonly #options: ManageOptions
  readonly #inTurn = createSerial()

  constructor(options: ManageOptions) {
    this.#options = options
  }

  /** Throws `alerts.not-found`. */
  channel(id: string): KeptChannel {
    const found = this.#settings().channels.find((one) => one.id === id)
    if (!found) throw new Problem('alerts.not-found', { id })
    return found
  }

  /** Returns the new channel's id. */
  addChannel(asked: NewChannel, who: string): Promise<string> {
    return this.#inTurn(() => this.#addChannel(asked, who))
  }

  changeChannel(asked: ChannelChange, who: string): Promise<void> {
    return this.#inTurn(() => this.#changeChannel(asked, who))
  }

  removeChannel(id: string, who: string): Promise<void> {
    return this.#inTurn(async () => {
      const { credentialId } = this.channel(id)
      await this.#note(who, 'channel-removed', id)
      await this.#change({ channels: this.#settings().channels.filter((one) => one.id !== id) })
      await this.#dropSecret(credentialId, who)
    })
  }

  setHeartbeat(asked: HeartbeatChange, who: string): Promise<void> {
    return this.#inTurn(() => this.#setHeartbeat(asked, who))
  }

  setQuietHours(quietHours: AlertSettings['quietHours'], who: string): Promise<void> {
    return this.#inTurn(async () => {
      const details = quietHours ? { from: quietHours.from, to: quietHours.to } : {}
      await this.#note(who, 'quiet-hours-changed', '', details)
      await this.#change({ quietHours })
    })
  }

  changeRule(id: AlertRuleId, asked: Partial<AlertRuleSetting>, who: string): Promise<void> {
    return this.#inTurn(async () => {
      checkLimit(id, asked.limit)
      for (const one of asked.channels ?? []) this.channel(one)
      await this.#note(who, 'rule-changed', id, { changed: Object.keys(asked).join(', ') })
      const { rules } = this.#settings()
      await this.#change({ rules: { ...rules, [id]: { ...rules[id], ...asked } } })
    })
  }

  mute({ scope, minutes }: InputOf<'mute'>, who: string): Promise<AlertMute> {
    return this.#inTurn(async () => {
      const { state, now } = this.#options
      const mutes = liveMutes(state.value.mutes, now())
      if (mutes.length >= mostMutes) throw new Problem('alerts.too-many', { count: mutes.length })
      const until = minutes === null ? null : now() + minutes * 60_000
      const made: AlertMute = { id: randomUUID(), scope, until, since: now() }
      await this.#note(who, 'muted', JSON.stringify(scope).slice(0, 200), minutes === null ? {} : { minutes })
      state.value.mutes = [...mutes, made]
      await state.save()
      return made
    })
  }

  unmute(id: string, who: string): Promise<void> {
    return this.#inTurn(async () => {
      const { state } = this.#options
      if (!state.value.mutes.some((mute) => mute.id === id)) throw new Problem('alerts.not-found', { id })
      await this.#note(who, 'unmuted', id)
      state.value.mutes = state.value.mutes.filter((mute) => mute.id !== id)
      await state.save()
    })
  }

  /** Resolves when all that was asked for is done. */
  settled(): Promise<void> {
    return this.#inTurn.settled()
  }

  #settings(): AlertSettings {
    return this.#options.settings.value
  }

  #note(who: string, action: string, target: string, details: Record<string, string | number> = {}) {
    return this.#options.audit.appendFirst({ who, action: `alerts.${action}`, target, details })
  }

  /** Puts a change into effect; where it cannot be kept all is as before. */
  async #change(next: Partial<AlertSettings>): Promise<void> {
    const { settings } = this.#options
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
  async #keepSecret(id: string, secret: Channel['secret'], given: string | undefined, who: string) {
    if (secret === 'none' || (given === undefined && secret !== 'drawn')) return null
    const credentialId = `alert-${id}-${randomBytes(2).toString('hex')}`
    const token = given === undefined ? {} : { token: given, inUse: true }
    await this.#options.credentials.create({ id: credentialId, scheme: 'token', ...token }, who)
    return credentialId
  }

  /** The change, with a new secret; where that cannot be kept, the secret is not kept either. */
  async #changeWith(credentialId: string | null, next: Partial<AlertSettings>, who: string): Promise<void> {
    try {
      await this.#change(next)
    } catch (error) {
      if (credentialId !== null) await this.#options.credentials.remove(credentialId, who)
      throw error
    }
  }

  /** A secret that no channel uses any more; one that somebody has removed himself is gone already. */
  async #dropSecret(credentialId: string | null, who: string): Promise<void> {
    if (credentialId === null) return
    await this.#options.credentials.remove(credentialId, who).catch((error: unknown) => {
      if (!(error instanceof Problem && error.id === 'credential.not-found')) throw error
    })
  }

  async #addChannel({ secret, ...asked }: NewChannel, who: string): Promise<string> {
    const { channels } = this.#settings()
    if (channels.length >= mostChannels) throw new Problem('alerts.too-many', { count: channels.length })
    const to = channelTo(asked.target, this.#options.show)
    if (to.secret === 'needed' && secret === undefined) throw new Problem('alerts.secret-needed', { what: to.secretIs })
    to.check(secret ?? null)
    const id = `${asked.target.kind}-${randomBytes(3).toString('hex')}`
    await this.#note(who, 'channel-added', id, { kind: asked.target.kind, name: asked.name })
    const credentialId = await this.#keepSecret(id, to.secret, secret, who)
    await this.#changeWith(credentialId, { channels: [...channels, { ...asked, id, credentialId }] }, who)
    return id
  }

  /** A secret is never sent where nobody has said that it may be: for another place it is given again. */
  #checkSecret(before: KeptChannel, target: AlertTarget, secret: string | undefined): Channel {
    const { show } = this.#options
    const to = channelTo(target, show)
    const isElsewhere = channelTo(before.target, show).place !== to.place
    const isMissing = before.credentialId === null ? to.secret === 'needed' : isElsewhere && to.secret !== 'none'
    if (isMissing && secret === undefined) throw new Problem('alerts.secret-needed', { what: to.secretIs })
    // One that is kept was checked when it was given.
    if (secret !== undefined || before.credentialId === null || to.secret === 'none') to.check(secret ?? null)
    return to
  }

  async #changeChannel({ id, secret, ...asked }: ChannelChange, who: string): Promise<void> {
    const before = this.channel(id)
    const next = { ...before, ...defined(asked) }
    const to = this.#checkSecret(before, next.target, secret)
    const { kind } = next.target
    await this.#note(who, 'channel-changed', id, { kind, secret: secret === undefined ? 'kept' : 'new' })
    const isKept = secret === undefined && to.secret !== 'none'
    const credentialId = isKept ? before.credentialId : await this.#keepSecret(id, to.secret, secret, who)
    const channels = this.#settings().channels.map((one) => (one.id === id ? { ...next, credentialId } : one))
    await this.#changeWith(isKept ? null : credentialId, { channels }, who)
    if (credentialId !== before.credentialId) await this.#dropSecret(before.credentialId, who)
  }

  async #setHeartbeat({ address, ...asked }: HeartbeatChange, who: string): Promise<void> {
    const before = this.#settings().heartbeat
    const next = { ...before, ...defined(asked) }
    const isOpened = next.isPrivate && !before.isPrivate && before.credentialId !== null
    const isMissing = isOpened || (next.on && before.credentialId === null)
    if (isMissing && address === undefined) throw new Problem('alerts.secret-needed', { what: 'URL' })
    const host = address === undefined ? before.host : addressOf(address, next.isPrivate).hostname
    await this.#note(who, 'heartbeat-changed', '', { on: String(next.on), host: host ?? '' })
    const made = await this.#keepSecret('heartbeat', 'optional', address, who)
    await this.#changeWith(made, { heartbeat: { ...next, host, credentialId: made ?? before.credentialId } }, who)
    if (made !== null) await this.#dropSecret(before.credentialId, who)
  }
}

/** A change as it was sent: what is left out stays. */
const defined = <T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  } // fromEntries loses the keys
