import type { Sleeper } from '../../shared/contract'
import { coalesce } from '../async/coalesce'
import { lookAt, touchedAt, type Acting } from './acting'
import { sleepClock } from './clock'
import type { SleepingOptions } from './options'
import { createStandings } from './standing'
import { createUses } from './use'

export type { SleepingOptions } from './options'

/** Longest time between two looks, in ms: what others do on a service in between is not seen. */
const longestMs = 60_000

/** Puts services to sleep that nobody works with, and starts them when their hours begin. */
export function createSleeping(options: SleepingOptions) {
  const { services, timeline, kept, listen, changed, clock = sleepClock, reportBug } = options
  const uses = createUses({ clock, longestMs: 1.5 * longestMs, kept })
  const acting: Acting = { ...options, clock, uses, touched: (id) => touchedAt({ timeline }, id) }
  const standings = createStandings(acting, changed)
  let cancelSleep: () => void = () => undefined
  let isClosed = false
  const hasClosed = () => isClosed

  const look = async () => {
    cancelSleep()
    if (isClosed) return
    const waits = await Promise.all(services.list().map((service) => lookAt(acting, service)))
    await standings.compare(services.list())
    if (hasClosed()) return
    cancelSleep()
    cancelSleep = clock.after(Math.min(longestMs, ...waits.map((ms) => Math.max(ms, 0))), wake)
  }
  const lookAgain = coalesce(() => look().catch(reportBug))
  function wake(): void {
    if (!isClosed) void lookAgain()
  }
  let stopListening = () => {}

  return {
    /** Somebody begins to work with a service; returns the function that ends that, to be called once. */
    work: (serviceId: string): (() => void) => uses.begin(serviceId),
    /** Something is read from a service, which is no work, but not to be cut; returns the function that ends that. */
    reading: (serviceId: string): (() => void) => uses.read(serviceId),
    /** How each service stands between work and sleep, and what is done to it next. */
    read: (): Promise<Sleeper[]> => Promise.all(services.list().map(standings.describe)),
    /** Whether somebody works with it now, as far as that goes by Regie, or has jobs of Regie's for it. */
    isUsed: (serviceId: string): boolean => uses.of(serviceId).going > 0 || options.own(serviceId) > 0,
    /** Looks now; resolves when all services have been looked at. */
    look: lookAgain,
    /** Acts from now on. */
    begin(): void {
      stopListening = listen((event) => {
        if (event.type === 'generation') uses.used(event.generation.serviceId)
        if (event.type === 'service-removed') {
          uses.forget(event.id)
          standings.forget(event.id)
        }
        if (event.type !== 'service') return
        standings.note(event.service)
        if (event.service.operation !== null) uses.used(event.service.id)
      })
      wake()
    },
    /** Begins nothing more, and resolves when what goes on has ended. */
    async close(): Promise<void> {
      isClosed = true
      stopListening()
      cancelSleep()
      await lookAgain()
      uses.keepAll()
    },
  }
}

export type Sleeping = ReturnType<typeof createSleeping>
