import type { AlertHeartbeat, AlertSending } from '../../shared/contract'
import { reason } from '../../shared/problems'
import type { SleepClock } from '../sleeping/clock'
import { RetryLater } from './channels'
import { post } from './channels/post'
import { addressOf, type Wire } from './channels/wire'
import { refusalOf, type LendSecret } from './delivery'

const minuteMs = 60_000

/** After a failure it is tried again after so long, in ms, then twice as long, up to its usual time. */
const firstWaitMs = 30_000

type Setting = Omit<AlertHeartbeat, keyof AlertSending>

interface HeartbeatOptions {
  setting: () => Setting
  lend: LendSecret
  /** Whether it is known just now what needs attention: a panel that no longer looks is not awake. */
  isAwake: () => boolean
  clock: SleepClock
  wire: Wire
  changed: () => void
  reportBug: (error: unknown) => void
}

/** Asks once. Resolves with how long it took, in ms; throws what went wrong. */
async function askOnce({ setting, lend, clock, wire }: HeartbeatOptions, signal: AbortSignal): Promise<number> {
  const { credentialId, isPrivate } = setting()
  const begun = clock.steady()
  const send = (address: string | null) =>
    post({ url: addressOf(address ?? '', isPrivate), method: 'GET', signal, wire })
  await (credentialId === null ? send(null) : lend(credentialId, send))
  return Math.round(clock.steady() - begun)
}

/** Asks an address while Regie is awake, so that somebody else notices when it no longer does. */
export function createHeartbeat(options: HeartbeatOptions) {
  const { setting, isAwake, clock, changed, reportBug } = options
  const closing = new AbortController()
  let standing: AlertSending = { sent: null, failing: null }
  let cancel: () => void = () => undefined
  let working: Promise<void> = Promise.resolve()
  const ask = () => askOnce(options, closing.signal)

  const waitMs = () => Math.min(firstWaitMs * 2 ** ((standing.failing?.tries ?? 1) - 1), setting().everyMin * minuteMs)

  async function beat(): Promise<void> {
    try {
      standing = { sent: { tookMs: await ask(), at: clock.now() }, failing: null }
    } catch (error) {
      if (closing.signal.aborted) return
      const refusal = refusalOf(error)
      if (!refusal) reportBug(error)
      const { since = clock.now(), tries = 0 } = standing.failing ?? {}
      const failing = { since, tries: tries + 1, reason: refusal?.why ?? reason('alerts.failed'), nextAt: null }
      standing = { ...standing, failing }
      standing.failing = { ...failing, nextAt: clock.now() + waitMs() }
    }
    changed()
  }

  function next(afterMs: number): void {
    cancel()
    if (closing.signal.aborted || !setting().on) return
    cancel = clock.after(afterMs, () => {
      working = (isAwake() ? beat() : Promise.resolve())
        .catch(reportBug)
        .finally(() => next(standing.failing ? waitMs() : setting().everyMin * minuteMs))
    })
  }

  return {
    standing: (): AlertSending => standing,
    /** Begins anew: at the start, and after what it asks has changed. */
    begin(): void {
      standing = { ...standing, failing: null }
      next(0)
    },
    /** Asks now. Resolves with how long it took, in ms; throws a Problem. */
    async test(): Promise<number> {
      try {
        const tookMs = await ask()
        standing = { sent: { tookMs, at: clock.now() }, failing: null }
        changed()
        return tookMs
      } catch (error) {
        throw error instanceof RetryLater ? error.problem : error
      }
    },
    async close(): Promise<void> {
      closing.abort()
      cancel()
      await working
    },
  }
}
