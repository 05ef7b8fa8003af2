import type { ServiceLoad } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'

export interface BypassOptions {
  /** The services that the gateway listens for, and that run. */
  watched: () => readonly string[]
  /** What runs and waits on a service, whoever asked for it; must not throw for what the service does. */
  loadOf: (serviceId: string) => Promise<Pick<ServiceLoad, 'running' | 'waiting'>>
  /** The ids of the jobs there that Regie knows: people's through the gateway, and its own. */
  known: (serviceId: string) => readonly string[]
  clock?: Clock
  reportBug: (error: unknown) => void
}

/** So often each service is looked at, in ms, and so long after what was seen it is looked at once more. */
const everyMs = 60_000
const againMs = 5_000

/** What was seen is told for so long, in ms. */
const toldForMs = 60 * 60_000

/**
 * Notices jobs on a service that nobody asked for through the gateway: somebody goes around it, with the service's own
 * secret. A job that begins or ends in the middle of a look is no such job, so each look counts every job that was known
 * before or after it, and what is seen once is looked at again before it is told.
 */
export function createBypassWatch({ watched, loadOf, known, clock = systemClock, reportBug }: BypassOptions) {
  const seen = new Map<string, { jobs: number; at: number }>()
  let cancel: () => void = () => undefined
  let isClosed = false

  /** How many jobs nobody knows; 0 where the service does not tell. */
  const strangersOn = async (id: string): Promise<number> => {
    const before = known(id)
    const { running, waiting } = await loadOf(id)
    return Math.max(0, (running ?? 0) + (waiting ?? 0) - new Set([...before, ...known(id)]).size)
  }
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve))
  const lookAt = async (id: string): Promise<void> => {
    if ((await strangersOn(id)) === 0) return
    await pause(againMs)
    const jobs = await strangersOn(id)
    if (jobs > 0) seen.set(id, { jobs, at: clock.now() })
  }
  const look = async (): Promise<void> => {
    await Promise.all(watched().map((id) => lookAt(id).catch(reportBug)))
    if (!isClosed) cancel = clock.after(everyMs, () => void look())
  }

  return {
    begin: (): void => void (cancel = clock.after(everyMs, () => void look())),
    /** What is to be told of services whose gateway somebody went around lately. */
    notices(): Reason[] {
      const lately = [...seen].filter(([, { at }]) => clock.now() - at < toldForMs)
      if (lately.length === 0) return []
      const jobs = lately.reduce((sum, [, one]) => sum + one.jobs, 0)
      return [new Problem('gateway.bypassed', { services: lately.map(([id]) => id).join(', '), jobs }).reason]
    },
    /** What was seen of one service lately; null: nothing. */
    of(id: string): { jobs: number; at: number } | null {
      const found = seen.get(id)
      return found && clock.now() - found.at < toldForMs ? found : null
    },
    close(): void {
      isClosed = true
      cancel()
    },
  }
}
